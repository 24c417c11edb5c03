"""The comparison with published figures as one page: a plot, a table and a paragraph for each study."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from assb.files import write_text
from assb.validation.published.comparison import Row, ValidationTable
from assb.validation.published.fit import Constants, frozen
from assb.validation.published.study import STUDIES, Study

#: Headline numbers: role -> how it reads.
ROLES = {"calibrated": "rows that calibrate the constants", "predicted": "predicted rows"}


def write_page(
    path: str | Path, table: ValidationTable, left_out: dict[str, ValidationTable] | None = None
) -> Path:
    """Write a run as one HTML file that needs nothing else.

    Parameters
    ----------
    path : str or Path
    table : ValidationTable
    left_out : dict, optional
        Study -> result of :func:`leave_one_out`.

    Returns
    -------
    Path
    """
    from jinja2 import Environment, PackageLoader, select_autoescape

    environment = Environment(
        loader=PackageLoader("assb.report"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("published.html.j2")
    return write_text(
        Path(path), template.render(summary=summary(table), studies=sections(table, left_out or {}))
    )


def summary(table: ValidationTable) -> list[tuple[str, str]]:
    """What is said first: label and number."""
    medians = table.medians()
    found = [("observables that evaluate", _percent(table.evaluated))]
    found += [(f"{label} within tolerance", _percent(table.share(role))) for role, label in ROLES.items()]
    found += [
        (f"median distance of the predicted rows, {name}", _tolerances(value))
        for name, value in medians.items()
    ]
    return found


def sections(table: ValidationTable, left_out: dict[str, ValidationTable]) -> list[dict[str, object]]:
    """One entry a study, in the order of the rows."""
    found = []
    for key in dict.fromkeys(row.study for row in table if row.evaluated):
        rows = [row for row in table if row.study == key and row.scored]
        study = STUDIES[key]
        without = left_out.get(key)
        found.append(
            {
                "study": study,
                "figure": _figure(rows),
                "rows": [_cells(row) for row in rows],
                "constants": constants(study, frozen(key)),
                "pattern": residual_pattern(rows),
                "left_out": None if without is None else left_out_sentence(without),
            }
        )
    return found


def constants(study: Study, found: Constants) -> list[str]:
    """Constants with their standard deviations, and how many rows decided them."""
    lines = []
    for k, (name, value) in enumerate(found.mapping().items()):
        prior, z, sd = study.constants[name], found.coordinates[k], math.sqrt(found.covariance[k][k])
        low, high = (float(prior.to_value(np.clip(z + s * sd, *prior.bounds))) for s in (-1, 1))
        lines.append(f"{name} = {value:.3g} ({low:.3g} to {high:.3g})")
    if lines:
        lines.append(f"{len(lines)} constants for {len(found.rows)} calibrating rows")
    return lines


def residual_pattern(rows: list[Row]) -> str:
    """Whether the errors have a sign, quantity by quantity."""
    parts = []
    by_quantity: dict[str, list[float]] = {}
    for row in rows:
        if row.evaluated and row.deviation_tol is not None:
            by_quantity.setdefault(row.id.split("_")[1], []).append(row.deviation_tol)
    for name, values in by_quantity.items():
        if len(values) > 1:
            parts.append(f"{name}: mean {np.mean(values):+.2f}, spread {np.std(values, ddof=1):.2f}")
    return "; ".join(parts)


def left_out_sentence(table: ValidationTable) -> str:
    """How well samples are predicted from the others."""
    rows = [row for row in table if row.evaluated]
    within = sum(row.within for row in rows)
    median = float(np.median([abs(row.deviation_tol or 0.0) for row in rows])) if rows else math.nan
    return (
        f"Each sample predicted from the others: {within} of {len(rows)} rows within tolerance, median"
        f" {_tolerances(median)}."
    )


def table_text(table: ValidationTable) -> str:
    """The observables and what they amount to, for a terminal."""
    lines = [f"{'id':<24} {'published':>12} {'model':>12} {'tolerances':>10}  {'role':<10} unit"]
    for row in table:
        if not row.scored:
            continue
        model = "-" if row.model is None else f"{row.model:.4g}"
        distance = "-" if row.deviation_tol is None else f"{row.deviation_tol:+.2f}"
        lines.append(
            f"{row.id:<24} {row.published:>12.4g} {model:>12} {distance:>10}  {row.role:<10} {row.unit}"
            + (f"  ({row.reason})" if row.reason else "")
        )
    return "\n".join([*lines, repr(table).strip("<>")])


def _cells(row: Row) -> dict[str, str]:
    interval = "" if row.low is None or row.high is None else f"{row.low:.3g} to {row.high:.3g}"
    return {
        "id": row.id,
        "quantity": row.quantity,
        "published": f"{row.published:g} {row.unit}",
        "model": row.reason if row.model is None else f"{row.model:.3g}",
        "interval": interval,
        "distance": "" if row.deviation_tol is None else f"{row.deviation_tol:+.2f}",
        "role": row.role,
        "class": "within" if row.within else "outside",
    }


def _figure(rows: list[Row]) -> str:
    from assb.plotting.published import published_figures
    from assb.report.svg import embed

    if not any(row.evaluated for row in rows):
        return ""
    name = f"study-{rows[0].study}"
    return embed(published_figures(rows), name, "Distance of the model from each figure in tolerances")


def _percent(value: float) -> str:
    return "–" if not math.isfinite(value) else f"{100 * value:.0f} %"


def _tolerances(value: float) -> str:
    return "–" if not math.isfinite(value) else f"{value:.2f} tolerances"
