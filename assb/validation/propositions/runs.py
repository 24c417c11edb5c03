"""Cells, cycles and figures that the tests of propositions share: coarse meshes, few cycles."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pybamm
from numpy.typing import NDArray

from assb import parameters
from assb.models import DFN, SPM
from assb.models.specimens.base import initial_values
from assb.parameters import materials
from assb.study import simulate

Array = NDArray[np.float64]

P = "Positive electrode "
#: Mean over the thickness of the positive electrode.
MEAN = "X-averaged positive electrode "
#: Mesh of every test: a trend of several percent does not need more.
COARSE = {"x_n": 6, "x_p": 8, "r_n": 5, "r_p": 10, "r_p_prim": 8, "r_p_sec": 8}
#: Window [V vs Li], and the filling of the surface at which a discharge ends as well: the potentials of the
#: Ni-rich oxides end at 3.49 V, where they are full, above the lower cut-off.
WINDOW = (3.4, 4.3)
FULL = 0.985
#: Nothing but the mechanism under test: contacts full, no film that grows, no depleted layer, no fixture. Unlike
#: `NO_MECHANISMS` the networks percolate.
PLAIN = {
    "contact": "full",
    "interphase": "constant",
    "space charge": "none",
    "stack pressure": "constant pressure",
    "stripping": "none",
}
#: An ageing cell: contacts that are lost for good, cracks, an interphase that grows.
AGEING = {"contact": "pressure and damage", "cracking": "intergranular", "stripping": "none"}
#: Twin with liquid electrolyte: it wets every surface and follows the particles as they breathe.
LIQUID = {
    "contact": "full",
    "cracking": "none",
    "interphase": "none",
    "space charge": "none",
    "stack pressure": "constant pressure",
    "network pressure": "none",
    "ionic network": "Bruggeman",
    "electronic network": "Bruggeman",
    "stripping": "none",
}


def cell(
    positive: Any = "NCM811", electrolyte: str = "Li6PS5Cl", negative: str = "InLi", **arguments: Any
) -> pybamm.ParameterValues:
    """Parameter values of a cell, as :func:`assb.parameters.build`; `overrides` are applied last."""
    return parameters.build(positive, electrolyte, negative, **arguments)


def changed(values: pybamm.ParameterValues, changes: Mapping[str, Any]) -> pybamm.ParameterValues:
    """Copy of parameter values with changes."""
    result = values.copy()
    result.update(dict(changes))
    return result


def liquid(values: pybamm.ParameterValues, conductivity: float = 1.0) -> pybamm.ParameterValues:
    """Parameter values of the twin whose electrolyte is a liquid of a `conductivity` [S.m-1]; see `LIQUID`."""
    return changed(values, {"Solid electrolyte conductivity [S.m-1]": conductivity})


def initial(
    values: pybamm.ParameterValues, names: Sequence[str], options: Mapping[str, str] | None = None
) -> dict[str, float]:
    """Scalar variables of the single-particle model at its initial state."""
    return initial_values(SPM(_options(values, options)), values, tuple(names))


def conductivities(
    values: pybamm.ParameterValues, options: Mapping[str, str] | None = None
) -> tuple[float, float]:
    """Effective ionic and electronic conductivity [S.m-1] of the positive composite at its stack pressure."""
    names = [f"{P}effective {carrier} conductivity [S.m-1]" for carrier in ("ionic", "electronic")]
    fixed = {**PLAIN, **(options or {})}
    found = initial(values, names, fixed)
    return found[names[0]], found[names[1]]


def plateau(values: pybamm.ParameterValues) -> float:
    """Potential [V vs Li] of the negative electrode, that of a composite in the middle of its charge."""
    if _composite(values):
        law = values["Negative electrode OCP [V]"]
        return float(law(0.5))
    return float(values["Negative electrode potential [V]"])


def run(
    values: pybamm.ParameterValues,
    protocol: Any,
    options: Mapping[str, str] | None = None,
    model: str = "SPM",
    mesh: Mapping[str, int] | None = None,
    **solve: Any,
) -> pybamm.Solution:
    """Run a protocol on a coarse mesh.

    Parameters
    ----------
    values : pybamm.ParameterValues
        With a composite negative electrode or two populations the options for them are set.
    protocol : str or sequence
        As for :func:`assb.simulate`.
    options : mapping, optional
    model : {"SPM", "DFN"}
    mesh : mapping, optional
        Points that differ from `COARSE`.
    **solve
        As for :func:`assb.simulate`.

    Raises
    ------
    RuntimeError
        When the protocol stopped before its end.

    Notes
    -----
    A run of the SPM outside its validity is run again with the DFN.
    """
    from assb.models.thiele import ThieleWarning
    from assb.stops import IncompleteWarning

    model_class = {"SPM": SPM, "DFN": DFN}[model]
    built = model_class(_options(values, options))
    points = {**COARSE, **(mesh or {})}
    points = {name: count for name, count in points.items() if name in built.default_var_pts}
    # The cut-offs of the protocol count, not those of the cell.
    values = changed(values, {"Lower voltage cut-off [V]": 0.0, "Upper voltage cut-off [V]": 6.0})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        solution = simulate(built, values, protocol, var_pts=points, **solve)
    for warning in caught:
        if issubclass(warning.category, IncompleteWarning):
            raise RuntimeError(str(warning.message))
    if any(issubclass(warning.category, ThieleWarning) for warning in caught):
        return run(values, protocol, options, "DFN", mesh, **solve)
    return solution


class Cycles:
    """Galvanostatic cycles of a cell and what they gave.

    Parameters
    ----------
    values : pybamm.ParameterValues
    options : mapping, optional
    number : int
        Of cycles, each a charge and a discharge.
    rate, charge_rate : float
        C-rates of discharge and charge; equal unless said.
    window : (float, float)
        Cut-offs [V vs Li].
    hold : float, optional
        C-rate down to which the upper voltage is held.
    model : {"SPM", "DFN"}
    """

    def __init__(
        self,
        values: pybamm.ParameterValues,
        options: Mapping[str, str] | None = None,
        number: int = 1,
        rate: float = 0.2,
        charge_rate: float | None = None,
        window: tuple[float, float] = WINDOW,
        hold: float | None = None,
        model: str = "SPM",
        **solve: Any,
    ):
        self.values = values
        low, high = (level - plateau(values) for level in window)
        steps: list[Any] = [f"Charge at {charge_rate or rate:.8g}C until {high:.6f} V"]
        if hold:
            steps.append(f"Hold at {high:.6f} V until {hold:.8g}C")
        ends: list[Any] = [f"{low:.6f} V"]
        ends.extend(pybamm.step.CustomTermination(f"{k} full", _Room(k)) for k in surfaces(values))
        steps.append(pybamm.step.c_rate(rate, termination=ends, duration="100 hours"))
        self.solution = run(values, [tuple(steps)] * number, options, model, **solve)

    @cached_property
    def _turns(self) -> Array:
        """Net discharge [A.h] at the start, the end of charge and the end of each cycle, shape (cycles, 3)."""
        found = []
        for cycle in self.solution.cycles:
            first, last = (cycle.steps[k]["Discharge capacity [A.h]"].entries for k in (0, -1))
            found.append((first[0], last[0], last[-1]))
        return np.array(found)

    @property
    def charged(self) -> Array:
        """Charge capacity of each cycle [A.h]."""
        return self._turns[:, 0] - self._turns[:, 1]

    @property
    def discharged(self) -> Array:
        """Discharge capacity of each cycle [A.h]."""
        return self._turns[:, 2] - self._turns[:, 1]

    @property
    def utilisation(self) -> Array:
        """Discharge capacity of each cycle over the lithium sites of all active material."""
        return self.discharged / sites(self.values)

    @property
    def efficiency(self) -> float:
        """First discharge over first charge."""
        return float(self.discharged[0] / self.charged[0])

    @property
    def retention(self) -> float:
        """Last discharge capacity over the first."""
        return float(self.discharged[-1] / self.discharged[0])

    def series(self, name: str, cycle: int = 0, step: int = 0) -> Array:
        """Scalar variable over time in one step of one cycle."""
        return np.asarray(self.solution.cycles[cycle].steps[step][name].entries, dtype=float)

    def after_charge(self, name: str) -> Array:
        """Scalar variable at the end of the charge of each cycle."""
        return np.array([cycle.steps[-2][name].entries[-1] for cycle in self.solution.cycles])

    def after_discharge(self, name: str) -> Array:
        """Scalar variable at the end of each cycle."""
        return np.array([cycle.steps[-1][name].entries[-1] for cycle in self.solution.cycles])

    @property
    def energy(self) -> Array:
        """Energy of the discharge of each cycle [W.h]."""
        found = []
        for cycle in self.solution.cycles:
            last = cycle.steps[-1]
            found.append(np.trapezoid(last["Voltage [V]"].entries, last["Discharge capacity [A.h]"].entries))
        return np.array(found)


def surfaces(values: pybamm.ParameterValues) -> list[str]:
    """Variables of the mean filling of the surface, one for each population."""
    phases = ("primary ", "secondary ") if _two(values) else ("",)
    return [f"{MEAN}{phase}surface stoichiometry" for phase in phases]


class _Room:
    """What a surface can take up until it is full."""

    def __init__(self, name: str):
        self.name = name

    def __call__(self, variables: Mapping[str, Any]) -> Any:
        return FULL - variables[self.name]


def discharges(
    values: pybamm.ParameterValues,
    sets: Sequence[Mapping[str, float]],
    options: Mapping[str, str] | None = None,
    rate: float = 0.1,
    low: float = WINDOW[0],
    model: str = "DFN",
) -> Array:
    """Share of the lithium sites that one discharge fills, for many parameter sets with one model.

    Parameters
    ----------
    values : pybamm.ParameterValues
        Start in the charged state.
    sets : sequence of mapping
        Values of the same parameters in each; none may be a function.
    options : mapping, optional
    rate : float
        Current of each set over its practical capacity: the sites of half the active material in one hour.
    low : float
        Cut-off [V vs Li]; a discharge that is beyond it from the start fills nothing.
    model : {"SPM", "DFN"}

    Returns
    -------
    ndarray, shape (n_sets,)
    """
    names = sorted(sets[0])
    values = changed(values, {"Lower voltage cut-off [V]": low - plateau(values)})
    free = changed(values, {**dict.fromkeys(names, "[input]"), "Current function [A]": "[input]"})
    built = {"SPM": SPM, "DFN": DFN}[model](_options(values, options))
    points = {name: count for name, count in COARSE.items() if name in built.default_var_pts}
    simulation = pybamm.Simulation(built, parameter_values=free, var_pts=points)
    found = []
    for each in sets:
        total = sites(changed(values, each))
        inputs = {**each, "Current function [A]": 0.5 * rate * total}
        try:
            solution = simulation.solve([0, 2.5 * 3600 / rate], inputs=inputs)
        except pybamm.SolverError as error:
            if "non-positive at initial" not in str(error):
                raise
            found.append(0.0)
            continue
        found.append(float(solution["Discharge capacity [A.h]"].entries[-1]) / total)
    return np.array(found)


def sites(values: pybamm.ParameterValues) -> float:
    """Charge of all lithium sites of the active material [A.h], connected or not."""
    volume = values["Electrode area [m2]"] * values[P + "thickness [m]"]
    prefixes = ("Primary: ", "Secondary: ") if _two(values) else ("",)
    concentration = sum(
        values[f"{k}Maximum concentration in positive electrode [mol.m-3]"]
        * values[f"{k}{P}active material volume fraction"]
        for k in prefixes
    )
    return float(96485.33212 * concentration * volume / 3600)


def specific(values: pybamm.ParameterValues, material: str, charge: Any) -> Any:
    """Charge per mass of the active material [mA.h.g-1] of a charge [A.h]."""
    density = materials.POSITIVE[material]["density [g.cm-3]"].value * 1e6
    volume = values["Electrode area [m2]"] * values[P + "thickness [m]"]
    return 1e3 * charge / (density * values[P + "active material volume fraction"] * volume)


def resistance(
    values: pybamm.ParameterValues,
    options: Mapping[str, str] | None = None,
    rate: float = 0.1,
    seconds: float = 1.0,
    filling: float | None = None,
    model: str = "SPM",
) -> float:
    """Area resistance [Ohm.cm2] of a discharge pulse from rest, at its end.

    Parameters
    ----------
    values : pybamm.ParameterValues
    options : mapping, optional
    rate : float
        C-rate of the pulse.
    seconds : float
        Duration.
    filling : float, optional
        Stoichiometry at which the pulse starts; that of `values` by default.
    model : {"SPM", "DFN"}
    """
    if filling is not None:
        values = changed(values, {"Initial stoichiometry in positive electrode": filling})
    pulse = f"Discharge at {rate:.8g}C for {seconds:.8g} seconds"
    return pulse_resistance(run(values, pulse, options, model), values)


def pulse_resistance(solution: pybamm.Solution, values: pybamm.ParameterValues) -> float:
    """Area resistance [Ohm.cm2] at the end of a solution: voltage less equilibrium over the current."""
    drop = solution["Open-circuit voltage [V]"].entries[-1] - solution["Voltage [V]"].entries[-1]
    density = solution["Current [A]"].entries[-1] / values["Electrode area [m2]"]
    return float(1e4 * drop / density)


def storage(
    values: pybamm.ParameterValues,
    hours: float,
    options: Mapping[str, str] | None = None,
    points: int = 25,
    **arguments: Any,
) -> pybamm.Solution:
    """Rest at open circuit for a time, reported at even times."""
    period = f"{3600 * hours / (points - 1):.6f} seconds"
    rest = pybamm.step.rest(duration=3600 * hours, period=period)
    return run(values, [rest], options, **arguments)


def rises(sequence: Any, share: float = 0.0) -> bool:
    """Whether a sequence rises from each to the next, in all by more than a share of its first value."""
    sequence = np.asarray(sequence, dtype=float)
    return bool((np.diff(sequence) > 0).all() and sequence[-1] - sequence[0] > share * abs(sequence[0]))


def falls(sequence: Any, share: float = 0.0) -> bool:
    """Whether a sequence falls from each to the next, in all by more than a share of its first value."""
    return rises(-np.asarray(sequence, dtype=float), share)


def decades(found: Any, expected: Any) -> Array:
    """Decimal logarithm of the ratio of found to expected values."""
    return np.log10(np.asarray(found, dtype=float) / np.asarray(expected, dtype=float))


def _composite(values: pybamm.ParameterValues) -> bool:
    return "Initial stoichiometry in negative electrode" in values.keys()


def _two(values: pybamm.ParameterValues) -> bool:
    return "Primary: Positive particle radius [m]" in values.keys()


def _options(values: pybamm.ParameterValues, options: Mapping[str, str] | None) -> dict[str, str]:
    found = {"negative": "composite"} if _composite(values) else {}
    if _two(values):
        found["positive populations"] = "two"
    result = {**found, **(options or {})}
    if _composite(values):
        result.pop("stripping", None)
    return result
