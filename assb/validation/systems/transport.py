"""Systems whose paper measured what an electrode delivers: utilisation, rate, thickness, temperature."""

from __future__ import annotations

import numpy as np

from assb.models.specimens import SymmetricCell
from assb.parameters import Grading, SeparatorLayer
from assb.validation.systems.cases import CellCase, SpecimenCase, SpectrumCase
from assb.validation.systems.quantities import areal, capacities, utilisation
from assb.validation.systems.registry import System, register

_P = "Positive electrode "
_DISCHARGE = "Specific discharge capacity [mA.h.g-1]"
_AREAL = "Areal discharge capacity [mA.h.cm-2]"
_STOICHIOMETRY = "Positive electrode stoichiometry"
_SPECTRUM = "Area-specific impedance [Ohm.cm2]"
#: Carbon-free layered oxide of low nickel content; conducts less than the nickel-rich 0.3 S/m.
_NCM111 = {_P + "conductivity [S.m-1]": 0.1}


def _size(diameter: float) -> CellCase:
    return CellCase(
        positive="NCM523",
        electrolyte="Li3PS4 glass",
        cell={"particle_radius": diameter / 2, "stack_pressure": 50.0},
        overrides={"Solid electrolyte particle radius [m]": 1.5e-6},
        steps=("Charge at 0.1C until {high} V",),
        outputs=("X-averaged positive electrode contact fraction",),
        reduce=utilisation,
    )


_PULSES = ("Charge at 0.2C for 30 minutes", "Rest for 30 minutes") * 2
#: As wetted by a liquid: all surface in contact, no cracks that block, no constriction, no solid interphase.
_WETTED = {
    "contact": "full",
    "interphase": "none",
    "space charge": "none",
    "stack pressure": "constant pressure",
}


def _gitt(positive: str, options: dict[str, str]) -> CellCase:
    return CellCase(
        positive=positive,
        cell={"particle_radius": 5e-6, "initial_stoichiometry": 0.5},
        options=options,
        steps=_PULSES,
        period="1 minute",
    )


def _thick(percent: float) -> CellCase:
    return CellCase(
        positive="NCM111",
        cell={
            "composition": {"active material": percent, "solid electrolyte": 100 - percent},
            "positive_thickness": 110e-6,
            "particle_radius": 5e-6,
        },
        overrides=_NCM111,
        model="DFN",
        steps=("Charge at 0.1C for 3 hours",),
        period="30 minutes",
        outputs=(_STOICHIOMETRY,),
    )


_POOR, _EVEN, _RICH = (
    {"active material": share, "solid electrolyte": 98 - share, "carbon": 2.0} for share in (60.0, 70.0, 80.0)
)


def _graded(separator: dict[str, float], collector: dict[str, float]) -> CellCase:
    return CellCase(
        positive="NCM622",
        cell={
            "composition": Grading(separator=separator, collector=collector),
            "positive_thickness": 120e-6,
            "particle_radius": 2.0e-6,
        },
        model="DFN",
        options={"composition": "graded"},
        steps=("Charge at 0.1C until {high} V", "Discharge at 1C until {low} V"),
        outputs=(_STOICHIOMETRY,),
        reduce=areal,
    )


def _sheet(positive: str, binder: float, thickness: float, **more) -> CellCase:
    return CellCase(
        positive=positive,
        electrolyte="Li6PS5Cl",
        cell={
            "composition": {
                "active material": 78 - binder,
                "solid electrolyte": 20,
                "carbon": 2,
                "binder": binder,
            },
            "stack_pressure": 2.0,
            "positive_thickness": thickness,
            "separator_thickness": 50e-6,
            **more,
        },
        # Binder holds the contacts together without pressure.
        overrides={_P + "contact adhesion pressure [MPa]": 5.0},
        options={"network obstacles": "pores, binder and carbon"},
        steps=("Charge at 0.1C until {high} V", "Discharge at 0.1C until {low} V"),
        reduce=lambda solution, values: areal(solution, values) | capacities(4.77)(solution, values),
    )


def _cold(temperature: float) -> CellCase:
    return CellCase(
        positive="NCM811",
        electrolyte="Li6PS5I",
        cell={
            "temperature": temperature,
            "positive_thickness": 100e-6,
            "particle_radius": 2.0e-6,
            "composition": {"active material": 80, "solid electrolyte": 18, "carbon": 2},
            "separator": (SeparatorLayer("Li6PS5I", 500e-6), SeparatorLayer("Li3InCl6", 100e-6)),
        },
        steps=("Charge at 0.05C until {high} V", "Discharge at 0.05C until {low} V"),
        period="30 minutes",
        reduce=capacities(4.78),
    )


_SANDWICH = ("beta-Li3PS4", "Li10GeP2S12", "beta-Li3PS4")


def _halide(electrolyte: str, rate: float) -> CellCase:
    layers = (SeparatorLayer("Li6PS5Cl", 80e-6), SeparatorLayer(electrolyte, 20e-6))
    return CellCase(
        positive="LCO",
        electrolyte=electrolyte,
        cell={"positive_thickness": 15e-6, "separator": layers, "particle_radius": 1.0e-6},
        steps=("Charge at 0.2C until {high} V", f"Discharge at {rate}C until {{low}} V"),
        period="1 minute",
        reduce=capacities(5.05),
    )


register(
    System(
        n=5,
        name="NCM523 (5 or 12 um) + 75Li2S-25P2S5 (3 um)",
        positive="NCM523 with carbon, 70:27:3 by mass",
        electrolyte="Li3PS4 glass",
        negative="InLi",
        fixture="10 mm die, 50 MPa, 25 C",
        protocol="first charge at 0.1C; utilisation against the ratio of particle sizes",
        quantity="Utilised share of active material",
        source="SongReview [46]",
        borrowed=("recipe between the compositions of the map; negative electrode not stated",),
        cases={"5 um": _size(5e-6), "12 um": _size(12e-6)},
    ),
    System(
        n=6,
        name="NCA80-95 (10 um) | Li6PS5Cl, and in a liquid",
        positive="NCA (80 % Ni), NCA95 (95 %) with carbon, 70:27:3 by mass",
        electrolyte="Li6PS5Cl; the twin is wetted",
        negative="InLi",
        fixture="10 mm die, 50 MPa, 25 C",
        protocol="galvanostatic pulses and rests; impedance",
        quantity="Voltage [V]",
        source="SongReview [55]",
        borrowed=("diffusivity: the same for all nickel contents",),
        missing="the liquid: the twin has full contact, no interphase, no cracks; its electrolyte is the solid one",
        cases={
            "NCA80": _gitt("NCA", {"cracking": "intergranular"}),
            "NCA95": _gitt("NCA95", {"cracking": "intergranular"}),
            "NCA95 wetted": _gitt("NCA95", _WETTED),
            "NCA95 spectrum": SpectrumCase(
                positive="NCA95",
                cell={"particle_radius": 5e-6, "initial_stoichiometry": 0.5},
                quantity=_SPECTRUM,
            ),
        },
    ),
    System(
        n=20,
        name="NCM111 (10 um) / Li6PS5Cl, carbon-free, 70 and 80 % CAM, thick",
        positive="NCM111 70:30 and 80:20 by mass (basis not stated), 110 um",
        electrolyte="Li6PS5Cl",
        negative="InLi",
        fixture="operando diffraction cell, 50 MPa, 25 C",
        protocol="first charge at 0.1C; lithium content through the thickness",
        quantity=_STOICHIOMETRY,
        source="SongReview [186]",
        borrowed=(
            "thickness, pressure; electronic conductivity of NCM111: a third of that of Ni-rich oxides",
        ),
        cases={"70 %": _thick(70), "80 %": _thick(80)},
    ),
    System(
        n=21,
        name="graded thick cathodes (carbon, share and size of the electrolyte)",
        positive="NCM622 with electrolyte and carbon, 60 to 80 wt% of oxide through 120 um",
        electrolyte="Li6PS5Cl",
        negative="InLi",
        fixture="10 mm die, 50 MPa, 25 C",
        protocol="discharge at 1C, against the uniform and the reversed grading",
        quantity=_AREAL,
        source="SongReview [187-189]",
        borrowed=("composition and thickness: the text names the directions only",),
        missing="electrolyte of graded particle size",
        cases={
            "electrolyte at the separator": _graded(_POOR, _RICH),
            "uniform": _graded(_EVEN, _EVEN),
            "reversed": _graded(_RICH, _POOR),
        },
    ),
    System(
        n=22,
        name="single-crystalline NCM523 / Li6PS5Cl",
        positive="NCM523, single crystals of 3 um, 70:27:3 by mass",
        electrolyte="Li6PS5Cl",
        negative="InLi",
        fixture="10 mm die, operating pressure varied, 25 C",
        protocol="discharge capacity at several rates and pressures",
        quantity=_DISCHARGE,
        source="SongReview [225]",
        borrowed=("recipe, thickness",),
        cases={
            f"{pressure:g} MPa, {rate:g}C": CellCase(
                positive="NCM523",
                cell={"particle_radius": 1.5e-6, "stack_pressure": pressure},
                steps=("Charge at 0.1C until {high} V", f"Discharge at {rate}C until {{low}} V"),
                reduce=capacities(4.77),
            )
            for pressure, rate in ((75.0, 1.0), (5.0, 1.0), (75.0, 0.1), (5.0, 0.1))
        },
    ),
    System(
        n=24,
        name="sheet cells: vulcanised rubber NCM711; PTFE dry; co-rolled single-crystal pouch",
        positive="NCM711 with 3 % rubber; NCM88 with 0.5 % PTFE; NCM90 of 5 mAh/cm2",
        electrolyte="Li6PS5Cl, 50 um",
        negative="InLi (not stated for the sheets)",
        fixture="pouch, 2 MPa, 25 C",
        protocol="0.1C; capacity and life",
        quantity=_DISCHARGE,
        source="SongReview [200,212,233]",
        borrowed=("recipes, adhesion by the binder (assumption); negative electrode",),
        missing="500 cycles of the pouch in the quick test",
        cases={
            "NCM711, rubber": _sheet("NCM711", 3.0, 40e-6),
            "NCM88, PTFE": _sheet("NCM88", 0.5, 100e-6),
            "NCM90, pouch": _sheet("NCM90", 1.0, 110e-6, particle_radius=1.5e-6),
        },
    ),
    System(
        n=32,
        name="NCM622 | Li6.6P0.4Ge0.6S5I, thick",
        positive="NCM622 80:20 by mass, no carbon, 160 um",
        electrolyte="Li6.6P0.4Ge0.6S5I, 450 um",
        negative="InLi (not named, 160 um)",
        fixture="10 mm die, 50 MPa, 60 C",
        protocol="0.25C to 1C, 50 cycles",
        quantity=_DISCHARGE,
        source="ArgyroditeReview2025 [303]",
        borrowed=("moduli of Li6PS5I (Song2022, Table 1); recipe; negative electrode",),
        missing="50 cycles in the quick test",
        cases={
            "0.25C": CellCase(
                positive="NCM622",
                electrolyte="Li6.6P0.4Ge0.6S5I",
                cell={
                    "composition": {"active material": 80, "solid electrolyte": 20},
                    "positive_thickness": 160e-6,
                    "separator_thickness": 450e-6,
                    "temperature": 333.15,
                },
                overrides={_P + "conductivity [S.m-1]": 0.3, "Negative electrode thickness [m]": 160e-6},
                model="DFN",
                steps=("Charge at 0.25C until {high} V", "Discharge at 0.25C until {low} V"),
                reduce=capacities(4.76),
            )
        },
    ),
    System(
        n=33,
        name="LCO:Li3YCl6 | Li3YCl6 | Li6PS5Cl | Li-In; LGPS sandwiches",
        positive="LCO with Li3YCl6, 70:27:3 by mass, 15 um",
        electrolyte="Li3YCl6 20 um and Li6PS5Cl 80 um in series",
        negative="InLi",
        fixture="10 mm die, 50 MPa, 25 C",
        protocol="discharge at up to 10C",
        quantity=_DISCHARGE,
        source="ArgyroditeReview2025 [306,309,320]",
        borrowed=("thicknesses",),
        missing="resistance between the electrolytes; maps of the potential; what a sandwich does to dendrites",
        cases={
            "Li3YCl6, 10C": _halide("Li3YCl6", 10),
            "Li6PS5Cl, 10C": _halide("Li6PS5Cl", 10),
            "Li|Li3PS4-Li10GeP2S12-Li3PS4|Li": SpecimenCase(
                electrolyte="beta-Li3PS4",
                negative="Li",
                cell={"separator": tuple(SeparatorLayer(name, 200e-6) for name in _SANDWICH)},
                specimen=SymmetricCell,
                measure=lambda specimen, frequencies: {
                    "Frequency [Hz]": frequencies,
                    _SPECTRUM: specimen.impedance(frequencies) * specimen.area * 1e4,
                },
                conditions=tuple(np.logspace(6, -2, 33)),
                quantity=_SPECTRUM,
            ),
        },
    ),
    System(
        n=34,
        name="Li2S-LiI | Li5.5PS4.5Cl1.5 | Li-In; S | Li5.6Cu0.2PS4.8Br1.2 | Li",
        positive="Li2S with electrolyte and carbon, 40:40:20 by mass",
        electrolyte="Li5.5PS4.5Cl1.5; Li5.6Cu0.2PS4.8Br1.2",
        negative="InLi; Li",
        fixture="10 mm die, 50 MPa, 25 C",
        protocol="0.13 mA/cm2 between 0.4 and 3 V vs Li-In, impedance",
        quantity=_SPECTRUM,
        source="ArgyroditeReview2025 [299,331,334]",
        borrowed=("LiI of the cathode: its volume counts as electrolyte", "shape of the potential of sulfur"),
        missing="Li | CO2-treated Li6PS5Cl | LTO",
        cases={
            "Li2S": SpectrumCase(
                positive="Li2S",
                electrolyte="Li5.5PS4.5Cl1.5",
                cell={
                    "composition": {"active material": 40, "solid electrolyte": 40, "carbon": 20},
                    "particle_radius": 0.3e-6,
                    "area": 1e-4,
                    "voltage_window": (0.4, 3.0),
                },
                options={"interphase": "constant", "space charge": "none", "contact": "pressure"},
                steps=("Charge at 0.13 mA for 2 hours", "Rest for 10 hours"),
            ),
            "S": CellCase(
                positive="Li2S",
                electrolyte="Li5.6Cu0.2PS4.8Br1.2",
                negative="Li",
                cell={
                    "composition": {"active material": 40, "solid electrolyte": 40, "carbon": 20},
                    "particle_radius": 0.3e-6,
                    "initial_stoichiometry": 0.05,
                },
                options={"interphase": "constant", "space charge": "none", "contact": "pressure"},
                steps=("Discharge at 0.05C until {low} V",),
                period="30 minutes",
                reduce=capacities(1.66),
                quantity=_DISCHARGE,
            ),
        },
    ),
    System(
        n=38,
        name="NCM811 | Ge/Si/Sb-Li6PS5I with Li3InCl6 interlayer",
        positive="NCM811 80:18:2 by mass, 100 um",
        electrolyte="Li6PS5I, substituted, with 100 um of Li3InCl6",
        negative="InLi (not stated)",
        fixture="10 mm die, 50 MPa, -20 to 60 C",
        protocol="0.05C at each temperature",
        quantity=_DISCHARGE,
        source="Feng2025 [107]",
        borrowed=("activation energies and conductivity of the substituted iodide",),
        missing="the loading of 100 mg/cm2 (about 350 um); the gradient of composition; 550 cycles",
        cases={"60 C": _cold(333.15), "25 C": _cold(298.15), "-20 C": _cold(253.15)},
    ),
)

__all__: list[str] = []
