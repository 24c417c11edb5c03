"""Command ``assb check``: what was understood of a data file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["check"]


def check(
    data: Annotated[Path, typer.Argument(help="CSV, EC-Lab text, .mpr or BDF file.")],
    kind: Annotated[
        str | None, typer.Option(help="series, spectrum or table; by the columns without it.")
    ] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--columns", help="Header of a role, ROLE=HEADER; repeat.")
    ] = None,
    units: Annotated[
        list[str] | None, typer.Option("--units", help="Unit of a role, ROLE=UNIT; repeat.")
    ] = None,
    positive: Annotated[
        str, typer.Option(help="What a positive current is in the file: discharge or charge.")
    ] = "discharge",
    repeats: Annotated[
        str, typer.Option(help="Rows of the same time that differ: refuse, first or last.")
    ] = "refuse",
    where: Annotated[
        list[str] | None, typer.Option("--where", help="Keep rows with this value, HEADER=VALUE; repeat.")
    ] = None,
    tolerance: Annotated[
        float | None, typer.Option(help="Of the steps of constant current [A]; by its noise without it.")
    ] = None,
    area: Annotated[float | None, typer.Option(help="Electrode area [cm2], for columns per area.")] = None,
    time_column: Annotated[str | None, typer.Option(help="Name of the time column.")] = None,
    current_column: Annotated[str | None, typer.Option(help="Name of the current column.")] = None,
    voltage_column: Annotated[str | None, typer.Option(help="Name of the voltage column.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="JSON file to write as well.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON on standard output.")
    ] = False,
) -> None:
    """Say what was understood of a data file: sign, units, steps, gaps, outliers."""
    from assb.files import dump_json, write_json
    from assb.fitting.examination import examine

    given = {"time": time_column, "current": current_column, "voltage": voltage_column}
    chosen = {role: header for role, header in given.items() if header} | _pairs("columns", columns)
    found = examine(
        data,
        kind,
        chosen,
        units=_pairs("units", units),
        current_positive=positive,
        repeats=repeats,
        where={header: _value(text) for header, text in _pairs("where", where).items()},
        tolerance=tolerance,
        area=area,
    )
    if out is not None:
        write_json(out, found.findings)
    print(dump_json(found.findings) if as_json else str(found))


def _pairs(name: str, items: list[str] | None) -> dict[str, str]:
    pairs = {}
    for item in items or []:
        # Roles hold no equals sign; headers may.
        key, sign, text = item.partition("=")
        if not sign or not key.strip():
            raise ValueError(f"--{name} {item!r}: write NAME=VALUE")
        pairs[key.strip()] = text.strip()
    return pairs


def _value(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
