"""Forest plot: what the prior allowed against what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from assb.plotting.coordinates import Z90, Coordinate, coordinates, draws
from assb.plotting.style import (
    ALTERNATIVE,
    INK,
    MODEL,
    MUTED,
    PAPER,
    PRIOR,
    new_figure,
    note_figure,
    styled,
    wrapped,
)
from assb.plotting.text import fixed, is_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from assb.report.data import ReportData


@styled
def prior_posterior(data: ReportData) -> Figure:
    """Draw the 90 % interval of each parameter before and after the fit, in prior standard deviations.

    Without samples the interval is the best fit with the linearised standard deviation. Parameters are
    sorted by how much the data narrowed them.

    Parameters
    ----------
    data : ReportData
        Uses ``parameters`` and, where the rows lack prior quantiles, ``prior_samples``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    items = [item for item in coordinates(data.parameters) if _shrinkage(item) is not None]
    if not items:
        return note_figure("No parameter has both a prior and a posterior width to compare.")
    items.sort(key=lambda item: _shrinkage(item) or 0.0)
    fig = new_figure(9.6, 1.5 + 0.42 * len(items))
    ax = fig.subplots()
    y = np.arange(len(items))[::-1]
    placed = True
    for row, item in zip(y, items, strict=True):
        ax.plot([-Z90, Z90], [row, row], color=PRIOR, linewidth=9, solid_capstyle="butt", zorder=2)
        low, middle, high, best = _interval(item, data)
        if middle is None:
            placed = False
        ax.plot([low, high], [row, row], color=MODEL, linewidth=4, solid_capstyle="butt", zorder=3)
        if data.sampled or middle is None:
            ax.plot(middle or 0.0, row, "o", color=PAPER, markeredgecolor=MODEL, markersize=6, zorder=4)
        if best is not None:
            ax.plot(best, row, marker="|", color=ALTERNATIVE, markersize=13, markeredgewidth=2, zorder=5)
        ax.annotate(
            fixed(_shrinkage(item), 2),
            (1.015, row),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=9,
            color=INK if (_shrinkage(item) or 1) < 0.8 else MUTED,
        )
    ax.annotate(
        "sd after /\nsd before",
        (1.015, 1.0),
        xycoords="axes fraction",
        xytext=(0, 3),
        textcoords="offset points",
        va="bottom",
        fontsize=8.5,
    )
    ax.set_yticks(y, [wrapped(item.label, 36) for item in items], fontsize=9)
    ax.set_ylim(-0.7, len(items) - 0.3)
    ax.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(
        "Distance from the prior median [prior standard deviations]"
        if placed
        else "Prior standard deviations; open circles at zero: position not known"
    )
    _key(fig, data.sampled)
    return fig


def _shrinkage(item: Coordinate) -> float | None:
    value: Any = item.row.get("shrinkage")
    return float(value) if is_number(value) else None


def _prior_scale(item: Coordinate, data: ReportData) -> tuple[float, float] | None:
    """Median and standard deviation of the prior in the drawn coordinate."""
    low, middle, high = (item.value(key) for key in ("prior_q05", "prior_q50", "prior_q95"))
    if low is not None and middle is not None and high is not None and high > low:
        return middle, (high - low) / (2 * Z90)
    if data.prior_samples is not None and item.name in data.prior_samples:
        values = draws(data.prior_samples, item).ravel()
        return float(np.nanmedian(values)), float(np.nanstd(values)) or 1.0
    return None


def _interval(item: Coordinate, data: ReportData) -> tuple[float, float | None, float, float | None]:
    width = Z90 * (_shrinkage(item) or 0.0)
    scale = _prior_scale(item, data)
    if scale is None:
        return -width, None, width, None
    centre, sd = scale
    best = item.value("map")
    best = None if best is None else (best - centre) / sd
    low, middle, high = (item.value(key) for key in ("q05", "q50", "q95"))
    if low is not None and high is not None:
        middle = 0.5 * (low + high) if middle is None else middle
        return (low - centre) / sd, (middle - centre) / sd, (high - centre) / sd, best
    return (best or 0.0) - width, best, (best or 0.0) + width, best


def _key(fig: Figure, sampled: bool) -> None:
    from matplotlib.lines import Line2D

    after = "posterior, 90 % (circle: median)" if sampled else "after the fit, linearised, 90 %"
    fig.legend(
        handles=[
            Line2D([], [], color=PRIOR, linewidth=9, solid_capstyle="butt", label="prior, 90 %"),
            Line2D([], [], color=MODEL, linewidth=4, solid_capstyle="butt", label=after),
            Line2D(
                [],
                [],
                linestyle="none",
                marker="|",
                color=ALTERNATIVE,
                markersize=12,
                markeredgewidth=2,
                label="best fit",
            ),
        ],
        loc="outside upper left",
        ncols=3,
    )
