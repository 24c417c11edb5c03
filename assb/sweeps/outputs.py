"""What is kept of each run: the series, or a number or two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["REDUCTIONS", "Output", "parse_outputs"]

Array = NDArray[np.float64]


def _mean(values: Array, times: Array) -> Array:
    """Average over time, not over points: these crowd after a switch of the current."""
    if times.size == 1:
        return values[:, 0]
    return np.trapezoid(values, times, axis=1) / (times[-1] - times[0])


#: From values (n, n_times) at times (n_times,) [s] to one number a run.
REDUCTIONS: dict[str, Callable[[Array, Array], Array]] = {
    "final": lambda values, times: values[:, -1],
    "min": lambda values, times: values.min(axis=1),
    "max": lambda values, times: values.max(axis=1),
    "mean": _mean,
}


@dataclass(frozen=True)
class Output:
    """One variable of the result.

    Attributes
    ----------
    label : str
        Name in the data set.
    source : str
        Variable of the model.
    reduction : str
        Key of `REDUCTIONS`, or "series" for the values at the output times.
    """

    label: str
    source: str
    reduction: str

    def reduce(self, values: Array, times: Array) -> Array:
        """Reduce (n, n_times) to what is kept: (n,) or (n, n_times)."""
        if self.reduction == "series":
            return np.ascontiguousarray(values)
        return REDUCTIONS[self.reduction](np.ascontiguousarray(values), times)


def parse_outputs(
    outputs: Sequence[str] | Mapping[str, str | Sequence[str]], factors: Sequence[str]
) -> list[Output]:
    """Read the `outputs` argument of `assb.sweep`.

    A series carries the name of the variable (with " (series)" where that names a factor, too), a
    reduction that name and the reduction in brackets.

    Raises
    ------
    ValueError
        If nothing is asked for or a reduction is unknown.
    """
    if isinstance(outputs, str):
        raise ValueError(f"outputs={outputs!r} is a string; pass a list of names, [{outputs!r}].")
    table = dict(outputs) if isinstance(outputs, Mapping) else dict.fromkeys(outputs, "series")
    found = []
    for name, wanted in table.items():
        for reduction in [wanted] if isinstance(wanted, str) else wanted:
            if reduction != "series" and reduction not in REDUCTIONS:
                raise ValueError(
                    f"outputs[{name!r}]={reduction!r} is not known; use one of {['series', *REDUCTIONS]!r}."
                )
            plain = reduction == "series" and name not in factors
            found.append(Output(name if plain else f"{name} ({reduction})", name, reduction))
    if not found:
        raise ValueError('outputs asks for nothing; name at least one variable, e.g. ["Voltage [V]"].')
    if len({item.label for item in found}) < len(found):
        raise ValueError(f"outputs={outputs!r} asks for something twice; give each reduction once.")
    return found
