"""Measured time series: reading, checking, and the current protocol they imply."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assb.fitting.rows import exact_steps, kept_rows
from assb.fitting.signs import sign_problem

if TYPE_CHECKING:
    import pandas as pd

#: Columns a time series needs, in PyBaMM's (and BDF's) naming.
COLUMNS = {"time": "Time [s]", "current": "Current [A]", "voltage": "Voltage [V]"}
#: Columns it may have besides.
OPTIONAL_COLUMNS = {"pressure": "Stack pressure [MPa]", "temperature": "Temperature [C]"}
#: Records of the package, with the step durations that their rows do not resolve.
EMBEDDED: dict[str, dict[str, Any]] = {
    "nmc811_inli_cycle": {
        "file": "nmc811_inli_cycle.csv",
        # The switches lie between rows; times from the header of the record.
        "steps": [(4823.0, -0.00033), (59.0, 0.0), (4289.0, 0.00033), (80.0, 0.0)],
    }
}
#: A voltage above this is taken for millivolts.
LARGEST_VOLTAGE = 20.0


class DataError(ValueError):
    """Bad input data; the message names the field, the value and the remedy."""


@dataclass(frozen=True)
class Dataset:
    """One measured time series of current and voltage.

    Parameters
    ----------
    time : ndarray, shape (n,)
        Time [s], strictly increasing.
    current : ndarray, shape (n,)
        Current [A], positive on discharge.
    voltage : ndarray, shape (n,)
        Cell voltage [V].
    steps : sequence of (duration, current), optional
        Piecewise-constant protocol [s, A]; by default it changes midway between the rows between which
        the current does.
    name : str
        Label.
    pressure : ndarray, shape (n,), optional
        Stack pressure [MPa].
    settings, shifts : mapping, optional
        Parameters that have a value of their own in this record, or are moved by an amount: stack pressure,
        temperature, initial stoichiometry.
    cell : str, optional
        The cell that was measured, where there are several.
    mask : ndarray of bool, shape (n,), optional
        Rows that count; the others are simulated and not compared: to predict a part from the rest.
    temperature : ndarray, shape (n,), optional
        Temperature [C]; a record, which no model reads: "Ambient temperature [K]" in `settings` is what does.

    Raises
    ------
    DataError
        For NaN, time that does not increase, millivolts, or a current of the wrong sign.
    """

    time: np.ndarray
    current: np.ndarray
    voltage: np.ndarray
    steps: Sequence[tuple[float, float]] = ()
    name: str = "data"
    sha256: str = field(default="", compare=False)
    pressure: np.ndarray | None = None
    settings: Mapping[str, float] = field(default_factory=dict)
    shifts: Mapping[str, float] = field(default_factory=dict)
    cell: str = ""
    mask: np.ndarray | None = None
    temperature: np.ndarray | None = None

    def __post_init__(self):
        for label in self.columns:
            object.__setattr__(self, label, np.asarray(getattr(self, label), dtype=float))
        self._check()
        if self.mask is not None:
            object.__setattr__(self, "mask", np.asarray(self.mask, dtype=bool))
            if self.mask.shape != self.time.shape or not self.scored.any():
                raise DataError(
                    f"{self.name}: mask has shape {self.mask.shape} and counts {int(self.mask.sum())} rows: give one"
                    f" value for each of the {len(self.time)} rows, some of them true after t = 0"
                )
        if not self.steps:
            object.__setattr__(self, "steps", exact_steps(self.time, self.current))
        else:
            steps = tuple((float(duration), float(current)) for duration, current in self.steps)
            object.__setattr__(self, "steps", steps)
        covered = sum(duration for duration, _ in self.steps)
        if covered < self.time[-1] - 1e-9:
            raise DataError(
                f"{self.name}: steps cover {covered:g} s but the rows run to {self.time[-1]:g} s: lengthen the"
                " last step"
            )
        wrong = sign_problem(self.current, self.voltage, self.block)
        if wrong:
            # A reversed convention would calibrate to nonsense.
            raise DataError(f"{self.name}: {COLUMNS['current']}: {wrong}")
        if not self.sha256:
            columns = [getattr(self, label) for label in self.columns]
            if self.mask is not None:
                columns.append(self.mask.astype(float))
            stacked = np.ascontiguousarray(np.stack(columns))
            object.__setattr__(self, "sha256", hashlib.sha256(stacked.tobytes()).hexdigest())

    @property
    def columns(self) -> dict[str, str]:
        """Columns that are there: attribute -> name with unit."""
        optional = {
            label: name for label, name in OPTIONAL_COLUMNS.items() if getattr(self, label) is not None
        }
        return {**COLUMNS, **optional}

    # Reading ---------------------------------------------------------------------------------------

    @classmethod
    def embedded(cls, name: str = "nmc811_inli_cycle") -> Dataset:
        """A record of the package.

        Parameters
        ----------
        name : str
            "nmc811_inli_cycle": cycle 5 of an NMC811 | sulfide | Li-In cell, 30 C (public record
            PINN-for-ASSB-V1; figures at selected times).
        """
        if name not in EMBEDDED:
            raise DataError(f"embedded record {name!r} is not known: use one of {', '.join(EMBEDDED)}")
        record = EMBEDDED[name]
        with as_file(files("assb.fitting").joinpath("data", str(record["file"]))) as path:
            return cls.from_csv(path, kind="series", steps=record["steps"], name=name)

    @classmethod
    def from_csv(
        cls,
        path: str | Path,
        columns: Mapping[str, str | None] | None = None,
        steps: Sequence[tuple[float, float]] = (),
        **about,
    ) -> Any:
        """Read a file; the same as :func:`assb.fitting.read`, which knows the arguments.

        Parameters
        ----------
        path : str or Path
            File with a header row; usual spellings of the columns and their units are known.
        columns : mapping, optional
            Headers for "time", "current", "voltage" where they are others.
        steps : sequence of (duration, current), optional
            See :class:`Dataset`.
        **about
            As of :func:`assb.fitting.read`; ``kind="series"`` demands a time series.

        Returns
        -------
        Dataset, Spectrum or TableRows
            By what the columns hold.

        Raises
        ------
        DataError
            For a missing file, missing or unknown column, or values that fail the checks.
        """
        from assb.fitting.reading import read

        return read(path, about.pop("kind", None), columns, steps=steps, **about)

    @classmethod
    def from_dataframe(
        cls,
        frame: pd.DataFrame | Any,
        columns: Mapping[str, str | None] | None = None,
        steps: Sequence[tuple[float, float]] = (),
        name: str = "data",
        **about,
    ) -> Dataset:
        """Take a time series from a pandas or polars frame; arguments as in :meth:`from_csv`."""
        from assb.fitting.reading import read

        made: Dataset = read(frame, "series", columns, steps=steps, name=name, **about)
        return made

    def thinned(self, rows: int) -> Dataset:
        """The same record with at most `rows` rows and the protocol unchanged.

        Both sides of every switch stay, and rows evenly in the logarithm of the time after it.

        Raises
        ------
        DataError
            For fewer than 3 rows.
        """
        if rows < 3:
            raise DataError(f"{self.name}: rows = {rows!r}: keep at least 3")
        currents = np.array([current for _, current in self.steps])
        kept = kept_rows(self.time, currents[np.minimum(self.block, len(currents) - 1)], rows)
        changed = {label: getattr(self, label)[kept] for label in self.columns}
        mask = None if self.mask is None else self.mask[kept]
        return replace(self, **changed, mask=mask, sha256="")

    # Checks ----------------------------------------------------------------------------------------

    def _check(self) -> None:
        n = len(self.time)
        if n < 3:
            raise DataError(f"{self.name}: {n} rows are too few: give at least 3")
        for label, column in self.columns.items():
            values = getattr(self, label)
            if len(values) != n:
                raise DataError(f"{self.name}: {label} has {len(values)} rows and time {n}: they must match")
            bad = np.flatnonzero(~np.isfinite(values))
            if bad.size:
                raise DataError(
                    f"{self.name}: {column} is not a number in row {bad[0] + 1}: fill or drop that row"
                )
        steps = np.flatnonzero(np.diff(self.time) <= 0)
        if steps.size:
            row = steps[0] + 2
            raise DataError(
                f"{self.name}: {COLUMNS['time']} = {self.time[row - 1]:g} in row {row} does not increase: sort the"
                " rows and drop repeats"
            )
        largest = float(np.max(np.abs(self.voltage)))
        if largest > LARGEST_VOLTAGE:
            raise DataError(
                f"{self.name}: {COLUMNS['voltage']} reaches {largest:g}, which looks like mV: divide by 1000,"
                ' or read it with units = {"voltage": "mV"}'
            )

    # Protocol and labels ---------------------------------------------------------------------------

    @property
    def scored(self) -> np.ndarray:
        """Rows that count, shape (n,): all but t = 0, the state before the current is on, if not masked."""
        after = self.time > 0
        return after if self.mask is None else after & self.mask

    @property
    def block(self) -> np.ndarray:
        """Index of the step that each row lies in, shape (n,); a row on a switch belongs to the earlier one."""
        ends = np.cumsum([duration for duration, _ in self.steps])
        return np.searchsorted(ends, self.time, side="left")

    @property
    def segment(self) -> np.ndarray:
        """Name of the step of each row, shape (n,): "charge", "rest", "discharge", "last rest", numbered
        where they repeat.
        """
        kinds = ["rest" if i == 0 else "discharge" if i > 0 else "charge" for _, i in self.steps]
        names = _number(kinds)
        return np.array([names[min(k, len(names) - 1)] for k in self.block], dtype=object)

    def describe(self) -> dict[str, Any]:
        """What was understood, for ``assb check``."""
        gaps = np.diff(self.time)
        charge = np.array([d * i for d, i in self.steps]) / 3600
        return {
            "name": self.name,
            "rows": len(self.time),
            "duration_s": float(self.time[-1]),
            "voltage_V": [float(self.voltage.min()), float(self.voltage.max())],
            "current_A": [float(self.current.min()), float(self.current.max())],
            "steps": [
                {"duration_s": d, "current_A": i, "charge_mAh": float(q * 1e3)}
                for (d, i), q in zip(self.steps, charge, strict=True)
            ],
            "largest_gap_s": float(gaps.max()),
            "sign": "discharge positive",
            "sha256": self.sha256,
        }


def _number(kinds: Sequence[str]) -> list[str]:
    names = []
    for index, kind in enumerate(kinds):
        before, total = kinds[:index].count(kind), kinds.count(kind)
        if kind == "rest" and total > 1 and before == total - 1:
            names.append("last rest")
        else:
            names.append(kind if before == 0 else f"{kind} {before + 1}")
    return names
