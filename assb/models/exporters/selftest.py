"""The run an exported model repeats to show that it computes what the Python simulator computes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assb.models.compiled import CompiledModel, Protocol

__all__ = ["SelfTest", "make_self_test"]

# Substeps by error control, against a grid twice as fine as usual; relative to the size of the output.
ADVANCE_TOLERANCE = 1e-3


@dataclass(frozen=True)
class SelfTest:
    """A profile, the integration grid on it, and the outputs of the Python simulator.

    Attributes
    ----------
    protocol : Protocol
        The grid; outputs at each of its points, t = 0 included.
    p : ndarray, shape (n_inputs,)
    expected : ndarray, shape (n_grid + 1, n_outputs)
    segment_expected : ndarray, shape (n_segments, n_outputs)
        At the end of each constant-current segment, from a finer grid.
    scale : ndarray, shape (n_outputs,)
        Size of each output, which deviations are relative to.
    """

    protocol: Protocol
    p: NDArray[np.float64]
    expected: NDArray[np.float64]
    segment_expected: NDArray[np.float64]
    scale: NDArray[np.float64]


def make_self_test(
    fast: CompiledModel,
    inputs: Mapping[str, float] | None,
    profile: Sequence[tuple[float, float]] | None,
) -> SelfTest:
    """Simulate the profile in Python.

    Raises
    ------
    ValueError
        If an input has no value, or the simulation fails.
    """
    p = fast.vector(inputs)
    steps = list(profile) if profile is not None else _pulses(_moderate_current(fast, p))
    protocol = Protocol.from_steps(steps)
    ends = np.cumsum([duration for duration, _ in protocol.steps])
    expected = fast.evaluate(protocol, p)
    fine = fast.evaluate(Protocol.from_steps(steps, ends, refine=2.0), p)
    if not (np.isfinite(expected).all() and np.isfinite(fine).all()):
        raise ValueError(
            f"profile={steps!r}: the simulation failed; choose smaller currents [A] or other inputs."
        )
    scale = np.abs(expected).max(axis=0)
    scale[scale == 0] = 1.0
    return SelfTest(protocol, p, expected, fine, scale)


def _pulses(current: float) -> list[tuple[float, float]]:
    return [(10.0, 0.0), (60.0, current), (30.0, 0.0), (60.0, -current)]


def _moderate_current(fast: CompiledModel, p: NDArray[np.float64]) -> float:
    """Largest decade of current [A] that moves no output by more than some per cent in a minute.

    The exporter sees equations, not a capacity; their response says what current is a usual one.
    """
    for exponent in range(3, -10, -1):
        current = 10.0**exponent
        values = fast.evaluate(Protocol.from_steps(_pulses(current)), p)[:, 0]
        if np.isfinite(values).all() and np.ptp(values) <= 0.05 * max(np.abs(values).max(), 1e-12):
            return math.copysign(current, 1.0)
    raise ValueError("profile: no current suits the self-test; give profile=[(duration [s], current [A])].")
