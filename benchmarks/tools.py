"""Impedance against `pybamm.EISSimulation`, and the rate of a sweep.

Same process, same frequencies, alternating calls, medians of 20; setting up is left out on both sides.
"""

from __future__ import annotations

import resource
import statistics
import time

import numpy as np
import pybamm

import assb
from assb.models import ImpedanceModel

REPEATS = 20
FREQUENCIES = np.logspace(-3, 5, 60)
SURFACE = {"surface form": "differential"}
RADIUS = "Positive particle radius [m]"


def seconds(task) -> float:
    clock = time.perf_counter()
    task()
    return time.perf_counter() - clock


def spectrum(model, values) -> dict:
    """60 frequencies at rest."""
    theirs = pybamm.EISSimulation(model, parameter_values=values)
    ours = ImpedanceModel(model, values)
    reference = theirs.solve(FREQUENCIES).impedance
    deviation = np.abs(ours.solve(FREQUENCIES)["Impedance [Ohm]"].values / reference - 1).max()
    pairs = [
        (seconds(lambda: theirs.solve(FREQUENCIES)), seconds(lambda: ours.solve(FREQUENCIES)))
        for _ in range(REPEATS)
    ]
    peer, own = (1e3 * statistics.median(column) for column in zip(*pairs, strict=True))
    return {
        "ours_ms": own,
        "reference_ms": peer,
        "ratio": peer / own,
        "states": ours.n_states,
        "deviation": float(deviation),
    }


def batch(model, values, n) -> dict:
    """60 frequencies of n radii, per set."""
    prepared = ImpedanceModel(model, values, [RADIUS])
    inputs = {RADIUS: np.linspace(2e-6, 3e-6, n)}
    prepared.solve(FREQUENCIES, inputs)
    return {"n": n, "ours_ms": 1e3 * seconds(lambda: prepared.solve(FREQUENCIES, inputs)) / n}


def sweep(n) -> dict:
    """SPM, five factors, 256 integration steps a run, compilation included."""
    factors = {
        RADIUS: (1e-6, 5e-6, "log"),
        "Stack pressure [MPa]": (5, 100),
        "Positive electrode interface resistance [Ohm.m2]": (0.005, 0.05),
        "Initial stoichiometry in positive electrode": (0.8, 0.9),
        "Positive electrode thickness [m]": (2e-5, 6e-5),
    }
    outputs = {"Voltage [V]": ["final", "min", "mean"], "Stack pressure [MPa]": "max"}
    protocol = [(3600, -2e-4), (600, 0), (3600, 2e-4)]
    values = assb.parameters.get("NCM811_LPSCl_InLi")

    def task():
        assb.sweep(
            assb.models.SPM(),
            values,
            factors,
            protocol,
            design="latin hypercube",
            n=n,
            outputs=outputs,
            progress=False,
        )

    taken = seconds(task)
    return {
        "runs": n,
        "seconds": taken,
        "peak_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def measure() -> dict:
    """Row by task; see ``run.py`` for the keys."""
    own = assb.parameters.get("NCM811_LPSCl_InLi")
    liquid = pybamm.ParameterValues("Chen2020")
    results = {"sweep": sweep(20_000)}
    for key, model, values in (
        ("spm_impedance", assb.models.SPM(SURFACE), own),
        ("dfn_impedance", assb.models.DFN(SURFACE), own),
        ("liquid_spm_impedance", pybamm.lithium_ion.SPM(SURFACE), liquid),
        ("liquid_dfn_impedance", pybamm.lithium_ion.DFN(SURFACE), liquid),
    ):
        results[key] = spectrum(model, values)
    results["spm_impedance_batch"] = batch(assb.models.SPM(SURFACE), own, 1000)
    results["dfn_impedance_batch"] = batch(assb.models.DFN(SURFACE), own, 100)
    return results
