"""One 1C discharge of many parameter sets on one core, against batched inputs of IDAKLU at 1e-6.

Times are per set. IDAKLU takes the same time for every set, so that fewer of them do.
"""

from __future__ import annotations

import numpy as np
import pybamm
from common import RADIUS, VOLTAGE, Side, coarsest, idaklu, row
from scalars import discharge, own_values

from assb import models
from assb.models.compiled import compile_model


def ensemble(model, values, name, hours, n, n_reference) -> Side:
    """`n` sets compiled, the first `n_reference` of them in IDAKLU; `name` varies by 20 %."""
    current, times, build = discharge(values, hours)
    model.events = []
    compiled = compile_model(model, values, [name], [VOLTAGE], check=False)
    p = compiled.vector() * np.random.default_rng(0).uniform(0.8, 1.2, (n, 1))
    values.update({"Current function [A]": current, name: "[input]"})
    simulation = pybamm.Simulation(model, parameter_values=values, solver=idaklu(outputs=[VOLTAGE]))
    inputs = [{name: float(v)} for v in p[:n_reference, 0]]

    def reference():
        return simulation.solve([0, times[-1]], t_interp=times, inputs=inputs)

    expected = np.stack([solution[VOLTAGE](times) for solution in reference()])
    some = p[:n_reference]
    protocol, details = coarsest(
        lambda grid: compiled.evaluate_many(grid, some, 1)[0][..., 0], expected, build
    )
    details |= {"sets": n, "IDAKLU_sets": n_reference}
    return Side(
        lambda: compiled.evaluate_many(protocol, p, 1), reference, compiled.n_states, n, n_reference, details
    )


def measure(repeats: int) -> dict:
    """Rows by key."""
    rows = {}
    for key, own, peer, n, n_reference in (
        ("spm_ensemble", models.SPM, pybamm.lithium_ion.SPM, 1024, 128),
        ("dfn_ensemble", models.DFN, pybamm.lithium_ion.DFN, 64, 8),
    ):
        ours = ensemble(own(), own_values(), RADIUS, 0.4, n, n_reference)
        name = "Negative particle diffusivity [m2.s-1]"
        theirs = ensemble(peer(), pybamm.ParameterValues("Chen2020"), name, 0.9, n, n_reference)
        steps = [side.details["integration_steps"] for side in (ours, theirs)]
        note = (
            f"per set and core; grids of {steps[0]} and {steps[1]} steps, the coarsest within 0.05 mV of "
            f"IDAKLU at 1e-6 in all of {n_reference} sets, which are also those IDAKLU was timed on"
        )
        rows[key] = row(ours, theirs, n, note, repeats)
    return rows
