"""Interface resistance and capacity of an anode-free pouch cell against temperature."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from assb.parameters import build
from assb.parameters.materials.layered_oxides import CorrectedPotential
from assb.parameters.materials.potentials import DeepDischarge, nmc811_potential
from assb.validation.published.study import Quantity, Study, register

#: Areal capacity [mA.h.cm-2] at 210 mAh/g; pressures of the warm isostatic press and of the stack [MPa].
AREAL, SPECIFIC = 6.8, 0.210
PRESSED, STACK = 490.0, 2.0
#: By mass, without the binder (assumption: 85:15:3).
COMPOSITION = {"active material": 82.5, "solid electrolyte": 14.6, "carbon": 2.9}
VOID = 0.10
#: The rows do not say at which rate.
RATE = 0.1
#: To 2.5 V: the published potential ends above 3 V, and a discharge of the DFN would stop as soon as the
#: particles at the separator are full.
POTENTIAL = CorrectedPotential(DeepDischarge(nmc811_potential))
OPTIONS = {"contact": "pressure", "stack pressure": "constant pressure", "interphase": "constant"}


@lru_cache(maxsize=32)
def cell(celsius: float) -> Any:
    """Cell of the paper with a lithium foil in place of what it plates on silver and carbon."""
    share = build("NCM811", composition=COMPOSITION, void_fraction=VOID)[
        "Positive electrode active material volume fraction"
    ]
    thickness = AREAL / SPECIFIC * 10 / (4.78e6 * share)
    values = build(
        "NCM811",
        "Li6PS5Cl",
        "Li",
        area=1e-4,
        positive_thickness=thickness,
        separator_thickness=30e-6,
        nominal_capacity=1e-3 * AREAL,
        temperature=celsius + 273.15,
        stack_pressure=STACK,
        voltage_window=(2.5, 4.3),
        composition=COMPOSITION,
        void_fraction=VOID,
    )
    # Contacts remember a share of the largest pressure they have seen, here that of the press.
    memory = values["Positive electrode contact pressure memory"] * (PRESSED - STACK)
    residual = "Positive electrode residual contact pressure [MPa]"
    values[residual] = values[residual] + memory
    return values


def resistance(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    """Interface resistance of both electrodes as assembled [Ohm.cm2]."""
    return interfaces(float(parts["celsius"]))


@lru_cache(maxsize=32)
def interfaces(celsius: float) -> float:
    """Interface resistance of both electrodes at a temperature [Ohm.cm2]."""
    from assb.models import SPM
    from assb.models.specimens import SymmetricCell
    from assb.models.specimens.base import initial_values

    values, name = cell(celsius), "Positive interface resistance [Ohm.m2]"
    positive = initial_values(SPM(OPTIONS), values, (name,))[name]
    foil = SymmetricCell(values, interphase="growing")
    return 1e4 * (positive + foil.charge_transfer_resistance + foil.film_resistance)


def relative_capacity(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    """Discharge capacity over that at 60 C [%]."""
    return 100 * capacity(float(parts["celsius"])) / capacity(60.0)


@lru_cache(maxsize=32)
def capacity(celsius: float) -> float:
    """Discharge capacity from 4.3 to 2.5 V [A.h]. So thick an electrode needs the DFN."""
    import pybamm

    from assb.models import DFN

    values = cell(celsius).copy()
    values["Initial stoichiometry in positive electrode"] = values[
        "Positive electrode stoichiometry at 100% SOC"
    ]
    values["Positive electrode OCP [V]"] = POTENTIAL
    current = RATE * values["Nominal cell capacity [A.h]"]
    values["Current function [A]"] = current
    solver = pybamm.IDAKLUSolver(atol=1e-6, rtol=1e-5)
    model = DFN({**OPTIONS, "stripping": "none"})
    simulation = pybamm.Simulation(model, parameter_values=values, solver=solver)
    return float(current * simulation.solve([0, 1.5 * 3600 / RATE]).t[-1] / 3600)


STUDY = register(
    Study(
        key="lc",
        title="Resistance and capacity against temperature",
        source="Y.-G. Lee et al., Nat. Energy 2020, 5, 299, doi 10.1038/s41560-020-0575-z",
        quantities=(
            Quantity(r"Rint_(?P<celsius>-?[\d.]+)", "Ohm cm2", resistance),
            Quantity(r"q_(?P<celsius>-?[\d.]+)", "%", relative_capacity),
        ),
        misses=(
            "Two rows of a kind calibrate, too few for a constant: the interfaces are those of the library."
            " Charge transfer has an activation energy in the models and the films at both electrodes have none,"
            " so that the resistance falls less than twofold from 25 to 60 C, where a factor of ten was"
            " measured: at 25 C it is about right, at 60 C four times too high. The capacity at 25 C comes out"
            " too high; the rows do not say at which rate it was measured, and the model takes C/10. Lithium"
            " foil stands for silver and carbon."
        ),
    )
)
