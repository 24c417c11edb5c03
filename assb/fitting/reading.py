"""One entry for measured data: what a file holds is told by its columns, and said."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from assb.fitting.cleaning import from_start, readable, told_apart_by, unrepeated
from assb.fitting.dataset import DataError, Dataset
from assb.fitting.headers import KIND_ROLES, NEEDED, STANDARD, Column, _matches, recognise, split_header
from assb.fitting.rows import current_noise, merged_steps, tolerance_of
from assb.fitting.sources import Source, load
from assb.fitting.spectrum import Spectrum
from assb.fitting.table_rows import TableRows

__all__ = ["DataWarning", "Reading", "interpret", "read"]

Kind = Literal["series", "spectrum", "table"]
KINDS = ("series", "spectrum", "table")


class DataWarning(UserWarning):
    """Something was assumed of a data file; the message says what, and how to state it."""


@dataclass
class Reading:
    """Data, and how they were understood.

    Attributes
    ----------
    data : Dataset, Spectrum or TableRows
    kind : {"series", "spectrum", "table"}
    columns : list of Column
    format : str
        What it was read as.
    notes : list of str
        What was done besides.
    facts : dict
        Numbers about it: rows dropped, tolerance of the steps.
    """

    data: Any
    kind: str
    columns: list[Column]
    format: str
    notes: list[str]
    facts: dict[str, Any] = field(default_factory=dict)


def read(
    source: Any, kind: Kind | None = None, columns: Mapping[str, str | None] | None = None, **about
) -> Any:
    """Read measured data: a file or a frame.

    Parameters
    ----------
    source : str, Path, pandas.DataFrame, polars.DataFrame or mapping of arrays
        CSV (any separator, decimal commas, lines with "#" are comments), EC-Lab text (.mpt), Biologic .mpr
        (needs galvani), Battery Data Format and what else `batterydf` reads, or a frame.
    kind : {"series", "spectrum", "table"}, optional
        By the columns unless given: a frequency makes a spectrum; time with current or voltage a time series;
        anything else is a table.
    columns : mapping, optional
        Role -> header, where the usual spellings do not tell. Roles are "time", "current", "voltage", "pressure",
        "temperature"; "frequency", "real", "imaginary" or "-Im"; in a table, new names. None leaves a role out.
    units : mapping, optional
        Role -> unit, where the header has none or a wrong one.
    current_positive : {"discharge", "charge"}
        What a positive current is in the file; with "charge" the current is multiplied by -1. It is never turned
        without being told.
    area : float, optional
        Electrode area [cm2], for columns per area.
    repeats : {"refuse", "first", "last"}
        What to do with rows of the same time that differ; rows that are equal throughout count once.
    where : mapping, optional
        Header -> value: keep the rows with this value, for example {"cycle number": 2}.
    tolerance : float, optional
        Of the steps of constant current [A], see :func:`assb.fitting.rows.merged_steps`; by default five times the
        noise of the current, within 0.1 % and 1 % of the largest; 0 makes a step of every change.
    steps : sequence of (duration, current), optional
        Protocol [s, A] in place of the one read off the rows.
    name, cell : str
    settings, shifts : mapping, optional
        As of :class:`Dataset`.
    format : {"csv", "mpr", "bdf"}, optional
        By the end of the name unless given.

    Returns
    -------
    Dataset, Spectrum or TableRows

    Raises
    ------
    DataError
        For anything that is missing, ambiguous or fails the checks; the message names field, value and remedy.

    Warns
    -----
    DataWarning
        Where a unit was assumed.
    """
    reading = interpret(source, kind, columns, **about)
    assumed = [c for c in reading.columns if c.assumed and c.role not in (columns or {})]
    if assumed and reading.kind != "table":
        first = assumed[0]
        warnings.warn(
            f"{reading.data.name}: column {first.header!r} states no unit, taken for {first.inside}: confirm with"
            f' units = {{"{first.role}": "{first.inside}"}}',
            DataWarning,
            stacklevel=2,
        )
    return reading.data


def interpret(
    source: Any,
    kind: Kind | None = None,
    columns: Mapping[str, str | None] | None = None,
    *,
    units: Mapping[str, str] | None = None,
    current_positive: str = "discharge",
    area: float | None = None,
    repeats: str = "refuse",
    where: Mapping[str, Any] | None = None,
    tolerance: float | None = None,
    steps: Sequence[tuple[float, float]] = (),
    name: str = "",
    settings: Mapping[str, float] | None = None,
    shifts: Mapping[str, float] | None = None,
    cell: str = "",
    format: str | None = None,
) -> Reading:
    """Read, and keep what was understood; arguments as of :func:`read`."""
    given, units = dict(columns or {}), dict(units or {})
    for label, value, allowed in (
        ("kind", kind, (None, *KINDS)),
        ("current_positive", current_positive, ("discharge", "charge")),
        ("repeats", repeats, ("refuse", "first", "last")),
    ):
        if value not in allowed:
            raise DataError(f"{label} = {value!r} is not known: use {', '.join(map(repr, allowed[-3:]))}")
    if area is not None and not area > 0:
        raise DataError(f"area = {area!r}: give the electrode area in cm2, a positive number")
    if tolerance is not None and not tolerance >= 0:
        raise DataError(f"tolerance = {tolerance!r}: give a current in A, 0 or above")
    _check_roles(given, kind)
    raw = load(source, name, format)
    _select(raw, where or {})
    chosen = kind or _kind(raw, given)
    about: dict[str, Any] = {"settings": dict(settings or {}), "shifts": dict(shifts or {}), "cell": cell}
    if chosen == "table":
        return _table(raw, given, units, about)
    _check_roles(units, chosen, "units")
    found = recognise(list(raw.columns), chosen, given, units, raw.name, area)
    values = {c.role: c.factor * raw.numbers(c.header) + c.offset for c in found}
    notes = list(raw.notes)
    if chosen == "spectrum":
        data: Any = _spectrum(raw, values, found, about)
        return Reading(data, chosen, found, raw.format, notes, {"told_apart_by": told_apart_by(raw, data)})
    facts: dict[str, Any] = {"current_positive": current_positive}
    if current_positive == "charge":
        values["current"] = -values["current"]
        notes.append("current multiplied by -1: positive on charge in the file")
    values = unrepeated(values, repeats, raw.name, facts)
    if not steps:
        values["time"], shift = from_start(values["time"])
        if shift:
            notes.append(f"time counts from the first row, {shift:g} s in the file")
        facts["current_noise_A"] = current_noise(values["current"])
        if tolerance is None:
            tolerance = tolerance_of(values["current"]) if np.isfinite(values["current"]).all() else 0.0
        facts["step_tolerance_A"] = tolerance
        if readable(values):
            steps = merged_steps(values["time"], values["current"], tolerance)
    about |= values
    data = Dataset(**about, steps=steps, name=raw.name, sha256=raw.sha256)
    return Reading(data, chosen, found, raw.format, notes, facts)


def _check_roles(given: Mapping[str, Any], kind: str | None, argument: str = "columns") -> None:
    if kind == "table":
        return
    known = [role for k, roles in KIND_ROLES.items() if kind in (None, k) for role in roles]
    unknown = [role for role in given if role not in known]
    if unknown:
        more = "; any name with kind = 'table'" if kind is None else ""
        raise DataError(f"{argument}: {unknown[0]!r} is not known: roles are {', '.join(known)}{more}")


def _select(raw: Source, where: Mapping[str, Any]) -> None:
    for header, value in where.items():
        if header not in raw.columns:
            raise DataError(
                f"{raw.name}: no column {header!r}, which where names: it has {', '.join(raw.columns)}"
            )
        kept = raw.columns[header] == value
        if not np.any(kept):
            seen = ", ".join(map(str, dict.fromkeys(raw.columns[header][:1000].tolist())))
            raise DataError(f"{raw.name}: no row with {header!r} = {value!r}: there is {seen[:200]}")
        raw.columns = {key: values[kept] for key, values in raw.columns.items()}
        raw.notes.append(f"rows with {header} = {value}: {int(np.sum(kept))}")


def _kind(raw: Source, given: Mapping[str, Any]) -> str:
    """Kind of data by the columns; a frequency that is always zero is none."""
    for kind in ("spectrum", "series"):
        if any(role in KIND_ROLES[kind] and given[role] and given[role] in raw.columns for role in given):
            return kind

    def there(role: str, kind: str) -> list[str]:
        named = given.get(role) or STANDARD[role]
        unit = KIND_ROLES[kind][role]
        return [h for h in raw.columns if h == named or _matches(role, h, unit) is not None]

    for header in there("frequency", "spectrum"):
        values = raw.columns[header]
        if there("real", "spectrum") and values.dtype.kind in "fi" and np.any(values > 0):
            return "spectrum"
    if there("time", "series") and (there("current", "series") or there("voltage", "series")):
        return "series"
    # What is demanded by role is a series or a spectrum, whether it is there or not.
    for kind in ("series", "spectrum"):
        if any(role in NEEDED[kind] and given[role] for role in given):
            return kind
    return "table"


def _spectrum(raw: Source, values, found: list[Column], about) -> Spectrum:
    minus = "-Im" in values
    imaginary = -values["-Im"] if minus else values["imaginary"]
    if minus and np.sum(imaginary > 0) > 0.5 * len(imaginary):
        header = next(c.header for c in found if c.role == "-Im")
        raise DataError(
            f"{raw.name}: column {header!r} is named -Im but holds mostly negative numbers, so it looks like Im Z:"
            f' rename it, or give columns = {{"imaginary": {header!r}}}'
        )
    return Spectrum(
        values["frequency"], values["real"] + 1j * imaginary, raw.name, sha256=raw.sha256, **about
    )


def _table(raw: Source, given: Mapping[str, Any], units: Mapping[str, str], about) -> Reading:
    for role, header in given.items():
        if header is not None and header not in raw.columns:
            raise DataError(
                f"{raw.name}: no column {header!r} for {role}: it has {', '.join(raw.columns)}. Rename it, or give"
                f' columns = {{{role} = "..."}}'
            )
    roles = {header: role for role, header in given.items() if header}
    found, columns = [], {}
    for header, values in raw.columns.items():
        name, unit = split_header(header)
        role = roles.get(header, name)
        if role in columns:
            role = header
        unit = units.get(role) or unit
        found.append(Column(role, header, unit, inside=unit, assumed=not unit))
        try:
            columns[role] = raw.numbers(header)
        except DataError:
            columns[role] = values
    for role in units:
        if role not in columns:
            raise DataError(f"{raw.name}: units: {role!r} is no column: it has {', '.join(columns)}")
    data = TableRows(columns, {c.role: c.unit for c in found}, raw.name, sha256=raw.sha256, **about)
    return Reading(data, "table", found, raw.format, list(raw.notes))
