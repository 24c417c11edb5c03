"""Rows that repeat, records that start late, spectra one after another: what files hold beside the data."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assb.fitting.dataset import DataError
from assb.fitting.headers import STANDARD
from assb.fitting.sources import Source
from assb.fitting.spectrum import Spectrum

__all__ = ["from_start", "readable", "told_apart_by", "unrepeated"]

#: A first row later than this many times the first interval is not the first after t = 0.
LATE = 2.0


def told_apart_by(raw: Source, data: Spectrum) -> str:
    """Header of a column whose values tell repeated frequencies apart: a cycle or loop number; "" without one."""
    n = len(data.frequency)
    for header, values in raw.columns.items():
        if values.dtype.kind in "fiu" and 1 < len(np.unique(values)) <= n // 2:
            pairs = np.stack([data.frequency, values.astype(float)], axis=1)
            if len(np.unique(data.frequency)) < n == len(np.unique(pairs, axis=0)):
                return header
    return ""


def readable(values: Mapping[str, np.ndarray]) -> bool:
    """Whether steps can be told from the rows: a :class:`Dataset` says why where they cannot."""
    time, current = values["time"], values["current"]
    return len(time) > 2 and bool(np.isfinite(current).all()) and bool((np.diff(time) > 0).all())


def unrepeated(values: dict[str, np.ndarray], repeats: str, name: str, facts) -> dict[str, np.ndarray]:
    """Without rows that repeat a time."""
    time = values["time"]
    same = np.diff(time) == 0
    stacked = np.stack(list(values.values()))
    equal = same & (np.diff(stacked, axis=1) == 0).all(axis=0)
    differing = int((same & ~equal).sum())
    if differing and repeats == "refuse":
        row = int(np.flatnonzero(same & ~equal)[0]) + 2
        raise DataError(
            f"{name}: {STANDARD['time']} = {time[row - 1]:g} in row {row} does not increase: it repeats with other"
            f' values ({differing} such rows): read with repeats = "first" or "last", or sort the rows and drop repeats'
        )
    dropped = np.concatenate([[False], same]) if repeats == "first" else np.concatenate([same, [False]])
    facts["repeated_rows_dropped"] = int(dropped.sum())
    return {role: column[~dropped] for role, column in values.items()}


def from_start(time: np.ndarray) -> tuple[np.ndarray, float]:
    """Time [s] from the first row, unless that is the first row after t = 0; and the shift."""
    if len(time) < 2 or not np.isfinite(time[:2]).all():
        return time, 0.0
    if 0 <= time[0] <= LATE * (time[1] - time[0]):
        return time, 0.0
    return time - time[0], float(time[0])
