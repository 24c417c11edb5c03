"""Posterior-predictive check: whether the band covers what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assb.plotting.style import (
    ALTERNATIVE,
    BAND,
    INK,
    MEASURED,
    MODEL,
    new_figure,
    note_figure,
    segment_spans,
    shade_segments,
    styled,
    time_axis,
    zero_line,
)
from assb.plotting.text import percent

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from assb.report.data import ReportData


@styled
def posterior_predictive(data: ReportData) -> Figure:
    """Draw the residual against the 90 % band, and the voltage close up where each segment fits worst.

    Parameters
    ----------
    data : ReportData
        Uses ``fit``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    if not data.has_band:
        return note_figure("No posterior-predictive band: the posterior was not sampled.")
    fit = data.fit
    time, label, scale = time_axis(fit["time"].values)
    lower, upper, measured = (fit[name].values for name in ("lower", "upper", "measured"))
    rows = data.scored & np.isfinite(lower) & np.isfinite(upper)
    inside = (measured >= lower) & (measured <= upper)
    spans = segment_spans(fit)
    zooms = [k for k, (_, start, stop) in enumerate(spans) if _rows(fit, rows, start, stop).sum() >= 2][:4]

    fig = new_figure(9.6, 6.0 if zooms else 3.4)
    grid = fig.add_gridspec(2 if zooms else 1, max(len(zooms), 1), height_ratios=(1.2, 1) if zooms else (1,))
    ax = fig.add_subplot(grid[0, :])
    shade_segments([ax], spans, scale, label_on=ax)
    model = fit["map"].values
    ax.fill_between(time, 1e3 * (lower - model), 1e3 * (upper - model), color=BAND, alpha=0.4, linewidth=0)
    zero_line(ax)
    residual = data.residual_mV
    _points(ax, time, residual, rows & inside, rows & ~inside, size=3.4)
    total = int(rows.sum())
    ax.set_title(
        f"{int((rows & inside).sum())} of {total} points ({_share(inside, rows)}) lie in the 90 % band"
        if total
        else "No scored point has a band",
        pad=20,
    )
    ax.set_ylabel("Measured − fit [mV]")
    ax.set_xlabel(label)
    ax.set_xlim(np.nanmin(time), np.nanmax(time))
    ax.margins(y=0.1)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.05), ncols=2, borderaxespad=0.2)

    for column, k in enumerate(zooms):
        name, start, stop = spans[k]
        _zoom(fig.add_subplot(grid[1, column]), data, rows, inside, name, start, stop, scale)
    if zooms:
        fig.axes[1].set_ylabel("Voltage [V]")
        fig.supxlabel(f"{label}, close up where the segment fits worst", fontsize=9.5, color=INK)
    return fig


def _rows(fit: xr.Dataset, rows: np.ndarray, start: float, stop: float) -> np.ndarray:
    time = fit["time"].values
    return rows & (time >= start) & (time <= stop)


def _share(inside: np.ndarray, rows: np.ndarray) -> str:
    share = float(inside[rows].mean())
    return percent(share, 0 if round(100 * share, 1) % 1 == 0 else 1)


def _points(
    ax: Axes, time: np.ndarray, values: np.ndarray, good: np.ndarray, bad: np.ndarray, *, size: float
) -> None:
    ax.plot(time[good], values[good], "o", color=MEASURED, markersize=size, markeredgewidth=0, label="inside")
    ax.plot(
        time[bad],
        values[bad],
        "o",
        markersize=size + 1,
        markerfacecolor="none",
        markeredgecolor=ALTERNATIVE,
        markeredgewidth=1.2,
        label="outside",
    )


def _zoom(
    ax: Axes,
    data: ReportData,
    rows: np.ndarray,
    inside: np.ndarray,
    name: str,
    start: float,
    stop: float,
    scale: float,
) -> None:
    fit = data.fit
    seconds = fit["time"].values.astype(float)
    part = np.flatnonzero(_rows(fit, rows, start, stop))
    worst = part[np.argmax(np.abs(data.residual_mV[part]))]
    half = 0.1 * (stop - start)
    centre = float(np.clip(seconds[worst], start + half, stop - half))
    window = (seconds >= centre - half) & (seconds <= centre + half) & (seconds >= start) & (seconds <= stop)
    if (window & rows).sum() < 4:
        near = part[np.argsort(np.abs(seconds[part] - seconds[worst]))[:6]]
        window = (seconds >= seconds[near].min()) & (seconds <= seconds[near].max())
    time = seconds / scale
    ax.fill_between(
        time[window],
        fit["lower"].values[window],
        fit["upper"].values[window],
        color=BAND,
        alpha=0.4,
        linewidth=0,
    )
    ax.plot(time[window], fit["map"].values[window], color=MODEL, linewidth=1.3)
    shown = window & rows
    _points(ax, time, fit["measured"].values, shown & inside, shown & ~inside, size=4)
    ax.set_title(f"{name}: {_share(inside, part)} inside", fontsize=9.5)
    ax.locator_params(axis="x", nbins=3)
    ax.locator_params(axis="y", nbins=4)
    ax.margins(x=0.04, y=0.08)
