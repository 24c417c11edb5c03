"""The data that a configuration names: which kind each file is, and reading it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assb.fitting.dataset import COLUMNS, DataError, Dataset
from assb.fitting.reading import read
from assb.fitting.schema import DataConfig
from assb.fitting.spectrum import SPECTRUM_COLUMNS, Spectrum
from assb.fitting.table import Table
from assb.fitting.table_rows import TableRows

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_entry"]

#: Before the name of a record of the package.
EMBEDDED = "embedded:"


def read_entry(entry: DataConfig, folder: Path, tabulate: Callable[..., Table]) -> Dataset | Spectrum | Table:
    """Read one entry of a configuration.

    Parameters
    ----------
    entry : DataConfig
    folder : Path
        Where relative paths count from.
    tabulate : callable
        Makes a :class:`Table` of a frame, a name and the roles of its columns.

    Raises
    ------
    DataError
        For a file that cannot be read, is of no known kind, or fails the checks.
    """
    about: dict[str, Any] = {
        "settings": dict(entry.settings),
        "shifts": dict(entry.shifts),
        "cell": entry.cell,
    }
    if entry.file.startswith(EMBEDDED):
        data: Any = Dataset.embedded(entry.file.removeprefix(EMBEDDED))
        return replace(data, name=entry.name or data.name, **about)
    path = Path(entry.file) if Path(entry.file).is_absolute() else folder / entry.file
    columns = entry.columns or None
    if entry.reading or path.suffix.lower() not in (".csv", ".txt"):
        wanted = None if entry.kind == "auto" else entry.kind
        data = read(path, wanted, columns, steps=entry.steps, **entry.reading)
        if isinstance(data, TableRows):
            raise DataError(f"{path.name}: read as a table: give a CSV file and columns with value = HEADER")
        return replace(data, name=entry.name or data.name, **about)
    kind = kind_of(entry, path)
    if kind == "series":
        data = Dataset.from_csv(path, columns, entry.steps)
    elif kind == "spectrum":
        data = Spectrum.from_csv(path, columns)
    else:
        data = tabulate(frame_of(path), path.name, entry.columns)
    return replace(data, name=entry.name or data.name, **about)


def kind_of(entry: DataConfig, path: Path) -> str:
    """Kind of a file: what its entry says, or what its columns are.

    Raises
    ------
    DataError
        For columns of no kind.
    """
    if entry.kind != "auto":
        return entry.kind
    given, header = entry.columns, list(frame_of(path).columns)
    if {"frequency", "real", "imaginary", "-Im"} & set(given) or SPECTRUM_COLUMNS["frequency"] in header:
        return "spectrum"
    if {"time", "voltage", "current"} & set(given) or COLUMNS["time"] in header:
        return "series"
    if "value" in given:
        return "table"
    raise DataError(
        f"{path.name}: its columns {', '.join(map(str, header))} are of no known kind: a time series has"
        f" {COLUMNS['time']!r}, a spectrum {SPECTRUM_COLUMNS['frequency']!r}; give kind and columns"
    )


def frame_of(path: Path) -> pd.DataFrame:
    """A CSV file as a frame; lines that start with "#" are comments.

    Raises
    ------
    DataError
        For a file that cannot be read, or is no table.
    """
    import pandas as pd

    try:
        return pd.read_csv(path, comment="#", skipinitialspace=True)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}): give an existing CSV file") from None
    except Exception as error:
        raise DataError(
            f"{path.name}: not a CSV table ({error}): give a header row and comma-separated numbers"
        ) from None
