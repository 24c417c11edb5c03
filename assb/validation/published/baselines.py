"""What one would say without a model: interpolation of the calibrating rows, and the mean of the study."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from assb.validation.published.targets import Target

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def interpolation(row: Target, rows: Sequence[Target]) -> float | None:
    """The figure of a row from the calibrating rows of the same quantity, linear in the numbers of the id.

    On a logarithmic scale where the tolerance is a factor. Rows whose ids have the same words are used; they
    are interpolated in the last number that varies among those that agree best in the other numbers, and the nearest is
    taken beyond them. None where no calibrating row has the same words.
    """
    words, numbers = _split(row.id)
    alike = [(n, other) for other in rows if other.id != row.id for w, n in [_split(other.id)] if w == words]
    alike = [(n, other) for n, other in alike if len(n) == len(numbers)]
    if not alike:
        return None
    agreement = [sum(a == b for a, b in zip(n, numbers, strict=True)) for n, _ in alike]
    best = [pair for pair, count in zip(alike, agreement, strict=True) if count == max(agreement)]
    varying = [k for k in range(len(numbers)) if any(n[k] != numbers[k] for n, _ in best)]
    axis = varying[-1] if varying else 0
    points: dict[float, list[float]] = {}
    for n, other in best:
        points.setdefault(n[axis] if n else 0.0, []).append(float(other.value or 0.0))
    x = sorted(points)
    y = np.array([_mean(row, points[each]) for each in x])
    at = numbers[axis] if numbers else 0.0
    if row.tol is not None and row.tol.form == "factor" and (y > 0).all():
        return float(np.exp(np.interp(at, x, np.log(y))))
    return float(np.interp(at, x, y))


def study_mean(row: Target, rows: Sequence[Target]) -> float | None:
    """Mean of the calibrating rows of the same study and unit; of the same quantity where there are some."""
    mine = [r for r in rows if r.study == row.study and r.unit == row.unit and r.id != row.id]
    same = [r for r in mine if r.id.split("_")[1] == row.id.split("_")[1]]
    chosen = same or mine
    if not chosen:
        return None
    return _mean(row, [float(r.value or 0.0) for r in chosen])


def _split(id: str) -> tuple[str, list[float]]:
    """Words and numbers of an id."""
    return _NUMBER.sub("#", id), [float(number) for number in _NUMBER.findall(id)]


def _mean(row: Target, values: Sequence[float]) -> float:
    """Mean, of the logarithms where the tolerance is a factor and no value has the other sign."""
    if row.tol is not None and row.tol.form == "factor" and min(values) > 0:
        return float(np.exp(np.mean(np.log(values))))
    return float(np.mean(values))
