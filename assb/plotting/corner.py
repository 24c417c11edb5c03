"""Corner plot: marginals on the diagonal, joint densities below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from assb.plotting.chains import NOT_SAMPLED
from assb.plotting.coordinates import coordinates, draws
from assb.plotting.style import ALTERNATIVE, INK, MODEL, new_figure, note_figure, styled, wrapped

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from assb.report.data import ReportData

#: Posterior mass inside the contours.
MASSES = (0.5, 0.9)
_BINS = 28
_MOST = 40_000


@styled
def corner(data: ReportData, prior_samples: xr.Dataset | None = None) -> Figure:
    """Draw marginal histograms and the 50 % and 90 % regions of every pair of parameters.

    Parameters
    ----------
    data : ReportData
        Uses ``posterior`` and ``parameters``.
    prior_samples : xarray.Dataset, optional
        Draws of the prior; its density is a dashed line on the diagonal. Default ``data.prior_samples``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    posterior = data.posterior
    if posterior is None or not data.sampled:
        return note_figure(NOT_SAMPLED)
    prior = data.prior_samples if prior_samples is None else prior_samples
    items = coordinates(data.parameters, posterior)
    table = np.column_stack([draws(posterior, item).ravel() for item in items])
    table = table[np.isfinite(table).all(axis=1)]
    table = table[:: max(1, len(table) // _MOST)]
    count = len(items)
    limits = [_limits(column) for column in table.T]
    best = [item.value("map") for item in items]

    panel = 1.0 if count > 5 else 1.6
    side = panel * count
    left, bottom, right, top = 0.85, 0.85, 0.9, 0.6
    width, height = left + side + right, bottom + side + top
    fig = new_figure(width, height, constrained=False)
    axes = fig.subplots(
        count,
        count,
        squeeze=False,
        gridspec_kw={
            "left": left / width,
            "right": 1 - right / width,
            "bottom": bottom / height,
            "top": 1 - top / height,
            "wspace": 0.07,
            "hspace": 0.07,
        },
    )
    for i in range(count):
        for j in range(count):
            ax = axes[i, j]
            if j > i:
                ax.set_axis_off()
                continue
            ax.grid(False)
            ax.set_xlim(*limits[j])
            if i == j:
                drawn_prior = _prior_draws(prior, items[i])
                _marginal(ax, table[:, i], limits[i], best[i], drawn_prior)
            else:
                _pair(ax, table[:, j], table[:, i], limits[j], limits[i], best[j], best[i])
            _ticks(ax, i, j, count, panel)
        _name(axes[i, i], items[i], i, count)
    _key(fig, prior is not None, count)
    return fig


def _limits(values: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(values, [0.3, 99.7])
    margin = 0.06 * (high - low) or 0.5 * max(abs(low), 1e-12)
    return float(low - margin), float(high + margin)


def _prior_draws(prior: xr.Dataset | None, item: Any) -> np.ndarray | None:
    if prior is None or item.name not in prior:
        return None
    values = draws(prior, item).ravel()
    values = values[np.isfinite(values)]
    return values if values.size > 50 else None


def _marginal(
    ax: Axes, values: np.ndarray, limits: tuple[float, float], best: float | None, prior: np.ndarray | None
) -> None:
    counts, edges = np.histogram(values, bins=_BINS, range=limits, density=True)
    ax.stairs(counts, edges, color=MODEL, fill=True, alpha=0.45)
    ax.stairs(counts, edges, color=MODEL, linewidth=1.0)
    ax.set_ylim(0, 1.12 * counts.max())
    if prior is not None:
        from scipy.stats import gaussian_kde

        grid = np.linspace(*limits, 60)
        ax.plot(grid, gaussian_kde(prior[:4000])(grid), color=INK, linewidth=1.0, dashes=(3, 2))
    if best is not None:
        ax.axvline(best, color=ALTERNATIVE, linewidth=1.0)


def _pair(
    ax: Axes,
    x: np.ndarray,
    y: np.ndarray,
    x_limits: tuple[float, float],
    y_limits: tuple[float, float],
    x_best: float | None,
    y_best: float | None,
) -> None:
    from matplotlib.colors import to_rgba
    from scipy.ndimage import gaussian_filter

    ax.set_ylim(*y_limits)
    density, x_edges, y_edges = np.histogram2d(x, y, bins=_BINS, range=(x_limits, y_limits))
    density = gaussian_filter(density, 1.0 if x.size > 5000 else 1.5, mode="constant")
    if density.max() > 0:
        levels = _levels(density)
        grid = 0.5 * (x_edges[1:] + x_edges[:-1]), 0.5 * (y_edges[1:] + y_edges[:-1])
        if len(levels) == len(MASSES):
            fills = [to_rgba(MODEL, 0.22), to_rgba(MODEL, 0.6)]
            ax.contourf(*grid, density.T, levels=[*levels, density.max() * 1.01], colors=fills)
        ax.contour(*grid, density.T, levels=levels, colors=MODEL, linewidths=0.7)
    if x_best is not None and y_best is not None:
        ax.plot(x_best, y_best, marker="+", markersize=7, markeredgewidth=1.3, color=ALTERNATIVE)


def _levels(density: np.ndarray) -> list[float]:
    """Density levels that enclose the masses, outermost first."""
    ordered = np.sort(density.ravel())[::-1]
    mass = np.cumsum(ordered) / ordered.sum()
    return sorted({float(ordered[min(np.searchsorted(mass, m), mass.size - 1)]) for m in MASSES})


def _ticks(ax: Axes, i: int, j: int, count: int, panel: float) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(2, min_n_ticks=2, prune=None))
    ax.tick_params(labelsize=8, length=2.5, pad=2)
    if i == j:
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
    else:
        ax.yaxis.set_major_locator(MaxNLocator(2, min_n_ticks=2))
    if i < count - 1:
        ax.tick_params(labelbottom=False)
    else:
        for tick in ax.get_xticklabels():
            tick.set_rotation(40)
            tick.set_horizontalalignment("right")
            tick.set_rotation_mode("anchor")
        ax.set_xlabel(str(j + 1), fontsize=10.5, fontweight="bold")
        ax.xaxis.set_label_coords(0.5, -0.52 / panel)
    if j > 0 or i == 0:
        ax.tick_params(labelleft=False)
    if j == 0:
        ax.set_ylabel(str(i + 1), fontsize=10.5, fontweight="bold", rotation=0, va="center")
        ax.yaxis.set_label_coords(-0.62 / panel, 0.5)


def _name(ax: Axes, item: Any, index: int, count: int) -> None:
    """Write number, label and unit above a diagonal panel, where the upper triangle leaves room."""
    room = 26 if index < count - 1 else 22
    text = wrapped(f"{index + 1}  {item.label}", room)
    ax.annotate(
        f"{text}\n{item.quantity}" if item.quantity else text,
        (0.0, 1.0),
        xycoords="axes fraction",
        xytext=(1, 4),
        textcoords="offset points",
        ha="left",
        va="bottom",
        fontsize=9.5,
        linespacing=1.25,
    )


def _key(fig: Figure, prior: bool, count: int) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [
        Patch(facecolor=MODEL, alpha=0.7, label="50 % of the posterior"),
        Patch(facecolor=MODEL, alpha=0.3, label="90 % of the posterior"),
        Line2D([], [], color=ALTERNATIVE, marker="+", markersize=9, markeredgewidth=1.5, label="best fit"),
    ]
    if prior:
        handles.append(Line2D([], [], color=INK, linewidth=1.0, dashes=(3, 2), label="prior"))
    fig.legend(handles=handles, loc="upper right", fontsize=min(8 + 0.45 * count, 13))
