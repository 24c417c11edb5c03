"""Impedance in the complex plane beside its distribution of relaxation times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import numpy as np

from assb.plotting.style import CYCLE, MUTED, SHADE, new_figure, styled

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Units as they are written on an axis.
_SHOWN = {"Ohm": "Ω", "Ohm.cm2": "Ω cm²", "Ohm.m2": "Ω m²"}


@styled
def relaxation_spectrum(
    distributions: xr.Dataset | Mapping[str, xr.Dataset],
    windows: Mapping[str, tuple[float, float]] | None = None,
) -> Figure:
    """Draw spectra and their distributions of relaxation times.

    Parameters
    ----------
    distributions : xarray.Dataset or mapping of str to xarray.Dataset
        Of :func:`assb.fitting.relaxation_times`, all in one unit; a mapping gives them labels.
    windows : mapping of str to (float, float), optional
        Times [s] to shade and name, such as `assb.fitting.RELAXATION_WINDOWS`.

    Returns
    -------
    matplotlib.figure.Figure
        Left: the impedance (points) and what the distribution gives (lines). Right: the distribution.

    Raises
    ------
    ValueError
        If there is nothing to draw, or the units differ.
    """
    # A data set is a mapping too.
    single = hasattr(distributions, "data_vars")
    curves = cast("Mapping[str, xr.Dataset]", {"": distributions} if single else distributions)
    units = sorted({str(data.attrs["unit"]) for data in curves.values()})
    if len(units) != 1:
        raise ValueError(f"distributions have units {units!r}; give one or more of one unit.")
    unit = units[0]
    fig = new_figure(9.2, 3.6)
    left, right = fig.subplots(1, 2, width_ratios=(1.0, 1.35))
    _windows(right, windows or {})
    for colour, (label, data) in zip(CYCLE * len(curves), curves.items(), strict=False):
        measured, fitted = data[f"Impedance [{unit}]"].values, data[f"Fitted impedance [{unit}]"].values
        left.plot(measured.real, -measured.imag, "o", color=colour, markersize=2.6, markeredgewidth=0)
        left.plot(fitted.real, -fitted.imag, color=colour, linewidth=1.0)
        right.semilogx(data["tau"], data[f"Distribution [{unit}]"], color=colour, label=label)
    left.set(xlabel=f"Re Z [{_SHOWN[unit]}]", ylabel=f"−Im Z [{_SHOWN[unit]}]")
    left.set_aspect("equal", adjustable="datalim")
    right.set(xlabel="Relaxation time [s]", ylabel=f"Distribution γ [{_SHOWN[unit]}]")
    right.set_ylim(bottom=0)
    if not single:
        right.legend(loc="upper left")
    return fig


def _windows(ax: Axes, windows: Mapping[str, tuple[float, float]]) -> None:
    for index, (name, (low, high)) in enumerate(windows.items()):
        if index % 2 == 0:
            ax.axvspan(low, high, color=SHADE, linewidth=0, zorder=0)
        ax.annotate(
            name,
            (float(np.sqrt(low * high)), 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            va="bottom",
            color=MUTED,
            fontsize=8.0,
        )
