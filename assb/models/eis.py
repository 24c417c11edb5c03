"""Impedance of a model at rest, for many frequencies and parameter sets at once.

With ``M y' = F(y, p, I)`` and ``V(y, p, I)`` linearised about a state that satisfies the algebraic
equations at zero current::

    (i w M - J) dy = dF/dI,        Z(w) = -(dV/dy dy + dV/dI)        (discharge current positive)

`J` has the same pattern at every frequency and parameter set, so its elimination is analysed once and
each recorded operation then runs over a whole vector of (set, frequency) pairs. States that the current
does not move or the voltage does not see are left out. The cost per pair grows with the number of
non-zeros of the factors, which for cell models is about linear in the number of states; a dense
Hessenberg or Schur form would cost its square.

Sources
-------
N. Hallemans et al., "Physics-based battery model parametrisation from impedance data", J. Electrochem.
Soc. 172 (2025) 060507, doi 10.48550/arXiv.2412.10896 (preprint): impedance from the linearised discretised model.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import casadi as ca
import numpy as np
import pybamm
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from assb.models.arcs import Dispersion, select_arcs
from assb.models.compiled.export import export_model
from assb.models.compiled.labels import unit

from .pencil import Pencil
from .rest import RestSolver

__all__ = ["ImpedanceModel", "impedance"]

VOLTAGE = "Voltage [V]"
# Parameters whose product is the area [m2].
AREAS = (("Electrode area [m2]",), ("Electrode height [m]", "Electrode width [m]"))
# (Set, frequency) pairs eliminated together: enough to hide the interpreter, few enough for the cache.
PAIRS = 1024
# Largest rate of change [1/s] of a scaled state that still counts as rest.
REST = 1e-3


def impedance(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    frequencies: ArrayLike,
    inputs: Mapping[str, ArrayLike] | None = None,
    state: str | ArrayLike | pybamm.Solution = "rest",
    var_pts: Mapping[Any, int] | None = None,
    arcs: str | Iterable[str] = (),
) -> xr.Dataset:
    """Impedance of a model at rest.

    To evaluate repeatedly, make an `ImpedanceModel` once and call its `solve`.

    Parameters
    ----------
    model : pybamm.BaseModel
        With the option "surface form" set to "differential", so that it has double layers.
    parameter_values : pybamm.ParameterValues
    frequencies : array_like, shape (n_frequencies,)
        [Hz].
    inputs : mapping of str to array_like, shape (n_sets,) or (), optional
        Values of parameters that differ from `parameter_values`.
    state : "rest", array_like or pybamm.Solution
        "rest" is the initial state; otherwise a state vector of the discretised model, shape
        (n_states,) or (n_sets, n_states), or a solution, whose last state is taken. The algebraic
        states are made consistent with zero current in any case.
    var_pts : mapping, optional
        Mesh points, as for `pybamm.Simulation`.
    arcs : "all" or iterable of str, optional
        Resistances in series that get a constant-phase element in parallel, and double layers that
        become one: names of `assb.models.ARCS`, "all" for those the model has. None by default: the
        impedance of the model in time. The limit of low frequency is that of the model in any case.

    Returns
    -------
    xarray.Dataset
        "Impedance [Ohm]" and "Area-specific impedance [Ohm.cm2]", complex, over `frequency` [Hz] and,
        if an input is an array, `sample`. Sets without a consistent state are NaN; attribute
        `failures` counts them.

    Raises
    ------
    ValueError
        If an argument makes no sense or the model cannot be exported; the message says what to do.
    """
    prepared = ImpedanceModel(model, parameter_values, list(inputs or {}), var_pts, arcs)
    return prepared.solve(frequencies, inputs, state)


class ImpedanceModel:
    """A model prepared for impedance: discretised, differentiated, its elimination analysed.

    Parameters
    ----------
    model, parameter_values, var_pts, arcs
        As for `impedance`.
    inputs : sequence of str
        Parameters that stay free.

    Attributes
    ----------
    input_names : tuple of str
    n_states, n_solved : int
        States of the model, and those the impedance depends on.
    arcs : mapping of str to Arc
    """

    def __init__(
        self,
        model: pybamm.BaseModel,
        parameter_values: pybamm.ParameterValues,
        inputs: Sequence[str] = (),
        var_pts: Mapping[Any, int] | None = None,
        arcs: str | Iterable[str] = (),
    ) -> None:
        surface = getattr(model, "options", {}).get("surface form", "false")
        if surface not in ("differential", "algebraic"):
            raise ValueError(
                f"model has the option 'surface form' = {surface!r}; make it with "
                "{'surface form': 'differential'}, so that it has double layers."
            )
        self.arcs = select_arcs(arcs, model.variables)
        outputs = [VOLTAGE, *(name for arc in self.arcs.values() for name in arc.outputs)]
        exported = export_model(model, parameter_values, inputs, outputs, var_pts)
        self.input_names = exported.input_names
        self.n_states = exported.n_y
        self._exported = exported
        # Looked up now: asking parameter values for a missing name searches for similar ones, slowly.
        wanted = {*self.input_names, *(name for names in AREAS for name in names)} & {
            *parameter_values.keys()
        }
        self._values = {name: parameter_values[name] for name in wanted}
        self._name = model.name
        self._rest = RestSolver(exported)
        self._linearise()

    def __repr__(self) -> str:
        inputs = ", ".join(self.input_names) or "none"
        return f"ImpedanceModel({self._name}, {self.n_solved} of {self.n_states} states)\n  inputs: {inputs}"

    def _linearise(self) -> None:
        """CasADi function of (y, p): rate, J (non-zeros), dF/dI, dV/dy, dV/dI, at zero current."""
        exported = self._exported
        y, p, current = exported.dynamics.sx_in()
        slope, outputs = exported.dynamics(y, p, current), exported.outputs(y, p, current)
        voltage = outputs[0]
        jacobian = ca.jacobian(slope, y)
        nonzeros = jacobian.nz[:]
        push, see = ca.jacobian(slope, current), ca.jacobian(voltage, y)
        rows, cols = (np.array(index, dtype=int) for index in jacobian.sparsity().get_triplet())
        pushed = np.array(push.sparsity().get_triplet()[0], dtype=int)
        seen = np.array(see.sparsity().get_triplet()[1], dtype=int)
        self._pencil = Pencil(exported.n_y, exported.n_x, rows, cols, pushed, seen)
        self.n_solved = len(self._pencil.kept)
        # Differential states that matter: those that must not drift at rest.
        self._moving = self._pencil.kept[self._pencil.kept < exported.n_x]
        results = [slope[: exported.n_x], nonzeros, push, see.T, ca.jacobian(voltage, current)]
        results.append(outputs[1:])
        at_rest = ca.substitute([ca.densify(r) for r in results], [current], [ca.SX(0)])
        self._linear = ca.Function("linear", [y, p], ca.cse(at_rest))

    def solve(
        self,
        frequencies: ArrayLike,
        inputs: Mapping[str, ArrayLike] | None = None,
        state: str | ArrayLike | pybamm.Solution = "rest",
    ) -> xr.Dataset:
        """Impedance at `frequencies`; arguments, result and errors as of `impedance`."""
        p, batched = self._matrix(inputs or {})
        z, failed = self.evaluate(frequencies, p, state)
        return self._dataset(_frequencies(frequencies), z, p, batched, int(failed.sum()))

    def evaluate(
        self, frequencies: ArrayLike, p: ArrayLike, state: str | ArrayLike | pybamm.Solution = "rest"
    ) -> tuple[NDArray[np.complex128], NDArray[np.bool_]]:
        """Impedance without ceremony.

        Parameters
        ----------
        frequencies : array_like, shape (n_frequencies,)
            [Hz].
        p : array_like, shape (n_sets, n_inputs)
            Ordered as `input_names`.
        state
            As of `impedance`.

        Returns
        -------
        z : ndarray of complex, shape (n_sets, n_frequencies)
            [Ohm].
        failed : ndarray of bool, shape (n_sets,)
            Sets without a consistent state or a finite impedance; theirs is NaN.
        """
        omega = 2.0 * np.pi * _frequencies(frequencies)
        p = np.array(p, dtype=float)
        if p.ndim != 2 or p.shape[1] != len(self.input_names):
            raise ValueError(
                f"p has shape {p.shape}; give (n_sets, {len(self.input_names)}), as input_names."
            )
        y, failed = self._rest.solve(self._state(state, p), p)
        rate, jacobian, push, see, direct, elements = (
            np.asarray(result).reshape(-1, len(p)) for result in self._linear(y.T, p.T)
        )
        # A charged double layer or a gradient left over from a load is no rest, and not linearised well.
        drift = np.abs(rate[self._moving][:, ~failed]).max(initial=0.0)
        if REST < drift < np.inf:
            warnings.warn(
                f"the state is not at rest: a scaled state changes by {drift:.2g} per second. Simulate a rest "
                "first and pass that solution as state.",
                stacklevel=2,
            )
        dispersion = Dispersion(self.arcs, elements, self._exported.states)
        area = self._area(p)
        z = np.empty(len(p) * len(omega), dtype=complex)
        for start in range(0, z.size, PAIRS):
            pairs = np.arange(start, min(start + PAIRS, z.size))
            which = pairs // len(omega)
            at = omega[pairs % len(omega)]
            x = self._pencil.solve(jacobian, which, at, push, dispersion.factors(at, which))
            z[pairs] = -((see[self._pencil.kept][:, which] * x).sum(axis=0) + direct[0, which])
            if self.arcs:
                z[pairs] += dispersion.series(at, which) / area[which]
        shaped = z.reshape(len(p), len(omega))
        failed |= ~np.isfinite(shaped).all(axis=1)
        shaped[failed] = np.nan
        return shaped, failed

    def _matrix(self, inputs: Mapping[str, ArrayLike]) -> tuple[NDArray, bool]:
        """Inputs by name to rows of p, and whether any is an array."""
        unknown = sorted(set(inputs) - set(self.input_names))
        if unknown:
            raise ValueError(
                f"inputs: {unknown!r} were not prepared; choose from {list(self.input_names)!r}."
            )
        columns: list[NDArray] = []
        for name in self.input_names:
            value = np.asarray(inputs.get(name, self._values.get(name)), dtype=object)
            try:
                columns.append(value.astype(float))
            except (TypeError, ValueError):
                raise ValueError(f"inputs: {name!r} has no number; give it a value.") from None
            if columns[-1].ndim > 1 or not np.isfinite(columns[-1]).all():
                raise ValueError(f"inputs: {name!r} must be finite, a scalar or one-dimensional.")
        lengths = {column.size for column in columns if column.ndim}
        if len(lengths) > 1:
            raise ValueError(f"inputs have lengths {sorted(lengths)!r}; give arrays of one common length.")
        n = lengths.pop() if lengths else 1
        matrix = np.empty((n, len(columns)))
        for i, column in enumerate(columns):
            matrix[:, i] = column
        return matrix, any(column.ndim for column in columns)

    def _state(self, state: Any, p: NDArray) -> NDArray:
        """State vectors (n_sets, n_states) to start from."""
        if isinstance(state, str):
            if state != "rest":
                raise ValueError(f"state={state!r} is not known; use 'rest', a state vector or a solution.")
            return np.asarray(self._exported.initial(p.T, np.zeros((1, len(p))))).T.copy()
        if isinstance(state, pybamm.Solution):
            state = np.asarray(state.last_state.all_ys[-1])[:, -1]
        y = np.array(state, dtype=float)
        if y.shape[-1:] != (self.n_states,) or y.shape[:-1] not in ((), (len(p),)):
            raise ValueError(
                f"state has shape {y.shape}; give ({self.n_states},) or ({len(p)}, {self.n_states}), from the same "
                "model, mesh and options (a solution of steps at constant current has that form)."
            )
        return np.broadcast_to(y, (len(p), self.n_states)).copy()

    def _area(self, p: NDArray) -> NDArray:
        """Electrode area [m2] of every set; NaN if the parameter values do not say it."""
        for names in AREAS:
            area = np.ones(len(p))
            for name in names:
                if name in self.input_names:
                    area = area * p[:, self.input_names.index(name)]
                else:
                    value = self._values.get(name)
                    area = area * (value if isinstance(value, (int, float)) else np.nan)
            if np.isfinite(area).all():
                break
        return area

    def _dataset(
        self, frequencies: NDArray, z: NDArray, p: NDArray, batched: bool, failures: int
    ) -> xr.Dataset:
        area = self._area(p) * 1e4
        pick: Any = slice(None) if batched else 0
        dims = ("sample", "frequency") if batched else ("frequency",)
        about = {"area_cm2": float(area[0]) if np.ptp(area) == 0 else area.tolist()}
        data = {
            "Impedance [Ohm]": (dims, z[pick], {"units": "Ohm", **about}),
            "Area-specific impedance [Ohm.cm2]": (
                dims,
                (z * area[:, None])[pick],
                {"units": "Ohm.cm2", **about},
            ),
        }
        coordinates: dict[str, Any] = {"frequency": ("frequency", frequencies, {"units": "Hz"})}
        for i, name in enumerate(self.input_names):
            coordinates[name] = (dims[:-1], p[pick, i], {"units": unit(name)})
        return xr.Dataset(data, coordinates, {"model": self._name, "failures": failures})


def _frequencies(frequencies: ArrayLike) -> NDArray:
    values = np.atleast_1d(np.array(frequencies, dtype=float))
    if values.ndim != 1 or not values.size or not (np.isfinite(values).all() and (values > 0).all()):
        raise ValueError("frequencies must be a non-empty list of positive, finite numbers [Hz].")
    return values
