"""Files and frames as plain columns: CSV, EC-Lab text, Biologic .mpr, BDF, pandas, polars."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from assb.fitting.dataset import DataError

__all__ = ["Source", "load"]

#: Ends of the names of files that `batterydf` reads.
BDF_ENDS = (".parquet", ".feather", ".bdf.json", ".bdf.csv.gz", ".nda", ".ndax", ".xlsx", ".mat")
_EC_LAB = "EC-Lab ASCII FILE"
_CLOCK = re.compile(r"^\s*(?:(\d+)[d\s-]+)?(\d+):(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)\s*$")


@dataclass
class Source:
    """Columns of one file or frame.

    Attributes
    ----------
    columns : dict
        Header -> array, shape (n,), as read.
    name : str
    format : str
        What it was read as.
    sha256 : str
        Of the file; "" for a frame.
    notes : list of str
        What was done on the way.
    """

    columns: dict[str, np.ndarray]
    name: str
    format: str
    sha256: str = ""
    notes: list[str] = field(default_factory=list)

    def numbers(self, header: str) -> np.ndarray:
        """A column as numbers; a clock (h:mm:ss) becomes seconds.

        Raises
        ------
        DataError
            For text.
        """
        values = self.columns[header]
        if values.dtype.kind in "fiub":
            return values.astype(float)
        if values.dtype.kind == "m":
            return values / np.timedelta64(1, "s")
        if values.dtype.kind == "M":
            return (values - values[0]) / np.timedelta64(1, "s")
        try:
            # None of polars, NA of pandas.
            gaps = (v is None or type(v).__name__ == "NAType" for v in values)
            return np.array([np.nan if gap else float(v) for gap, v in zip(gaps, values, strict=True)])
        except (TypeError, ValueError):
            pass
        clocks = [_CLOCK.match(str(v)) for v in values]
        if all(clocks):
            parts = [[float((g or "0").replace(",", ".")) for g in c.groups()] for c in clocks if c]
            return np.array(parts) @ np.array([86400.0, 3600.0, 60.0, 1.0])
        raise DataError(f"{self.name}: column {header!r} holds text: keep numbers only")


def load(source: Any, name: str = "", format: str | None = None) -> Source:
    """Read a file, or take a frame as it is.

    Parameters
    ----------
    source : str, Path, pandas.DataFrame, polars.DataFrame or mapping of arrays
    name : str
        Label; that of the file by default.
    format : {"csv", "mpr", "bdf"}, optional
        By the end of the name of the file unless given; "bdf" is anything that `batterydf` reads.

    Raises
    ------
    DataError
        For a file that cannot be read or is no table, a package that is missing, an unknown format.
    """
    if not isinstance(source, (str, Path)):
        return _frame(source, name or "data")
    path = Path(source)
    if format not in (None, "csv", "mpr", "bdf"):
        raise DataError(f"format = {format!r} is not known: use 'csv', 'mpr' or 'bdf'")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}): give an existing CSV file") from None
    lower = path.name.lower()
    if format == "mpr" or (format is None and lower.endswith(".mpr")):
        made = _mpr(path)
    elif format == "bdf" or (format is None and lower.endswith(BDF_ENDS)):
        made = _bdf(path)
    else:
        made = _csv(content, path.name)
    made.name, made.sha256 = name or path.name, hashlib.sha256(content).hexdigest()
    return made


def _frame(source: Any, name: str) -> Source:
    kind = type(source).__module__.split(".")[0]
    if hasattr(source, "collect") and kind == "polars":
        source = source.collect()
    if not hasattr(source, "columns") and not hasattr(source, "keys"):
        raise DataError(
            f"{name}: {type(source).__name__} is no table: give a path, or a pandas or polars frame"
        )
    headers = source.columns if hasattr(source, "columns") else source.keys()
    columns = {}
    for header in headers:
        column = source[header]
        values = column.to_numpy() if hasattr(column, "to_numpy") else np.asarray(column)
        if values.dtype.kind not in "fiubmM":
            values = np.asarray(values, dtype=object)
        columns[str(header)] = values
    return Source(columns, name, kind if kind in ("pandas", "polars") else "arrays")


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _csv(content: bytes, name: str) -> Source:
    import pandas as pd

    text, notes, form = _text(content), [], "CSV"
    if text.lstrip().startswith(_EC_LAB):
        match = re.search(r"Nb header lines\s*:\s*(\d+)", text)
        lines = text.splitlines(keepends=True)
        skipped = int(match.group(1)) - 1 if match else 2
        text, form = "".join(lines[skipped:]), "EC-Lab text"
        notes.append(f"{skipped} header lines of EC-Lab skipped")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    header, first = (lines + ["", ""])[:2]
    counts = {mark: header.count(mark) for mark in "\t;,"}
    separator = max(counts, key=lambda mark: counts[mark]) if any(counts.values()) else ","
    # A comma within a number can only be a decimal comma where columns are separated by something else.
    decimal = "," if separator != "," and re.search(r"\d,\d", first) else "."
    if (separator, decimal) != (",", "."):
        notes.append(f"columns separated by {separator!r}, decimal mark {decimal!r}")
    wide, narrow = (len(next(csv.reader([line], delimiter=separator), [])) for line in (first, header))
    if first.rstrip(" ").endswith(separator) and wide == narrow + 1:
        # A separator at the end of each row, but not of the header.
        lines[0] = header + separator
    try:
        with warnings.catch_warnings():
            # Rows longer than the header, such as decimal commas between commas, must not be cut.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                # Lines that start with # are comments; elsewhere it is a letter ("Step #").
                io.StringIO("\n".join(lines)),
                skipinitialspace=True,
                sep=separator,
                decimal=decimal,
                index_col=False,
            )
    except Exception as error:
        raise DataError(
            f"{name}: not a CSV table ({error}): give a header row and comma-separated numbers"
        ) from None
    # A separator at the end of each line makes a column of nothing.
    frame = frame.loc[:, [not (str(c).startswith("Unnamed:") and frame[c].isna().all()) for c in frame]]
    made = _frame(frame.rename(columns=lambda column: str(column).strip()), name)
    made.format, made.notes = form, notes
    return made


def _mpr(path: Path) -> Source:
    try:
        from galvani import BioLogic
    except ImportError:
        raise DataError(
            f"{path.name}: .mpr files need galvani (licence GPL-3): pip install 'assb[biologic]', or export the"
            " record as text (.mpt) in EC-Lab"
        ) from None
    try:
        data = BioLogic.MPRfile(str(path)).data
    except Exception as error:
        raise DataError(
            f"{path.name}: galvani cannot read it ({error}): export it as text (.mpt) in EC-Lab"
        ) from None
    columns = {str(column): np.asarray(data[column]) for column in data.dtype.names}
    return Source(columns, path.name, "Biologic .mpr, by galvani")


def _bdf(path: Path) -> Source:
    try:
        import bdf
    except ImportError:
        raise DataError(
            f"{path.name}: this format needs batterydf: pip install 'assb[formats]', or save it as CSV"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = bdf.read(str(path), validate=False)
    except Exception as error:
        raise DataError(
            f"{path.name}: batterydf cannot read it ({str(error).splitlines()[0]}): save it as CSV"
        ) from None
    made = _frame(frame, path.name)
    made.format = "BDF, by batterydf"
    return made
