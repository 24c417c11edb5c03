"""A plan of measurements: when each is made and what it leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assb.plotting.style import CYCLE, INK, MUTED, PRIOR, new_figure, styled, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from assb.fitting.plan import Plan

#: Most parameters that are drawn.
MOST = len(CYCLE)
TICKS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@styled
def plan_contributions(plan: Plan) -> Figure:
    """Draw the measurements of a plan in their order, and how each narrows the parameters.

    Left: the time each takes. Right: the standard deviation of each parameter after a measurement and all
    above it, over that before the plan.

    Parameters
    ----------
    plan : assb.fitting.Plan
        Result of :func:`assb.fitting.design`. Of many parameters those that narrow most are drawn.

    Returns
    -------
    matplotlib.figure.Figure
    """
    chosen = plan.contributions_.sel(candidate=plan.chosen_)
    hours = chosen["duration"].values / 3600
    before = np.array([plan.sd_before_[name] for name in plan.parameters_])
    left = np.vstack([np.ones(len(before)), chosen["sd in order"].values / before])
    drawn = np.argsort(left[-1])[:MOST]
    count = len(hours)
    fig = new_figure(9.6, 1.9 + 0.36 * count + 0.1 * len(drawn))
    time, narrow = fig.subplots(1, 2, sharey=True, width_ratios=(1.25, 1))
    row = np.arange(1, count + 1)
    start = np.concatenate([[0.0], np.cumsum(hours)[:-1]])
    time.barh(row, hours, left=start, height=0.62, color=CYCLE[0])
    for k in range(count):
        time.annotate(
            f"{hours[k]:.2g} h",
            (start[k] + hours[k], row[k]),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=MUTED,
        )
    time.set_yticks([0, *row], ["before", *(wrapped(name, 38) for name in plan.chosen_)], color=INK)
    time.set_ylim(count + 0.6, -0.6)
    time.set_xlim(0, 1.12 * hours.sum())
    time.set(xlabel="Time [h]", title="What is measured")
    if plan.time_limit is not None:
        time.axvline(plan.time_limit / 3600, color=PRIOR, linestyle="--", linewidth=1.1)
        time.annotate(
            "limit",
            (plan.time_limit / 3600, 0),
            xytext=(-3, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8,
            color=MUTED,
        )
    for colour, k in zip(CYCLE, drawn, strict=False):
        name = plan.parameters_[k].split(" [")[0]
        narrow.plot(left[:, k], [0, *row], "o-", color=colour, markersize=4, label=name)
    narrow.set_xscale("log")
    lowest = min(0.8 * left.min(), 0.45)
    ticks = [tick for tick in TICKS if tick >= lowest]
    narrow.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    narrow.set_xticks([], minor=True)
    narrow.set_xlim(lowest, 1.15)
    narrow.set(xlabel="Standard deviation over that before", title="What is left open")
    narrow.grid(axis="x")
    fig.legend(loc="outside lower center", ncols=2)
    return fig
