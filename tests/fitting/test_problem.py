"""The likelihood: two back ends, exact derivatives, failures that stay finite."""

from __future__ import annotations

import numpy as np
import pytest

from assb.fitting import Dataset, LogNormal, Normal
from assb.fitting.problem import ProblemError
from tests.fitting.conftest import make_priors, make_problem


def test_compiled_and_reference_agree(problem, synthetic):
    reference = make_problem(synthetic, backend="IDAKLU")
    z = np.array([[0.0, 0.0, 0.0], [0.5, 0.7, -0.4]])
    scored = synthetic.scored
    assert np.abs(problem.voltages(z) - reference.voltages(z))[:, scored].max() < 1e-4


def test_reference_sensitivities_agree_with_exact_derivatives(problem, synthetic):
    reference = make_problem(synthetic, backend="IDAKLU")
    z = np.array([0.3, 0.5, 0.2])
    mine, theirs = problem.linearised(z), reference.linearised(z)
    assert np.allclose(mine[0][0], theirs[0][0], atol=2e-4)
    scale = np.abs(mine[1][0]).max(axis=0)
    assert (np.abs(mine[1][0] - theirs[1][0]) / scale).max() < 5e-3


def test_derivatives_agree_with_central_differences(problem):
    z = np.array([0.3, 0.5, 0.2])
    slopes = problem.linearised(z)[1][0]
    step = 1e-4
    for k in range(3):
        up, down = z.copy(), z.copy()
        up[k], down[k] = z[k] + step, z[k] - step
        above, below = (problem.residuals(problem.predict(each))[0][0] for each in (up, down))
        numerical = (above - below) / (2 * step)
        assert np.allclose(slopes[:, k], numerical, atol=1e-5 * np.abs(numerical).max() + 1e-9)


def test_posterior_is_prior_plus_likelihood(problem):
    z = np.array([[0.2, 0.3, 0.1, 0.0, 0.0], [9.0, 0, 0, 0, 0]])
    total = problem.log_posterior(z)
    assert total[0] == pytest.approx(problem.log_prior(z[:1])[0] + problem.log_likelihood(z[:1])[0])
    assert np.isneginf(total[1])


def test_a_set_that_cannot_be_simulated_is_counted_and_alone():
    """An empty particle at the start: no voltage, no crash."""
    from assb.fitting import Uniform

    priors = {**make_priors(), "Initial stoichiometry in positive electrode": Uniform(lower=-5.0, upper=5.0)}
    problem = make_problem(Dataset.embedded(), priors=priors)
    prior = problem.priors["Initial stoichiometry in positive electrode"]
    bad = float(prior.to_coordinate(float("nan")))
    z = np.array([[float(prior.to_coordinate(0.87)), 0, 0, 0, 0], [bad, 0, 0, 0, 0]])
    before = problem.failures
    value = problem.log_likelihood(z)
    assert np.isfinite(value[0])
    assert np.isneginf(value[1])
    assert problem.failures - before == 1


def test_unknown_parameter_suggests_the_right_one():
    priors = {"Positive electrode interface resistance [ohm.m2]": LogNormal(median=0.02, factor=2)}
    with pytest.raises(
        ProblemError, match=r"did you mean 'Positive electrode interface resistance \[Ohm.m2\]'"
    ):
        make_problem(Dataset.embedded(), priors=priors)


def test_prior_that_excludes_the_start():
    priors = {"Initial stoichiometry in positive electrode": Normal(mean=0.5, sd=0.01)}
    with pytest.raises(ProblemError, match="outside its prior's bounds"):
        make_problem(Dataset.embedded(), priors=priors)


def test_function_parameter_cannot_be_calibrated():
    priors = {"Positive electrode OCP [V]": Normal(mean=0.5, sd=0.01)}
    with pytest.raises(ProblemError, match="only numbers can be calibrated"):
        make_problem(Dataset.embedded(), priors=priors)


def test_no_priors_and_no_data():
    from assb import models, parameters
    from assb.fitting import Problem

    pv = parameters.get("NCM811_LPSCl_InLi")
    with pytest.raises(ProblemError, match="at least one parameter"):
        Problem(models.SPM(), pv, [Dataset.embedded()], {})
    with pytest.raises(ProblemError, match="data is empty"):
        Problem(models.SPM(), pv, [], make_priors())


def test_unknown_backend():
    with pytest.raises(ValueError, match="use 'auto', 'compiled' or 'IDAKLU'"):
        make_problem(Dataset.embedded(), backend="fortran")


def test_without_a_compiler_the_reference_takes_over(monkeypatch):
    from assb.models import compiled

    def refuse(*_, **__):
        raise compiled.CompilerError("no C compiler: install gcc.")

    monkeypatch.setattr("assb.models.compiled.compile_model", refuse)
    monkeypatch.setattr("assb.models.compiled.compiler._warned", set())
    with pytest.warns(compiled.CompilerWarning, match="install gcc") as caught:
        problems = [make_problem(Dataset.embedded(), backend="auto") for _ in range(2)]
    assert len(caught) == 1
    assert [problem.simulator.name for problem in problems] == ["IDAKLU"] * 2
    with pytest.raises(compiled.CompilerError, match="install gcc"):
        make_problem(Dataset.embedded(), backend="compiled")
