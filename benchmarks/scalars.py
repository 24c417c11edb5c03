"""One 1C discharge of one parameter set: voltage at 101 times, compiled against IDAKLU at 1e-6."""

from __future__ import annotations

import numpy as np
import pybamm
from common import VOLTAGE, Side, coarsest, idaklu, largest_mV, row

from assb import models, parameters
from assb.models.compiled import Protocol, compile_model

#: A looser tolerance of IDAKLU, whose error is at most that of our grids.
LOOSER = 1e-5


def discharge(values, hours):
    """Current, output times, and the protocol for a longest step that is a part of the duration."""
    current, end = float(values["Nominal cell capacity [A.h]"]), 3600.0 * hours
    times = np.linspace(0.0, end, 101)

    def build(parts):
        steps = [(end, current)]
        return Protocol.from_steps(
            steps, times, initial_current=current, max_step=end / parts, interpolate=True
        )

    return current, times, build


def own_values():
    """Cell of our models, all mechanisms on, with 0.4 h of discharge left."""
    values = parameters.get("NCM811_LPSCl_InLi")
    values["Initial stoichiometry in positive electrode"] = 0.35
    return values


def scalar(model, values, hours) -> Side:
    """One model: compiled, in IDAKLU at 1e-6, and at the looser tolerance."""
    current, times, build = discharge(values, hours)
    values["Current function [A]"] = current
    model.events = []
    compiled = compile_model(model, values, [], [VOLTAGE])
    p = compiled.vector()

    def reference(tolerance):
        simulation = pybamm.Simulation(model, parameter_values=values, solver=idaklu(tolerance, [VOLTAGE]))
        return lambda: simulation.solve([0, times[-1]], t_interp=times)

    asserted, looser, tight = reference(1e-6), reference(LOOSER), reference(1e-9)
    expected, exact = asserted()[VOLTAGE](times), tight()[VOLTAGE](times)
    protocol, details = coarsest(lambda grid: compiled.evaluate(grid, p)[:, 0], expected, build)
    details["error_against_1e-9_mV"] = {
        "ours": largest_mV(compiled.evaluate(protocol, p)[:, 0], exact),
        "IDAKLU 1e-6": largest_mV(expected, exact),
        "IDAKLU 1e-5": largest_mV(looser()[VOLTAGE](times), exact),
    }
    side = Side(lambda: compiled.evaluate(protocol, p), asserted, compiled.n_states, details=details)
    side.looser = looser
    return side


def measure(repeats: int) -> dict:
    """Rows by key."""
    rows = {}
    for key, own, peer in (
        ("spm_scalar", models.SPM, pybamm.lithium_ion.SPM),
        ("dfn_scalar", models.DFN, pybamm.lithium_ion.DFN),
    ):
        ours = scalar(own(), own_values(), 0.4)
        theirs = scalar(peer(), pybamm.ParameterValues("Chen2020"), 0.9)
        steps = [side.details["integration_steps"] for side in (ours, theirs)]
        note = f"grids of {steps[0]} and {steps[1]} steps, the coarsest within 0.05 mV of IDAKLU at 1e-6"
        rows[key] = row(ours, theirs, 1, note, repeats)
    return rows
