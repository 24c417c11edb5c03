"""Measured and fitted voltage, the current above, the residual below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from assb.plotting.style import (
    ALTERNATIVE,
    BAND,
    INK,
    MEASURED,
    MODEL,
    MUTED,
    PAPER,
    new_figure,
    segment_spans,
    shade_segments,
    styled,
    time_axis,
    zero_line,
)
from assb.plotting.text import fixed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from assb.report.data import ReportData


@styled
def voltage_fit(data: ReportData) -> Figure:
    """Draw the fit: current strip, voltage with band and best fit, residual in mV.

    Parameters
    ----------
    data : ReportData
        Uses ``fit``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fit = data.fit
    time, label, scale = time_axis(fit["time"].values)
    spans = segment_spans(fit)
    fig = new_figure(9.6, 6.6)
    grid = fig.add_gridspec(3, 1, height_ratios=(0.55, 3.0, 1.35))
    top = fig.add_subplot(grid[0])
    middle = fig.add_subplot(grid[1], sharex=top)
    bottom = fig.add_subplot(grid[2], sharex=top)
    shade_segments([top, middle, bottom], spans, scale, label_on=top)

    _current(top, time, fit["current"].values)
    scored = data.scored
    if data.has_band:
        middle.fill_between(
            time,
            fit["lower"].values,
            fit["upper"].values,
            color=BAND,
            alpha=0.4,
            linewidth=0,
            label="90 % posterior-predictive band",
        )
    bare = fit["without_correction"].values
    if np.isfinite(bare).any():
        middle.plot(
            time,
            bare,
            color=ALTERNATIVE,
            linewidth=1.2,
            dashes=(4, 2),
            label="without open-circuit correction",
        )
    middle.plot(time, fit["map"].values, color=MODEL, label="best fit")
    dots: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 3.0, "markeredgewidth": 0}
    middle.plot(time[scored], fit["measured"].values[scored], color=MEASURED, label="measured", **dots)
    if (~scored).any():
        middle.plot(
            time[~scored],
            fit["measured"].values[~scored],
            linestyle="none",
            marker="o",
            markersize=5,
            markerfacecolor="none",
            markeredgecolor=MUTED,
            label="measured, not scored",
        )
    middle.set_ylabel("Voltage [V]")
    handles, names = middle.get_legend_handles_labels()
    middle.legend(handles[::-1], names[::-1], loc="best")

    _residual(bottom, data, time, dots)
    bottom.set_xlabel(label)
    for ax in (top, middle):
        ax.tick_params(labelbottom=False)
    top.set_xlim(time.min(), time.max())
    top.margins(x=0.01)
    top.autoscale(axis="x")
    fig.align_ylabels([top, middle, bottom])
    return fig


def _current(ax: Axes, time: np.ndarray, current: np.ndarray) -> None:
    size = float(np.nanmax(np.abs(current))) if np.isfinite(current).any() else 0.0
    factor, unit = (1.0, "A") if size >= 1 else (1e3, "mA") if size >= 1e-3 or size == 0 else (1e6, "µA")
    ax.fill_between(time, factor * current, step="pre", color=MUTED, alpha=0.28, linewidth=0)
    ax.step(time, factor * current, where="pre", color=MUTED, linewidth=1.1)
    zero_line(ax)
    ax.set_ylabel(f"Current\n[{unit}]")
    ax.locator_params(axis="y", nbins=3)
    ax.margins(y=0.15)


def _residual(ax: Axes, data: ReportData, time: np.ndarray, dots: dict) -> None:
    fit, scored, residual = data.fit, data.scored, data.residual_mV
    if data.has_band:
        ax.fill_between(
            time,
            1e3 * (fit["lower"].values - fit["map"].values),
            1e3 * (fit["upper"].values - fit["map"].values),
            color=BAND,
            alpha=0.4,
            linewidth=0,
        )
    zero_line(ax)
    ax.vlines(time[scored], 0, residual[scored], color=MUTED, linewidth=0.5, alpha=0.6)
    ax.plot(time[scored], residual[scored], color=MEASURED, **dots)
    ax.set_ylabel("Measured − fit\n[mV]")
    if not scored.any():
        return
    worst = int(np.flatnonzero(scored)[np.argmax(np.abs(residual[scored]))])
    ax.plot(
        time[worst],
        residual[worst],
        marker="o",
        markersize=8,
        markerfacecolor="none",
        markeredgecolor=ALTERNATIVE,
        markeredgewidth=1.3,
    )
    right = time[worst] > 0.5 * (np.nanmin(time) + np.nanmax(time))
    ax.annotate(
        f"worst: {fixed(residual[worst], 1, sign=True)} mV",
        (time[worst], residual[worst]),
        xytext=(-9 if right else 9, 0),
        textcoords="offset points",
        ha="right" if right else "left",
        va="center",
        color=ALTERNATIVE,
        fontsize=8.5,
        bbox={"facecolor": PAPER, "alpha": 0.75, "edgecolor": "none", "pad": 1.0},
    )
    rmse = float(np.sqrt(np.mean(residual[scored] ** 2)))
    mae = float(np.mean(np.abs(residual[scored])))
    ax.set_title(
        f"RMSE {fixed(rmse, 2)} mV   MAE {fixed(mae, 2)} mV   {int(scored.sum())} points",
        loc="right",
        fontsize=8.8,
        fontweight="normal",
        color=INK,
        pad=3,
    )
    ax.margins(y=0.12)
