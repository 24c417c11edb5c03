"""What predicts the rows of usual tables: ageing over cycles, conductivities of composites.

Both are predictors of a :class:`assb.fitting.Table`: they take parameter values by name, shape (sets, 1), and
return rows, shape (sets, n).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pybamm
from numpy.typing import ArrayLike

from assb.models.compiled import Step, compile_model
from assb.models.compiled.reference import ReferenceModel

__all__ = ["AgeingPredictor", "NetworkConductivity"]

VOLTAGE = "Voltage [V]"
CAPACITY, RETENTION = "capacity [mA.h]", "retention"
RESISTANCE, AREA_RESISTANCE = "resistance [Ohm]", "area resistance [Ohm.cm2]"
CARRIERS = ("ionic", "electronic")


class AgeingPredictor:
    """Capacity, retention or resistance against cycle number, by cycling the model.

    Parameters
    ----------
    model : pybamm.BaseModel
    parameter_values : pybamm.ParameterValues
    steps : sequence of Step
        One cycle, see :class:`assb.models.compiled.Step`: constant current, constant voltage, rest.
    cycles : array_like of int, shape (n,)
        Cycle of each row; the first simulated one is 1.
    quantity : str
        "capacity [mA.h]" of `step`; "retention", its share of that in `reference_cycle`; "resistance [Ohm]" or
        "area resistance [Ohm.cm2]", the change of voltage over that of current from the end of the step before to
        the end of `step` (a rest and a pulse of 10 s, say); or any variable of the model at the end of `step`.
    step : int or sequence of int
        Step in the cycle, from 0 as in Python; the charges of several add up (constant current and constant voltage
        of one discharge).
    inputs : sequence of str, optional
        Parameters among those calibrated that the model depends on; by default all that are given at the first call.
    reference_cycle : int
        Of the retention.
    tolerance_mV, threads
        As of :meth:`assb.models.CompiledModel.cycle`.
    decades : bool
        Return log10 of the rows.

    Attributes
    ----------
    reasons_ : list of str
        Why each set of the last call ended early, "" if it did not: a cut-off beyond what the cell can give ends it.

    Raises
    ------
    ValueError
        For cycles that are not positive whole numbers, a step that does not exist, a resistance without a step
        before, or an unknown quantity.

    Notes
    -----
    The cost is that of as many cycles as the largest number says. A set of parameters that does not get there is
    NaN from where it ended.
    """

    def __init__(
        self,
        model: pybamm.BaseModel,
        parameter_values: pybamm.ParameterValues,
        steps: Sequence[Step],
        cycles: ArrayLike,
        quantity: str = CAPACITY,
        step: int | Sequence[int] = -1,
        inputs: Sequence[str] | None = None,
        reference_cycle: int = 1,
        tolerance_mV: float = 0.5,
        threads: int | None = None,
        decades: bool = False,
    ):
        self.model, self.parameter_values, self.steps = model, parameter_values, list(steps)
        numbers = np.atleast_1d(np.asarray(cycles, dtype=float))
        if numbers.size == 0 or not ((numbers >= 1) & (numbers == np.round(numbers))).all():
            raise ValueError(f"cycles = {cycles!r}: give whole numbers from 1 on, one for each row")
        self.cycles, self.reference_cycle = numbers.astype(int), int(reference_cycle)
        if self.reference_cycle < 1:
            raise ValueError(f"reference_cycle = {reference_cycle!r}: give a whole number from 1 on")
        known = (CAPACITY, RETENTION, RESISTANCE, AREA_RESISTANCE)
        if quantity not in (*known, *model.variables.keys()):
            raise ValueError(
                f"quantity = {quantity!r}: use one of {', '.join(known)}, or a variable of the model"
            )
        self.quantity = quantity
        wanted = [int(k) for k in np.atleast_1d(step)]
        for k in wanted:
            if not -len(self.steps) <= k < len(self.steps):
                raise ValueError(f"step = {k}: the cycle has {len(self.steps)} steps, counted from 0")
        self.step = [k % len(self.steps) for k in wanted]
        if quantity in (RESISTANCE, AREA_RESISTANCE) and 0 in self.step:
            raise ValueError("step = 0: a resistance needs a step before it, such as a rest; put one first")
        self.inputs = None if inputs is None else list(inputs)
        self.tolerance_mV, self.threads, self.decades = tolerance_mV, threads, decades
        self.reasons_: list[str] = []

    @cached_property
    def _simulator(self) -> Any:
        own = {CAPACITY, RETENTION, RESISTANCE, AREA_RESISTANCE, VOLTAGE}
        outputs = [VOLTAGE] + ([] if self.quantity in own else [self.quantity])
        return compile_model(self.model, self.parameter_values, self.inputs or [], outputs)

    def __call__(self, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """Rows, shape (sets, n), of parameter values by name, shape (sets, 1)."""
        if self.inputs is None:
            self.inputs = list(values)
        missing = [name for name in self.inputs if name not in values]
        if missing:
            raise ValueError(f"{missing[0]!r} is an input of the ageing model: calibrate it, or leave it out")
        given = {name: np.ravel(values[name]) for name in self.inputs}
        sets = max((column.size for column in values.values()), default=1)
        count = max(int(self.cycles.max()), self.reference_cycle if self.quantity == RETENTION else 1)
        by_cycle = self._by_cycle(given, sets, count)
        if self.quantity == RETENTION:
            by_cycle = by_cycle / by_cycle[:, self.reference_cycle - 1, None]
        rows = by_cycle[:, self.cycles - 1]
        return np.log10(rows) if self.decades else rows

    def _by_cycle(self, given: Mapping[str, np.ndarray], sets: int, count: int) -> np.ndarray:
        """The quantity, shape (sets, count), retention as capacity."""
        fast = self._simulator
        if isinstance(fast, ReferenceModel) or not given:
            singles = [{name: float(v[k]) for name, v in given.items()} for k in range(sets if given else 1)]
            runs = [fast.cycle(self.steps, count, each, tolerance_mV=self.tolerance_mV) for each in singles]
            found = np.stack([self._quantity(run) for run in runs])
            return np.broadcast_to(found, (sets, count))
        run = fast.cycle(self.steps, count, given, tolerance_mV=self.tolerance_mV, threads=self.threads)
        self.reasons_ = [str(reason) for reason in run["reason"].values]
        return self._quantity(run)

    def _quantity(self, run: Any) -> np.ndarray:
        if self.quantity in (CAPACITY, RETENTION):
            return 1e3 * np.abs(run["Charge [A.h]"].values[..., self.step].sum(axis=-1))
        step = self.step[-1]
        if self.quantity in (RESISTANCE, AREA_RESISTANCE):
            rise, more = (
                run[name].values[..., step] - run[name].values[..., step - 1]
                for name in (VOLTAGE, "Current [A]")
            )
            area = 1.0
            if self.quantity == AREA_RESISTANCE:
                area = 1e4 * float(self.parameter_values["Electrode area [m2]"])
            return -area * rise / more
        return run[self.quantity].values[..., step]


class NetworkConductivity:
    """Effective conductivities of a composite against composition and pressure.

    The conductivities are those of the full-cell models: the same laws, options and parameters
    (``assb.models.closures.network``).

    Parameters
    ----------
    cells : pybamm.ParameterValues or sequence of them, length n
        One for all rows, or one for each: see :func:`assb.parameters.build`, which turns recipes into volume
        fractions. Numbers that differ between rows are conditions of the rows.
    carrier : {"ionic", "electronic"} or sequence, length n
        What each row conducts.
    conditions : mapping, optional
        Parameter name -> values, shape (n,): stack pressure [MPa], volume fractions.
    options : mapping, optional
        Of the models: "ionic network", "electronic network", "network pressure", "network obstacles", ...
    domain : {"positive", "negative"}
        Electrode whose composite it is.
    unit : {"S.m-1", "mS.cm-1", "S.cm-1"}
        Of the rows.
    decades : bool
        Return log10 of the rows: conductivities spread over decades.

    Raises
    ------
    ValueError
        For rows of different number, an unknown carrier, unit or parameter; at the call, for a parameter that is
        calibrated and a condition of the rows.
    """

    UNITS = {"S.m-1": 1.0, "mS.cm-1": 10.0, "S.cm-1": 0.01}

    def __init__(
        self,
        cells: pybamm.ParameterValues | Sequence[pybamm.ParameterValues],
        carrier: str | Sequence[str],
        conditions: Mapping[str, ArrayLike] | None = None,
        options: Mapping[str, Any] | None = None,
        domain: str = "positive",
        unit: str = "S.m-1",
        decades: bool = False,
    ):
        several = not isinstance(cells, pybamm.ParameterValues)
        listed: list[pybamm.ParameterValues] = list(cells) if several else [cells]
        carriers = [carrier] if isinstance(carrier, str) else list(carrier)
        given = {name: np.atleast_1d(np.asarray(v, float)) for name, v in (conditions or {}).items()}
        lengths = [len(listed), len(carriers), *(len(column) for column in given.values())]
        self.rows = max(lengths)
        if set(lengths) - {1, self.rows}:
            raise ValueError(
                f"cells, carrier and conditions have {lengths} rows: give one value, or one per row"
            )
        for each in carriers:
            if each not in CARRIERS:
                raise ValueError(f"carrier = {each!r}: use 'ionic' or 'electronic'")
        if domain not in ("positive", "negative"):
            raise ValueError(f"domain = {domain!r}: use 'positive' or 'negative'")
        if unit not in self.UNITS:
            raise ValueError(f"unit = {unit!r}: use one of {', '.join(self.UNITS)}")
        self.parameter_values = listed[0]
        for name in given:
            if name not in self.parameter_values.keys():
                raise ValueError(f"conditions: {name!r} is no parameter of the cells: check name and unit")
        self.conditions = {
            name: np.broadcast_to(column, self.rows)
            for name, column in {**self._differing(listed), **given}.items()
        }
        self.carrier = np.broadcast_to(carriers, self.rows)
        self.domain, self.unit, self.decades = domain, unit, decades
        composite = "Initial stoichiometry in negative electrode" in self.parameter_values.keys()
        self.options = {"negative": "composite" if composite else "foil", **(options or {})}
        self._functions: dict[tuple[str, ...], Any] = {}

    @staticmethod
    def _differing(cells: Sequence[pybamm.ParameterValues]) -> dict[str, np.ndarray]:
        found = {}
        for name, first in cells[0].items() if len(cells) > 1 else ():
            row = [cell[name] if name in cell.keys() else None for cell in cells]
            if isinstance(first, (int, float)) and any(v != first for v in row):
                if not all(isinstance(v, (int, float)) for v in row):
                    raise ValueError(
                        f"cells: {name!r} is not a number in every one: use cells of the same kind"
                    )
                found[name] = np.array(row, dtype=float)
        return found

    @cached_property
    def _symbols(self) -> list[pybamm.Symbol]:
        from assb.models.choices import Options
        from assb.models.submodels import Network
        from assb.models.symbols import Symbols

        # A fresh specimen: cracks of the network and oxidation come with cycling.
        options = Options({**self.options, "network damage": "none", "network consumption": "none"})
        param = Symbols(
            2 if options["positive populations"] == "two" else 1,
            options["negative"] == "foil",
            touching=options["contact packing"] == "touched particles",
        )
        network = Network(param, options, self.domain, resolved=False)
        # A specimen is measured at its stack pressure, whatever the fixture of a cell does.
        variables = {"Stack pressure [Pa]": network.param.P_0, **network.get_fundamental_variables()}
        found = network.get_coupled_variables(variables)
        prefix = f"{self.domain.capitalize()} electrode effective"
        return [found[f"{prefix} {carrier} conductivity [S.m-1]"] for carrier in CARRIERS]

    def _function(self, names: tuple[str, ...]) -> Any:
        if names not in self._functions:
            import casadi as ca

            values = self.parameter_values.copy()
            values.update(dict.fromkeys(names, "[input]"))
            inputs = {name: ca.MX.sym(name) for name in names}
            both = [values.process_symbol(symbol).to_casadi(inputs=inputs) for symbol in self._symbols]
            self._functions[names] = ca.Function(
                "conductivity", [ca.vertcat(*inputs.values())], [ca.vertcat(*both)]
            )
        return self._functions[names]

    def __call__(self, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """Rows, shape (sets, n), of parameter values by name, shape (sets, 1)."""
        for name in values:
            if name in self.conditions:
                raise ValueError(
                    f"{name!r} is calibrated and a condition of the rows: leave out one of the two"
                )
        names = (*values, *self.conditions)
        sets = max((np.size(column) for column in values.values()), default=1)
        shape = (sets, self.rows)
        columns = [np.broadcast_to(np.reshape(v, (-1, 1)), shape).ravel() for v in values.values()]
        columns += [np.broadcast_to(v, shape).ravel() for v in self.conditions.values()]
        points = np.array(columns).reshape(len(names), sets * self.rows)
        both = np.asarray(self._function(names).map(sets * self.rows)(points)).reshape(2, *shape)
        rows = np.where(self.carrier == "ionic", both[0], both[1]) * self.UNITS[self.unit]
        return np.log10(rows) if self.decades else rows
