"""Cells and runs that the tests of propositions share: coarse meshes, few cycles."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pybamm
from numpy.typing import NDArray

from assb import parameters
from assb.models import DFN, SPM
from assb.models.specimens.base import initial_values
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
AGEING = {
    "contact": "pressure and damage",
    "cracking": "intergranular",
    "stripping": "none",
    "space charge": "none",
}
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


def surfaces(values: pybamm.ParameterValues) -> list[str]:
    """Variables of the mean filling of the surface, one for each population."""
    phases = ("primary ", "secondary ") if _two(values) else ("",)
    return [f"{MEAN}{phase}surface stoichiometry" for phase in phases]


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
