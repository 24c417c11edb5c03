"""Priors as a whole: normalised, drawn, carried over from a posterior."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.stats import kstest, norm

from assb.fitting import (
    JointPrior,
    LogNormal,
    Normal,
    Posterior,
    Problem,
    Uniform,
    WhiteNoise,
    calibrate,
    sample,
)
from assb.fitting.knowledge import Knowledge
from assb.fitting.problem import ProblemError
from tests.fitting.conftest import make_problem

PRIORS = {"a": Normal(mean=1.0, sd=2.0, upper=3.0), "b": Uniform(lower=0.0, upper=4.0)}
JOINT = JointPrior(["a", "b"], np.array([0.2, -0.3]), np.array([[0.09, 0.03], [0.03, 0.04]]))


@pytest.mark.parametrize("joint", [None, JOINT])
def test_density_is_normalised(joint):
    knowledge = Knowledge(PRIORS, joint)
    (low_a, low_b), (high_a, high_b) = np.maximum(knowledge.bounds, -5)
    total, _ = dblquad(
        lambda y, x: float(np.exp(knowledge.log_density(np.array([x, y])))),
        low_a,
        high_a,
        low_b,
        high_b,
        epsabs=1e-5,
    )
    # The joint density loses its tail beyond the bounds: a share of Phi(-(1 - 0.2)/0.3).
    expected = 1.0 if joint is None else norm.cdf((1 - 0.2) / 0.3)
    assert total == pytest.approx(expected, abs=2e-3)


def test_draws_follow_the_density():
    draws = Knowledge(PRIORS).draw(np.random.default_rng(5), 4000)
    assert kstest(draws[:, 0], lambda x: norm.cdf(x) / norm.cdf(1.0)).pvalue > 1e-3
    low, high = PRIORS["b"].bounds
    assert kstest(draws[:, 1], lambda x: (x - low) / (high - low)).pvalue > 1e-3
    joint = Knowledge(PRIORS, JOINT).draw(np.random.default_rng(5), 4000)
    inside = joint[joint[:, 0] < 0.99]
    assert np.abs(inside.mean(axis=0) - JOINT.mean).max() < 0.03
    assert np.corrcoef(inside.T)[0, 1] == pytest.approx(0.5, abs=0.06)


def test_errors_of_a_joint_prior():
    with pytest.raises(ValueError, match="joint names 'c', which is no unknown"):
        Knowledge(PRIORS, JointPrior(["c"], np.zeros(1), np.eye(1)))
    with pytest.raises(ValueError, match="give a square matrix"):
        JointPrior(["a"], np.zeros(1), np.eye(2))
    with pytest.raises(ValueError, match="not positive definite"):
        JointPrior(["a", "b"], np.zeros(2), np.ones((2, 2)))


@pytest.fixture(scope="module")
def tables():
    """Decays of unknown size and rate: rows of early and of late times."""
    from assb import models, parameters
    from assb.fitting import Table

    size, rate = (
        "Positive electrode interface resistance [Ohm.m2]",
        "Negative electrode stripping resistance [Ohm.m2]",
    )
    rng, parts = np.random.default_rng(5), []
    for name, start in (("early", 0.0), ("late", 1.0)):
        time = start + np.linspace(0.1, 1.0, 12)

        def predict(p, time=time):
            return p[size] * np.exp(-time * p[rate] / 0.05)

        truth = predict({size: np.array([[0.03]]), rate: np.array([[0.04]])})[0]
        parts.append(Table(truth + 1e-3 * rng.normal(size=12), predict, 1e-3, name))
    priors = {size: LogNormal(median=0.02, factor=3.0), rate: LogNormal(median=0.05, factor=3.0)}
    model, values = models.SPM(), parameters.get("NCM811_LPSCl_InLi")

    def problem(data, joint=None):
        return Problem(model, values, data, priors, {"table": WhiteNoise(1.0)}, joint=joint)

    return parts, problem


@pytest.fixture(scope="module")
def halves(synthetic):
    """A record in two data sets: every other row, and the rest."""
    from assb import models, parameters
    from assb.fitting import Dataset
    from tests.fitting.conftest import make_priors

    rows, parts = np.arange(1, len(synthetic.time)), []
    for k, name in enumerate(("even", "odd")):
        keep = np.concatenate([[0], rows[rows % 2 == k]])
        columns = (getattr(synthetic, label)[keep] for label in ("time", "current", "voltage"))
        parts.append(Dataset(*columns, synthetic.steps, name))
    model = models.SPM({"space charge": "none", "contact": "pressure"})
    values = parameters.get("NCM811_LPSCl_InLi")

    def problem(data, joint=None):
        return Problem(model, values, data, make_priors(), WhiteNoise(0.003), joint=joint, threads=1)

    return parts, problem


@pytest.mark.parametrize("case", ["tables", pytest.param("halves", marks=pytest.mark.slow)])
def test_posterior_then_prior_then_update_is_the_joint_fit(case, request, tmp_path):
    (one, other), problem = request.getfixturevalue(case)

    def posterior(given):
        start = calibrate(given, seed=5, starts=1)
        return sample(given, start, seed=5, walkers=32, progress=False, effective_samples=6000)

    together = posterior(problem([one, other]))
    first = problem([one])
    path = tmp_path / "first.nc"
    posterior(first).save(path)
    joint = JointPrior.from_posterior(path, first.all_priors)
    assert joint.skewed == []
    updated = posterior(problem([other], joint))
    for name in together.names:
        a, b = together.dataset_[name].values, updated.dataset_[name].values
        # Twice 6,000 effective draws know the mean to 1.8 % of the sd and the sd to 1.3 %.
        assert abs(a.mean() - b.mean()) < 0.05 * a.std()
        assert a.std() == pytest.approx(b.std(), rel=0.05)


def test_from_posterior_names_what_is_missing(problem, estimate):
    posterior = Posterior.__new__(Posterior)
    posterior.names, posterior.dataset_ = ["x"], {}
    with pytest.raises(ValueError, match="share no name"):
        JointPrior.from_posterior(posterior, problem.all_priors)
    with pytest.raises(ValueError, match="'y' is not in both"):
        JointPrior.from_posterior(posterior, problem.all_priors, ["y"])


def test_a_problem_refuses_a_joint_prior_of_other_names(synthetic):
    made, joint = make_problem(synthetic), JointPrior(["z"], np.zeros(1), np.eye(1))
    with pytest.raises(ProblemError, match="which is no unknown"):
        Problem(made.model, made.parameter_values, [synthetic], made.rules, joint=joint)


def test_a_log_normal_coordinate_carries_over():
    prior = LogNormal(median=2.0, factor=3.0)
    posterior = Posterior.__new__(Posterior)
    rng = np.random.default_rng(5)
    z = 0.5 + 0.1 * rng.normal(size=4000)

    class Variable:
        values = prior.to_value(z)

    posterior.names, posterior.dataset_ = ["a"], {"a": Variable}
    joint = JointPrior.from_posterior(posterior, {"a": prior})
    assert joint.mean[0] == pytest.approx(z.mean(), abs=1e-9)
    assert joint.covariance[0, 0] == pytest.approx(z.var(ddof=1), rel=1e-9)
