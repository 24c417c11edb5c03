"""What a data file was understood to hold, and what in it looks wrong: ``assb check``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from assb.fitting.dataset import Dataset
from assb.fitting.headers import Column
from assb.fitting.outliers import far, spikes
from assb.fitting.reading import Reading, interpret
from assb.fitting.spectrum import Spectrum
from assb.fitting.table_rows import TableRows

__all__ = ["Examination", "examine"]

#: An interval is a gap if it is this many times the median of those beside it in the same step.
GAP = 10.0
#: Residual of the Kramers-Kronig test that deserves a word, rms of |dZ|/|Z|.
LARGE_RESIDUAL = 0.02


@dataclass(frozen=True)
class Examination:
    """What :func:`examine` found; `print` shows it.

    Attributes
    ----------
    data : Dataset, Spectrum or TableRows
    findings : dict
        For JSON: "kind", "name", "format", "columns", "units", "rows", "gaps", "outliers", "duplicates", "notes",
        "remedies" and, by kind, "sign", "steps", ranges.
    """

    data: Any
    findings: dict[str, Any]

    def __repr__(self) -> str:
        from assb.fitting.examination_text import to_text

        return to_text(self.findings)


def examine(
    source: Any, kind: Any = None, columns: Mapping[str, str | None] | None = None, **about
) -> Examination:
    """Read data and look for gaps, outliers, repeats and doubtful units.

    Parameters
    ----------
    source, kind, columns, **about
        As of :func:`assb.fitting.read`.

    Returns
    -------
    Examination

    Raises
    ------
    DataError
        As of :func:`assb.fitting.read`: what cannot be read is not examined.

    Notes
    -----
    An outlier is a row whose distance from the straight line through its two neighbours is above eight times
    1.4826 times the median of such distances, and throws both neighbours off the other way, which a curve never does.
    The median hardly moves when a tenth of the rows are wrong.
    """
    reading = interpret(source, kind, columns, **about)
    found: dict[str, Any] = {
        "name": reading.data.name,
        "kind": reading.kind,
        "format": reading.format,
        "columns": [_describe(column) for column in reading.columns],
        "units": {column.role: column.unit or None for column in reading.columns},
        "notes": list(reading.notes),
        "remedies": [],
    }
    for column in reading.columns:
        if column.assumed and reading.kind != "table":
            found["remedies"].append(
                f"{column.header!r} states no unit and was taken for {column.inside}: confirm it with --units"
                f" {column.role}={column.inside}"
            )
    by_kind = {"series": _series, "spectrum": _spectrum, "table": _table}
    by_kind[reading.kind](reading, found)
    if found["outliers"]:
        found["remedies"].append(
            f"{len(found['outliers'])} rows stand out of their neighbours: drop them if they are reading errors, or"
            " use StudentNoise"
        )
    return Examination(reading.data, found)


def _describe(column: Column) -> dict[str, Any]:
    return {
        "role": column.role,
        "header": column.header,
        "unit": column.unit or None,
        "factor": column.factor,
        "offset": column.offset,
        "unit_inside": column.inside or None,
        "assumed": column.assumed,
    }


def _outliers(name: str, x_name: str, x: np.ndarray, y: np.ndarray, rows: np.ndarray) -> list[dict[str, Any]]:
    return [
        {"quantity": name, "row": int(rows[k]) + 1, x_name: float(x[k]), "value": float(y[k])}
        for k in spikes(x, y)
    ]


def _series(reading: Reading, found: dict[str, Any]) -> None:
    data: Dataset = reading.data
    found.update({k: v for k, v in data.describe().items() if k not in found})
    facts = reading.facts
    found["current_positive_in_file"] = facts["current_positive"]
    found["duplicates"] = facts["repeated_rows_dropped"]
    for key in ("current_noise_A", "step_tolerance_A"):
        found[key] = facts.get(key)
    for label in ("pressure", "temperature"):
        values = getattr(data, label)
        if values is not None:
            found[f"{label}_{'MPa' if label == 'pressure' else 'C'}"] = [
                float(values.min()),
                float(values.max()),
            ]
    found["gaps"] = _gaps(data)
    found["outliers"] = []
    edges = np.flatnonzero(np.diff(data.block)) + 1
    for rows in np.split(np.arange(len(data.time)), edges):
        rows = rows[data.time[rows] > 0]
        for label in ("voltage", "pressure", "temperature"):
            values = getattr(data, label)
            if values is not None:
                found["outliers"] += _outliers(label, "time_s", data.time[rows], values[rows], rows)
    remedies = found["remedies"]
    first = float(data.current[0])
    if first and data.time[0] == 0 and len(data.steps) and abs(first - data.steps[0][1]) < 0.02 * abs(first):
        remedies.append(
            f"current flows in the first row already ({first:.4g} A): start the record with a row at rest, or the state"
            " before it is not known"
        )
    for gap in found["gaps"][:1]:
        remedies.append(
            f"no rows for {gap['duration_s']:g} s from {gap['from_s']:g} s: if the current changed there, give steps"
        )
    if len(data.steps) > max(50, len(data.time) // 4):
        remedies.append(
            f"{len(data.steps)} steps for {len(data.time)} rows: the current changes all the time, or its noise is"
            " above the tolerance: raise --tolerance [A] if it should not"
        )
    if len(data.time) > 5000:
        remedies.append(
            f"{len(data.time)} rows: Dataset.thinned(1000) calibrates faster and keeps the switches"
        )
    if data.temperature is not None and "Ambient temperature [K]" not in data.settings:
        kelvin = float(np.median(data.temperature)) + 273.15
        remedies.append(
            f'temperature is a record only: give settings = {{"Ambient temperature [K]": {kelvin:.2f}}}'
        )


def _gaps(data: Dataset) -> list[dict[str, float]]:
    """Long intervals without rows in the middle of rows that are dense."""
    wait, found = np.diff(data.time), []
    for k, long in enumerate(wait):
        beside = wait[max(0, k - 5) : k + 6]
        # After a switch rows are often dense and then sparse: a gap has dense rows on both sides.
        inside = 0 < k < len(wait) - 1 and long > GAP * max(wait[k - 1], wait[k + 1])
        if inside and len(beside) > 5 and long > GAP * np.median(beside):
            found.append({"from_s": float(data.time[k]), "duration_s": float(long)})
    return found


def _spectrum(reading: Reading, found: dict[str, Any]) -> None:
    data: Spectrum = reading.data
    order = np.argsort(data.frequency, kind="stable")
    f, z = data.frequency[order], data.impedance[order]
    decades = float(np.log10(f[-1] / f[0])) if len(f) > 1 else 0.0
    repeats = int(np.sum(np.diff(f) == 0))
    found.update(
        rows=len(f),
        frequency_Hz=[float(f[0]), float(f[-1])],
        rows_per_decade=float(len(f) / decades) if decades else None,
        real_Ohm=[float(z.real.min()), float(z.real.max())],
        imaginary_Ohm=[float(z.imag.min()), float(z.imag.max())],
        sign="imaginary part negative for a capacitor",
        sign_in_file="-Im" if any(c.role == "-Im" for c in reading.columns) else "Im",
        inductive_rows=int(np.sum(z.imag > 0)),
        duplicates=repeats,
        gaps=[],
        outliers=[],
        sha256=data.sha256,
    )
    remedies = found["remedies"]
    if repeats:
        column = reading.facts["told_apart_by"]
        keep = f"keep one, --where '{column}=...'" if column else "split the file, or drop the repeats"
        remedies.append(f"{repeats} frequencies repeat: several spectra in one file? {keep}")
    else:
        logs = np.log(f)
        wait = np.diff(logs)
        for k in np.flatnonzero(wait > 3 * np.median(wait)) if len(wait) > 2 else ():
            found["gaps"].append({"from_Hz": float(f[k]), "to_Hz": float(f[k + 1])})
        residuals = _kramers_kronig(data, found)
        # Without that test smoothness must do. Relative to the magnitude, as the noise of an analyser is, but not to
        # that of the row itself, which an outlier has changed.
        size = np.array([np.median(np.abs(z[max(0, k - 2) : k + 3])) for k in range(len(z))])
        for label, of in (("real part", np.real), ("imaginary part", np.imag)):
            part = of(z)
            rows = spikes(logs, part / size) if residuals is None else far(residuals[order], of)
            for k in rows:
                row = {"quantity": label, "row": int(order[k]) + 1, "frequency_Hz": float(f[k])}
                found["outliers"].append(row | {"value": float(part[k])})
    if found["inductive_rows"]:
        remedies.append(
            f"{found['inductive_rows']} rows are inductive (leads): leave them out, or add an inductance to the model"
        )
    if (z.real <= 0).any():
        remedies.append("the real part is not positive everywhere: check the columns and the wiring")


def _kramers_kronig(data: Spectrum, found: dict[str, Any]) -> np.ndarray | None:
    """Relative residuals of the linear Kramers-Kronig test, where there are rows enough."""
    try:
        from assb.fitting.kramers_kronig import lin_kk
    except ImportError:
        return None
    if len(data.frequency) < 10:
        return None
    # With and without a capacitor in series: a blocking cell has one.
    test = min((lin_kk(data, capacitance=blocking) for blocking in (False, True)), key=lambda made: made.rms)
    found["kramers_kronig_rms"] = float(test.rms)
    if test.rms > LARGE_RESIDUAL:
        found["remedies"].append(
            f"Kramers-Kronig residual {100 * test.rms:.1f} % rms: the cell drifted, or was driven too hard: leave out"
            " the frequencies that stand out"
        )
    return np.asarray(test.residuals)


def _table(reading: Reading, found: dict[str, Any]) -> None:
    data: TableRows = reading.data
    numbers = {k: v for k, v in data.columns.items() if v.dtype.kind in "fiu"}
    stacked = list(zip(*(values.tolist() for values in data.columns.values()), strict=True))
    found.update(
        rows=len(data),
        ranges={
            k: [float(np.nanmin(v)), float(np.nanmax(v))] if np.isfinite(v).any() else None
            for k, v in numbers.items()
        },
        missing={k: int(np.sum(~np.isfinite(v))) for k, v in numbers.items() if not np.isfinite(v).all()},
        duplicates=len(stacked) - len(set(map(str, stacked))),
        gaps=[],
        outliers=[],
        sha256=data.sha256,
    )
    remedies = found["remedies"]
    unstated = [k for k in numbers if not data.units.get(k)]
    if unstated:
        remedies.append(
            f"no unit in the header of {', '.join(unstated)}: state those you use, --units '{unstated[0]}=...'"
        )
    for name, count in found["missing"].items():
        remedies.append(f"{count} rows of {name!r} are no numbers: drop them")
    if found["duplicates"]:
        remedies.append(f"{found['duplicates']} rows repeat others in full: drop them")
    against = next((k for k, v in numbers.items() if np.isfinite(v).all() and (np.diff(v) > 0).all()), None)
    for name, values in numbers.items() if against is not None else ():
        if name != against and np.isfinite(values).all():
            x = numbers[str(against)]
            found["outliers"] += _outliers(name, str(against), x, values, np.arange(len(x)))
    remedies.append("a table needs a predictor: rows.table(column, predictor), see docs/data.md")
