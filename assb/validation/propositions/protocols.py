"""Short runs of a cell on coarse meshes, which the propositions share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pybamm

from assb import parameters
from assb.models import SPM
from assb.parameters.cells.oh2026_oxides import blended_laws
from assb.validation.propositions.cycles import Room
from assb.validation.propositions.runs import Array, P, surfaces

N = "Negative electrode "
Q = "Nominal cell capacity [A.h]"
AREA = "Electrode area [m2]"
SERIES = "Contact resistance [Ohm]"
STRAIN = P + "volume strain"
LTO = {"negative": "composite"}
#: Trends need no fine mesh: 8 points through particles and electrodes.
COARSE = {"x_n": 8, "x_p": 8, "r_n": 8, "r_p": 8, "r_p_prim": 8, "r_p_sec": 8}


def changed(values: pybamm.ParameterValues, **changes: Any) -> pybamm.ParameterValues:
    """Copy of parameter values with changes by name, for keyword use ``changed(values, **{name: value})``."""
    result = values.copy()
    result.update(changes)
    return result


def cycle(values: pybamm.ParameterValues, rate: float) -> tuple[str, ...]:
    """Charge and discharge at a C-rate between the cut-offs of a cell."""
    low, high = (values[f"{name} voltage cut-off [V]"] for name in ("Lower", "Upper"))
    return f"Charge at {rate}C until {high} V", f"Discharge at {rate}C until {low} V"


class Run:
    """A protocol of one cell; built once and solved for any inputs.

    Parameters
    ----------
    values : pybamm.ParameterValues
    options : mapping, optional
        Of the model.
    steps : sequence of str, optional
        One cycle; by default charge and discharge at C/2.
    cycles : int
    free : sequence of str
        Parameters that a call may change.
    model : type
        SPM or DFN.
    falls : bool
        The potential falls where the particles are full, so that a cut-off finds that by itself; otherwise a discharge
        ends there as well.
    """

    def __init__(
        self,
        values: pybamm.ParameterValues,
        options: Mapping[str, str] | None = None,
        steps: Sequence[Any] | None = None,
        cycles: int = 1,
        free: Sequence[str] = (),
        model: type = SPM,
        falls: bool = False,
    ) -> None:
        self._falls = falls
        self.values, self._free = values, {name: values[name] for name in free}
        self._model = model(dict(options or {}))
        self._steps = tuple(steps if steps is not None else cycle(values, 0.5))
        self._cycles = cycles

    @cached_property
    def _simulation(self) -> pybamm.Simulation:
        # The models' own events end a run at the limits of the cell; here a step ends and the next one follows.
        self._model.events = []
        names = () if self._falls else surfaces(self.values)
        full = [pybamm.step.CustomTermination(f"{name} full", Room(name)) for name in names]
        return pybamm.Simulation(
            self._model,
            parameter_values=changed(self.values, **dict.fromkeys(self._free, "[input]")),
            experiment=pybamm.Experiment([tuple(_until_full(k, full) for k in self._steps)] * self._cycles),
            solver=pybamm.IDAKLUSolver(rtol=1e-5, atol=1e-7),
            var_pts=COARSE,
        )

    def __call__(self, **inputs: float) -> pybamm.Solution:
        """Solution with some of the free parameters changed."""
        return self._simulation.solve(inputs=self._free | inputs, calc_esoh=False)


def _until_full(step: Any, full: Sequence[Any]) -> Any:
    """A step that says it discharges, which ends when the surface of the particles is full as well."""
    if not (isinstance(step, str) and step.startswith("Discharge")):
        return step
    result = pybamm.step.string(step)
    result.termination = [*result.termination, *full]
    return result


def discharged(solution: pybamm.Solution) -> Array:
    """Charge [A.h] of the last step of each cycle."""
    return np.array([abs(passed(each.steps[-1])) for each in solution.cycles])


def passed(step: pybamm.Solution) -> float:
    """Charge [A.h] of a step, positive on discharge."""
    counted = step["Discharge capacity [A.h]"].data
    return float(counted[-1] - counted[0])


def last(solution: pybamm.Solution, name: str) -> float:
    """A variable at the end of a solution."""
    return float(solution[name].data[-1])


def first(solution: pybamm.Solution, name: str) -> float:
    """A variable at the start of a solution."""
    return float(solution[name].data[0])


class Pulse:
    """Resistance of a current step after some seconds; built once and solved for any inputs.

    Parameters
    ----------
    values, options, free, model
        As of :class:`Run`.
    rate : float
        C-rate, negative on charge.
    seconds : float
    """

    def __init__(
        self,
        values: pybamm.ParameterValues,
        options: Mapping[str, str] | None = None,
        free: Sequence[str] = (),
        *,
        rate: float = -0.1,
        seconds: float = 10.0,
        model: type = SPM,
    ) -> None:
        self._free = {name: values[name] for name in free}
        self._current, self._seconds = rate * values[Q], seconds
        self._area = values["Electrode area [m2]"] * 1e4
        solver = pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8)
        built = model(dict(options or {}))
        built.events = []
        changes = {"Current function [A]": self._current, **dict.fromkeys(self._free, "[input]")}
        self._simulation = pybamm.Simulation(
            built, parameter_values=changed(values, **changes), solver=solver, var_pts=COARSE
        )

    def solution(self, **inputs: float) -> pybamm.Solution:
        """Start and end of the step."""
        times = np.array([0, self._seconds])
        return self._simulation.solve(times, t_interp=times, inputs=self._free | inputs)

    def __call__(self, **inputs: float) -> float:
        """Area resistance [Ohm.cm2], without the change of the open-circuit voltage."""
        solution = self.solution(**inputs)
        drop = last(solution, "Voltage [V]") - last(solution, "Open-circuit voltage [V]")
        return -drop / self._current * self._area


#: Rates that age a cell: contact damage and cracks by strain, the interphase by time.
AGEING_RATES = (
    "Positive electrode contact damage rate",
    "Positive electrode interphase reaction velocity [m.s-1]",
    "Positive electrode interphase parabolic constant [m2.s-1]",
)


def accelerated(values: pybamm.ParameterValues, factor: float) -> pybamm.ParameterValues:
    """Cell that ages `factor` times as fast: n cycles stand for `factor` n.

    Every ageing rate is multiplied alike, so that no mechanism gains on another.
    """
    faster = {
        name: factor * values[name]
        for name in values.keys()
        if name.removeprefix("Primary: ").removeprefix("Secondary: ") in AGEING_RATES
    }
    return changed(values, **faster)


class BlendRun:
    """Run of the blends of Oh2026: one model for all of them.

    Parameters
    ----------
    options, steps, cycles
        As of :class:`Run`.
    shares : sequence of float
        Mass shares of the large polycrystals that will be asked for.
    populations : {"one", "two"}
        "two" has no end members.
    edit : callable, optional
        ``edit(values, share) -> values`` changes numbers.
    strain_of : float, optional
        Share whose strain all blends get.
    """

    def __init__(
        self,
        shares: Sequence[float],
        options: Mapping[str, str],
        steps: Callable[[pybamm.ParameterValues], Sequence[Any]],
        cycles: int = 1,
        populations: str = "one",
        edit: Callable[[pybamm.ParameterValues, float], pybamm.ParameterValues] | None = None,
        strain_of: float | None = None,
    ) -> None:
        self.values = _one_current(
            {
                share: (edit or _same)(
                    parameters.get("Oh2026_LTO", blend=share, populations=populations), share
                )
                for share in shares
            }
        )
        base = self.values[shares[0]]
        scalars = [name for name in base.keys() if isinstance(base[name], (int, float))]
        self._moving = [
            name for name in scalars if any(each[name] != base[name] for each in self.values.values())
        ]
        share = pybamm.InputParameter("share")
        if populations == "one":
            laws = blended_laws(share)
            if strain_of is not None:
                laws[STRAIN] = blended_laws(strain_of)[STRAIN]
            base = changed(base, **laws)
        two = {"positive populations": "two"} if populations == "two" else {}
        self._run = Run(base, {**options, **two}, steps(base), cycles, free=self._moving, falls=True)

    def __call__(self, share: float, **inputs: float) -> pybamm.Solution:
        """Solution of one blend."""
        values = self.values[share]
        return self._run(share=share, **{name: values[name] for name in self._moving}, **inputs)


def _one_current(cells: dict[float, pybamm.ParameterValues]) -> dict[float, pybamm.ParameterValues]:
    """Cells of such areas that one current is the same C-rate in all: a current cannot be an input of an experiment."""
    capacity, result = next(iter(cells.values()))[Q], {}
    for share, values in cells.items():
        larger = capacity / values[Q]
        scaled = {AREA: values[AREA] * larger, SERIES: values[SERIES] / larger}
        result[share] = changed(values, **scaled, **{Q: capacity, "Current function [A]": capacity})
    return result


def _same(values: pybamm.ParameterValues, share: float) -> pybamm.ParameterValues:
    return values
