"""Ensembles and cycling, side by side with IDAKLU in one process.

Medians of 5 alternating repeats, one thread. Times per parameter set [ms] or per cycle [ms].
"""

from __future__ import annotations

import statistics
import time

import numpy as np
import pybamm

from assb import models, parameters
from assb.models.compiled import Protocol, Step, compile_model

REPEATS = 5
VOLTAGE = "Voltage [V]"


def compare(ours, theirs) -> tuple[float, float]:
    """Median seconds of both, run in turn."""
    ours(), theirs()
    times: list[list[float]] = [[], []]
    for _ in range(REPEATS):
        for task, found in zip((ours, theirs), times, strict=True):
            clock = time.perf_counter()
            task()
            found.append(time.perf_counter() - clock)
    return statistics.median(times[0]), statistics.median(times[1])


def ensemble(model, values, name, hours, n, n_reference, points) -> dict:
    """1C discharge of `n` sets, 100 output times, against batched inputs of IDAKLU at 1e-6."""
    current = values["Nominal cell capacity [A.h]"]
    end = 3600.0 * hours
    times = np.linspace(0.0, end, 101)
    model.events = []
    compiled = compile_model(model, values, [name], [VOLTAGE], check=False)
    # As coarse as 0.1 mV allows.
    protocol = Protocol.from_steps(
        [(end, current)], times, initial_current=current, max_step=end / points, interpolate=True
    )
    p = compiled.vector() * np.random.default_rng(0).uniform(0.8, 1.2, (n, 1))
    values.update({"Current function [A]": current, name: "[input]"})
    solver = pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-6, output_variables=[VOLTAGE], options={"num_threads": 1})
    simulation = pybamm.Simulation(model, parameter_values=values, solver=solver)
    inputs = [{name: float(v)} for v in p[:n_reference, 0]]

    def reference():
        return simulation.solve([0, end], t_interp=times, inputs=inputs)

    expected = np.stack([solution[VOLTAGE](times) for solution in reference()])
    found = compiled.evaluate_many(protocol, p, 1)[0][:n_reference, :, 0]
    ours, theirs = compare(lambda: compiled.evaluate_many(protocol, p, 1), reference)
    return {
        "ours_ms": 1e3 * ours / n,
        "reference_ms": 1e3 * theirs / n_reference,
        "ratio": theirs / n_reference / (ours / n),
        "largest_difference_mV": 1e3 * np.abs(found - expected)[:, 1:].max(),
        "sets": n,
        "IDAKLU_sets": n_reference,
    }


def cycling(model, values, steps, experiment, discharge, n=50) -> dict:
    """Cycles at the default tolerance against pybamm.Experiment at 1e-6, both after a first run."""
    compiled = compile_model(model, values, [], [VOLTAGE], check=False)
    solver = pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-6)
    protocol = pybamm.Experiment([experiment] * n)
    simulation = pybamm.Simulation(model, parameter_values=values, experiment=protocol, solver=solver)
    name = "Discharge capacity [A.h]"
    expected = np.array([np.ptp(c.steps[discharge][name].entries) for c in simulation.solve().cycles])
    found = compiled.cycle(steps, n)["Charge [A.h]"].values[:, discharge]
    ours, theirs = compare(lambda: compiled.cycle(steps, n), simulation.solve)
    clock = time.perf_counter()
    compiled.cycle(steps, 1000)
    thousand = time.perf_counter() - clock
    return {
        "ours_ms": 1e3 * ours / n,
        "reference_ms": 1e3 * theirs / n,
        "ratio": theirs / ours,
        "largest_capacity_error": np.abs(found / expected - 1.0).max(),
        "1000_cycles_s": thousand,
        "1000_cycles_ratio": 1000 / n * theirs / thousand,
    }


def measure() -> dict:
    """Row by task; see ``run.py`` for the keys."""
    results = {}
    for key, own, peer, n, n_reference, points in (
        ("spm", models.SPM, pybamm.lithium_ion.SPM, 1024, 128, 45),
        ("dfn", models.DFN, pybamm.lithium_ion.DFN, 64, 8, 80),
    ):
        values = parameters.get("NCM811_LPSCl_InLi")
        values["Initial stoichiometry in positive electrode"] = 0.35
        name = "Positive particle radius [m]"
        results[f"{key}_ensemble"] = ensemble(own(), values, name, 0.4, n, n_reference, points)
        values = pybamm.ParameterValues("Chen2020")
        name = "Negative particle diffusivity [m2.s-1]"
        results[f"peer_{key}_ensemble"] = ensemble(peer(), values, name, 0.9, n, n_reference, points)
    values = parameters.get("NCM811_LPSCl_InLi")
    c = values["Nominal cell capacity [A.h]"]
    steps = [Step.current(-c / 3, 3.6), Step.voltage(3.6, until_current=c / 20), Step.current(c / 3, 2.8)]
    experiment = ("Charge at C/3 until 3.6 V", "Hold at 3.6 V until C/20", "Discharge at C/3 until 2.8 V")
    results["spm_cycling"] = cycling(models.SPM(), values, steps, experiment, 2)
    steps = [Step.current(5.0, 2.5), Step.current(-2.5, 4.2), Step.voltage(4.2, until_current=0.25)]
    experiment = ("Discharge at 1C until 2.5 V", "Charge at C/2 until 4.2 V", "Hold at 4.2 V until C/20")
    peer = pybamm.lithium_ion.SPM({"SEI": "solvent-diffusion limited"})
    values = pybamm.ParameterValues("Chen2020")
    results["peer_spm_cycling"] = cycling(peer, values, steps, experiment, 0)
    return results
