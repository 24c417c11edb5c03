"""Fits of single data sets: pressure, impedance and tables, and the figures that a calibration needs of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from assb.plotting.style import (
    ALTERNATIVE,
    BAND,
    INK,
    MEASURED,
    MODEL,
    MUTED,
    new_figure,
    segment_spans,
    shade_segments,
    styled,
    time_axis,
    wrapped,
    zero_line,
)
from assb.plotting.text import fixed, number, split_name
from assb.plotting.voltage_fit import voltage_fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from assb.report.data import ReportData
    from assb.report.fits import DataFit

_DOTS: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 3.0, "markeredgewidth": 0}


def detail_figures(data: ReportData) -> dict[str, tuple[DataFit, Callable[[], Figure]]]:
    """Figures of the data sets beside that of the first voltage: name -> data set and what draws it."""
    if not data.detailed:
        return {}
    found: dict[str, tuple[DataFit, Callable[[], Figure]]] = {}
    first = next((each for each in data.datasets if each.kind == "series"), None)

    def add(prefix: str, each: DataFit, draw: Callable[[], Figure]) -> None:
        name, k = f"{prefix}_{each.slug}", 2
        while name in found:
            name, k = f"{prefix}_{each.slug}_{k}", k + 1
        found[name] = each, draw

    for each in data.datasets:
        if each.kind == "series":
            if each is not first:
                add("voltage_fit", each, partial(_voltage_of, data, each))
            if each.has_pressure:
                add("pressure_fit", each, partial(pressure_fit, each))
        elif each.kind == "spectrum":
            add("impedance_fit", each, partial(impedance_fit, each))
        else:
            add("table_fit", each, partial(table_fit, each))
    return found


def _voltage_of(data: ReportData, each: DataFit) -> Figure:
    return voltage_fit(dataclasses.replace(data, fit=each.fit))


@styled
def pressure_fit(data: DataFit) -> Figure:
    """Draw measured and fitted stack pressure, and the residual.

    Parameters
    ----------
    data : DataFit
        A time series with pressure.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fit = data.fit
    time, label, scale = time_axis(fit["time"].values)
    scored = fit["scored"].values.astype(bool)
    measured, model, lower, upper = (
        fit[f"pressure_{key}"].values for key in ("measured", "map", "lower", "upper")
    )
    fig = new_figure(9.6, 4.4)
    above, below = fig.subplots(2, 1, sharex=True, height_ratios=(2.2, 1.0))
    shade_segments([above, below], segment_spans(fit), scale, label_on=above)
    if np.isfinite(lower).any():
        _band(above, time, lower, upper)
        below.fill_between(time, lower - model, upper - model, color=BAND, alpha=0.4, linewidth=0)
    above.plot(time, model, color=MODEL, label="best fit")
    above.plot(time[scored], measured[scored], color=MEASURED, label="measured", **_DOTS)
    above.set_ylabel("Stack pressure\n[MPa]")
    above.legend(loc="best")
    residual = (measured - model)[scored]
    zero_line(below)
    below.plot(time[scored], residual, color=MEASURED, **_DOTS)
    below.set_ylabel("Measured − fit\n[MPa]")
    below.set_xlabel(label)
    above.set_xlim(np.nanmin(time), np.nanmax(time))
    _score(below, residual, "MPa", 3)
    fig.align_ylabels([above, below])
    return fig


@styled
def impedance_fit(data: DataFit) -> Figure:
    """Draw measured and fitted impedance: complex plane, magnitude and phase, residual.

    Parameters
    ----------
    data : DataFit
        A spectrum.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fit = data.fit
    order = np.argsort(fit["frequency"].values)
    frequency = fit["frequency"].values[order]
    measured, model = (
        (fit[f"{key}_real"].values + 1j * fit[f"{key}_imaginary"].values)[order]
        for key in ("measured", "map")
    )
    fig = new_figure(9.6, 5.6)
    grid = fig.add_gridspec(3, 2, width_ratios=(1.15, 1.0))
    plane = fig.add_subplot(grid[:, 0])
    size = fig.add_subplot(grid[0, 1])
    phase = fig.add_subplot(grid[1, 1], sharex=size)
    error = fig.add_subplot(grid[2, 1], sharex=size)
    plane.plot(model.real, -model.imag, color=MODEL, label="best fit")
    plane.plot(measured.real, -measured.imag, color=MEASURED, label="measured", **_DOTS)
    _decades(plane, frequency, measured)
    plane.set(xlabel="Re Z [Ω]", ylabel="−Im Z [Ω]")
    plane.set_aspect("equal", adjustable="datalim")
    plane.legend(loc="best")
    size.semilogx(frequency, np.abs(model), color=MODEL)
    size.semilogx(frequency, np.abs(measured), color=MEASURED, **_DOTS)
    size.set_ylabel("|Z| [Ω]")
    phase.semilogx(frequency, -np.angle(model, deg=True), color=MODEL)
    phase.semilogx(frequency, -np.angle(measured, deg=True), color=MEASURED, **_DOTS)
    phase.set_ylabel("−Phase [°]")
    relative = 100 * (measured - model) / np.abs(measured)
    zero_line(error)
    error.semilogx(
        frequency, relative.real, color=INK, marker="o", markersize=2.6, linewidth=0.8, label="real"
    )
    error.semilogx(
        frequency,
        relative.imag,
        color=ALTERNATIVE,
        marker="s",
        markersize=2.6,
        linewidth=0.8,
        label="imaginary",
    )
    error.set_ylabel("Measured − fit\n[% of |Z|]")
    error.set_xlabel("Frequency [Hz]")
    error.legend(loc="best", ncols=2)
    _score(error, relative, "%", 2)
    for ax in (size, phase):
        ax.tick_params(labelbottom=False)
    fig.align_ylabels([size, phase, error])
    return fig


@styled
def table_fit(data: DataFit) -> Figure:
    """Draw measured against fitted rows of a table, and the residual by row.

    Parameters
    ----------
    data : DataFit
        A table.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fit = data.fit
    measured, model, scale, lower, upper = (
        fit[key].values for key in ("measured", "map", "scale", "lower", "upper")
    )
    row = np.arange(1, len(measured) + 1)
    fig = new_figure(9.6, 4.4)
    above, below = fig.subplots(2, 1, sharex=True, height_ratios=(2.2, 1.0))
    if np.isfinite(lower).any():
        above.vlines(row, lower, upper, color=BAND, linewidth=7, alpha=0.5, label="90 % band")
    above.errorbar(
        row,
        measured,
        yerr=scale,
        color=MEASURED,
        linestyle="none",
        marker="o",
        markersize=3.5,
        elinewidth=0.8,
        label="measured, with its scale",
    )
    above.plot(
        row,
        model,
        color=MODEL,
        linestyle="none",
        marker="_",
        markersize=12,
        markeredgewidth=1.8,
        label="best fit",
    )
    if (measured > 0).all() and (model > 0).all() and measured.max() > 30 * measured.min():
        above.set_yscale("log")
    quantity, unit = split_name(str(fit.attrs.get("quantity", "Value")))
    above.set_ylabel(wrapped(f"{quantity} [{unit}]" if unit else quantity, 26))
    above.legend(loc="best")
    zero_line(below)
    below.plot(row, (measured - model) / scale, color=MEASURED, **_DOTS)
    below.set_ylabel("Measured − fit\n[scales]")
    below.set_xlabel("Row")
    below.xaxis.get_major_locator().set_params(integer=True)
    _score(below, (measured - model) / scale, "scales", 2)
    fig.align_ylabels([above, below])
    return fig


def _band(ax: Axes, x: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
    ax.fill_between(
        x, lower, upper, color=BAND, alpha=0.4, linewidth=0, label="90 % posterior-predictive band"
    )


def _score(ax: Axes, residual: np.ndarray, unit: str, digits: int) -> None:
    rmse = float(np.sqrt(np.mean(np.abs(residual) ** 2))) if residual.size else np.nan
    ax.set_title(
        f"RMSE {fixed(rmse, digits)} {unit}   {residual.size} points",
        loc="right",
        fontsize=8.8,
        fontweight="normal",
        color=INK,
        pad=3,
    )
    ax.margins(y=0.12)


def _decades(ax: Axes, frequency: np.ndarray, impedance: np.ndarray) -> None:
    """Name every other decade of frequency beside its point, where names do not meet."""
    span, named = float(np.ptp(impedance.real)) or 1.0, list[complex]()
    first, last = np.ceil(np.log10(frequency.min())), np.floor(np.log10(frequency.max()))
    for decade in np.arange(first, last + 1, 2):
        k = int(np.argmin(np.abs(np.log10(frequency) - decade)))
        if any(abs(impedance[k] - point) < 0.12 * span for point in named):
            continue
        named.append(impedance[k])
        ax.annotate(
            f"{number(10.0**decade, 2)} Hz",
            (impedance[k].real, -impedance[k].imag),
            xytext=(4, 6),
            textcoords="offset points",
            fontsize=8.0,
            color=MUTED,
        )
