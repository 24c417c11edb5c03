"""Systems without a full cell: composites between blocking contacts, pellets, symmetric cells."""

from __future__ import annotations

import numpy as np

from assb.models.specimens import BlockingCell, SolidElectrolytePellet, SymmetricCell
from assb.validation.systems.cases import SpecimenCase
from assb.validation.systems.registry import System, register

_DISC = 1.327e-4  # 13 mm
_FINE = tuple(np.logspace(6, -3, 46))


def _blocking(kind: str, **arguments):
    return lambda values: BlockingCell(values, kind, **arguments)


def _by_pressure(specimen: BlockingCell, pressures):
    cells = [
        BlockingCell(specimen.parameter_values, specimen.kind, specimen.thickness, pressure)
        for pressure in pressures
    ]
    return {
        "Pressure [MPa]": pressures,
        "Effective conductivity [S.m-1]": np.array([cell.conductivity for cell in cells]),
        "Tortuosity factor": np.array([cell.tortuosity_factor for cell in cells]),
    }


def _spectrum(specimen, frequencies):
    return {
        "Frequency [Hz]": frequencies,
        "Impedance [Ohm]": specimen.impedance(frequencies),
        "Resistance [Ohm]": specimen.resistance,
    }


def _both_networks(specimen: BlockingCell, frequencies):
    return _spectrum(specimen, frequencies) | {
        "Effective ionic conductivity [S.m-1]": specimen.ionic_conductivity,
        "Effective electronic conductivity [S.m-1]": specimen.electronic_conductivity,
    }


def _current(specimen, voltages):
    return {"Voltage [V]": voltages, "Current [A]": voltages / specimen.resistance}


def _arrhenius(specimen: SolidElectrolytePellet, temperatures):
    found = []
    for temperature in temperatures:
        values = specimen.parameter_values.copy()
        values["Ambient temperature [K]"] = temperature
        found.append(SolidElectrolytePellet(values, specimen.thickness).conductivity)
    # DC at 200 mV between ion-blocking contacts.
    electronic = specimen.value("Solid electrolyte electronic conductivity [S.m-1]")
    return {
        "Temperature [K]": temperatures,
        "Conductivity [S.m-1]": np.array(found),
        "Electronic current [A]": 0.2 * electronic * specimen.area / specimen.thickness,
    }


def _drop(specimen, currents):
    """Voltage between the contacts at steady currents [A.m-2]; blocking ones only charge."""
    return {
        "Current density [A.m-2]": currents,
        "IR drop [V]": currents * specimen.area_resistance * 1e-4,
        "Resistance [Ohm]": specimen.resistance,
    }


def _composite(positive: str, active: float, **more) -> dict:
    return {
        "positive": positive,
        "cell": {
            "composition": {"active material": active, "solid electrolyte": 100 - active},
            "fabrication_pressure_MPa": 370.0,
            "area": _DISC,
            **more,
        },
    }


_NCM88 = {
    **_composite("NCM88", 70, stack_pressure=20.0),
    # Dense NCM88 without carbon, 41 mS/cm (Song2022).
    "overrides": {"Positive electrode conductivity [S.m-1]": 4.1},
}

register(
    System(
        n=1,
        name="Ti|Li0.5In|SE|composite|SE|Li0.5In|Ti and Ti|composite|Ti",
        positive="NCM88:Li6PS5Cl 70:30 by mass, no carbon",
        electrolyte="Li6PS5Cl",
        negative="none: Li0.5In behind electrolyte, or Ti, as contacts",
        fixture="13 mm die, pressed at 370 MPa, 20, 7 and 3 MPa, 25 C",
        protocol="DC polarisation at each pressure",
        quantity="Effective conductivity [S.m-1]",
        source="Song2022",
        borrowed=("porosity: law of densification with assumed constants",),
        cases={
            "ionic": SpecimenCase(
                **_NCM88,
                specimen=_blocking("electron-blocking", thickness=0.45e-3),
                measure=_by_pressure,
                conditions=(20.0, 7.0, 3.0),
            ),
            "electronic": SpecimenCase(
                **_NCM88,
                specimen=_blocking("ion-blocking", thickness=0.45e-3),
                measure=_by_pressure,
                conditions=(20.0, 7.0, 3.0),
            ),
        },
    ),
    System(
        n=2,
        name="NCM83/Li6PS5Cl, NCM622/Li6PS5Cl with ion- and electron-blocking contacts",
        positive="NCM83:Li6PS5Cl 40:60 by volume; NCM622 likewise",
        electrolyte="Li6PS5Cl",
        negative="none",
        fixture="13 mm die, 50 MPa, 25 C (not stated)",
        protocol="impedance 1 MHz to 1 mHz, transmission line; DC",
        quantity="Impedance [Ohm]",
        source="ArgyroditeReview2025 [201-206]",
        borrowed=("thickness, porosity, pressure: typical of pressed pellets",),
        missing="the silicon-carbon composite of the same study; the resistor network that explains it",
        cases={
            positive: SpecimenCase(
                **_composite(positive, 63, stack_pressure=50.0),
                specimen=_blocking("opposite", thickness=0.4e-3),
                measure=_both_networks,
                conditions=_FINE,
            )
            for positive in ("NCM83", "NCM622")
        },
    ),
    System(
        n=3,
        name="SUS|Li|Li6PS5Cl|composite|Li6PS5Cl|Li|SUS and SUS|composite|SUS",
        positive="NCWA88:NCM82 7:3 with Li5.5PS4.5Cl1.5 and carbon, 90:9.5:0.5 by mass",
        electrolyte="Li6PS5Cl layers of the contacts (represented by Li5.5PS4.5Cl1.5)",
        negative="none: Li behind electrolyte, or steel, as contacts",
        fixture="13 mm die, pressed at 300 MPa, 30 C",
        protocol="impedance 5 MHz to 1 mHz; DC at 0.1 to 0.5 V",
        quantity="Impedance [Ohm]",
        source="Oh2026",
        borrowed=("thickness of specimen and electrolyte layers: typical of pellets",),
        missing="interfaces of the lithium contacts: they are taken as reversible",
        cases={
            "ionic": SpecimenCase(
                base={"name": "Oh2026_LTO", "blend": 0.7},
                specimen=_blocking("electron-blocking", thickness=0.4e-3, electrolyte_thickness=0.3e-3),
                measure=_spectrum,
                conditions=tuple(np.logspace(np.log10(5e6), -3, 49)),
            ),
            "electronic": SpecimenCase(
                base={"name": "Oh2026_LTO", "blend": 0.7},
                specimen=_blocking("ion-blocking", thickness=0.4e-3),
                measure=lambda specimen, volts: (
                    _current(specimen, volts) | _spectrum(specimen, np.logspace(6, -3, 10))
                ),
                conditions=(0.1, 0.2, 0.3, 0.4, 0.5),
            ),
        },
    ),
    System(
        n=30,
        name="pellets of Li6PS5Cl with 0, 1, 10, 100 ALD cycles of Al2O3",
        positive="none",
        electrolyte="Li6PS5Cl, coated powder",
        negative="none",
        fixture="10 mm die, 25 C and around",
        protocol="impedance against temperature; DC at 200 mV",
        quantity="Conductivity [S.m-1]",
        source="ArgyroditeReview2025 [226]",
        borrowed=("electronic conductivity of the coated powders: the lowest of them, for all",),
        cases={
            f"{cycles} cycles": SpecimenCase(
                electrolyte=f"Li6PS5Cl {cycles} ALD cycles",
                overrides={"Separator relative conductivity": 1.0},  # the conductivity is that of the pellet
                specimen=lambda values: SolidElectrolytePellet(values, thickness=1e-3),
                measure=_arrhenius,
                conditions=(278.15, 288.15, 298.15, 308.15, 318.15, 328.15),
            )
            for cycles in (0, 1, 10, 100)
        },
    ),
    System(
        n=39,
        name="Au|SE|Au, Li|SE|Li, Li|SE|C, C|SE|C",
        positive="none",
        electrolyte="Li6PS5Cl",
        negative="Li, Au or carbon as contacts",
        fixture="10 mm die, 25 C",
        protocol="IR drop at small currents",
        quantity="IR drop [V]",
        source="ArgyroditeReview2025 [151]",
        borrowed=("thickness and pressure: typical of pellets",),
        missing="potentials of the contacts (their chemical potential of lithium): only resistances are compared",
        cases={
            "Li|SE|Li": SpecimenCase(
                negative="Li",
                cell={"separator_thickness": 800e-6},
                specimen=lambda values: SymmetricCell(values),
                measure=_drop,
                conditions=(0.1, 0.5, 1.0),
            ),
            "Au|SE|Au": SpecimenCase(
                cell={"separator_thickness": 800e-6},
                specimen=lambda values: SolidElectrolytePellet(values),
                measure=_drop,
                conditions=(0.1, 0.5, 1.0),
            ),
        },
    ),
)

__all__: list[str] = []
