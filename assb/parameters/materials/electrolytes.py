"""Solid electrolytes: sulfides and halides."""

from __future__ import annotations

from assb.parameters.entry import Entry, assumed, derived, published

#: Conductivity activation energy of 0.31 eV in J/mol.
_EA_LPSCL = 0.31 * 96485.33212

MATERIALS: dict[str, dict[str, Entry]] = {
    "Li6PS5Cl": {
        "density [g.cm-3]": published(1.87, "Song2022"),
        "Solid electrolyte conductivity [S.m-1]": published(0.19, "Song2022"),
        "Solid electrolyte conductivity activation energy [J.mol-1]": published(
            _EA_LPSCL, "ArgyroditeReview2025"
        ),
        "Solid electrolyte particle radius [m]": assumed(1.5e-6, "D50 of about 3 um, as supplied powder"),
        "Separator confined modulus [GPa]": derived(
            39.5, "K + 4G/3 of Li6PS5Cl with K = 28.7 and G = 8.1 GPa (Song2022, Table 1)"
        ),
    },
    "Li5.5PS4.5Cl1.5": {
        "density [g.cm-3]": derived(1.86, "reproduces the electrolyte volume fractions of Oh2026 within 1 %"),
        "Solid electrolyte conductivity [S.m-1]": derived(
            0.309, "eps tau2 sigma_eff of Oh2026: 13.08 * 0.042 mS/cm / 0.1779"
        ),
        "Solid electrolyte conductivity activation energy [J.mol-1]": assumed(
            _EA_LPSCL, "value of Li6PS5Cl (ArgyroditeReview2025)"
        ),
        "Solid electrolyte particle radius [m]": published(0.36e-6, "Oh2026"),
        "Separator confined modulus [GPa]": assumed(39.5, "value of Li6PS5Cl"),
    },
}

#: J/mol per eV.
_EV = 96485.33212
_REFERENCE = "Li6PS5Cl"


def _like_li6ps5cl(
    density: Entry | None,
    conductivity: Entry,
    moduli: tuple[float, float] | None = None,
    energy: Entry | None = None,
    **extra: Entry,
) -> dict[str, Entry]:
    """Table of an electrolyte; what is None is borrowed from Li6PS5Cl and says so.

    `moduli` are bulk and shear modulus [GPa] of Song2022, Table 1. `extra` holds parameters of other tables that the
    electrolyte sets itself, by the names of `_EXTRA`.
    """
    reference = MATERIALS[_REFERENCE]

    def borrowed(name: str) -> Entry:
        return assumed(reference[name].value, f"borrowed: value of {_REFERENCE}")

    names = list(reference)
    stiffness = borrowed(names[4])
    if moduli is not None:
        bulk, shear = moduli
        stiffness = derived(
            bulk + 4 * shear / 3, f"K + 4G/3 with K = {bulk} and G = {shear} GPa (Song2022, Table 1)"
        )
    values = (
        density or borrowed(names[0]),
        conductivity,
        energy or borrowed(names[2]),
        borrowed(names[3]),
        stiffness,
    )
    return {**dict(zip(names, values, strict=True)), **{_EXTRA[key]: entry for key, entry in extra.items()}}


_EXTRA = {
    "ductility": "Solid electrolyte ductility",
    "onset": "Positive electrode interphase oxidation onset [V]",
    "reference_potential": "Solid electrolyte reference potential [V]",
    "electronic": "Solid electrolyte electronic conductivity [S.m-1]",
}
#: Chlorides resist oxidation up to 4.3 V; the space charge follows the same limit (assumption).
_CHLORIDE = {
    "onset": published(4.3, "Song2022"),
    "reference_potential": assumed(4.3, "as the oxidation limit of chlorides (Song2022)"),
}
_GLASSY = assumed(2.0, "glassy electrolytes are more plastic (Song2022); the factor is an order of magnitude")
_ALD = "total conductivity of pellets after {} ALD cycles of Al2O3"

MATERIALS |= {
    # Same substance, two states of crystallinity (Song2022, Sec. 4.2): contact, not conductivity, decides their life.
    "Li6PS5Cl glass-ceramic": _like_li6ps5cl(
        published(1.87, "Song2022"), published(0.101, "Song2022"), (28.7, 8.1), ductility=_GLASSY
    ),
    "Li6PS5Cl crystalline": _like_li6ps5cl(
        published(1.87, "Song2022"),
        published(0.186, "Song2022"),
        (28.7, 8.1),
        electronic=assumed(
            1.3e-6, "twice that of Li6PS5Cl: more crystalline conducts electrons better (Song2022)"
        ),
    ),
    # Powder before and after atomic layer deposition of Al2O3 (ArgyroditeReview2025, Sec. 3.1).
    **{
        f"Li6PS5Cl {cycles} ALD cycles": _like_li6ps5cl(
            published(1.87, "Song2022"),
            published(conductivity, "ArgyroditeReview2025"),
            (28.7, 8.1),
            published(energy * _EV, "ArgyroditeReview2025"),
            electronic=electronic,
        )
        for cycles, conductivity, energy, electronic in (
            (0, 0.09, 0.31, published(6.3e-7, "ArgyroditeReview2025")),
            (
                1,
                0.12,
                0.30,
                assumed(1.7e-7, "lowest of the coated pellets (ArgyroditeReview2025), cycles not stated"),
            ),
            (
                10,
                0.17,
                0.28,
                assumed(1.7e-7, "lowest of the coated pellets (ArgyroditeReview2025), cycles not stated"),
            ),
            (
                100,
                0.027,
                0.29,
                assumed(1.7e-7, "lowest of the coated pellets (ArgyroditeReview2025), cycles not stated"),
            ),
        )
    },
    "Li6PS5Cl0.5Br0.5": _like_li6ps5cl(
        published(1.96, "Song2022"), assumed(0.2, "borrowed: between Li6PS5Cl and Li6PS5Br, 1-3 mS/cm")
    ),
    "Li6PS5Br": _like_li6ps5cl(None, assumed(0.1, "1 mS/cm, order of magnitude"), (29.0, 9.3)),
    "Li6PS5I": _like_li6ps5cl(
        None, assumed(0.1, "1 mS/cm of substituted iodides; the pure one conducts a thousandth"), (29.9, 11.3)
    ),
    "Li6.6P0.4Ge0.6S5I": _like_li6ps5cl(
        None, assumed(0.5, "5 mS/cm, order of magnitude of pressed pellets"), (29.9, 11.3)
    ),
    "Li5.6Cu0.2PS4.8Br1.2": _like_li6ps5cl(
        None, assumed(0.3, "halogen-rich argyrodite, order of magnitude"), (29.0, 9.3)
    ),
    "Li3PS4 glass": _like_li6ps5cl(
        None, assumed(0.03, "0.2-0.3 mS/cm of 75Li2S-25P2S5 glass, usual"), (21.0, 8.7), ductility=_GLASSY
    ),
    "beta-Li3PS4": _like_li6ps5cl(None, assumed(0.016, "0.16 mS/cm of the beta phase, usual"), (23.3, 11.4)),
    "LiI-Li3PS4": _like_li6ps5cl(
        None,
        assumed(0.08, "0.6-1 mS/cm of iodide-rich glass-ceramics, usual"),
        (18.0, 7.7),
        ductility=_GLASSY,
    ),
    "Li10GeP2S12": _like_li6ps5cl(
        assumed(2.0, "crystal density"),
        published(1.2, "Song2022"),
        (27.3, 7.9),
        assumed(0.25 * _EV, "0.25 eV, usual"),
        onset=published(2.14, "Feng2025"),
    )
    | {
        "Solid electrolyte reduction product electronic conductivity [S.m-1]": assumed(
            1.0,
            "products that conduct electrons (Song2022, Sec. 3.2); any value far above that of ions gives the same",
        )
    },
    "Li3YCl6": _like_li6ps5cl(
        published(2.43, "Song2022"),
        published(0.051, "Song2022"),
        (28.19, 14.95),
        assumed(0.40 * _EV, "0.40 eV, usual"),
        **_CHLORIDE,
    ),
    "Li3InCl6": _like_li6ps5cl(
        assumed(2.59, "crystal density"),
        published(0.149, "Song2022"),
        None,
        assumed(0.35 * _EV, "0.35 eV, usual"),
        **_CHLORIDE,
    ),
}

#: What all share: the oxidation window and the space charge, unless an electrolyte sets its own.
COMMON = {
    "Volume lost per volume of interphase": derived(
        (163.7 - 142.8) / 142.8,
        "molar volumes 163.7 -> 142.8 cm3/mol of Li6PS5Cl (SongReview): -12.8 % of the reactant",
    ),
    "Solid electrolyte reference potential [V]": published(2.2, "SongReview"),
    "Solid electrolyte reduction limit [V]": assumed(
        1.7, "thiophosphates against lithium; the window of LGPS begins at 1.75 V (Song2022)"
    ),
    "Solid electrolyte reduction product electronic conductivity [S.m-1]": derived(
        1e-21 / (9e-9 / 36 * 1.7),
        "what makes the interphase of Li6PS5Cl on lithium grow by its parabolic constant, 1e-21 m2/s",
    ),
    "Solid electrolyte relative permittivity": assumed(15.0, "order of magnitude for sulfides"),
    "Solid electrolyte mobile lithium concentration [mol.m-3]": assumed(
        100.0, "effective; with the full density of 3.7e4 the layer is negligible (deKlerk2018)"
    ),
}
