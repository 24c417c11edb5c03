"""Any combination of options with any protocol runs, or is refused with a reason.

Every value of every option of :func:`assb.models.options` is drawn, so an option that is added later is
tested with all others without a word here.
"""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pybamm
import pytest

import assb
from assb import models, parameters
from assb.models import DFN, SPM
from assb.models.choices import _OF_FOIL, _OF_NEGATIVE
from assb.parameters.blend import matching_stoichiometry
from tests.models.runs import Q, slow

SEED = 4
MESH = {"x_n": 4, "x_p": 4, "r_n": 6, "r_p": 6, "r_p_prim": 6, "r_p_sec": 6}
#: Share of draws without options of the other kind of negative electrode.
MOSTLY = 0.9
#: Share of runs in which the solver may give up.
ALLOWED = 0.01
OUTCOMES = ("ran", "ended at an event", "refused", "solver failure")
Y_POSITIVE, Y_NEGATIVE = (
    f"Initial stoichiometry in {domain} electrode" for domain in ("positive", "negative")
)
PRIMARY, SECONDARY = "Primary: ", "Secondary: "


def options_of_models():
    with contextlib.redirect_stdout(io.StringIO()):
        return models.options()


def composite(values):
    return "Negative particle radius [m]" in values.keys()


def draw(rng, most=3):
    """Model class, options, cell, initial state and protocol of one case, all plain values.

    Of up to `most` steps: each kind of step is a model of its own to PyBaMM, built anew.
    """
    choice = {name: str(rng.choice(option.values)) for name, option in options_of_models().items()}
    choice["surface form"] = str(rng.choice(["false", "differential"]))
    if rng.random() < MOSTLY:  # what belongs to the other kind of negative electrode would all be refused
        foreign = _OF_FOIL if choice["negative"] == "composite" else _OF_NEGATIVE
        choice |= {name: options_of_models()[name].default for name in foreign}
    choice["intercalation kinetics"] = str(
        rng.choice(["symmetric Butler-Volmer", "asymmetric Butler-Volmer"])
    )
    kind = (SPM, DFN)[rng.integers(2)]
    stoichiometry = float(rng.uniform(0.4, 0.85))
    steps = [_piece(rng) for _ in range(rng.integers(1, most + 1))]
    choice["contact resistance"] = str(rng.choice(["false", "true"]))
    return kind, choice, float(rng.random()), stoichiometry, steps


def _piece(rng):
    name = str(rng.choice(["current", "rest", "voltage", "power"]))
    sign = float(rng.choice([-1, 1]))
    rate = float(np.exp(rng.uniform(np.log(0.1), np.log(2.0))))
    return name, sign * rate, float(rng.uniform(30, 600)), float(rng.uniform(-0.08, 0.08))


def cell_for(model, pick):
    """A parameter set whose negative electrode is of the kind that the model's default cell has."""
    needed = composite(model.default_parameter_values)
    if model.options["positive populations"] == "two":
        if needed:
            return parameters.get("Oh2026_LTO", blend=0.8, populations="two")
        return parameters.build(parameters.Blend(("NCM811", "NCM811"), (70, 30), (5e-6, 2e-6)))
    cells = [name for name in parameters.list() if composite(parameters.get(name)) == needed]
    return parameters.get(cells[int(pick * len(cells))])


class Errors(pybamm.callbacks.Callback):
    """What the solver said: an experiment logs a failure after its first step and stops without raising."""

    def __init__(self):
        self.said = []

    def on_experiment_error(self, logs):
        self.said.append(str(logs["error"]))


def run(kind, choice, pick, stoichiometry, pieces):
    """Outcome of a case and what was said about it."""
    try:
        model = kind(choice)
    except (pybamm.OptionError, ValueError) as error:
        return "refused", str(error)
    values = cell_for(model, pick)
    values["Contact resistance [Ohm]"] = 20.0
    if PRIMARY + Y_POSITIVE in values.keys():
        values[PRIMARY + Y_POSITIVE] = stoichiometry
        values[SECONDARY + Y_POSITIVE] = matching_stoichiometry(values, stoichiometry)
    else:
        values[Y_POSITIVE] = stoichiometry
    if Y_NEGATIVE in values.keys():
        values[Y_NEGATIVE] = 0.9 - stoichiometry
    start = rest_voltage(values, stoichiometry)
    capacity = values[Q]
    # An experiment keeps the cut-offs of a cell only as a distant safeguard: each step brings its own.
    # Below them a power may exceed what the cell can give at any voltage.
    low, high = values["Lower voltage cut-off [V]"], values["Upper voltage cut-off [V]"]
    steps = []
    for name, rate, duration, rise in pieces:
        until = f"{low} V" if rate > 0 else f"{high} V"
        if name == "current":
            steps.append(pybamm.step.current(rate * capacity, duration=duration, termination=until))
        elif name == "rest":
            steps.append(pybamm.step.rest(duration=duration))
        elif name == "voltage":
            steps.append(pybamm.step.voltage(start + rise, duration=duration))
        else:
            steps.append(pybamm.step.power(rate * capacity * start, duration=duration, termination=until))
    errors = Errors()
    try:
        experiment = pybamm.Experiment([tuple(steps)])
        solution = assb.simulate(model, values, experiment, var_pts=MESH, callbacks=[errors], calc_esoh=False)
    except pybamm.SolverError as error:
        errors.said.append(str(error))
    except ValueError as error:
        return "refused", str(error)
    if errors.said:
        said = errors.said[0]
        if (
            "infeasible due to exceeded bounds" in said
        ):  # several steps; of a single one PyBaMM returns nothing
            return "ended at an event", "every step is beyond its voltage from the start"
        return ("ended at an event" if "Events" in said else "solver failure"), said
    if isinstance(solution, pybamm.EmptySolution):
        return "ended at an event", "every step is beyond its voltage from the start"
    voltage = solution["Voltage [V]"].data
    assert np.isfinite(voltage).all()
    # The cut-off of a step is part of the protocol; any other event ends the run.
    if solution.termination.startswith("event") and "[experiment]" not in solution.termination:
        return "ended at an event", solution.termination
    return "ran", ""


def rest_voltage(values, stoichiometry):
    """Open-circuit voltage [V] of the initial state."""

    def potential(domain, y):
        name = f"{domain} electrode OCP [V]"
        law = values[name if name in values.keys() else PRIMARY + name](pybamm.Scalar(y))
        return float(np.squeeze(values.process_symbol(law).evaluate()))

    if composite(values):
        return potential("Positive", stoichiometry) - potential("Negative", values[Y_NEGATIVE])
    return potential("Positive", stoichiometry) - values["Negative electrode potential [V]"]


# Sixty in two halves, for two processors.
@pytest.mark.parametrize(("cases", "part"), [(30, 0), (30, 1), pytest.param(300, 2, marks=slow)])
def test_random_combinations_run_or_are_refused_with_a_reason(cases, part):
    rng = np.random.default_rng([SEED, part])
    found = {outcome: [] for outcome in OUTCOMES}
    # A refused combination is replaced by another draw: `cases` count what was simulated.
    k = 0
    while sum(len(rows) for rows in found.values()) - len(found["refused"]) < cases:
        case = draw(rng, 3 if cases > 100 else 1)
        outcome, said = run(*case)
        found[outcome].append((k, said, case))
        k += 1
        assert k < 10 * cases, f"{len(found['refused'])} of {k} combinations were refused"
    for k, said, _ in found["refused"]:
        assert len(said.split()) >= 5, f"case {k} was refused without a reason: {said!r}"
    for k, said, _ in found["ended at an event"]:
        assert any(word in said for word in ("voltage", "empty", "full", "voids", "fractured")), (
            f"case {k} ended early: {said!r}"
        )
    failures = "\n".join(
        f"case {k}: {said.splitlines()[0]}: {case}" for k, said, case in found["solver failure"]
    )
    assert len(found["solver failure"]) <= ALLOWED * cases, failures
    # Cut-offs are exceptions: the test is about runs.
    assert len(found["ran"]) > 0.8 * cases, {outcome: len(rows) for outcome, rows in found.items()}


@pytest.mark.parametrize(
    ("carrier", "fraction"), [("ionic", "solid electrolyte"), ("electronic", "electronic network")]
)
def test_network_below_its_threshold_is_refused(carrier, fraction):
    values = parameters.get("NCM811_LPSCl_InLi")
    values[f"Positive electrode {fraction} volume fraction"] = 0.2
    with pytest.raises(
        ValueError, match=rf"{fraction} volume fraction' = 0\.2 is below the threshold 0\.217"
    ):
        assb.simulate(SPM({f"{carrier} network": "percolation"}), values, "Rest for 1 second")
    assb.simulate(SPM({f"{carrier} network": "Bruggeman"}), values, "Rest for 1 second")


def test_draws_cover_every_value_of_every_option():
    rng = np.random.default_rng(SEED)
    seen = [draw(rng)[1] for _ in range(60)]
    for name, option in options_of_models().items():
        assert {choice[name] for choice in seen} == set(option.values), name
