"""Every use of PyBaMM that its documentation does not promise, in one place.

PyBaMM validates a plain options dict against its own list but lets a subclass through; a subclass of
its options class keeps the helpers that the re-used submodels call.
"""

from __future__ import annotations

from typing import Any

import pybamm

__all__ = [
    "BatteryModelOptions",
    "extend_possible_options",
    "normalise_voltage_aliases",
    "switch_off_esoh",
]

BatteryModelOptions = pybamm.BatteryModelOptions


def extend_possible_options(target: Any, own: dict[str, tuple[str, ...]]) -> None:
    """Tell PyBaMM's options object about the options of this library (for its printing helpers)."""
    target.possible_options = {
        **target.possible_options,
        **{name: list(values) for name, values in own.items()},
    }


def normalise_voltage_aliases(variables: dict[str, Any]) -> dict[str, Any]:
    """Names that ``Experiment`` and its terminations look up besides "Voltage [V]"."""
    voltage, current = variables["Voltage [V]"], variables["Current [A]"]
    return {
        "Battery voltage [V]": voltage,
        "Terminal voltage [V]": voltage,
        "Power [W]": voltage * current,
    }


def switch_off_esoh(model: Any) -> None:
    """Keep ``Simulation`` from solving for electrode state of health, which wants liquid-cell parameters."""
    model._calc_esoh = False
