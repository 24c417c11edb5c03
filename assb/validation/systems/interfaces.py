"""Systems whose paper measured an interface: resistance, spectrum, life of bare and coated oxides."""

from __future__ import annotations

from assb.parameters import SeparatorLayer
from assb.parameters.materials.layered_oxides import CorrectedPotential
from assb.parameters.materials.potentials import DeepDischarge, nmc811_potential
from assb.validation.systems.cases import CellCase, SpectrumCase
from assb.validation.systems.quantities import capacities
from assb.validation.systems.registry import System, register

_P = "Positive electrode "
_DISCHARGE = "Specific discharge capacity [mA.h.g-1]"
_SPECTRUM = "Area-specific impedance [Ohm.cm2]"
_FILM = "X-averaged positive electrode film resistance [Ohm.m2]"
_THICKNESS = "X-averaged positive electrode interphase thickness [m]"
_LAYER = "X-averaged positive electrode space-charge resistance [Ohm.m2]"
_CYCLE = ("Charge at 0.2C until {high} V", "Discharge at 0.2C until {low} V")


def coated(fraction: float, thickness: float, conductivity: float = 1e-4) -> dict[str, float]:
    """Parameters of a coating: share of the surface, thickness [m], conductivity [S.m-1]."""
    return {
        _P + "coated fraction": fraction,
        _P + "coating thickness [m]": thickness,
        _P + "coating conductivity [S.m-1]": conductivity,
    }


def _morphology(positive: str, order: float, radius: float) -> CellCase:
    return CellCase(
        positive=positive,
        cell={"particle_radius": radius, "temperature": 303.15},
        overrides={_P + "grain orientation order": order},
        options={"cracking": "fracture energy"},
        steps=("Charge at 0.5C until {high} V", "Discharge at 0.5C until {low} V"),
        cycles=2,
        outputs=("X-averaged positive electrode cracked fraction",),
        reduce=capacities(4.77),
    )


def _crystallinity(kind: str) -> SpectrumCase:
    return SpectrumCase(
        positive="LCO",
        electrolyte=f"Li6PS5Cl {kind}",
        cell={"composition": {"active material": 70, "solid electrolyte": 30}},
        options={"diffusion constriction": "patches"},
        steps=(*_CYCLE, *_CYCLE, "Charge at 0.2C for 2 hours", "Rest for 20 hours"),
        frequencies=(5, -4, 37),
    )


def _layer(electrolyte: str, **overrides: float) -> CellCase:
    return CellCase(
        positive="LCO",
        electrolyte=electrolyte,
        overrides=overrides,
        options={"space charge": "depletion"},
        steps=("Charge at 0.1C until {high} V",),
        outputs=(_LAYER, "Space-charge overpotential [V]"),
    )


def _cobalt(positive: str, share: float) -> CellCase:
    return CellCase(
        positive=positive,
        cell={"stack_pressure": 200.0},
        # D10: more cobalt decomposes more electrolyte; in proportion is an assumption.
        overrides={"Solid electrolyte relative oxidation rate": share / 0.1},
        options={"carbon interphase": "growing", "interphase formation": "first charge"},
        steps=_CYCLE,
        outputs=(_THICKNESS,),
        reduce=capacities(4.77),
    )


def _rested(**overrides: float) -> SpectrumCase:
    return SpectrumCase(
        cell={"composition": {"active material": 70, "solid electrolyte": 30}, "temperature": 303.15},
        overrides=overrides,
        options={"interphase incubation": "time above oxidation"},
        steps=("Charge at 0.1C until {high} V", "Rest for 48 hours"),
        period="2 hours",
    )


def _cut_off(volts: float) -> CellCase:
    return CellCase(
        electrolyte="beta-Li3PS4",
        cell={"voltage_window": (2.0, volts - 0.62), "separator_thickness": 300e-6},
        options={"interphase incubation": "time above oxidation"},
        steps=("Charge at 0.1C until {high} V", "Rest for 24 hours"),
        period="2 hours",
        outputs=(_FILM,),
    )


def _protected(*protections: dict[str, float]) -> CellCase:
    overrides = {name: value for protection in protections for name, value in protection.items()}
    return CellCase(
        electrolyte="Li5.5PS4.5Cl1.5",
        cell={"stack_pressure": 2.0, "particle_radius": 2.0e-6},
        overrides=overrides,
        steps=_CYCLE,
        outputs=(_FILM,),
        reduce=capacities(4.78),
    )


def _lithium(positive: str, electrolyte: str, density: float, **more) -> CellCase:
    return CellCase(
        positive=positive,
        electrolyte=electrolyte,
        negative="Li",
        overrides=coated(0.9, 10e-9),
        options={"negative interphase": "growing"},
        steps=_CYCLE,
        reduce=capacities(density),
        **more,
    )


def _healed(low: float, **overrides: float) -> CellCase:
    return CellCase(
        negative="Li",
        cell={"voltage_window": (low, 4.3), "temperature": 303.15},
        overrides={_P + "OCP [V]": CorrectedPotential(DeepDischarge(nmc811_potential)), **overrides},
        options={"carbon interphase": "growing", "interphase healing": "below cut-off"},
        steps=_CYCLE,
        cycles=2,
        outputs=("X-averaged positive electrode contact fraction", _THICKNESS),
        reduce=capacities(4.78),
    )


register(
    System(
        n=7,
        name="textured and random polycrystals and single crystals of Ni-rich oxides",
        positive="NM90, NCA88; grains random, columnar, or one crystal",
        electrolyte="Li6PS5Cl",
        negative="InLi",
        fixture="10 mm die, 50 MPa, 30 C",
        protocol="0.5C cycling; cracks by microscopy",
        quantity=_DISCHARGE,
        source="SongReview [69-71]; Song2022 [44]",
        borrowed=("orientation order of columnar grains, 0.8; energies of fracture (assumptions)",),
        missing="50 to 100 cycles in the quick test; maps of decomposition products",
        cases={
            "NM90 random": _morphology("NM90", 0.0, 5e-6),
            "NM90 columnar": _morphology("NM90", 0.8, 5e-6),
            "NCA88 random": _morphology("NCA88", 0.0, 5e-6),
            "NM90 single crystals": _morphology("NM90", 1.0, 1.5e-6),
        },
    ),
    System(
        n=16,
        name="NCM811 | Li6PS5Cl | Li with carbon, discharged to 2.5 or 2.0 V",
        positive="NCM811, 70:27:3 by mass",
        electrolyte="Li6PS5Cl",
        negative="Li",
        fixture="10 mm die, 50 MPa, 30 C",
        protocol="4.3 V to 2.5 or 2.0 V; tomography",
        quantity=_DISCHARGE,
        source="SongReview [113]; Feng2025 [84]",
        borrowed=("recipe, pressure; shape of the potential below 3.5 V",),
        missing="tens of cycles in the quick test; tomography",
        cases={
            "2.5 V": _healed(2.5),
            "2.0 V": _healed(2.0),
            "2.5 V, LiNbO3": _healed(2.5, **coated(0.9, 10e-9)),
        },
    ),
    System(
        n=18,
        name="LCO | Li6PS5Cl | Li-In, glass-ceramic or crystalline electrolyte",
        positive="LCO 70:30 by mass",
        electrolyte="Li6PS5Cl glass-ceramic or crystalline",
        negative="InLi",
        fixture="10 mm die, 50 MPa, 25 C",
        protocol="cycling; impedance, Warburg coefficient",
        quantity="Warburg coefficient [Ohm.cm2.s-0.5]",
        source="Song2022 [43]",
        borrowed=("plasticity: ductility 2 of the glass-ceramic against 1 (assumption)",),
        cases={kind: _crystallinity(kind) for kind in ("glass-ceramic", "crystalline")},
    ),
    System(
        n=19,
        name="LCO|Li3PS4, LCO|LiNbO3|Li3PS4, LCO|BaTiO3|Li6PS5Cl",
        positive="LCO, bare or coated",
        electrolyte="beta-Li3PS4; Li6PS5Cl",
        negative="InLi",
        fixture="10 mm die, 50 MPa, 25 C",
        protocol="first charge; depleted layer in the electrolyte (theory, microscopy of the field)",
        quantity=_LAYER,
        source="SongReview [104,105]",
        borrowed=("mobile concentration and floor of the depleted layer: effective values",),
        missing="the field itself, with depth",
        cases={
            "bare": _layer("beta-Li3PS4"),
            "LiNbO3": _layer("beta-Li3PS4", **coated(0.9, 10e-9)),
            # Dipoles of the ferroelectric compensate part of the drop: as a coating of a part of the surface.
            "BaTiO3": _layer("Li6PS5Cl", **coated(0.5, 20e-9)),
        },
    ),
    System(
        n=23,
        name="NCM811, NCM523, NCM111 | Li6PS5Cl",
        positive="NCM811, NCM523, NCM111, 70:27:3 by mass",
        electrolyte="Li6PS5Cl",
        negative="InLi",
        fixture="10 mm die, 200 MPa (high, value not stated), 25 C",
        protocol="first cycle: efficiency, photoelectron spectra",
        quantity="Coulombic efficiency",
        source="SongReview [146]",
        borrowed=("oxidation in proportion to cobalt (assumption)",),
        missing="spectra: the thickness of the interphase stands for them",
        cases={
            "NCM811": _cobalt("NCM811", 0.1),
            "NCM523": _cobalt("NCM523", 0.2),
            "NCM111": _cobalt("NCM111", 1 / 3),
        },
    ),
    System(
        n=31,
        name="LiNbO3-coated NCM | Li6PS5Cl | Li; LCO@LiNbO3 | Li10GeP2S12 | Sn-substituted Li6PS5I | Li",
        positive="NCM811 (NCM not specified) and LCO, coated, 70:27:3 by mass",
        electrolyte="Li6PS5Cl, undoped; Li10GeP2S12 500 um and Li6PS5I 100 um in series",
        negative="Li",
        fixture="10 mm die, 50 MPa, 25 C",
        protocol="cycling and impedance",
        quantity=_DISCHARGE,
        source="ArgyroditeReview2025 [26,27]",
        borrowed=("nickel content; coating of 10 nm",),
        missing="antimony-doped Li6PS5Cl: no conductivity in the text; 60 cycles",
        cases={
            "NCM": _lithium("NCM811", "Li6PS5Cl", 4.78),
            "LCO": _lithium(
                "LCO",
                "Li10GeP2S12",
                5.05,
                cell={
                    "separator": (SeparatorLayer("Li6PS5I", 100e-6), SeparatorLayer("Li10GeP2S12", 500e-6))
                },
            ),
            "NCM spectrum": SpectrumCase(
                negative="Li",
                cell={"initial_stoichiometry": 0.5},
                overrides=coated(0.9, 10e-9),
                options={"negative interphase": "growing"},
                quantity=_SPECTRUM,
            ),
        },
    ),
    System(
        n=35,
        name="bare and LiNbO3-coated NCM with an argyrodite, rested",
        positive="NCM811 (not specified), bare or coated, 70:30 by mass",
        electrolyte="Li6PS5Cl",
        negative="InLi",
        fixture="10 mm die, 50 MPa, 30 C",
        protocol="charge, 48 h of rest (time not stated), impedance",
        quantity=_SPECTRUM,
        source="ArgyroditeReview2025 [25]",
        borrowed=("nickel content; coating of 10 nm and 1e-6 S/cm; rest time",),
        cases={"bare": _rested(), "LiNbO3": _rested(**coated(0.95, 10e-9))},
    ),
    System(
        n=36,
        name="NCM811 + beta-Li3PS4 | Li-In, cut-off 4.0 to 4.5 V",
        positive="NCM811, 70:27:3 by mass",
        electrolyte="beta-Li3PS4",
        negative="InLi",
        fixture="press cell, 50 MPa, 25 C",
        protocol="charge to each cut-off, open circuit for hours, resistance",
        quantity=_FILM,
        source="Feng2025 [61,85]",
        borrowed=("growth on beta-Li3PS4: constants of Li6PS5Cl",),
        missing="cut-offs above 4.5 V: beyond the potential of the oxide; resistance cycle by cycle",
        cases={f"{volts} V": _cut_off(volts) for volts in (4.3, 4.0, 4.5)},
    ),
    System(
        n=37,
        name="coated and doped NCM811",
        positive="NCM811, bare or with PEDOT, LPOS, LTOF, LLTO, LZO, Li3PO4, 70:27:3 by mass",
        electrolyte="Li5.5PS4.5Cl1.5",
        negative="InLi",
        fixture="10 mm die, 2 MPa, 25 C",
        protocol="0.2C (0.1-2C); retention",
        quantity=_DISCHARGE,
        source="Feng2025, Sec. 3",
        borrowed=("thickness and conductivity of each coating: orders of magnitude",),
        missing="hundreds of cycles; doping; the halide mixed in (Li3InCl6)",
        cases={
            "bare": _protected(),
            "LPOS": _protected(coated(0.95, 10e-9, 1e-4)),
            "LTOF": _protected(coated(0.95, 5e-9, 1e-5)),
            "LLTO": _protected(coated(0.9, 10e-9, 1e-2)),
            "PEDOT": _protected(coated(0.8, 5e-9, 1e-5)),
            "Li2ZrO3": _protected(coated(0.95, 3e-9, 1e-5)),
        },
    ),
    System(
        n=40,
        name="LFP | Li6PS5Cl; delithiated NCM + Li6PS5Cl",
        positive="LFP, 70:27:3 by mass",
        electrolyte="Li6PS5Cl",
        negative="InLi",
        fixture="10 mm die, 50 MPa, 25 C",
        protocol="charge; products at the interface",
        quantity=_THICKNESS,
        source="SongReview, Sec. 6; ArgyroditeReview2025 [24,183]",
        borrowed=("growth: constants of the interphase on Ni-rich oxides",),
        missing="heat of delithiated NCM with the electrolyte",
        cases={
            "LFP": CellCase(
                positive="LFP",
                cell={"particle_radius": 0.3e-6},
                steps=("Charge at 0.2C until {high} V",),
                outputs=(_THICKNESS,),
            )
        },
    ),
)

__all__ = ["coated"]
