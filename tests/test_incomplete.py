"""A protocol that stops before its end says where, why and what to change."""

from __future__ import annotations

import json
import pickle
import warnings

import pybamm
import pytest

import assb
from assb import parameters
from assb.models import SPM
from tests.models.runs import COARSE
from tests.test_cli import assb as command

REST = "Rest for 1 minute"


def stopped(protocol, **changes):
    """Solution and the one warning of a protocol."""
    values = parameters.get("NCM811_LPSCl_InLi")
    values.update(changes)
    with pytest.warns(assb.IncompleteWarning) as caught:
        solution = assb.simulate(SPM(), values, protocol, var_pts=COARSE)
    (said,) = (entry.message for entry in caught if entry.category is assb.IncompleteWarning)
    assert caught[0].filename == __file__
    return solution, said


@pytest.mark.parametrize(
    ("step", "reason", "remedy"),
    [
        ("Discharge at 200C for 1 hour", "beyond the limit 'Minimum voltage [V]'", "Lower its current"),
        ("Hold at 9 V for 1 minute", "beyond the limit 'Maximum voltage [V]'", "cut-off voltages"),
        ("Discharge at 5 W for 1 hour", "the solver failed: ", "more than the cell can give"),
    ],
)
def test_a_step_that_fails_keeps_what_was_computed(step, reason, remedy):
    solution, said = stopped([REST, step])
    assert solution.t[-1] == 60
    assert (said.cycle, said.step, said.instruction) == (2, 1, step)
    assert reason in said.reason
    assert remedy in said.remedy
    for part in ("step 1 of cycle 2", step, said.reason, said.remedy):
        assert part in str(said)


def test_an_event_of_the_cell_in_a_later_step_of_a_cycle():
    solution, said = stopped([(REST, "Discharge at 0.1C until 0.5 V")])
    assert (said.cycle, said.step) == (1, 2)
    assert "Positive particle surface is full" in said.reason
    assert "until ... V" in said.remedy
    assert solution.t[-1] > 60
    assert "Positive particle surface is full" in solution.termination


def test_the_default_duration_of_a_step():
    solution, said = stopped([REST, pybamm.step.current(-1e-9, termination="4.0 V")])
    assert "default duration of " in said.reason
    assert "for 100 hours or until" in said.remedy
    assert solution.t[-1] > 86400


def test_a_first_step_that_fails_is_an_error():
    values = parameters.get("NCM811_LPSCl_InLi")
    with pytest.raises(pybamm.SolverError, match="Minimum voltage"):
        assb.simulate(SPM(), values, "Discharge at 200C for 1 hour", var_pts=COARSE)


def test_a_complete_protocol_is_silent_and_own_callbacks_are_called():
    class Steps(pybamm.callbacks.Callback):
        ended = 0

        def on_step_end(self, logs):
            self.ended += 1

    steps = Steps()
    with warnings.catch_warnings():
        warnings.simplefilter("error", assb.IncompleteWarning)
        for callbacks in (steps, [steps]):
            assb.simulate(
                SPM(), parameters.get("NCM811_LPSCl_InLi"), [REST], var_pts=COARSE, callbacks=callbacks
            )
    assert steps.ended == 2


def test_the_warning_can_be_pickled():
    said = assb.IncompleteWarning(2, 1, REST, "reason", "Remedy.")
    again = pickle.loads(pickle.dumps(said))
    assert (str(again), again.summary()) == (str(said), said.summary())


def test_points_of_the_mesh_that_are_not_named_are_those_of_the_model():
    two = parameters.build(parameters.Blend(("NCM811", "NCM811"), (60, 40), (5e-6, 2e-6)))
    solution = assb.simulate(SPM({"positive populations": "two"}), two, REST, var_pts={"r_p_prim": 5})
    sizes = [
        len(solution[f"Positive {phase} particle concentration [mol.m-3]"].entries)
        for phase in ("primary", "secondary")
    ]
    assert sizes[0] < sizes[1]


def test_the_command_line_says_so_too(tmp_path):
    arguments = ("simulate", REST, "Hold at 9 V for 1 minute")
    result = command(*arguments, "--json", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    content = json.loads(result.stdout)
    assert content["duration_s"] == 60
    assert (content["incomplete"]["cycle"], content["incomplete"]["step"]) == (2, 1)
    assert "Maximum voltage [V]" in content["incomplete"]["reason"]
    assert content["incomplete"]["remedy"]
    assert len(content["warnings"]) == 1
    said = command(*arguments, cwd=tmp_path).stderr
    assert "warning: the protocol stopped in step 1 of cycle 2" in said
    complete = json.loads(command("simulate", REST, "--json", cwd=tmp_path).stdout)
    assert (complete["incomplete"], complete["warnings"]) == (None, [])


def test_the_command_line_refuses_a_protocol_of_which_nothing_ran(tmp_path):
    result = command("simulate", "Charge at 0.1C until 2.0 V", cwd=tmp_path)
    assert result.returncode == 2
    assert "no step ran" in result.stderr
