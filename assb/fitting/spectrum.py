"""Measured impedance spectra."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assb.fitting.dataset import DataError, check_preparation

if TYPE_CHECKING:
    import pandas as pd

#: Columns of a spectrum.
SPECTRUM_COLUMNS = {
    "frequency": "Frequency [Hz]",
    "real": "Real impedance [Ohm]",
    "imaginary": "Imaginary impedance [Ohm]",
}


@dataclass(frozen=True)
class Spectrum:
    """Impedance of a rested cell at several frequencies.

    Parameters
    ----------
    frequency : ndarray, shape (n,)
        [Hz], positive.
    impedance : ndarray of complex, shape (n,)
        [Ohm]; its imaginary part is negative for a capacitor.
    name : str
        Label.
    settings, shifts : mapping, optional
        Parameters that have a value of their own in this record, or are moved by an amount: a shift of the
        initial stoichiometry is the charge passed before the spectrum.
    cell : str, optional
        The cell that was measured, where there are several.
    measured : bool
        Whether there are measured values; without them the impedance is NaN, see :meth:`planned`.
    preparation : float
        Time [s] that the spectrum costs before it starts: to bring the cell to its state and to let it rest.
    sweep : float
        Time [s] that the spectrum itself takes.

    Raises
    ------
    DataError
        For values that are not finite, frequencies that are not positive, or an imaginary part of the wrong
        sign.
    """

    frequency: np.ndarray
    impedance: np.ndarray
    name: str = "spectrum"
    settings: Mapping[str, float] = field(default_factory=dict)
    shifts: Mapping[str, float] = field(default_factory=dict)
    cell: str = ""
    sha256: str = field(default="", compare=False)
    measured: bool = True
    preparation: float = 0.0
    sweep: float = 0.0

    def __post_init__(self):
        check_preparation(self.name, self.preparation)
        object.__setattr__(self, "frequency", np.asarray(self.frequency, dtype=float))
        object.__setattr__(self, "impedance", np.asarray(self.impedance, dtype=complex))
        if (
            self.frequency.ndim != 1
            or self.frequency.shape != self.impedance.shape
            or not self.frequency.size
        ):
            raise DataError(
                f"{self.name}: frequency has shape {self.frequency.shape} and impedance {self.impedance.shape}:"
                " give one value each per row"
            )
        known = np.isfinite(self.impedance) | (not self.measured)
        bad = np.flatnonzero(~(np.isfinite(self.frequency) & known))
        if bad.size:
            raise DataError(f"{self.name}: row {bad[0] + 1} is not a number: fill or drop it")
        if not (self.frequency > 0).all():
            raise DataError(f"{self.name}: frequency = {self.frequency.min():g} Hz: keep positive ones only")
        if np.sum(self.impedance.imag > 0) > 0.5 * self.impedance.size:
            raise DataError(
                f"{self.name}: most imaginary parts are positive, which looks like -Im Z: multiply the column by -1,"
                ' or name it "-Im" in columns'
            )
        if not self.sha256:
            stacked = np.ascontiguousarray(
                np.stack([self.frequency, self.impedance.real, self.impedance.imag])
            )
            object.__setattr__(self, "sha256", hashlib.sha256(stacked.tobytes()).hexdigest())

    @property
    def scored(self) -> np.ndarray:
        """Rows that count: all."""
        return np.ones(len(self.frequency), dtype=bool)

    @property
    def duration(self) -> float:
        """Time that the spectrum costs, its preparation included [s]."""
        return self.preparation + self.sweep

    @classmethod
    def planned(
        cls,
        frequencies: Sequence[float] | np.ndarray,
        duration: float | None = None,
        name: str = "planned spectrum",
        preparation: float = 0.0,
        settings: Mapping[str, float] | None = None,
        shifts: Mapping[str, float] | None = None,
        cell: str = "",
        periods: float = 3.0,
    ) -> Spectrum:
        """A spectrum that could be measured: its frequencies, without values.

        Parameters
        ----------
        frequencies : array_like
            [Hz].
        duration : float, optional
            Time that the sweep takes [s]; by default `periods` periods of each frequency.
        name, preparation, settings, shifts, cell : optional
            As of :class:`Spectrum`.
        periods : float
            See `duration`.

        Raises
        ------
        DataError
            For frequencies or a duration that are not positive.
        """
        frequency = np.asarray(frequencies, dtype=float)
        if duration is not None and not 0 < duration < np.inf:
            raise DataError(f"{name}: duration = {duration!r} s: give a positive time")
        nothing = np.full(frequency.shape, np.nan + 0j)
        with np.errstate(divide="ignore"):
            sweep = float(np.sum(periods / frequency)) if duration is None else float(duration)
        return cls(
            frequency,
            nothing,
            name,
            dict(settings or {}),
            dict(shifts or {}),
            cell,
            measured=False,
            preparation=preparation,
            sweep=sweep,
        )

    @classmethod
    def from_csv(
        cls, path: str | Path, columns: Mapping[str, str] | None = None, name: str = "", **about
    ) -> Spectrum:
        """Read a CSV file; lines that start with "#" are comments.

        Parameters
        ----------
        path : str or Path
            File with a header row.
        columns : mapping, optional
            Column names for "frequency", "real" and "imaginary"; "-Im" in place of "imaginary" names a column
            that holds minus the imaginary part.
        name, settings, shifts, cell : optional
            As of :class:`Spectrum`.

        Raises
        ------
        DataError
            For a missing file or column, or values that fail the checks.
        """
        import pandas as pd

        path = Path(path)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DataError(f"{path}: cannot be read ({error.strerror}): give an existing CSV file") from None
        frame = pd.read_csv(path, comment="#", skipinitialspace=True)
        made = cls.from_dataframe(frame, columns, name or path.name, **about)
        object.__setattr__(made, "sha256", hashlib.sha256(content).hexdigest())
        return made

    @classmethod
    def from_dataframe(
        cls,
        frame: pd.DataFrame,
        columns: Mapping[str, str] | None = None,
        name: str = "spectrum",
        **about,
    ) -> Spectrum:
        """Take a pandas frame; arguments as in :meth:`from_csv`."""
        given = dict(columns or {})
        minus = given.pop("-Im", None)
        unknown = [role for role in given if role not in SPECTRUM_COLUMNS]
        if unknown:
            raise DataError(
                f"columns: {unknown[0]!r} is not known: roles are {', '.join(SPECTRUM_COLUMNS)} and -Im"
            )
        wanted = {**SPECTRUM_COLUMNS, **given}
        if minus:
            wanted["imaginary"] = minus
        for role, column in wanted.items():
            if column not in frame.columns:
                raise DataError(
                    f"{name}: no column {column!r} for {role}: it has {', '.join(map(str, frame.columns))}. Rename"
                    f' it, or give columns = {{{role} = "..."}}'
                )
        frequency, real, imaginary = (
            np.asarray(frame[wanted[r]], dtype=float) for r in ("frequency", "real", "imaginary")
        )
        return cls(frequency, real + 1j * (-imaginary if minus else imaginary), name, **about)
