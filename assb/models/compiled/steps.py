"""Steps of a cycling protocol: what is controlled, and what ends it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .protocol import Protocol

__all__ = ["CAPACITY", "CURRENT_SIZE", "Cutoff", "Step", "as_steps"]

# Quantities a cut-off may refer to besides the outputs of the model.
CURRENT_SIZE = "Current magnitude [A]"
CAPACITY = "Step capacity [A.h]"


def _finite(name: str, value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{name}={value!r} is not finite; give a finite number.")
    return float(value)


@dataclass(frozen=True)
class Cutoff:
    """End of a step: a quantity falls to `below`, or rises to `above`.

    Parameters
    ----------
    name : str
        An output of the compiled model (such as "Voltage [V]" or a pressure), "Current magnitude [A]"
        or "Step capacity [A.h]".
    below, above : float, optional
        The threshold; exactly one of them.
    """

    name: str
    below: float | None = None
    above: float | None = None

    def __post_init__(self) -> None:
        if (self.below is None) == (self.above is None):
            raise ValueError(f"Cutoff({self.name!r}): give either below or above.")
        _finite(f"Cutoff({self.name!r})", self.threshold)

    @property
    def threshold(self) -> float:
        """Value at which the step ends."""
        return self.below if self.above is None else self.above  # type: ignore[return-value]

    @property
    def direction(self) -> int:
        """1 if the step ends at larger values, -1 at smaller."""
        return -1 if self.above is None else 1


Until = float | Cutoff | Sequence[Cutoff] | None


def _cutoffs(until: Until, discharging: bool) -> tuple[Cutoff, ...]:
    if until is None:
        return ()
    if isinstance(until, Cutoff):
        return (until,)
    if isinstance(until, Iterable):
        return tuple(until)
    voltage = _finite("until", float(until))
    if discharging:
        return (Cutoff("Voltage [V]", below=voltage),)
    return (Cutoff("Voltage [V]", above=voltage),)


@dataclass(frozen=True)
class Step:
    """One step of a protocol; made by `current`, `voltage`, `power` or `rest`.

    Attributes
    ----------
    mode : {"current", "voltage", "power"}
    value : float
        Of the current [A], voltage [V] or power [W]; discharge is positive.
    until : tuple of Cutoff
        Whichever comes first ends the step.
    duration : float
        Longest duration [s].
    max_step : float
        Longest integration step [s].
    """

    mode: Literal["current", "voltage", "power"]
    value: float
    until: tuple[Cutoff, ...] = ()
    duration: float = 7 * 86400.0
    max_step: float = math.inf

    def __post_init__(self) -> None:
        _finite(self.mode, self.value)
        for name in ("duration", "max_step"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}={getattr(self, name)!r} must be positive; give seconds above 0.")
        _finite("duration", self.duration)

    @classmethod
    def current(cls, value: float, until: Until = None, duration: float | None = None) -> Step:
        """Constant current [A]; a number for `until` is a voltage [V]."""
        return cls("current", value, _cutoffs(until, value > 0))._ending(duration)

    @classmethod
    def voltage(
        cls,
        value: float,
        until_current: float | None = None,
        until: Until = None,
        duration: float | None = None,
    ) -> Step:
        """Constant voltage [V], until the magnitude of the current falls to `until_current` [A]."""
        cutoffs = _cutoffs(until, True)
        if until_current is not None:
            cutoffs = (Cutoff(CURRENT_SIZE, below=until_current), *cutoffs)
        return cls("voltage", value, cutoffs)._ending(duration)

    @classmethod
    def power(cls, value: float, until: Until = None, duration: float | None = None) -> Step:
        """Constant power [W]; a number for `until` is a voltage [V]."""
        return cls("power", value, _cutoffs(until, value > 0))._ending(duration)

    @classmethod
    def rest(cls, duration: float) -> Step:
        """No current, for `duration` [s]."""
        return cls("current", 0.0)._ending(duration)

    def _ending(self, duration: float | None) -> Step:
        if duration is not None:
            return replace(self, duration=float(duration))
        if not self.until:
            raise ValueError(f"Step.{self.mode}({self.value!r}) never ends; give until or duration.")
        return self


def as_steps(protocol: Protocol | Sequence[Step | tuple[float, float]]) -> tuple[list[Step], float]:
    """Steps of a protocol and the current [A] before the first.

    Raises
    ------
    ValueError
        If an item is neither a `Step` nor a pair (duration [s], current [A]).
    """
    if isinstance(protocol, Protocol):
        return [
            Step.current(value, duration=duration) for duration, value in protocol.steps
        ], protocol.initial_current
    if isinstance(protocol, Step):
        return [protocol], 0.0
    steps = []
    for i, item in enumerate(protocol):
        if isinstance(item, Step):
            steps.append(item)
            continue
        try:
            duration, value = (float(number) for number in item)
        except (TypeError, ValueError):
            raise ValueError(
                f"protocol[{i}]={item!r} is neither a Step nor a pair (duration [s], current [A])."
            ) from None
        steps.append(Step.current(value, duration=duration))
    return steps, 0.0
