"""Measured time series: reading, checking, and the current protocol they imply."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

#: Columns a time series needs, in PyBaMM's (and BDF's) naming.
COLUMNS = {"time": "Time [s]", "current": "Current [A]", "voltage": "Voltage [V]"}
#: Columns it may have besides.
OPTIONAL_COLUMNS = {"pressure": "Stack pressure [MPa]"}
#: Records of the package, with the step durations that their rows do not resolve.
EMBEDDED = {
    "nmc811_inli_cycle": {
        "file": "nmc811_inli_cycle.csv",
        # The switches lie between rows; times from the header of the record.
        "steps": [(4823.0, -0.00033), (59.0, 0.0), (4289.0, 0.00033), (80.0, 0.0)],
    }
}
#: A voltage above this is taken for millivolts.
LARGEST_VOLTAGE = 20.0
#: First row of a planned record after a switch [s]: double layers have charged by then.
FIRST_ROW = 1.0


class DataError(ValueError):
    """Bad input data; the message names the field, the value and the remedy."""


def check_preparation(name: str, preparation: float) -> None:
    """Refuse a time that is negative or not finite."""
    if not 0 <= preparation < np.inf:
        raise DataError(f"{name}: preparation = {preparation!r} s: give zero or a positive time")


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
    measured : bool
        Whether there are measured values; without them voltage and pressure are NaN, see :meth:`planned`.
    preparation : float
        Time [s] that the record costs before it starts: to bring the cell to its state and to let it rest.

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
    measured: bool = True
    preparation: float = 0.0

    def __post_init__(self):
        check_preparation(self.name, self.preparation)
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
            object.__setattr__(self, "steps", self._steps_from_rows())
        else:
            steps = tuple((float(duration), float(current)) for duration, current in self.steps)
            object.__setattr__(self, "steps", steps)
        covered = sum(duration for duration, _ in self.steps)
        if covered < self.time[-1] - 1e-9:
            raise DataError(
                f"{self.name}: steps cover {covered:g} s but the rows run to {self.time[-1]:g} s: lengthen the"
                " last step"
            )
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

    @property
    def duration(self) -> float:
        """Time that the record costs, its preparation included [s]."""
        return self.preparation + sum(duration for duration, _ in self.steps)

    # Planning --------------------------------------------------------------------------------------

    @classmethod
    def planned(
        cls,
        steps: Sequence[tuple[float, float]],
        times: Sequence[float] | np.ndarray | None = None,
        rows: int = 20,
        pressure: bool = False,
        name: str = "planned",
        preparation: float = 0.0,
        settings: Mapping[str, float] | None = None,
        shifts: Mapping[str, float] | None = None,
        cell: str = "",
    ) -> Dataset:
        """A record that could be made: its protocol and its rows, without values.

        Parameters
        ----------
        steps : sequence of (duration, current)
            Protocol [s, A], discharge positive.
        times : array_like, optional
            Times of the rows [s]; by default `rows` in each step, denser after each switch.
        rows : int
            Rows in each step where no times are given.
        pressure : bool
            Whether the stack pressure is recorded, too.
        name, preparation, settings, shifts, cell : optional
            As of :class:`Dataset`.

        Raises
        ------
        DataError
            For no steps, or a step whose duration is not positive.
        """
        pairs = [(float(duration), float(current)) for duration, current in steps]
        if not pairs or any(not duration > 0 for duration, _ in pairs):
            raise DataError(
                f"{name}: steps = {pairs}: give (duration, current) pairs with positive durations"
            )
        ends = np.cumsum([duration for duration, _ in pairs])
        if times is None:
            share = np.linspace(0, 1, rows) ** 2
            within = [_spread(d, share) for d, _ in pairs]
            times = np.concatenate([end - d + t for end, (d, _), t in zip(ends, pairs, within, strict=True)])
        time = np.asarray(times, dtype=float)
        step = np.minimum(np.searchsorted(ends, time - 1e-9), len(pairs) - 1)
        nothing = np.full(len(time), np.nan)
        return cls(
            time,
            np.array([current for _, current in pairs])[step],
            nothing,
            pairs,
            name,
            pressure=nothing if pressure else None,
            settings=dict(settings or {}),
            shifts=dict(shifts or {}),
            cell=cell,
            measured=False,
            preparation=preparation,
        )

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
        with files("assb.fitting").joinpath("data", str(record["file"])).open("rb") as stream:
            return cls._parse(stream.read(), COLUMNS, name, record["steps"])

    @classmethod
    def from_csv(
        cls,
        path: str | Path,
        columns: Mapping[str, str] | None = None,
        steps: Sequence[tuple[float, float]] = (),
    ) -> Dataset:
        """Read a CSV file; lines that start with "#" are comments.

        Parameters
        ----------
        path : str or Path
            File with a header row.
        columns : mapping, optional
            Column names for "time", "current", "voltage" where they differ from "Time [s]",
            "Current [A]", "Voltage [V]".
        steps : sequence of (duration, current), optional
            See :class:`Dataset`.

        Raises
        ------
        DataError
            For a missing file, missing or unknown column, or values that fail the checks.
        """
        path = Path(path)
        known = {**COLUMNS, **OPTIONAL_COLUMNS}
        unknown = [role for role in columns or {} if role not in known]
        if unknown:
            raise DataError(f"columns: {unknown[0]!r} is not known: roles are {', '.join(known)}")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DataError(f"{path}: cannot be read ({error.strerror}): give an existing CSV file") from None
        return cls._parse(content, {**COLUMNS, **(columns or {})}, path.name, steps)

    @classmethod
    def from_dataframe(
        cls,
        frame: pd.DataFrame,
        columns: Mapping[str, str] | None = None,
        steps: Sequence[tuple[float, float]] = (),
        name: str = "data",
    ) -> Dataset:
        """Take a pandas (or polars, through ``to_pandas``) frame; arguments as in :meth:`from_csv`."""
        wanted = {**COLUMNS, **(columns or {})}
        for role, column in OPTIONAL_COLUMNS.items():
            if role not in wanted and column in frame.columns:
                wanted[role] = column
        for role, column in wanted.items():
            if column not in frame.columns:
                raise DataError(
                    f"{name}: no column {column!r} for {role}: it has {', '.join(map(str, frame.columns))}. Rename"
                    f' it, or give columns = {{{role} = "..."}}'
                )
        values = {}
        for role, column in wanted.items():
            try:
                values[role] = np.asarray(frame[column], dtype=float)
            except (TypeError, ValueError):
                raise DataError(f"{name}: column {column!r} holds text: keep numbers only") from None
        made: dict[str, Any] = {**values, "steps": tuple(steps), "name": name}
        return cls(**made)

    @classmethod
    def _parse(cls, content: bytes, columns, name, steps) -> Dataset:
        import io

        import pandas as pd

        try:
            frame = pd.read_csv(io.BytesIO(content), comment="#", skipinitialspace=True)
        except Exception as error:
            raise DataError(
                f"{name}: not a CSV table ({error}): give a header row and comma-separated numbers"
            ) from None
        made = cls.from_dataframe(frame, columns, steps, name)
        object.__setattr__(made, "sha256", hashlib.sha256(content).hexdigest())
        return made

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
            if bad.size and (self.measured or label in ("time", "current")):
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
        if not self.measured:
            return
        largest = float(np.max(np.abs(self.voltage)))
        if largest > LARGEST_VOLTAGE:
            raise DataError(
                f"{self.name}: {COLUMNS['voltage']} reaches {largest:g}, which looks like mV: divide by 1000"
            )
        self._check_sign()

    def _check_sign(self) -> None:
        """Voltage must fall on discharge: a reversed convention would calibrate to nonsense."""
        same = (self.current[1:] * self.current[:-1] > 0) & (self.current[1:] == self.current[:-1])
        work = np.sum(np.sign(self.current[1:][same]) * np.diff(self.voltage)[same])
        if work > 0.01:
            raise DataError(
                f"{self.name}: {COLUMNS['current']}: the voltage rises while the current is positive, so charge is"
                " positive here; discharge must be positive: multiply the column by -1"
            )

    # Protocol and labels ---------------------------------------------------------------------------

    def _steps_from_rows(self) -> tuple[tuple[float, float], ...]:
        """Constant stretches of the rows; a change lies midway between two rows.

        The row at t = 0 is the state before the record starts: its current is not part of a step.
        """
        time, current = self.time, self.current
        values = current[1:] if time[0] == 0 else current
        times = time[1:] if time[0] == 0 else time
        change = np.flatnonzero(np.diff(values) != 0)
        switches = 0.5 * (times[change] + times[change + 1])
        edges = np.concatenate([[0.0], switches, [time[-1]]])
        levels = np.concatenate([values[:1], values[change + 1]])
        return tuple((float(d), float(i)) for d, i in zip(np.diff(edges), levels, strict=True))

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


def _spread(duration: float, share: np.ndarray) -> np.ndarray:
    """Times of rows within a step: the first soon after the switch, the last at its end."""
    first = min(FIRST_ROW, 0.5 * duration)
    return first + (duration - first) * share


def _number(kinds: Sequence[str]) -> list[str]:
    names = []
    for index, kind in enumerate(kinds):
        before, total = kinds[:index].count(kind), kinds.count(kind)
        if kind == "rest" and total > 1 and before == total - 1:
            names.append("last rest")
        else:
            names.append(kind if before == 0 else f"{kind} {before + 1}")
    return names
