"""Systems of several electrolytes in layers, and of sulfur."""

from __future__ import annotations

import numpy as np

from assb.models.specimens import SymmetricCell
from assb.parameters import SeparatorLayer
from assb.validation.systems.cases import CellCase, SpecimenCase, SpectrumCase
from assb.validation.systems.quantities import capacities
from assb.validation.systems.registry import System, register

_DISCHARGE = "Specific discharge capacity [mA.h.g-1]"
_SPECTRUM = "Area-specific impedance [Ohm.cm2]"


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
