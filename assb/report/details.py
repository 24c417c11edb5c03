"""Sections of a report on single data sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assb.plotting import text as fmt

if TYPE_CHECKING:
    from assb.report.data import ReportData
    from assb.report.fits import DataFit

_CAPTIONS = {
    "voltage_fit": "Current, measured and fitted voltage, and measured minus fitted voltage. "
    "The ring marks the worst point.",
    "pressure_fit": "Measured and fitted stack pressure, and measured minus fitted pressure.",
    "impedance_fit": "Left: measured and fitted impedance in the complex plane. Right: magnitude, phase, and "
    "measured minus fitted impedance over the magnitude measured.",
    "table_fit": "Measured rows with their scale, fitted rows, and measured minus fitted rows over the scale.",
}
_KINDS = {"series": "time series", "spectrum": "impedance spectrum", "table": "table"}


def caption(name: str) -> str:
    """Caption of a figure of a data set, by the start of its name."""
    return next(words for start, words in _CAPTIONS.items() if name.startswith(start))


def in_words(shares: Mapping[str, float]) -> str:
    """Data sets and their shares, the largest first; the same words as in the estimate's own text."""
    order = sorted(shares, key=lambda name: -shares[name])
    return ", ".join(f"{name}\u00a0{100 * shares[name]:.0f}\u00a0%" for name in order if shares[name] >= 0.05)


def detail_rows(data: ReportData) -> list[dict[str, str]]:
    """One line a data set: what it is, under which conditions, how well it is met."""
    if not data.detailed:
        return []
    rows = []
    for each in data.datasets:
        found = each.metrics
        rows.append(_line(each, _KINDS[each.kind], found))
        if "pressure" in found:
            rows.append(_line(each, "its pressure", found["pressure"], bare=True))
    return rows


def _line(each: DataFit, kind: str, found: Mapping[str, Any], bare: bool = False) -> dict[str, str]:
    given = [*each.settings.items(), *((f"{name}, moved by", value) for name, value in each.shifts.items())]
    unit = "" if found["unit"] in ("", "-") else f" {fmt.pretty_unit(found['unit'])}"
    return {
        "name": "" if bare else each.name,
        "kind": kind,
        "cell": "" if bare else each.cell,
        "conditions": "" if bare else "; ".join(f"{name}: {value:g}" for name, value in given),
        "rows": fmt.count(found["rows"]),
        "rmse": f"{fmt.number(found['rmse'])}{unit}",
        "worst": f"{fmt.number(found['worst'])}{unit}",
        "coverage": fmt.percent(found.get("coverage_90")),
    }


def fits_of(data: ReportData, details: Sequence[tuple[str, DataFit]]) -> list[dict[str, Any]]:
    """Figures of each data set in the order of the data; empty for a single voltage, which has its own section."""
    if not data.detailed:
        return []
    first = next((each for each in data.datasets if each.kind == "series"), None)
    found = []
    for each in data.datasets:
        names = ["voltage_fit"] if each is first else []
        names += [name for name, owner in details if owner is each]
        found.append(
            {
                "name": each.name,
                "kind": _KINDS[each.kind],
                "figures": [(name, caption(name)) for name in names],
            }
        )
    return found


def contributions(data: ReportData) -> bool:
    """Whether the combinations say which data set sees them."""
    return any(row.get("data") for row in data.identifiability.get("combinations", ()))
