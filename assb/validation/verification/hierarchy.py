"""The single-particle model against the resolved one, in the reference cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pybamm

from assb import parameters
from assb.models import DFN, SPM
from assb.models.thiele import largest_thiele_numbers
from assb.validation.verification.registry import Measured, check

SOURCE = "the DFN of this library, 20 points through each electrode"
#: Reference cell -> its options.
CELLS: dict[str, dict[str, str]] = {"NCM811_LPSCl_InLi": {}, "Oh2026_LTO": {"negative": "composite"}}


@dataclass(frozen=True)
class Difference:
    """SPM less DFN over a half cycle.

    Attributes
    ----------
    rms, largest : float
        [mV].
    thiele : dict
        Largest Thiele number by electrode.
    """

    rms: float
    largest: float
    thiele: dict[str, float]


@lru_cache(maxsize=4)
def _run(
    model: type[pybamm.BaseModel],
    cell: str,
    rate: float,
    options: tuple[tuple[str, str], ...],
    points: int,
    changes: tuple[tuple[str, Any], ...],
) -> pybamm.Solution:
    values = parameters.get(cell)
    if rate > 0:
        full = float(values["Positive electrode stoichiometry at 100% SOC"]) + 0.01
        values["Initial stoichiometry in positive electrode"] = full
        if cell == "Oh2026_LTO":
            values["Initial stoichiometry in negative electrode"] = 0.9
    values.update(dict(changes))
    values["Current function [A]"] = rate * values["Nominal cell capacity [A.h]"]
    duration = 3600 / abs(rate)
    simulation = pybamm.Simulation(
        model({**CELLS[cell], **dict(options)}),
        parameter_values=values,
        var_pts={"x_n": points, "x_p": points, "r_n": 12, "r_p": 12},
        solver=pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-7),
    )
    return simulation.solve([0, duration], t_interp=np.linspace(0, duration, 121))


def difference(
    cell: str,
    rate: float,
    options: Mapping[str, str] | None = None,
    points: int = 20,
    **changes: Any,
) -> Difference:
    """Difference of the models over a full charge (`rate` < 0) or discharge at a C-rate.

    Parameters
    ----------
    cell : str
        Name in `CELLS`.
    rate : float
        C-rate, negative on charge.
    options : mapping, optional
        Options of both models.
    points : int
        Points through the electrodes of the DFN.
    **changes
        Parameter values by name.
    """
    chosen = dict(options or {})
    resolved_options = {name: value for name, value in chosen.items() if name != "reaction distribution"}
    runs = [
        _run(model, cell, rate, tuple(own.items()), points, tuple(changes.items()))
        for model, own in ((SPM, chosen), (DFN, resolved_options))
    ]
    # Either may meet its cut-off a moment earlier; the last point is that of the event.
    shared = min(len(run.t) for run in runs) - 1
    single, resolved = (run["Voltage [V]"].data[:shared] for run in runs)
    error = 1e3 * (single - resolved)
    return Difference(
        float(np.sqrt(np.mean(error**2))), float(np.abs(error).max()), largest_thiele_numbers(runs[0])
    )


def _rms(*arguments: Any, **options: Any) -> Measured:
    found = difference(*arguments, **options).rms
    return Measured(0.0, found, found)


@check("SPM against DFN, In-Li, charge", "rms over a charge at 2C, nu = 0.4 [mV]", 1.0, SOURCE)
def foil_charge() -> Measured:
    """Default options, within the limit of the Thiele number."""
    return _rms("NCM811_LPSCl_InLi", -2.0)


@check("SPM against DFN, In-Li, discharge", "rms over a discharge at 2C, nu = 0.4 [mV]", 1.0, SOURCE)
def foil_discharge() -> Measured:
    """Default options, within the limit of the Thiele number."""
    return _rms("NCM811_LPSCl_InLi", 2.0)


@check("SPM against DFN, LTO", "rms over a charge at 2C, nu to 3.5 in the LTO [mV]", 5.0, SOURCE)
def composite_cell() -> Measured:
    """Default options; beyond the limit of the Thiele number, where the SPM warns."""
    return _rms("Oh2026_LTO", -2.0)


@check("SPM with modes against DFN, LTO", "rms over a charge at 2C, nu to 3.5 in the LTO [mV]", 1.0, SOURCE)
def composite_cell_modes() -> Measured:
    """Option "reaction distribution": "nonlinear modes"."""
    return _rms("Oh2026_LTO", -2.0, options={"reaction distribution": "nonlinear modes"})
