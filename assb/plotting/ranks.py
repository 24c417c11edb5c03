"""Ranks of true parameters among posterior draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binom

from assb.plotting.style import BAND, INK, MODEL, new_figure, styled, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from assb.fitting.calibration_ranks import CalibrationRanks

COLUMNS = 4


@styled
def rank_histograms(ranks: CalibrationRanks) -> Figure:
    """Histogram of the ranks of each parameter, with the band that holds 99 % of the bins of uniform ranks.

    Parameters
    ----------
    ranks : CalibrationRanks
        Result of :func:`assb.fitting.simulation_based_calibration`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = -(-len(ranks.names) // COLUMNS)
    fig = new_figure(10.0, 0.6 + 2.1 * rows)
    axes = fig.subplots(rows, COLUMNS, squeeze=False, sharex=True, sharey=True).ravel()
    edges = np.linspace(0, ranks.draws, ranks.bins + 1)
    for ax, row in zip(axes, ranks.table(), strict=False):
        counts = ranks.counts(row["name"])
        low, high = binom.interval(0.99, counts.sum(), 1 / ranks.bins)
        ax.axhspan(low, high, color=BAND, alpha=0.35, linewidth=0)
        ax.axhline(counts.sum() / ranks.bins, color=INK, linewidth=0.8)
        ax.stairs(counts, edges, color=MODEL, fill=True, alpha=0.55)
        ax.set_title(wrapped(row["name"], 30), fontsize=8.5, fontweight="normal")
        ax.text(
            0.5,
            0.97,
            f"p = {row['p_value']:.2g}; covers {100 * row['coverage']:.1f} %",
            transform=ax.transAxes,
            ha="center",
            va="top",
            fontsize=8,
        )
        ax.grid(False)
        ax.margins(x=0)
    for ax in axes[len(ranks.names) :]:
        ax.set_visible(False)
    used = axes[: len(ranks.names)]
    used[0].set_ylim(0, 1.35 * max(ranks.counts(name).max() for name in ranks.names))
    for ax in used[-COLUMNS:]:
        ax.set_xlabel(f"Draws of {ranks.draws} below the truth", fontsize=8.5)
        ax.tick_params(labelbottom=True)
    for ax in axes[::COLUMNS]:
        ax.set_ylabel("Truths", fontsize=8.5)
    return fig
