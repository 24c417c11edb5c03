"""Rendering the report and writing it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assb.files import write_text
from assb.plotting import text as fmt
from assb.plotting.data_fits import detail_figures
from assb.plotting.gallery import FIGURES, available
from assb.report.details import caption, contributions, detail_rows, fits_of, in_words
from assb.report.svg import embed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from assb.report.data import ReportData

_CAPTIONS = {
    "voltage_fit": "Current, measured and fitted voltage, and measured minus fitted voltage. "
    "The ring marks the worst point.",
    "overpotential_breakdown": "Above: voltage and open-circuit voltage of the best fit. "
    "Below: the overpotentials between them, stacked away from zero by sign.",
    "pressure_and_contact": "Stack pressure of the best fit, what it is made of, and the share of the "
    "particle surface in contact.",
    "prior_posterior": "Before and after: 90 % intervals in units of each parameter's prior standard "
    "deviation, those the data narrowed most on top.",
    "identifiability_heatmap": "Left: directions in parameter space, from the best to the least seen by the "
    "data, under their singular values. Right: correlation of the parameters after the fit.",
    "trace": "Chains against the draw. A band that drifts or chains that keep apart have not converged.",
    "autocorrelation": "Autocorrelation time against chain length. An estimate is trustworthy where it lies "
    "below the dashed line.",
    "corner": "Marginal and joint posterior densities; numbers on the axes are those of the headings.",
    "posterior_predictive": "Above: measured minus fitted voltage against the 90 % band. Below: close-ups.",
}

_SECTIONS = (
    ("summary", "Summary"),
    ("fit", "Fit and residual"),
    ("overpotentials", "Overpotentials"),
    ("pressure", "Pressure and contact"),
    ("parameters", "Parameters"),
    ("identifiability", "What the data cannot see"),
    ("sampling", "Sampling diagnostics"),
    ("predictive", "Posterior-predictive check"),
    ("more", "Further figures"),
    ("timing", "Timing"),
    ("citation", "How to cite"),
    ("provenance", "Provenance"),
)


def write_report(
    path: str | os.PathLike[str], data: ReportData, figures: Mapping[str, Figure] | None = None
) -> Path:
    """Write the report as one HTML file that needs nothing else.

    The file appears whole or not at all: if anything fails, what was at ``path`` stays.

    Parameters
    ----------
    path : path-like
        Where to write.
    data : ReportData
        What to report.
    figures : Mapping, optional
        Figures already built, by name (see ``assb.plotting.FIGURES``); the others are built here. A figure
        under any other name is shown in a section of its own.

    Returns
    -------
    pathlib.Path
        The path written.
    """
    page = render_report(data, figures)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return write_text(Path(path), page)


def render_report(data: ReportData, figures: Mapping[str, Figure] | None = None) -> str:
    """Return the HTML of the report; the parameters are those of :func:`write_report`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "plain": fmt.plain,
        "text": _text,
    }
    embedded, more = _embed_all(data, figures or {})
    details = [(name, each) for name, (each, _) in detail_figures(data).items()]
    template = environment.get_template("report.html.j2")
    return template.render(
        data=data,
        cards=_cards(data),
        sections=[item for item in _SECTIONS if item[0] != "more" or more],
        figures=embedded,
        more=more,
        captions=_CAPTIONS,
        segments=_segments(data.metrics),
        worst=_worst(data),
        fits=fits_of(data, details),
        details=detail_rows(data),
        scoped=data.detailed
        or any(row.get("scope", "shared") not in ("shared", "noise") for row in data.parameters),
        contributions=contributions(data),
        before=_before(data),
        parameters=[_parameter(row) for row in data.parameters],
        combinations=_combinations(data),
        diagnostics=_diagnostics(data),
        converged=_converged(data),
        timing=_timing(data),
    )


def _embed_all(data: ReportData, given: Mapping[str, Figure]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = available(data)
    embedded = {name: embed(given.get(name) or FIGURES[name](data), name, _CAPTIONS[name]) for name in names}
    details = detail_figures(data)
    for name, (each, draw) in details.items():
        embedded[name] = embed(given.get(name) or draw(), name, f"{each.name}: {caption(name)}")
    more = {
        name: embed(fig, f"more-{name}", name)
        for name, fig in given.items()
        if name not in FIGURES and name not in details
    }
    return embedded, more


def _text(value: Any) -> str:
    """Text as given; a dash where there is none or where a number is not finite."""
    if value is None or value == "" or (isinstance(value, float) and not fmt.is_number(value)):
        return fmt.MISSING
    return str(value)


def _cards(data: ReportData) -> list[dict[str, str]]:
    """Key figures: value, unit, what it is, and one line under it. Those without a value are left out."""
    metrics, sampling = data.metrics, data.sampling or {}
    worst = metrics.get("worst_row") or {}
    values = [v for v in data.identifiability.get("singular_values", ()) if fmt.is_number(v)]
    total = sum(float(v) for v in data.timing.values() if fmt.is_number(v))
    coverage = metrics.get("coverage_90")
    bare = metrics.get("rmse_without_correction_mV")
    cards = [
        ("Root-mean-square error", metrics.get("rmse_mV"), fmt.fixed(metrics.get("rmse_mV")), "mV",
         f"mean absolute {fmt.fixed(metrics.get('mae_mV'))} mV"),
        ("Worst point", worst.get("residual_mV"), fmt.fixed(worst.get("residual_mV"), 1, sign=True), "mV",
         f"{_text(worst.get('segment'))}, at {_clock(worst.get('time_s'))}"),
        ("Largest open-circuit correction", metrics.get("max_correction_mV"),
         fmt.fixed(metrics.get("max_correction_mV"), 1), "mV",
         f"without it: error {fmt.fixed(bare)} mV" if fmt.is_number(bare) else ""),
        ("Coverage of the 90 % band", coverage, fmt.percent(coverage, 1), "", "of the scored points"),
        ("Directions the data see", len(values) or None,
         f"{sum(v >= 1 for v in values)} of {len(values)}", "", "singular value of one or more"),
        ("Effective samples, least", sampling.get("ess_min"), fmt.count(sampling.get("ess_min")), "",
         f"largest R̂ {fmt.fixed(sampling.get('rhat_max'), 3)}"),
        ("Run time", total or None, fmt.duration(total), "", "all stages"),
    ]  # fmt: skip
    return [
        {"name": name, "value": value, "unit": unit, "note": note}
        for name, raw, value, unit, note in cards
        if fmt.is_number(raw)
    ]


def _clock(seconds: Any) -> str:
    if not fmt.is_number(seconds):
        return fmt.MISSING
    hours = float(seconds) / 3600
    return f"{hours:.2f} h" if hours >= 1 else f"{float(seconds) / 60:.1f} min"


def _segments(metrics: Mapping[str, Any]) -> list[dict[str, Any]]:
    worst = (metrics.get("worst_row") or {}).get("segment")
    return [
        {"name": name, "worst": name == worst, "clock": _clock(row.get("worst_time_s")), **_dashes(row)}
        for name, row in (metrics.get("segments") or {}).items()
    ]


def _dashes(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "n": fmt.count(row.get("n")),
        "rmse": fmt.fixed(row.get("rmse_mV")),
        "mae": fmt.fixed(row.get("mae_mV")),
        "residual": fmt.fixed(row.get("worst_residual_mV"), 1, sign=True),
    }


def _worst(data: ReportData) -> dict[str, str] | None:
    row = data.metrics.get("worst_row") or {}
    if not fmt.is_number(row.get("residual_mV")):
        return None
    return {
        "segment": _text(row.get("segment")),
        "clock": _clock(row.get("time_s")),
        "seconds": fmt.count(row.get("time_s")),
        "residual": fmt.fixed(row.get("residual_mV"), 1, sign=True),
    }


def _parameter(row: Mapping[str, Any]) -> dict[str, Any]:
    bound, shrinkage = row.get("distance_to_bound"), row.get("shrinkage")
    return {
        "name": row["name"],
        "label": row.get("label") or row["name"],
        "value": _with_unit(fmt.with_sd(row.get("map"), row.get("sd")), row.get("unit")),
        "median": fmt.number(row.get("q50")),
        "interval": fmt.interval(row.get("q05"), row.get("q95")),
        "prior": fmt.pretty_exponents(_text(row.get("prior"))),
        "prior_source": row.get("prior_source"),
        "scope": _text(row.get("scope")),
        "bound": fmt.percent(bound),
        "near_bound": fmt.is_number(bound) and float(bound) < 0.05,  # type: ignore[arg-type]
        "shrinkage": fmt.fixed(shrinkage),
        "bar": f"{min(max(100 * float(shrinkage), 0), 100):.0f}" if fmt.is_number(shrinkage) else None,  # type: ignore[arg-type]
    }


def _with_unit(value: str, unit: Any) -> str:
    return value if value == fmt.MISSING else f"{value} {fmt.pretty_unit(unit)}".rstrip()


def _before(data: ReportData) -> list[dict[str, str]]:
    """Ratio of standard deviations of each parameter: before any fit, after it, after sampling."""
    before = (data.identifiability.get("before") or {}).get("shrinkage") or {}
    after = data.identifiability.get("shrinkage") or {}
    rows = {row["name"]: row for row in data.parameters}
    return [
        {
            "label": fmt.plain(rows.get(name, {}).get("label") or name),
            "before": fmt.number(before.get(name), 2),
            "after": fmt.number(after.get(name), 2),
            "sampled": fmt.number(rows.get(name, {}).get("shrinkage"), 2) if data.sampled else "",
        }
        for name in before
    ]


def _combinations(data: ReportData) -> list[dict[str, Any]]:
    rows = [
        {
            "text": fmt.plain(item.get("text", "")),
            "value": fmt.number(item.get("singular_value"), 2),
            "seen": bool(item.get("seen")),
            "data": in_words(item.get("data") or {}),
        }
        for item in data.identifiability.get("combinations", ())
    ]
    return sorted(rows, key=lambda row: row["seen"])


def _diagnostics(data: ReportData) -> list[tuple[str, str, str]]:
    """What was measured about the sampler, its value, and what to want."""
    facts = data.sampling or {}
    acceptance = facts.get("acceptance")
    return [
        ("Walkers", fmt.count(facts.get("walkers")), ""),
        ("Steps", fmt.count(facts.get("steps")), ""),
        ("Longest autocorrelation time", f"{fmt.number(facts.get('tau_max'))} steps", ""),
        ("Steps over autocorrelation time", fmt.number(facts.get("steps_over_tau")), "50 or more"),
        ("Fewest effective samples", fmt.count(facts.get("ess_min")), "400 or more"),
        ("Largest R̂", fmt.fixed(facts.get("rhat_max"), 3), "below 1.05"),
        ("Acceptance", fmt.percent(acceptance), "20 % to 50 %"),
        ("Failed evaluations", fmt.count(facts.get("n_failed")), "few"),
    ]


def _converged(data: ReportData) -> bool:
    status = str((data.sampling or {}).get("status") or "").lower()
    return status.startswith(("converged", "ok", "good", "complete"))


def _timing(data: ReportData) -> list[dict[str, str]]:
    spent = {name: float(value) for name, value in data.timing.items() if fmt.is_number(value)}
    total = sum(spent.values())
    return [
        {
            "name": name,
            "value": fmt.duration(value),
            "share": fmt.percent(value / total, 1) if total else fmt.MISSING,
            "bar": f"{100 * value / total:.1f}" if total else "0",
        }
        for name, value in spent.items()
    ]
