"""Sulfide solid electrolytes."""

from assb.parameters.entry import assumed, derived, published

#: Conductivity activation energy of 0.31 eV in J/mol.
_EA_LPSCL = 0.31 * 96485.33212

MATERIALS = {
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

#: What both share: the oxidation window and the space charge.
COMMON = {
    "Volume lost per volume of interphase": derived(
        (163.7 - 142.8) / 142.8,
        "molar volumes 163.7 -> 142.8 cm3/mol of Li6PS5Cl (SongReview): -12.8 % of the reactant",
    ),
    "Solid electrolyte reference potential [V]": published(2.2, "SongReview"),
    "Solid electrolyte relative permittivity": assumed(15.0, "order of magnitude for sulfides"),
    "Solid electrolyte mobile lithium concentration [mol.m-3]": assumed(
        100.0, "effective; with the full density of 3.7e4 the layer is negligible (deKlerk2018)"
    ),
}
