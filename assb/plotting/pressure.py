"""Stack pressure, what it is made of, and the contact it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from assb.plotting.style import (
    ALTERNATIVE,
    CYCLE,
    GOOD,
    INK,
    MODEL,
    new_figure,
    note_figure,
    segment_spans,
    shade_segments,
    styled,
    time_axis,
    wrapped,
    zero_line,
)
from assb.plotting.text import split_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from assb.report.data import ReportData

_PRESSURE = "Stack pressure [MPa]"
_CONTACT = "Positive electrode contact fraction"


def mechanical_panels(data: ReportData) -> list[str]:
    """Panels there are data for: variable names, or ``"contributions"`` for those to the pressure."""
    path = data.trajectory
    slope = next((str(name) for name in path.data_vars if str(name).startswith("dP/dQ")), "")

    def drawable(name: str) -> bool:
        if name == "contributions":
            return bool(path.attrs.get("pressure_contributions"))
        return name in path and bool(np.isfinite(path[name].values).any())

    return [name for name in (_PRESSURE, "contributions", _CONTACT, slope) if drawable(name)]


@styled
def pressure_and_contact(data: ReportData) -> Figure:
    """Draw the panels there are data for: stack pressure, its contributions, contact fraction, dP/dQ.

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
    contributions = list(path.attrs.get("pressure_contributions", ()))
    panels = mechanical_panels(data)
    if not panels:
        return note_figure("This model has neither a stack pressure nor a contact fraction to show.")

    fig = new_figure(9.6, 0.7 + 1.65 * len(panels))
    axes = list(np.atleast_1d(fig.subplots(len(panels), 1, sharex=True)))
    shade_segments(axes, segment_spans(data.fit), scale, label_on=axes[0])
    for ax, panel in zip(axes, panels, strict=True):
        if panel == _PRESSURE:
            ax.plot(time, path[panel].values, color=MODEL)
            ax.set_ylabel("Stack pressure\n[MPa]")
        elif panel == "contributions":
            heads = [split_name(name)[0] for name in contributions]
            for index, (name, head) in enumerate(zip(contributions, heads, strict=True)):
                text = head.rpartition(":")[2].strip()
                ax.plot(time, path[name].values, color=CYCLE[index % len(CYCLE)], label=wrapped(text, 24))
            zero_line(ax)
            ax.set_ylabel("Contribution\n[MPa]")
            ax.legend(loc="best", ncols=1 if len(heads) < 3 else 2)
        elif panel == _CONTACT:
            ax.plot(time, path[panel].values, color=GOOD)
            ax.set_ylabel("Positive electrode\ncontact fraction")
            _at_least(ax, path[panel].values, 0.01)
        else:
            values = path[panel].values
            ax.plot(time, values, color=ALTERNATIVE, linewidth=1.3)
            zero_line(ax)
            low, high = np.nanpercentile(values, [1, 99])
            margin = 0.2 * (high - low) or 1.0
            ax.set_ylim(min(low, 0) - margin, max(high, 0) + margin)
            ax.set_ylabel(f"dP/dQ\n[{split_name(panel)[1]}]", color=INK)
    axes[-1].set_xlabel(label)
    axes[0].set_xlim(np.nanmin(time), np.nanmax(time))
    fig.align_ylabels(axes)
    return fig


def _at_least(ax: Any, values: np.ndarray, span: float) -> None:
    """Keep a nearly constant curve from filling its panel with rounding."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if high - low < span:
        centre = 0.5 * (low + high)
        ax.set_ylim(centre - span / 2, centre + span / 2)
