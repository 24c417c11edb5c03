"""What the benchmarks share: alternating repeats, assertions, the shape of a row.

A row compares two models, ours and PyBaMM's, each compiled and in PyBaMM's solver. The tasks run in turn,
repeat after repeat, so that a change of the machine's speed meets all of them: ``same_model``,
``peer_model`` and ``product`` are ratios of medians over the same repeats, and the ratios within each
repeat are kept as median, smallest and largest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np
import pybamm

REPEATS = 20
VOLTAGE = "Voltage [V]"
RADIUS = "Positive particle radius [m]"
#: Largest voltage difference from IDAKLU at 1e-6 [mV]: that asserted, and that grids are chosen for.
ASSERTED, WANTED = 0.1, 0.05


@dataclass
class Side:
    """One model in both back ends.

    Attributes
    ----------
    compiled, reference : callable
        What is timed.
    n_compiled, n_reference : int
        Simulations, cycles or spectra that one call of each makes: times are reported per one.
    states : int
    details : dict
        Grid, agreement, and whatever else belongs into the results.
    looser : callable, optional
        The reference at a tolerance of 1e-5.
    """

    compiled: Callable[[], Any]
    reference: Callable[[], Any]
    states: int
    n_compiled: int = 1
    n_reference: int = 1
    details: dict[str, Any] = field(default_factory=dict)
    looser: Callable[[], Any] | None = None


def alternate(tasks: Mapping[str, tuple[Callable[[], Any], int]], repeats: int) -> dict[str, list[float]]:
    """Milliseconds of each task over its count, in turn, after one call of each to warm up."""
    for task, _ in tasks.values():
        task()
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(repeats):
        for name, (task, n) in tasks.items():
            clock = time.perf_counter()
            task()
            times[name].append(1e3 * (time.perf_counter() - clock) / n)
    return times


def _ratio(slow: list[float], fast: list[float]) -> tuple[float, dict[str, float]]:
    pairs = [a / b for a, b in zip(slow, fast, strict=True)]
    return median(slow) / median(fast), {"median": median(pairs), "min": min(pairs), "max": max(pairs)}


def row(
    own: Side,
    peer: Side,
    n: int,
    note: str,
    repeats: int,
    product: tuple[Callable[[], Any], int] | None = None,
) -> dict[str, Any]:
    """Time both sides and return the row of the results.

    Parameters
    ----------
    own, peer : Side
    n : int
        Sets, cycles or frequencies of the benchmark.
    note : str
    repeats : int
    product : (callable, int), optional
        What stands for us in the product, and its count, where it is not the compiled model of `own`.
    """
    tasks = {
        "own": (own.compiled, own.n_compiled),
        "own reference": (own.reference, own.n_reference),
        "peer": (peer.compiled, peer.n_compiled),
        "peer reference": (peer.reference, peer.n_reference),
    }
    if product is not None:
        tasks["product"] = product
    for key, side in (("own", own), ("peer", peer)):
        if side.looser is not None:
            tasks[f"{key} looser"] = (side.looser, side.n_reference)
    times = alternate(tasks, repeats)
    ours = times.get("product", times["own"])
    same, same_pairs = _ratio(times["own reference"], times["own"])
    peers, peer_pairs = _ratio(times["peer reference"], times["peer"])
    total, total_pairs = _ratio(times["peer reference"], ours)
    sides = {
        name: {
            "ours_ms": median(times[key]),
            "reference_ms": median(times[f"{key} reference"]),
            "paired": pairs,
            "states": side.states,
            **side.details,
        }
        for name, key, side, pairs in (
            ("same_model", "own", own, same_pairs),
            ("peer_model", "peer", peer, peer_pairs),
        )
    }
    for name, key in (("same_model", "own"), ("peer_model", "peer")):
        if f"{key} looser" in times:
            sides[name]["reference_1e-5_ms"] = median(times[f"{key} looser"])
            sides[name]["ratio_to_1e-5"] = _ratio(times[f"{key} looser"], times[key])[0]
    return {
        "same_model": same,
        "peer_model": peers,
        "product": total,
        "ours_ms": median(ours),
        "peer_ms": median(times["peer reference"]),
        "peer": f"PyBaMM {pybamm.__version__}",
        "states": {"ours": own.states, "peer": peer.states},
        "n": n,
        "note": note,
        "details": {"repeats": repeats, **sides, "product": {"paired": total_pairs}},
    }


def idaklu(tolerance: float = 1e-6, outputs: list[str] | None = None) -> pybamm.IDAKLUSolver:
    """PyBaMM's solver on one thread, computing nothing but `outputs` if they are given."""
    return pybamm.IDAKLUSolver(
        rtol=tolerance, atol=tolerance, output_variables=outputs, options={"num_threads": 1}
    )


def largest_mV(found: np.ndarray, expected: np.ndarray) -> float:
    """Largest difference over the last axis, time, but its first [mV]: PyBaMM has no current before t = 0."""
    return float(1e3 * np.abs(found - expected)[..., 1:].max())


def assert_voltage(difference: float) -> None:
    assert difference <= ASSERTED, f"voltages differ by {difference:.3f} mV, more than {ASSERTED} mV"


def coarsest(simulate: Callable[[Any], np.ndarray], expected: np.ndarray, build: Callable[..., Any]) -> tuple:
    """Protocol with the fewest integration steps that keeps within `WANTED` of `expected`.

    Parameters
    ----------
    simulate : callable
        Protocol -> voltages.
    expected : ndarray
    build : callable
        Keyword arguments of the grid -> Protocol; "parts" is the duration over the longest step.

    Returns
    -------
    tuple
        The protocol and details for the results.
    """
    for parts in (20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 100, 120, 150, 200):
        protocol = build(parts)
        difference = largest_mV(simulate(protocol), expected)
        if difference <= WANTED:
            break
    assert_voltage(difference)
    return protocol, {
        "largest_difference_mV": difference,
        "integration_steps": int(protocol.h.size),
        "longest_step_over_duration": 1 / parts,
    }
