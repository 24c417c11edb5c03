import pickle

import numpy as np
import pybamm
import pytest

from assb import models, parameters
from assb.models.compiled import Cutoff, Protocol, Step, compile_model

from .conftest import COARSE, INPUTS, NEGATIVE_D, POSITIVE_EPS

VOLTAGE = "Voltage [V]"
CC_CV = [Step.current(5.0, until=2.5), Step.current(-2.5, until=4.2), Step.voltage(4.2, until_current=0.25)]
EXPERIMENT = ("Discharge at 1C until 2.5 V", "Charge at C/2 until 4.2 V", "Hold at 4.2 V until C/20")


def experiment(model, values, cycles, **options):
    """Capacity of each discharge [A.h] by pybamm.Simulation."""
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-8)
    protocol = pybamm.Experiment([cycles[0]] * len(cycles))
    simulation = pybamm.Simulation(
        model, parameter_values=values, experiment=protocol, solver=solver, **options
    )
    return simulation.solve()


def passed(solution, step):
    """Charge passed in a step of each cycle [A.h]."""
    name = "Discharge capacity [A.h]"
    return np.array([np.ptp(cycle.steps[step][name].entries) for cycle in solution.cycles])


def test_ageing_as_experiment(values):
    """CC-CV with a growing SEI: capacities, durations of the hold and the lithium lost."""
    lost = "Loss of lithium to negative SEI [mol]"
    model = pybamm.lithium_ion.SPM({"SEI": "solvent-diffusion limited"})
    compiled = compile_model(model, values, [], [VOLTAGE, lost], check=False)
    ours = compiled.cycle(CC_CV, 20)
    theirs = experiment(model, values, [EXPERIMENT] * 20)
    np.testing.assert_allclose(ours["Charge [A.h]"][:, 0], passed(theirs, 0), rtol=1e-4)
    np.testing.assert_allclose(-ours["Charge [A.h]"][:, 2], passed(theirs, 2), rtol=1e-3)
    gone = [cycle[lost].entries[-1] for cycle in theirs.cycles]
    np.testing.assert_allclose(ours[lost][:, -1], gone, rtol=1e-3)
    assert (np.diff(ours["Charge [A.h]"][1:, 0]) < 0).all()
    np.testing.assert_array_equal(ours["Ended by"][0], [VOLTAGE, VOLTAGE, "Current magnitude [A]"])
    np.testing.assert_allclose(ours[VOLTAGE], np.tile([2.5, 4.2, 4.2], (20, 1)), atol=1e-5)
    np.testing.assert_allclose(ours["Current [A]"][:, 2], -0.25, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("solid", [True, False])
def test_capacity_after_a_thousand_cycles(solid, values):
    """Within 0.1 % of Experiment, for this library's SPM with all mechanisms and PyBaMM's with SEI."""
    if solid:
        model, values, first = models.SPM(), parameters.get("NCM811_LPSCl_InLi"), -1
        c = values["Nominal cell capacity [A.h]"]
        steps = [
            Step.current(-c / 3, 3.6),
            Step.voltage(3.6, until_current=c / 20),
            Step.current(c / 3, 2.8),
        ]
        cycle = ("Charge at C/3 until 3.6 V", "Hold at 3.6 V until C/20", "Discharge at C/3 until 2.8 V")
    else:
        model, first = pybamm.lithium_ion.SPM({"SEI": "solvent-diffusion limited"}), 0
        steps, cycle = CC_CV, EXPERIMENT
    compiled = compile_model(model, values, [], [VOLTAGE], check=False)
    ours = compiled.cycle(steps, 1000)["Charge [A.h]"].values[:, first]
    np.testing.assert_allclose(ours, passed(experiment(model, values, [cycle] * 1000), first), rtol=1e-3)


def test_power_and_hold_with_algebraic_states(dfn, values):
    steps = [Step.power(15.0, until=3.2), Step.voltage(3.4, duration=600.0), Step.rest(600.0)]
    ours = dfn.cycle(steps, 1, tolerance_mV=0.1)
    protocol = ("Discharge at 15 W until 3.2 V", "Hold at 3.4 V for 10 minutes", "Rest for 10 minutes")
    theirs = experiment(pybamm.lithium_ion.DFN(), values, [protocol], var_pts=COARSE)
    ends = [step[VOLTAGE].entries[-1] for step in theirs.cycles[0].steps]
    np.testing.assert_allclose(ours[VOLTAGE][0], ends, atol=2e-4)
    durations = [np.ptp(step.t) for step in theirs.cycles[0].steps]
    np.testing.assert_allclose(ours["Duration [s]"][0], durations, rtol=1e-4)
    np.testing.assert_allclose(ours["Current [A]"][0, 0] * ours[VOLTAGE][0, 0], 15.0, rtol=1e-4)


def test_error_within_tolerance(spm):
    """Random sets, protocols and tolerances against the same run 100 times tighter."""
    rng = np.random.default_rng(5)
    ratios = []
    for _ in range(100):
        inputs = {k: spm.defaults[k] * rng.uniform(0.7, 1.3) for k in INPUTS}
        tolerance = 10 ** rng.uniform(-1.0, 0.5)
        steps = [
            Step.current(rng.uniform(1.0, 5.0), duration=rng.uniform(300.0, 1800.0), until=2.9),
            Step.rest(rng.uniform(10.0, 1800.0)),
            Step.power(rng.uniform(-12.0, 12.0), duration=rng.uniform(10.0, 600.0), until=None),
            Step.current(rng.uniform(-3.0, -0.5), duration=rng.uniform(60.0, 900.0), until=4.2),
        ]
        ends = [spm.cycle(steps, 1, inputs, tolerance_mV=t)[VOLTAGE].values for t in (tolerance, 1e-3)]
        ratios.append(np.abs(ends[0] - ends[1]).max() / (1e-3 * tolerance))
    assert np.quantile(ratios, 0.99) <= 1.0
    assert max(ratios) < 3.0


def test_trace_agrees_with_fixed_grid(spm):
    """Every integration step, not only the ends."""
    steps = [(1800.0, 5.0), (600.0, 0.0), (900.0, -2.5)]
    run = spm.cycle([Step.current(i, duration=t) for t, i in steps], trace=True, tolerance_mV=0.3)
    time, voltage = run["time"].values, run["Voltage trace"].values
    inside = np.flatnonzero(np.diff(time, prepend=-1.0) > 1e-3)[1:]
    fine = Protocol.from_steps(steps, time[inside], refine=4.0)
    expected = spm.evaluate(fine, spm.vector())[:, 0]
    assert np.abs(voltage[inside] - expected).max() < 3e-4


def test_cutoffs(spm):
    """By charge, by current from above, by an output, and whichever comes first."""
    capacity = Cutoff("Step capacity [A.h]", above=0.5)
    run = spm.cycle([Step.current(2.0, until=[capacity, Cutoff(VOLTAGE, below=2.5)]), Step.rest(10.0)], 2)
    np.testing.assert_allclose(run["Charge [A.h]"][:, 0], 0.5, rtol=1e-6)
    np.testing.assert_allclose(run["Duration [s]"], [[900.0, 10.0]] * 2, rtol=1e-6)
    np.testing.assert_array_equal(run["Ended by"][:, 0], "Step capacity [A.h]")
    total = spm.cycle([Step.current(2.0, until=Cutoff("Discharge capacity [A.h]", above=0.25))])
    assert total["Duration [s]"].item() == pytest.approx(450.0, rel=1e-6)
    # Already beyond: the step is over at once.
    done = spm.cycle([Step.current(2.0, until=4.5)])
    assert done["Duration [s]"].item() == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: m.cycle([]), "steps=.* is empty"),
        (lambda m: m.cycle([Step.rest(1.0)], 0), "n_cycles=0"),
        (lambda m: m.cycle([Step.rest(1.0)], tolerance_mV=0.0), "tolerance_mV=0.0"),
        (lambda m: m.cycle([Step.rest(1.0)], outputs_each_cycle=["x"]), "outputs_each_cycle"),
        (lambda m: m.cycle([Step.current(1.0, until=Cutoff("Pressure", above=1.0))]), "neither an output"),
        (lambda m: Step.current(1.0), "never ends"),
        (lambda m: Step.rest(-1.0), "duration=-1.0 must be positive"),
        (lambda m: Cutoff(VOLTAGE), "either below or above"),
        (lambda m: Step.current(np.nan, until=3.0), "not finite"),
    ],
)
def test_rejects(spm, call, message):
    with pytest.raises(ValueError, match=message):
        call(spm)


def test_failure_says_where(spm):
    with pytest.raises(RuntimeError, match="cycle 1, step 2"):
        spm.cycle([Step.rest(10.0), Step.power(1e4, duration=10.0)])
    with pytest.raises(RuntimeError, match="cycle 1, step 1"):
        spm.cycle([Step.rest(10.0)], inputs={NEGATIVE_D: np.nan})


def test_pickled_model_cycles(spm):
    steps = [Step.current(5.0, duration=60.0)]
    copy = pickle.loads(pickle.dumps(spm))
    assert copy.cycle(steps).equals(spm.cycle(steps))
    assert POSITIVE_EPS in copy.input_names


def test_solid_state_cell_with_pressure_and_temperature():
    """All mechanisms: CC-CV against Experiment, a cut-off on pressure, and temperature as an input."""
    pressure, temperature = "Stack pressure [MPa]", "Ambient temperature [K]"
    values = parameters.get("NCM811_LPSCl_InLi")
    model = models.SPM()
    compiled = compile_model(model, values, [temperature], [VOLTAGE, pressure], check=False)
    c = values["Nominal cell capacity [A.h]"]
    steps = [
        Step.current(-c / 5, until=3.6),
        Step.voltage(3.6, until_current=c / 20),
        Step.current(c / 5, until=3.0),
    ]
    ours = compiled.cycle(steps, 3, tolerance_mV=0.1)
    protocol = ("Charge at C/5 until 3.6 V", "Hold at 3.6 V until C/20", "Discharge at C/5 until 3 V")
    theirs = experiment(model, values, [protocol] * 3)
    np.testing.assert_allclose(ours["Charge [A.h]"][:, 2], passed(theirs, 2), rtol=1e-3)
    start = compiled.cycle([Step.rest(1.0)])[pressure].item()
    target = 0.5 * (start + ours[pressure][0, 0].item())
    cutoff = Cutoff(pressure, **{"below" if target < start else "above": target})
    run = compiled.cycle([Step.current(-c / 5, until=cutoff)])
    assert run[pressure].item() == pytest.approx(target, rel=1e-5)
    protocol = Protocol.from_steps([(600.0, -c)], [600.0])
    kelvin = np.array([283.15, 303.15, 323.15])
    warm = compiled.ensemble(protocol, {temperature: kelvin}, tolerance_mV=None)[VOLTAGE].values[:, 0]
    assert (np.diff(warm) < -0.01).all()
    values[temperature] = kelvin[0]
    cold = compile_model(model, values, [], [VOLTAGE], check=False).evaluate(protocol, [])
    assert cold.item() == pytest.approx(warm[0], abs=1e-9)
