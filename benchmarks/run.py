"""Side-by-side timings in one process, written to benchmarks/results.json.

Each key compares the same task at the same tolerance: `same_model` is this library's model compiled
against itself in IDAKLU, `peer_model` is PyBaMM's model through the same compiler against itself in
IDAKLU. Ratios above 1 mean that the compiled back end is faster. Medians of 20 repeats.
"""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path

import numpy as np
import pybamm

from assb import models, parameters
from assb.models.compiled import Protocol, compile_model

REPEATS = 20
VOLTAGE = "Voltage [V]"


def median_ms(task) -> float:
    task()
    times = []
    for _ in range(REPEATS):
        clock = time.perf_counter()
        task()
        times.append(1e3 * (time.perf_counter() - clock))
    return statistics.median(times)


def scalar(model, values, hours) -> dict:
    """One 1C discharge: voltage at 100 times."""
    current = values["Nominal cell capacity [A.h]"]
    values["Current function [A]"] = current
    end = 3600 * hours
    times = np.linspace(0, end, 101)
    solver = pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-6, output_variables=[VOLTAGE])
    model.events = []
    simulation = pybamm.Simulation(model, parameter_values=values, solver=solver)

    def reference():
        return simulation.solve([0, end], t_interp=times)[VOLTAGE](times)

    compiled = compile_model(model, values, [], [VOLTAGE])
    protocol = Protocol.from_steps([(end, current)], output_times=times, initial_current=current)
    inputs = compiled.vector()
    difference = np.abs(compiled.evaluate(protocol, inputs)[1:, 0] - reference()[1:]).max()
    assert difference < 1e-4, f"voltages differ by {1e3 * difference:.3f} mV"
    ours, theirs = median_ms(lambda: compiled.evaluate(protocol, inputs)), median_ms(reference)
    return {"ours_ms": ours, "peer_ms": theirs, "ratio": theirs / ours, "states": compiled.n_states}


def main() -> None:
    results = {}
    for key, own, peer in (
        ("spm_scalar", models.SPM, pybamm.lithium_ion.SPM),
        ("dfn_scalar", models.DFN, pybamm.lithium_ion.DFN),
    ):
        values = parameters.get("NCM811_LPSCl_InLi")
        values["Initial stoichiometry in positive electrode"] = 0.35
        same = scalar(own(), values, 0.4)
        other = scalar(peer(), pybamm.ParameterValues("Chen2020"), 0.9)
        results[key] = {
            "same_model": same["ratio"],
            "peer_model": other["ratio"],
            "ours_ms": same["ours_ms"],
            "peer_ms": other["peer_ms"],
            "peer": f"PyBaMM {pybamm.__version__} {peer.__name__}, IDAKLU",
            "states": {"ours": same["states"], "peer": other["states"]},
            "n": REPEATS,
            "note": "1C discharge, 100 output times, rtol = atol = 1e-6, one thread; medians in one process",
        }
        print(f"{key}: same model {same['ratio']:.1f}x, peer model {other['ratio']:.1f}x")
    target = Path(__file__).with_name("results.json")
    target.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
