"""What the data see: singular directions of the prior-scaled Jacobian, and correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from assb.plotting.coordinates import labels_of
from assb.plotting.style import (
    CELL_INK,
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
from assb.plotting.text import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from assb.report.data import ReportData

_COLOURS = "RdBu_r"
_NOTE = (
    "At a singular value of 1 the data narrow a direction as much as the prior did; "
    "below 1 the prior decides."
)


@styled
def identifiability_heatmap(data: ReportData) -> Figure:
    """Draw the singular vectors as a heat map under their singular values, and the correlation matrix.

    A singular value of one means that the data narrow that direction as much as the prior does; below one
    the prior decides.

    Parameters
    ----------
    data : ReportData
        Uses ``identifiability`` and the labels of ``parameters``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    facts = data.identifiability or {}
    names = list(facts.get("names", ()))
    values = np.asarray(facts.get("singular_values", ()), dtype=float)
    vectors = np.asarray(facts.get("vectors", ()), dtype=float)
    if not names or vectors.ndim != 2 or vectors.shape[1] != len(names):
        return note_figure("Identifiability was not computed.")
    count = len(names)
    labels = [wrapped(label, 34) for label in labels_of(names, data.parameters)]
    drawn = facts.get("posterior_correlation")
    correlation = drawn if drawn is not None else facts.get("correlation")
    wide = correlation is not None and np.shape(correlation) == (count, count)

    cell = 0.42 if count > 6 else 0.55
    fig = new_figure(2.9 + (2 if wide else 1) * max(cell * count, 2.6) + 0.9, 2.3 + cell * count)
    grid = fig.add_gridspec(2, 2 if wide else 1, height_ratios=(1.15, max(cell * count, 2.0)))
    bars = fig.add_subplot(grid[0, 0])
    left = fig.add_subplot(grid[1, 0], sharex=bars)
    mesh = _cells(left, vectors.T)
    left.set_yticks(np.arange(count) + 0.5, [str(k + 1) for k in range(count)])
    for k, label in enumerate(labels):
        left.annotate(
            label,
            (0, k + 0.5),
            xytext=(-23, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8.8,
            annotation_clip=False,
        )
    left.set_xticks(np.arange(len(values)) + 0.5, [str(k + 1) for k in range(len(values))])
    left.set_xlabel("Direction, best seen first")
    _bars(bars, values)
    if wide:
        right = fig.add_subplot(grid[1, 1])
        _cells(right, np.asarray(correlation, dtype=float), lower_only=True)
        right.set_yticks(np.arange(1, count) + 0.5, [str(k + 1) for k in range(1, count)])
        right.set_xticks(np.arange(count - 1) + 0.5, [str(k + 1) for k in range(count - 1)])
        right.text(
            1.0,
            0.97,
            wrapped(_NOTE, 40) if count > 4 else "",
            transform=right.transAxes,
            ha="right",
            va="top",
            fontsize=8.8,
            color=MUTED,
            linespacing=1.5,
        )
        right.set_xlabel("Parameter, numbered as on the left")
        right.set_title("Correlation of the draws" if drawn is not None else "Correlation after the fit")
    bar = fig.colorbar(mesh, ax=fig.axes[1:], shrink=0.75, aspect=28, pad=0.015, ticks=[-1, -0.5, 0, 0.5, 1])
    bar.outline.set_visible(False)  # type: ignore[operator]
    bar.set_label(
        "Component of the direction; correlation" if wide else "Component of the direction", fontsize=8.8
    )
    return fig


def _cells(ax: Axes, matrix: np.ndarray, *, lower_only: bool = False) -> Any:
    shown = np.array(matrix)
    if lower_only:
        shown[np.triu_indices(len(shown))] = np.nan
    mesh = ax.pcolormesh(
        np.ma.masked_invalid(shown), cmap=_COLOURS, vmin=-1, vmax=1, edgecolors=PAPER, linewidth=1.2
    )
    for (i, j), value in np.ndenumerate(shown):
        if np.isfinite(value) and abs(value) >= 0.15:
            colour = "#ffffff" if abs(value) > 0.72 else CELL_INK
            text = f"{value:.2f}".replace("-", "−").replace("0.", ".", 1)
            ax.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=8.2, color=colour)
    ax.invert_yaxis()
    ax.grid(False)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return mesh


def _bars(ax: Axes, values: np.ndarray) -> None:
    safe = np.clip(np.nan_to_num(values), 1e-12, None)
    floor = min(0.3, max(float(safe.min()) / 2, float(safe.max()) * 1e-9, 1e-6))
    seen = safe >= 1
    ax.bar(
        np.arange(len(safe)) + 0.5,
        np.maximum(safe, floor) - floor,
        bottom=floor,
        width=0.72,
        color=[MODEL if s else PRIOR for s in seen],
    )
    ax.set_yscale("log")
    ax.set_ylim(floor, 12 * max(float(safe.max()), 1.0))
    ax.axhline(1.0, color=INK, linewidth=0.9, dashes=(4, 2))
    for k, value in enumerate(safe):
        ax.annotate(
            number(value, 2)
            if 1e-3 <= value < 1e4
            else f"{value:.0e}".replace("e-0", "e−").replace("e+0", "e"),
            (k + 0.5, max(value, floor)),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=7.8,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.4},
        )
    ax.tick_params(labelbottom=False, bottom=False, which="both")
    ax.minorticks_off()
    ax.grid(False)
    ax.set_ylabel("Singular\nvalue")
    ax.set_title(f"{int(seen.sum())} of {len(safe)} directions seen by the data (above the line)")
    ax.spines["bottom"].set_color(MUTED)
