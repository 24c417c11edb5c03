"""Systems of lithium metal and of alloys: stripping and plating, interphases, silicon and tin."""

from __future__ import annotations

import numpy as np

from assb.models.specimens import SymmetricCell
from assb.validation.systems.cases import CellCase, Outcome, SpecimenCase
from assb.validation.systems.registry import System, register

#: Charge of the interphase per thickness [uA.h.cm-2 per m]: 9 nm per uAh/cm2 (ArgyroditeReview2025).
_CHARGE = 1 / 9e-9
#: A.m-2 in 1 mA/cm2, C.m-2 in 1 mAh/cm2.
_MA_CM2, _MAH_CM2 = 10.0, 3.6e4
_PRESSURE = "Stack pressure [MPa]"


def _aged(specimen: SymmetricCell, hours):
    values = specimen.parameter_values
    films = [
        SymmetricCell(values, specimen.thickness, interphase="growing", age=3600.0 * hour) for hour in hours
    ]
    thickness = np.array([film.interphase_thickness for film in films])
    return {
        "Time [h]": hours,
        "Interphase charge [uA.h.cm-2]": thickness * _CHARGE,
        "Interphase thickness [m]": thickness,
        "Area resistance [Ohm.cm2]": np.array([film.area_resistance for film in films]),
    }


def _strip_and_plate(specimen: SymmetricCell, currents) -> Outcome:
    """Up to 20 cycles of 0.5 mAh/cm2 at one current density [mA.cm-2]."""
    run = specimen.cycle(float(currents[0]) * _MA_CM2, 0.5 * _MAH_CM2, cycles=20)
    return {
        "Time [h]": run.time / 3600,
        "Cycle": run.cycle,
        "Stripping overpotential [V]": run.stripping_overpotential,
        "Plating overpotential [V]": run.plating_overpotential,
        "Contact fraction": run.contact.min(axis=1),
        "Outcome": run.outcome,
    }


def _ramp(specimen: SymmetricCell, currents) -> Outcome:
    """Ten cycles of half an hour at each current density [mA.cm-2]: the largest before the first that fails."""
    held = 0.0
    for current in currents:
        run = specimen.cycle(current * _MA_CM2, current * _MA_CM2 * 1800, cycles=10, points=4)
        if not run.held:
            break
        held = float(current)
    return {
        "Current density [mA.cm-2]": currents,
        "Critical current density [mA.cm-2]": held,
        "Largest current density that creep feeds [mA.cm-2]": specimen.critical_current_density / _MA_CM2,
    }


def _foils(pressure: float, current: float) -> SpecimenCase:
    return SpecimenCase(
        negative="Li",
        cell={"stack_pressure": pressure, "separator_thickness": 500e-6},
        specimen=SymmetricCell,
        measure=_strip_and_plate,
        conditions=(current,),
    )


def _argyrodite(electrolyte: str, temperature: float) -> SpecimenCase:
    return SpecimenCase(
        electrolyte=electrolyte,
        negative="Li",
        cell={"stack_pressure": 5.0, "temperature": temperature},
        specimen=SymmetricCell,
        measure=_ramp,
        conditions=tuple(np.round(np.arange(0.2, 6.0, 0.2), 1)),
    )


def _alloy(negative: str, pressure: float, **options: str) -> CellCase:
    return CellCase(
        negative=negative,
        cell={"stack_pressure": pressure},
        options=options,
        steps=("Charge at 0.1C until {high} V", "Discharge at 0.1C for 3 hours"),
        outputs=(_PRESSURE, "Negative electrode potential [V]"),
    )


_BRANCHES = {"negative hysteresis": "one-state"}

register(
    System(
        n=25,
        name="Li|Li6PS5Cl|Li at 3 and 7 MPa, with a reference; Li|SE|Li at 25 and 75 MPa",
        positive="Li",
        electrolyte="Li6PS5Cl",
        negative="Li",
        fixture="10 mm die, 3, 7, 25 or 75 MPa, 25 C",
        protocol="stripping and plating at 1 and 2 mA/cm2; overpotential of each side against the reference",
        quantity="Stripping overpotential [V]",
        source="Song2022 [161,187,188]; Kasemchainan2019",
        borrowed=("charge of a half cycle, 0.5 mAh/cm2: not stated",),
        missing="the filament that shorts a cell after contact is lost: the run ends at 2 % contact",
        cases={
            "3 MPa, 1 mA/cm2": _foils(3.0, 1.0),
            "7 MPa, 1 mA/cm2": _foils(7.0, 1.0),
            "7 MPa, 2 mA/cm2": _foils(7.0, 2.0),
            "25 MPa, 0.075 mA/cm2": _foils(25.0, 0.075),
            "75 MPa, 0.075 mA/cm2": _foils(75.0, 0.075),
        },
    ),
    System(
        n=26,
        name="Sn composite; Si|Li6PS5Cl; graphite coated with Li6PS5Cl; micro-Si|Li6PS5Cl|NCM811",
        positive="NCM811",
        electrolyte="Li6PS5Cl",
        negative="Si, Sn, graphite composite",
        fixture="10 mm die, 50 MPa (Sn 70 MPa), 25 C",
        protocol="first cycle at 0.1C; pressure, potential, tomography",
        quantity=_PRESSURE,
        source="Song2022 [183,189]; ArgyroditeReview2025 [261,362]; Feng2025 [34]",
        borrowed=("NCM811 as the other electrode of the half cells; recipes",),
        missing="horizontal cracks in Sn (tomography); prelithiation",
        cases={
            "Si": _alloy("Si", 50.0, **_BRANCHES),
            "Sn": _alloy("Sn", 70.0, **_BRANCHES),
            "graphite": _alloy("graphite", 50.0),
        },
    ),
    System(
        n=27,
        name="Li|argyrodite|Li, eight compositions",
        positive="Li",
        electrolyte="Li6PS5Cl, Li6PS5Br; Li5.6Cu0.2PS4.8Br1.2 for the copper-doped of the table",
        negative="Li",
        fixture="10 mm die, 5 MPa (not stated), room temperature and 50 C",
        protocol="current density raised in steps until the cell fails",
        quantity="Critical current density [mA.cm-2]",
        source="ArgyroditeReview2025, Table 1",
        borrowed=("creep of lithium from other cells; pressure; charge of a half cycle",),
        missing="what the electrolyte does to it: creep of lithium alone decides here, while the table spans 0.45 to"
        " 6.4 mA/cm2; five of the doped compositions",
        cases={
            "Li6PS5Cl": _argyrodite("Li6PS5Cl", 298.15),
            "Li6PS5Br": _argyrodite("Li6PS5Br", 298.15),
            "Cu-doped, 50 C": _argyrodite("Li5.6Cu0.2PS4.8Br1.2", 323.15),
        },
    ),
    System(
        n=28,
        name="SS|Li6PS5Cl|Li; Ni(6 nm)|Li6PS5Cl|Li",
        positive="none: steel or a thin nickel film, on which lithium is plated",
        electrolyte="Li6PS5Cl",
        negative="Li",
        fixture="10 mm die, 13 MPa, 25 C",
        protocol="coulometric titration: lithium that the interphase has taken, against time",
        quantity="Interphase charge [uA.h.cm-2]",
        source="ArgyroditeReview2025 [316,319]; Aktekin2023",
        borrowed=("parabolic constant: order of magnitude, the measured slope is printed as a figure only",),
        missing="the steps of the titration; photoelectron spectra",
        cases={
            "interphase": SpecimenCase(
                negative="Li",
                cell={"stack_pressure": 13.0},
                specimen=lambda values: SymmetricCell(values, interphase="growing"),
                measure=_aged,
                conditions=(1, 4, 9, 16, 25, 49, 100),
            ),
            # Lithium from an NCM811 cathode on a bare collector, and back.
            "anode-free": CellCase(
                negative="anode-free",
                cell={"stack_pressure": 13.0},
                options={
                    "negative lithium": "finite",
                    "negative interphase": "growing",
                    "stack pressure": "constant pressure",
                },
                steps=("Charge at 0.2C for 2 hours", "Discharge at 0.2C for 1 hour"),
                outputs=("Negative electrode interphase charge [uA.h.cm-2]",),
                quantity="Negative electrode interphase charge [uA.h.cm-2]",
            ),
        },
    ),
    System(
        n=29,
        name="Li|Li6PS5Cl, plating at 0.01 to 2.5 mA/cm2 on a virtual electrode",
        positive="none (a source of lithium: NCM811)",
        electrolyte="Li6PS5Cl",
        negative="Li",
        fixture="10 mm die, 25 C",
        protocol="plating of up to 50 uAh/cm2 at each current density",
        quantity="Negative electrode interphase film resistance [Ohm.m2]",
        source="ArgyroditeReview2025 [45]",
        borrowed=("the lithium that is plated comes from an NCM811 cathode instead of a counter electrode",),
        missing="photoelectron spectra",
        cases={
            f"{current} mA/cm2": CellCase(
                negative="Li",
                cell={"area": 1e-4, "stack_pressure": 10.0},
                options={"negative interphase": "growing and forming"},
                steps=(f"Charge at {current} mA for {minutes} minutes",),
                period=f"{minutes / 12} minutes",
                outputs=(
                    "Negative electrode interphase film resistance [Ohm.m2]",
                    "Discharge capacity [A.h]",
                ),
            )
            for current, minutes in ((0.5, 6), (0.05, 60), (0.01, 300), (2.5, 1.2))
        },
    ),
)

__all__: list[str] = []
