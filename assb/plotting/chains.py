"""Traces of the sampler and its autocorrelation time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assb.plotting.coordinates import Coordinate, coordinates, draws, labels_of
from assb.plotting.style import (
    ALTERNATIVE,
    BAND,
    CYCLE,
    INK,
    MODEL,
    MUTED,
    new_figure,
    note_figure,
    styled,
    wrapped,
)
from assb.plotting.text import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from assb.report.data import ReportData

_MOST_DRAWS = 240

NOT_SAMPLED = "The posterior was not sampled, so there is nothing to draw here."


@styled
def trace(data: ReportData, *, max_chains: int = 10) -> Figure:
    """Draw the chains of every parameter against the draw, with the marginal density beside them.

    The band holds the middle 90 % of all chains at each draw: it drifts or widens where they have not
    settled. A few chains are drawn in it.

    Parameters
    ----------
    data : ReportData
        Uses ``posterior`` and ``parameters``.
    max_chains : int
        At most so many chains are drawn as lines; band and marginal use all.

    Returns
    -------
    matplotlib.figure.Figure
    """
    posterior = data.posterior
    if posterior is None or not data.sampled:
        return note_figure(NOT_SAMPLED)
    items = coordinates(data.parameters, posterior)
    if "log_likelihood" in posterior:
        items = items + [Coordinate("log_likelihood", "Log-likelihood", "", False, {})]
    steps = np.asarray(posterior["draw"].values, dtype=float)
    every = max(1, int(np.ceil(steps.size / _MOST_DRAWS)))
    fig = new_figure(10.0, 0.6 + 0.84 * len(items))
    axes = fig.subplots(
        len(items), 2, sharey="row", squeeze=False, width_ratios=(6.5, 1), gridspec_kw={"wspace": 0.0}
    )
    for (left, right), item in zip(axes, items, strict=True):
        chains = draws(posterior, item)
        stride = max(1, int(np.ceil(len(chains) / max_chains)))
        low, high = np.nanpercentile(chains[:, ::every], [5, 95], axis=0)
        left.fill_between(steps[::every], low, high, color=BAND, alpha=0.35, linewidth=0)
        left.plot(steps[::every], chains[::stride, ::every].T, color=MODEL, linewidth=0.5, alpha=0.55)
        best = item.value("map")
        if best is not None:
            for ax in (left, right):
                ax.axhline(best, color=ALTERNATIVE, linewidth=0.9)
        finite = chains[np.isfinite(chains)]
        counts, edges = np.histogram(finite, bins=40)
        right.stairs(counts, edges, orientation="horizontal", color=MODEL, fill=True, alpha=0.45)
        head = wrapped(item.label, 24)
        left.set_ylabel(
            f"{head}\n{item.quantity}" if item.quantity else head,
            rotation=0,
            ha="right",
            va="center",
            fontsize=8.5,
        )
        left.locator_params(axis="y", nbins=3)
        left.margins(x=0.005)
        left.grid(False)
        right.grid(False)
        right.set_xticks([])
        right.tick_params(left=False, labelleft=False)
        right.spines[["left", "bottom"]].set_visible(False)
    for ax in axes[:-1, 0]:
        ax.tick_params(labelbottom=False)
        ax.sharex(axes[-1, 0])
    fig.align_ylabels(list(axes[:, 0]))
    axes[-1, 0].set_xlabel("Draw, after burn-in and thinning")
    axes[0, 0].set_title(
        f"{posterior.sizes['chain']} chains of {posterior.sizes['draw']} draws; "
        "band: middle 90 % of all chains; thin lines: some of them; level line: best fit",
        fontsize=9,
        fontweight="normal",
    )
    axes[0, 1].set_title("marginal", fontsize=9, fontweight="normal")
    return fig


@styled
def autocorrelation(data: ReportData) -> Figure:
    """Draw the autocorrelation-time estimate against chain length, with the line it has to fall below.

    An estimate is trustworthy once the chain is some 50 times longer than it [1]_.

    Parameters
    ----------
    data : ReportData
        Uses ``sampling["autocorrelation"]``.

    Returns
    -------
    matplotlib.figure.Figure

    References
    ----------
    .. [1] Foreman-Mackey et al., PASP 125 (2013) 306, doi:10.1086/670067.
    """
    history = (data.sampling or {}).get("autocorrelation") or {}
    steps = np.asarray(history.get("step", ()), dtype=float)
    if steps.size < 2:
        return note_figure("No history of the autocorrelation time was kept.")
    curves = {name: np.asarray(values, dtype=float) for name, values in history["tau"].items()}
    labels = [plain(label) for label in labels_of(curves, data.parameters)]
    order = sorted(range(len(labels)), key=lambda k: -np.nan_to_num(list(curves.values())[k][-1]))
    fig = new_figure(9.6, 3.9)
    ax = fig.subplots()
    values = list(curves.values())
    for rank, k in enumerate(order):
        slow = rank < 5
        ax.plot(
            steps,
            values[k],
            color=CYCLE[rank] if slow else MUTED,
            linewidth=1.5 if slow else 0.8,
            alpha=1.0 if slow else 0.5,
            label=labels[k] if slow else ("others" if rank == 5 else None),
        )
    ax.plot(steps, steps / 50, color=INK, linewidth=1.1, dashes=(4, 2), label="steps / 50")
    ax.set_xlim(0, steps.max())
    ax.set_ylim(bottom=0)
    ax.set_xlabel("Steps")
    ax.set_ylabel("Autocorrelation time [steps]")
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), title="Slowest first", alignment="left")
    return fig
