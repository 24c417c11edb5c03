"""20,000 runs of a sweep: SPM, five factors, compilation included, on all cores."""

from __future__ import annotations

import resource
import time

from common import RADIUS

import assb
from assb.models.compiled.compiler import available_processors


def measure(n: int = 20_000) -> dict:
    """The row of the results."""
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
    clock = time.perf_counter()
    design = {"design": "latin hypercube", "n": n, "outputs": outputs, "progress": False}
    assb.sweep(assb.models.SPM(), values, factors, protocol, **design)
    return {
        "runs": n,
        "seconds": time.perf_counter() - clock,
        "cores": available_processors(),
        "peak_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
