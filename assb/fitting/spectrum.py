"""Measured impedance spectra."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
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
#: Columns of the records of the package.
_QUOTED = {"real": "Re(Z) [Ohm]", "imaginary": "Im(Z) [Ohm]"}
#: Records of the package -> file.
EMBEDDED_SPECTRA = {"ncm_inli_cell1": "ncm_inli_eis_cell1.csv", "ncm_inli_cell2": "ncm_inli_eis_cell2.csv"}


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

    def between(self, lowest: float = 0.0, highest: float = float("inf")) -> Spectrum:
        """The rows from `lowest` to `highest` [Hz], both included.

        Raises
        ------
        DataError
            If none is left.
        """
        kept = (self.frequency >= lowest) & (self.frequency <= highest)
        if not kept.any():
            raise DataError(
                f"{self.name}: no frequency lies between {lowest:g} and {highest:g} Hz: it has"
                f" {self.frequency.min():g} to {self.frequency.max():g} Hz"
            )
        return replace(self, frequency=self.frequency[kept], impedance=self.impedance[kept], sha256="")

    @classmethod
    def embedded(cls, name: str = "ncm_inli_cell1", **about) -> Spectrum:
        """A record of the package.

        Parameters
        ----------
        name : str
            "ncm_inli_cell1" (near 0 % state of charge) or "ncm_inli_cell2" (at rest): NCM-Li6PS5Cl 70:30 by
            mass | Li6PS5Cl | In-Li cells, 25 C, 50 MPa, 7 MHz to 10 mHz; the electrode area is not recorded.
            Figures read at five frequencies per decade from the public record of J. Huang, GitHub
            jdhuang-csm/hybrid-drt (BSD-3-Clause).
        settings, shifts, cell : optional
            As of :class:`Spectrum`; `cell` is the name unless given.

        Raises
        ------
        DataError
            For an unknown name.
        """
        import pandas as pd

        if name not in EMBEDDED_SPECTRA:
            raise DataError(
                f"embedded spectrum {name!r} is not known: use one of {', '.join(EMBEDDED_SPECTRA)}"
            )
        with files("assb.fitting").joinpath("data", EMBEDDED_SPECTRA[name]).open("rb") as stream:
            content = stream.read()
        frame = pd.read_csv(io.BytesIO(content), comment="#")
        made = cls.from_dataframe(frame, _QUOTED, name, **{"cell": name, **about})
        object.__setattr__(made, "sha256", hashlib.sha256(content).hexdigest())
        return made

    @classmethod
    def from_csv(
        cls, path: str | Path, columns: Mapping[str, str] | None = None, name: str = "", **about
    ) -> Spectrum:
        """Read a file; lines that start with "#" are comments.

        Parameters
        ----------
        path : str or Path
            File with a header row; usual spellings of the columns and their units are known.
        columns : mapping, optional
            Headers for "frequency", "real" and "imaginary"; "-Im" in place of "imaginary" names a column
            that holds minus the imaginary part.
        name, settings, shifts, cell : optional
            As of :class:`Spectrum`; others as of :func:`assb.fitting.read`.

        Raises
        ------
        DataError
            For a missing file or column, or values that fail the checks.
        """
        from assb.fitting.reading import read

        made: Spectrum = read(path, "spectrum", columns, name=name, **about)
        return made

    @classmethod
    def from_dataframe(
        cls,
        frame: pd.DataFrame,
        columns: Mapping[str, str] | None = None,
        name: str = "spectrum",
        **about,
    ) -> Spectrum:
        """Take a pandas or polars frame; arguments as in :meth:`from_csv`."""
        from assb.fitting.reading import read

        made: Spectrum = read(frame, "spectrum", columns, name=name, **about)
        return made
