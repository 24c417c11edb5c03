"""CC-CV cycles with ageing against `pybamm.Experiment`; times per cycle.

Repeats run 50 cycles; 1,000 cycles run once on each side, where the capacities of all cycles must agree.
`Experiment` is spared the model's own events and the electrode state of health of each cycle.
"""

from __future__ import annotations

import time

import numpy as np
import pybamm
from common import RADIUS, VOLTAGE, Side, idaklu, row

from assb import models, parameters
from assb.models.compiled import Step, compile_model

CYCLES, REPEATED = 1000, 50
#: Largest relative difference of a capacity.
AGREEMENT = 1e-3
SETS = 64
CAPACITY = "Discharge capacity [A.h]"


def seconds(task):
    clock = time.perf_counter()
    result = task()
    return time.perf_counter() - clock, result


def cycling(model, values, steps, experiment, discharge) -> Side:
    """Our default tolerance against IDAKLU at 1e-6; `discharge` is the step whose capacity counts."""
    model.events = []
    compiled = compile_model(model, values, [], [VOLTAGE], check=False)

    def reference(n):
        protocol = pybamm.Experiment([experiment] * n)
        simulation = pybamm.Simulation(model, parameter_values=values, experiment=protocol, solver=idaklu())
        return lambda: simulation.solve(calc_esoh=False)

    compiled.cycle(steps, 1)  # compiles
    ours, found = seconds(lambda: compiled.cycle(steps, CYCLES)["Charge [A.h]"].values[:, discharge])
    theirs, solution = seconds(reference(CYCLES))
    expected = np.array([np.ptp(cycle.steps[discharge][CAPACITY].entries) for cycle in solution.cycles])
    assert expected.shape == found.shape
    error = float(np.abs(found / expected - 1.0).max())
    assert error <= AGREEMENT, f"capacities differ by {100 * error:.3f} %"
    details = {
        "largest_capacity_error": error,
        "capacity_kept": float(expected[-1] / expected[0]),
        "ours_1000_s": ours,
        "reference_1000_s": theirs,
    }
    return Side(
        lambda: compiled.cycle(steps, REPEATED),
        reference(REPEATED),
        compiled.n_states,
        REPEATED,
        REPEATED,
        details,
    )


def ageing_ensemble(model, values, steps):
    """The cycles of `SETS` particle radii together on one core: the task, and the cycles it runs."""
    compiled = compile_model(model, values, [RADIUS], [VOLTAGE], check=False)
    inputs = {RADIUS: compiled.defaults[RADIUS] * np.linspace(0.8, 1.2, SETS)}
    return lambda: compiled.cycle(steps, REPEATED, inputs, threads=1), SETS * REPEATED


def measure(repeats: int) -> dict:
    """Rows by key."""
    values = parameters.get("NCM811_LPSCl_InLi")
    c = values["Nominal cell capacity [A.h]"]
    steps = [Step.current(-c / 3, 3.6), Step.voltage(3.6, until_current=c / 20), Step.current(c / 3, 2.8)]
    experiment = ("Charge at C/3 until 3.6 V", "Hold at 3.6 V until C/20", "Discharge at C/3 until 2.8 V")
    ours = cycling(models.SPM(), values, steps, experiment, 2)
    together = ageing_ensemble(models.SPM(), values, steps)
    steps = [Step.current(5.0, 2.5), Step.current(-2.5, 4.2), Step.voltage(4.2, until_current=0.25)]
    experiment = ("Discharge at 1C until 2.5 V", "Charge at C/2 until 4.2 V", "Hold at 4.2 V until C/20")
    peer = pybamm.lithium_ion.SPM({"SEI": "solvent-diffusion limited"})
    theirs = cycling(peer, pybamm.ParameterValues("Chen2020"), steps, experiment, 0)
    note = (
        f"per cycle, {REPEATED} cycles a repeat; capacities of all {CYCLES} cycles asserted to 0.1 %. The "
        f"product is PyBaMM's SPM with SEI in Experiment, per cycle, against ours in an ensemble of {SETS} "
        "particle radii, per cycle, set and core"
    )
    return {"spm_ageing_1000": row(ours, theirs, CYCLES, note, repeats, together)}
