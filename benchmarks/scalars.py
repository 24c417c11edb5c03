"""One 1C discharge, compiled against IDAKLU. Medians of 20 repeats in one process."""

from __future__ import annotations

import statistics
import time

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
    return {
        "ours_ms": ours,
        "reference_ms": theirs,
        "ratio": theirs / ours,
        "states": compiled.n_states,
        "largest_difference_mV": 1e3 * float(difference),
    }


def measure() -> dict:
    """Row by task; see ``run.py`` for the keys."""
    rows = {}
    for key, own, peer in (
        ("spm_scalar", models.SPM, pybamm.lithium_ion.SPM),
        ("dfn_scalar", models.DFN, pybamm.lithium_ion.DFN),
    ):
        values = parameters.get("NCM811_LPSCl_InLi")
        values["Initial stoichiometry in positive electrode"] = 0.35
        rows[key] = scalar(own(), values, 0.4)
        rows[f"peer_{key}"] = scalar(peer(), pybamm.ParameterValues("Chen2020"), 0.9)
    return rows
