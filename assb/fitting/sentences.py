"""The result of a calibration in plain sentences: how good the fit is, and what the data cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import xarray as xr

from assb.fitting.estimate import Estimate
from assb.fitting.identifiable import in_words
from assb.fitting.problem import Problem
from assb.report import DataFit

__all__ = ["summary"]

#: Thiele number above which the single-particle model loses accuracy.
THIELE = 2.5


def summary(
    problem: Problem,
    estimate: Estimate,
    metrics: dict[str, Any],
    dataset: xr.Dataset,
    fits: Sequence[DataFit],
) -> list[str]:
    """Plain sentences.

    Parameters
    ----------
    problem : Problem
    estimate : Estimate
    metrics : dict
        Of all voltages, as of :func:`assb.report.fit_metrics`.
    dataset : xarray.Dataset
        Trajectory of the first time series; empty without one.
    fits : sequence of DataFit
    """
    single = len(fits) == 1 and fits[0].kind == "series"
    lines = [_one_record(problem, metrics)] if single else _records(problem, fits)
    if single and fits[0].has_pressure:
        lines.append(f"The pressure is met within {_pressure(fits[0])}.")
    if metrics.get("max_correction_mV") is not None:
        lines.append(
            f"The open-circuit correction reaches {metrics['max_correction_mV']:.0f} mV; with it set to zero and"
            f" nothing refitted the error is {metrics['rmse_without_correction_mV']:.0f} mV rms."
        )
    rows = estimate.identifiability_.combinations()
    unseen = [row for row in rows if not row["seen"]]
    if len(fits) > 1:
        lines.append(
            f"The data see {len(rows) - len(unseen)} of {len(rows)} combinations of parameters better than the"
            " priors do."
        )
        lines += _sources(rows, fits)
    if unseen:
        words = "; ".join(row["text"] for row in unseen)
        whose = "The record adds" if single else "These data add"
        lines.append(f"{whose} nothing to the prior on: {words}.")
    lines += _limits(problem, dataset, fits, single)
    return lines


def _one_record(problem: Problem, metrics: dict[str, Any]) -> str:
    return (
        f"{len(problem.names)} model parameters reproduce {int(problem.data.scored.sum())} rows within"
        f" {metrics['rmse_mV']:.1f} mV rms; the worst row is {abs(metrics['worst_row']['residual_mV']):.0f} mV off,"
        f" at {metrics['worst_row']['time_s']:.0f} s ({metrics['worst_row']['segment']})."
    )


def _records(problem: Problem, fits: Sequence[DataFit]) -> list[str]:
    sets = f"{len(fits)} data sets" if len(fits) > 1 else "one data set"
    lines = [f"{len(problem.names)} model parameters describe {problem.scored_rows} rows of {sets}."]
    for each in fits:
        found = each.metrics
        where = ", ".join(f"{name} = {value:g}" for name, value in each.settings.items())
        about = f" ({where})" if where else ""
        if each.kind == "spectrum":
            how = f"{found['rmse']:.1f} % of the magnitude rms"
        else:
            how = f"{found['rmse']:.3g} {found['unit']} rms".replace(" - rms", " rms")
        more = f", its pressure within {_pressure(each)}" if each.has_pressure else ""
        what = "frequencies" if each.kind == "spectrum" else "rows"
        lines.append(f"{each.name}{about}: {found['rows']} {what} within {how}{more}.")
    return lines


def _pressure(each: DataFit) -> str:
    return f"{each.metrics['pressure']['rmse']:.2g} MPa rms"


def _sources(rows: list[dict[str, Any]], fits: Sequence[DataFit]) -> list[str]:
    """For each data set the combinations that owe most to it."""
    lines = []
    for each in fits:
        owed = [k + 1 for k, row in enumerate(rows) if row["seen"] and row["data"][each.name] >= 0.5]
        if owed:
            numbers = ", ".join(map(str, owed))
            word = "combinations" if len(owed) > 1 else "combination"
            lines.append(
                f"{each.name} gives at least half of what the data say about {word} {numbers}, counted from the best"
                " seen."
            )
    best = rows[0]
    if best["seen"]:
        lines.append(f"Best seen: {best['text']} ({in_words(best['data'])}).")
    return lines


def _limits(problem: Problem, dataset: xr.Dataset, fits: Sequence[DataFit], single: bool) -> list[str]:
    lines = []
    series = [name for name in problem.names if "resistance" in name or "conductivity" in name]
    if single and len(series) > 1:
        lines.append(
            "One cycle at one current sees only the sum of the series resistances: interface, contact, space charge,"
            " network and separator act alike. Their split here comes from the priors; an impedance spectrum, a second"
            " pressure or a second thickness would separate them."
        )
    if any("stripping" in name for name in problem.names):
        lines.append(
            "The rise of resistance towards the end of discharge is written as stripping of the In-Li foil. An"
            " exchange current that vanishes near full lithiation of the cathode would do the same: a two-electrode"
            " cell cannot tell them apart; a reference electrode or a symmetric In-Li cell would."
        )
    number = "Positive electrode Thiele number"
    if number in dataset and float(dataset[number].max()) > THIELE:
        lines.append(
            "The Thiele number of the cathode exceeds 2.5: the single-particle model loses accuracy there; repeat"
            " with the DFN."
        )
    if dataset.data_vars and not any(each.has_pressure for each in fits):
        lines.append(
            "Stack pressure and contact fraction were not measured: what is shown follows from the parameter set, whose"
            " mechanical values are assumptions."
        )
    elif dataset.data_vars:
        lines.append(
            "The contact fraction was not measured: what is shown follows from the model and its parameters."
        )
    return lines
