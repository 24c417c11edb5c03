"""Names, units and coordinates of results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from .protocol import Protocol

if TYPE_CHECKING:
    from .base import Simulator

__all__ = ["label_simulation", "unit"]

Array = NDArray[np.float64]


def unit(name: str) -> str:
    """The unit PyBaMM writes in brackets at the end of a name; "1" if there is none."""
    found = re.search(r"\[([^\[\]]+)\]$", name)
    return found.group(1) if found else "1"


def label_simulation(
    model: Simulator, protocol: Protocol, values: Array, lead: tuple[str, ...], p: Array, failures: int
) -> xr.Dataset:
    """Outputs over (*lead, time), with the current and the inputs as coordinates."""
    data = {
        name: ((*lead, "time"), values[..., i], {"units": unit(name)})
        for i, name in enumerate(model.output_names)
    }
    coordinates = {
        "time": ("time", protocol.output_times, {"units": "s", "long_name": "Time"}),
        "Current [A]": ("time", protocol.output_current, {"units": "A"}),
    } | {
        name: (lead, p[..., i], {"units": unit(name)})
        for i, name in enumerate(model.input_names)
        if name not in data
    }
    if "Current [A]" in data:
        del coordinates["Current [A]"]
    return xr.Dataset(data, coordinates, {"model": model.name, "failures": failures})
