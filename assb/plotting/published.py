"""Published figures of a study beside the model's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assb.plotting.style import ALTERNATIVE, BAND, INK, MODEL, MUTED, new_figure, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from assb.validation.published import Row

#: Distances beyond this many tolerances are drawn at the edge.
EDGE = 4.0


@styled
def published_figures(rows: Sequence[Row]) -> Figure:
    """Distance of the model from each published figure in tolerances, with its 90 % interval.

    Parameters
    ----------
    rows : sequence of Row
        Of one study; those that are scored and evaluated are drawn.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        Where nothing was evaluated.
    """
    drawn = [row for row in rows if row.scored and row.evaluated]
    if not drawn:
        raise ValueError(
            "rows: none is scored and evaluated, so there is nothing to draw: give rows of a run"
        )
    fig = new_figure(7.2, 0.9 + 0.24 * len(drawn))
    ax = fig.subplots()
    ax.axvspan(-1, 1, color=BAND, alpha=0.25, linewidth=0)
    ax.axvline(0, color=INK, linewidth=0.8)
    for k, row in enumerate(drawn):
        found = float(row.deviation_tol or 0.0)
        colour = MODEL if row.role == "predicted" else MUTED
        if row.low_tol is not None and row.high_tol is not None:
            ax.plot(
                np.clip([row.low_tol, row.high_tol], -EDGE, EDGE),
                [k, k],
                color=colour,
                linewidth=1.2,
                zorder=2,
            )
        beyond = abs(found) > EDGE
        marker = (">" if found > 0 else "<") if beyond else ("o" if row.role == "predicted" else "s")
        ax.plot(
            np.clip(found, -EDGE, EDGE),
            k,
            marker,
            color=ALTERNATIVE if not row.within else colour,
            markersize=5,
            zorder=3,
            clip_on=False,
        )
    ax.set_yticks(
        range(len(drawn)), [f"{row.id}  {row.published:g} {row.unit}" for row in drawn], fontsize=7.5
    )
    ax.set_ylim(len(drawn) - 0.5, -0.5)
    ax.set_xlim(-EDGE, EDGE)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("model less published figure, in tolerances")
    return fig
