"""Profile likelihoods: drop against the value, with the interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assb.plotting.style import ALTERNATIVE, BAND, MODEL, MUTED, new_figure, styled, wrapped
from assb.plotting.text import number, pretty_unit, split_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from assb.fitting.profiles import Profile

_COLUMNS = 3


@styled
def profile_likelihood(profiles: Profile | Sequence[Profile]) -> Figure:
    """Draw one or several profiles.

    Parameters
    ----------
    profiles : Profile or sequence of Profile
        Of :func:`assb.fitting.profile`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    several = list(profiles) if isinstance(profiles, Sequence) else [profiles]
    if not several:
        raise ValueError("profiles is empty; give at least one profile.")
    columns = min(_COLUMNS, len(several))
    rows = -(-len(several) // columns)
    fig = new_figure(0.8 + 3.1 * columns, 0.5 + 2.6 * rows)
    axes = np.atleast_1d(fig.subplots(rows, columns)).ravel()
    for ax, each in zip(axes, several, strict=False):
        _one(ax, each)
    for ax in axes[len(several) :]:
        ax.set_axis_off()
    return fig


def _one(ax: Axes, each: Profile) -> None:
    shown = np.isfinite(each.drop)
    positive = bool((each.values > 0).all()) and each.values[-1] > 20 * each.values[0]
    if positive:
        ax.set_xscale("log")
    low, high = each.interval
    ax.axvspan(
        each.values[0] if low is None else low,
        each.values[-1] if high is None else high,
        color=BAND,
        alpha=0.25,
        linewidth=0,
    )
    ax.plot(each.values[shown], each.drop[shown], color=MODEL, marker="o", markersize=3)
    ax.axhline(each.threshold, color=MUTED, linewidth=0.9, dashes=(4, 2))
    ax.axvline(each.best, color=ALTERNATIVE, linewidth=1.0)
    ax.set_ylim(-0.05 * each.threshold, 3 * each.threshold)
    head = split_name(each.name)[0]
    unit = "" if each.unit in ("", "-") else f" [{pretty_unit(each.unit)}]"
    ax.set_xlabel(wrapped(head + unit, 38))
    ax.set_ylabel("Twice the log-density drop")
    ends = ["open" if end is None else number(end, 3) for end in each.interval]
    ax.set_title(f"{100 * each.level:.0f} %: {ends[0]} to {ends[1]}", fontsize=9, fontweight="normal")
