"""What a system is made of: a cell that is cycled, a cell at rest whose impedance is taken, a specimen."""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pybamm

from assb import models, parameters
from assb.parameters import Blend, materials
from assb.stops import Watch, warn_of_stop

#: Mesh points of the systems: enough for the quantity, few enough that forty take seconds.
MESH = dict.fromkeys(("x_n", "x_p", "r_n", "r_p", "r_p_prim", "r_p_sec"), 8)
Outcome = dict[str, Any]
#: Lithium content of an oxide as made, and at which a discharge ends even above its cut-off: the laws of the oxides
#: lack the drop of the potential towards full lithiation.
AS_MADE, FULL = 0.95, 0.998

__all__ = ["MESH", "Case", "CellCase", "Outcome", "SpecimenCase", "SpectrumCase", "parameter_hash"]


@dataclass(frozen=True, kw_only=True)
class Case(ABC):
    """Parameters of a cell, and what is done with it.

    Attributes
    ----------
    positive, electrolyte, negative : str
        Materials; `positive` may be a :class:`assb.parameters.Blend`.
    cell : mapping
        Further arguments of :func:`assb.parameters.build`.
    overrides : mapping
        Parameters that the system sets itself.
    base : mapping, optional
        Name and arguments of a cell of :func:`assb.parameters.get` in place of the materials.
    negative_excess : float
        Factor on the thickness of a composite negative electrode.
    quantity : str
        What is measured, if it is not the quantity of the system.
    """

    positive: str | Blend = "NCM811"
    electrolyte: str = "Li6PS5Cl"
    negative: str = "InLi"
    cell: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, Any] = field(default_factory=dict)
    base: Mapping[str, Any] = field(default_factory=dict)
    negative_excess: float = 1.0
    quantity: str = ""

    def parameter_values(self) -> pybamm.ParameterValues:
        """Resolved parameter values."""
        if self.base:
            values = parameters.get(**self.base)
        else:
            cell = {"initial_stoichiometry": AS_MADE, **self.cell}
            values = parameters.build(self.positive, self.electrolyte, self.negative, **cell)
        if self.negative_excess != 1:
            values["Negative electrode thickness [m]"] *= self.negative_excess
        values.update(dict(self.overrides))
        return parameters.check(values)

    def borrowed(self) -> list[str]:
        """Values that a material of the case has from another one, with their source."""
        if self.base:
            table = parameters.provenance(**self.base)
            rows = [(name, row["source"]) for name, row in table.iterrows()]
            return [f"{name}: {source}" for name, source in rows if "borrowed" in source]
        positives = self.positive.materials if isinstance(self.positive, Blend) else (self.positive,)
        tables = [(name, materials.POSITIVE[name]) for name in positives]
        tables += [(self.electrolyte, materials.ELECTROLYTE[self.electrolyte])]
        tables += [(self.negative, materials.NEGATIVE[self.negative])]
        return [
            f"{name} of {material}: {entry.source}"
            for material, table in tables
            for name, entry in table.items()
            if "borrowed" in entry.source
        ]

    @abstractmethod
    def build(self) -> tuple[Any, pybamm.ParameterValues, Any]:
        """Model or specimen, parameter values, and the protocol."""

    @abstractmethod
    def simulate(self) -> Outcome:
        """Measured quantities by name."""


@dataclass(frozen=True, kw_only=True)
class CellCase(Case):
    """A cell that is cycled.

    Attributes
    ----------
    options : mapping
        Options of the model; "negative" follows from the material.
    model : {"SPM", "DFN"}
    steps : tuple of str
        One cycle of an experiment; {high} and {low} stand for the cut-offs of the cell [V].
    cycles : int
    outputs : tuple of str
        Variables that are kept beside time, voltage and current.
    reduce : callable, optional
        ``reduce(solution, values)`` gives further quantities.
    """

    options: Mapping[str, str] = field(default_factory=dict)
    model: str = "SPM"
    steps: tuple[str, ...] = ("Charge at 0.2C until {high} V",)
    cycles: int = 1
    period: str = "10 minutes"
    outputs: tuple[str, ...] = ()
    reduce: Callable[[pybamm.Solution, pybamm.ParameterValues], Outcome] | None = None

    def _model(self, **more: str) -> pybamm.BaseModel:
        composite = self.base.get("name") == "Oh2026_LTO" or self.negative in materials.COMPOSITE_NEGATIVES
        blend = isinstance(self.positive, Blend) or self.base.get("populations") == "two"
        options = {
            **({"negative": "composite"} if composite else {}),
            **({"positive populations": "two"} if blend else {}),
            **self.options,
            **more,
        }
        return getattr(models, self.model)(options)

    def _experiment(self, values: pybamm.ParameterValues) -> pybamm.Experiment:
        window = {"high": values["Upper voltage cut-off [V]"], "low": values["Lower voltage cut-off [V]"]}
        steps = [pybamm.step.string(step.format(**window), period=self.period) for step in self.steps]
        for step, text in zip(steps, self.steps, strict=True):
            if text.startswith("Discharge") and not isinstance(self.positive, Blend):
                step.termination.append(pybamm.step.CustomTermination("oxide is full", _room))
        return pybamm.Experiment([tuple(steps)] * self.cycles)

    def build(self):
        """Model, parameter values, experiment."""
        values = self.parameter_values()
        return self._model(), values, self._experiment(values)

    def simulate(self):
        """Time, voltage, current and the outputs; the reduced quantities."""
        model, values, experiment = self.build()
        solution = solve(model, values, experiment)
        names = ("Time [h]", "Voltage [V]", "Current [A]", *self.outputs)
        found: Outcome = {name: np.asarray(solution[name].data) for name in names}
        if self.reduce is not None:
            found |= self.reduce(solution, values)
        return found


@dataclass(frozen=True, kw_only=True)
class SpectrumCase(CellCase):
    """A cell whose impedance is taken at rest, as built or after its steps.

    Attributes
    ----------
    frequencies : (float, float, int)
        Decades of the highest and the lowest frequency [Hz], and how many.
    """

    steps: tuple[str, ...] = ()
    frequencies: tuple[float, float, int] = (5, -3, 33)

    def build(self):
        """Model, parameter values, frequencies [Hz]."""
        high, low, count = self.frequencies
        return (
            self._model(**{"surface form": "differential"}),
            self.parameter_values(),
            np.logspace(high, low, count),
        )

    def simulate(self):
        """Impedance, and the Warburg coefficient of its low-frequency end."""
        model, values, frequencies = self.build()
        state: Any = "rest"
        if self.steps:
            state = solve(model, values, self._experiment(values))
        spectrum = models.impedance(model, values, frequencies, state=state, var_pts=MESH)
        impedance = spectrum["Area-specific impedance [Ohm.cm2]"].values
        return {
            "Frequency [Hz]": frequencies,
            "Area-specific impedance [Ohm.cm2]": impedance,
            "Warburg coefficient [Ohm.cm2.s-0.5]": warburg(frequencies, impedance),
        }


@dataclass(frozen=True, kw_only=True)
class SpecimenCase(Case):
    """A specimen in closed form.

    Attributes
    ----------
    specimen : callable
        ``specimen(values)`` gives the specimen.
    measure : callable
        ``measure(specimen, conditions)`` gives the quantities.
    conditions : tuple of float
        What is varied: pressures, temperatures, frequencies, times.
    """

    specimen: Callable[[pybamm.ParameterValues], Any]
    measure: Callable[[Any, np.ndarray], Outcome]
    conditions: tuple[float, ...]

    def build(self):
        """Specimen, parameter values, conditions."""
        values = self.parameter_values()
        return self.specimen(values), values, np.asarray(self.conditions, dtype=float)

    def simulate(self):
        """What the specimen shows under its conditions."""
        specimen, _, conditions = self.build()
        return self.measure(specimen, conditions)


def solve(
    model: pybamm.BaseModel, values: pybamm.ParameterValues, experiment: pybamm.Experiment
) -> pybamm.Solution:
    """Solution of an experiment on the mesh of the systems; warns where it stops before its end."""
    simulation = pybamm.Simulation(model, parameter_values=values, experiment=experiment, var_pts=MESH)
    watch = Watch()
    solution = simulation.solve(calc_esoh=False, callbacks=watch)
    warn_of_stop(watch)
    return solution


def _room(variables: Mapping[str, Any]) -> pybamm.Symbol:
    """What is left until the surface of the particles is full."""
    return FULL - pybamm.max(variables["Positive electrode surface stoichiometry"])


def warburg(frequencies: np.ndarray, impedance: np.ndarray, below: float = 0.1) -> float:
    """Slope of -Im Z against omega^-1/2 at low frequency [unit of the impedance times s-0.5]."""
    slow = frequencies <= below
    root = (2 * np.pi * frequencies[slow]) ** -0.5
    return float(np.polyfit(root, -impedance[slow].imag, 1)[0])


def parameter_hash(values: pybamm.ParameterValues) -> str:
    """Hash of resolved parameter values: the same in every process."""
    rows = sorted((name, _described(value)) for name, value in values.items())
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def _described(value: Any) -> str:
    if isinstance(value, (int, float)):
        return repr(float(value))
    if hasattr(value, "__dict__") and vars(value):
        parts = ", ".join(f"{name}={_described(part)}" for name, part in sorted(vars(value).items()))
        return f"{type(value).__name__}({parts})"
    if isinstance(value, frozenset):
        return repr(sorted(value))
    if callable(value):
        return f"{value.__module__}.{value.__qualname__}"
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))
