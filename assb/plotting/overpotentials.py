"""Where the voltage goes: overpotentials stacked against time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from assb.plotting.style import (
    CYCLE,
    INK,
    MODEL,
    MUTED,
    PAPER,
    new_figure,
    segment_spans,
    shade_segments,
    styled,
    time_axis,
    wrapped,
    zero_line,
)
from assb.plotting.text import number, split_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from assb.report.data import ReportData

#: A remainder larger than this [mV] is drawn as its own component.
_REMAINDER = 1.0


@styled
def overpotential_breakdown(data: ReportData) -> Figure:
    """Draw voltage and open-circuit voltage, and below them the signed overpotentials stacked.

    Positive components are stacked upwards from zero and negative ones downwards; the line is their sum.
    What the components leave unexplained, if more than 1 mV, is drawn and named.

    Parameters
    ----------
    data : ReportData
        Uses ``trajectory`` and the segments of ``fit``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    path = data.trajectory
    time, label, scale = time_axis(path["time"].values)
    voltage = path["Voltage [V]"].values
    open_circuit = path["Open-circuit voltage [V]"].values
    total = 1e3 * (voltage - open_circuit)
    parts = {split_name(name)[0]: 1e3 * path[name].values for name in path.attrs.get("overpotentials", ())}

    fig = new_figure(9.6, 6.2)
    grid = fig.add_gridspec(2, 1, height_ratios=(1.0, 1.6))
    top = fig.add_subplot(grid[0])
    bottom = fig.add_subplot(grid[1], sharex=top)
    shade_segments([top, bottom], segment_spans(data.fit), scale, label_on=top)

    top.fill_between(time, open_circuit, voltage, color=MUTED, alpha=0.22, linewidth=0)
    top.plot(time, open_circuit, color=INK, linewidth=1.2, dashes=(4, 2), label="Open-circuit voltage")
    top.plot(time, voltage, color=MODEL, label="Voltage")
    top.set_ylabel("Voltage [V]")
    top.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    top.tick_params(labelbottom=False)

    colours = {name: CYCLE[index % len(CYCLE)] for index, name in enumerate(parts)}
    remainder = total - sum(parts.values(), np.zeros_like(total))
    if parts and np.nanmax(np.abs(remainder), initial=0.0) > _REMAINDER:
        parts["Not attributed"] = remainder
        colours["Not attributed"] = PAPER
    above, below = np.zeros_like(total), np.zeros_like(total)
    for name, values in parts.items():
        clean = np.nan_to_num(values)
        up, down = np.clip(clean, 0, None), np.clip(clean, None, 0)
        peak = number(np.max(np.abs(clean)), 2)
        look: dict[str, Any] = {"facecolor": colours[name], "edgecolor": PAPER, "linewidth": 0.35}
        if name == "Not attributed":
            look |= {"hatch": "////", "edgecolor": MUTED}
        text = wrapped(name.removesuffix(" overpotential"), 30)
        bottom.fill_between(time, above, above + up, label=f"{text}: {peak} mV", **look)
        bottom.fill_between(time, below, below + down, **look)
        above, below = above + up, below + down
    bottom.plot(time, total, color=INK, linewidth=1.2, label="Sum = voltage − open circuit")
    zero_line(bottom)
    bottom.set_ylabel("Overpotential [mV]")
    bottom.set_xlabel(label)
    bottom.legend(
        loc="center left",
        bbox_to_anchor=(1.01, 0.5),
        title="Component: largest magnitude",
        alignment="left",
        title_fontsize=8.8,
        handlelength=1.1,
        labelspacing=0.65,
    )
    top.set_xlim(np.nanmin(time), np.nanmax(time))
    fig.align_ylabels([top, bottom])
    return fig
