"""Evidence: right on closed forms, and names the mechanism that aged a cell when the data can tell."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from assb import models, parameters
from assb.fitting import (
    Normal,
    Problem,
    Table,
    WhiteNoise,
    calibrate,
    compare_mechanisms,
    evidence,
    laplace_evidence,
)
from tests.fitting import mechanism_cases as cases

A = "Initial stoichiometry in positive electrode"
B = "Positive electrode contact damage exponent"
DESIGN = np.column_stack([np.ones(8), np.linspace(-1, 1, 8)])


def linear(names, seed=5):
    """Straight line or constant with normal priors: evidence in closed form."""
    rng = np.random.default_rng(seed)
    values = DESIGN @ np.array([0.6, 0.4]) + 0.1 * rng.normal(size=8)
    columns = [DESIGN[:, k] for k in range(len(names))]

    def predict(p):
        return sum(p[name] * column for name, column in zip(names, columns, strict=True))

    priors = {name: Normal(mean=0.5, sd=0.3, lower=-1e3, upper=1e3) for name in names}
    problem = Problem(
        models.SPM(), pv(), [Table(values, predict, 0.1, "line")], priors, {"table": WhiteNoise(1.0)}
    )
    design = np.column_stack(columns)
    exact = multivariate_normal(design.sum(axis=1) * 0.5, 0.01 * np.eye(8) + 0.09 * design @ design.T).logpdf(
        values
    )
    return problem, exact


def pv():
    values = parameters.get("NCM811_LPSCl_InLi")
    values.update({A: 0.5, B: 0.5})
    return values


def test_laplace_evidence_of_a_linear_problem_is_exact():
    for names in ([A], [A, B]):
        problem, exact = linear(names)
        found = laplace_evidence(problem, calibrate(problem, seed=5, starts=1))
        assert found.log_evidence_ == pytest.approx(exact, abs=1e-4)
        assert math.isnan(found.error_)


@pytest.mark.parametrize("bounds", [(0.75, 1e3), (-1e3, 0.45)])
def test_laplace_evidence_on_a_bound(bounds):
    """The mean of eight values, which a bound keeps from 0.6, and a slope: the integral is one over the inside."""
    free, _ = linear([A, B])
    priors = {
        A: Normal(mean=0.5, sd=0.3, lower=bounds[0], upper=bounds[1]),
        B: Normal(mean=0.5, sd=0.3, lower=-1e3, upper=1e3),
    }
    table = free.datasets[0]
    values = pv()
    values.update({A: float(np.clip(0.5, *bounds))})
    problem = Problem(models.SPM(), values, [table], priors, {"table": WhiteNoise(1.0)})
    a, b = np.meshgrid(np.linspace(*np.clip(bounds, 0.0, 1.2), 2001), np.linspace(0, 1, 1001), indexing="ij")
    rows = a[..., None] * DESIGN[:, 0] + b[..., None] * DESIGN[:, 1]
    density = (
        norm.logpdf(table.values, rows, 0.1).sum(-1) + norm.logpdf(a, 0.5, 0.3) + norm.logpdf(b, 0.5, 0.3)
    )
    exact = math.log(np.trapezoid(np.trapezoid(np.exp(density), b[0], axis=1), a[:, 0]))
    found = laplace_evidence(problem, calibrate(problem, seed=5, starts=1)).log_evidence_
    inside = math.log(np.diff(norm.cdf(bounds, 0.5, 0.3))[0])
    assert found == pytest.approx(exact - inside, abs=5e-4)


def test_nested_sampling_of_a_linear_problem():
    pytest.importorskip("nautilus", reason="needs the extra 'evidence'")
    problem, exact = linear([A, B])
    found = evidence(problem, seed=5, live_points=200, effective_samples=400)
    assert found.status_ == "done"
    assert found.log_evidence_ == pytest.approx(exact, abs=0.25)
    assert found.failures_ == 0
    estimate = calibrate(problem, seed=5, starts=1)
    draws = found.samples_[B].values
    assert abs(draws.mean() - estimate.parameters_[B]) < 5 * draws.std() / math.sqrt(300)
    assert "ln Z" in repr(found)


def test_comparison_prefers_what_made_the_data():
    (constant, exact_constant), (line, exact_line) = linear([A]), linear([A, B])

    def quick(problem, seed):
        return laplace_evidence(problem, calibrate(problem, seed=seed, starts=1))

    found = compare_mechanisms({"constant": constant, "line": line}, 5, quick)
    assert found.best_ == "line"
    assert found.decided_
    assert found.log_bayes_factor_ == pytest.approx(exact_line - exact_constant, abs=1e-3)
    assert "the data favour 'line' over 'constant'" in repr(found)
    assert found.to_dict()["best"] == "line"


def test_errors_of_evidence(monkeypatch):
    problem, _ = linear([A])
    with pytest.raises(ValueError, match="give at least two hypotheses"):
        compare_mechanisms({"one": problem})
    other, _ = linear([A], seed=6)
    with pytest.raises(ValueError, match="have different data"):
        compare_mechanisms({"one": problem, "two": other})
    monkeypatch.setitem(__import__("sys").modules, "nautilus", None)
    with pytest.raises(ImportError, match=r"pip install 'assb\[evidence\]'"):
        evidence(problem)
    monkeypatch.undo()
    pytest.importorskip("nautilus", reason="needs the extra 'evidence'")
    with pytest.raises(ValueError, match="live_points = 1"):
        evidence(problem, live_points=1)


def test_a_time_limit_returns_what_was_found():
    pytest.importorskip("nautilus", reason="needs the extra 'evidence'")
    problem, _ = linear([A, B])
    found = evidence(problem, seed=5, time_limit=0.0)
    assert found.status_.startswith("stopped after 0 s")


def test_evidence_is_that_of_normalised_priors():
    """A prior ten times wider costs a factor of ten where the data decide."""
    narrow, _ = linear([A])
    values = narrow.datasets
    wide = Problem(
        models.SPM(),
        pv(),
        values,
        {A: Normal(mean=0.5, sd=3.0, lower=-1e3, upper=1e3)},
        {"table": WhiteNoise(1.0)},
    )
    lost = [laplace_evidence(p, calibrate(p, seed=5, starts=1)).log_evidence_ for p in (narrow, wide)]
    # Posterior sd 0.035 against prior sd 0.3: the data decide to (0.035/0.3)^2/2 = 0.7 %.
    assert lost[0] - lost[1] == pytest.approx(math.log(10), abs=0.1)


def quick(problem, seed):
    return laplace_evidence(problem, calibrate(problem, seed=seed, starts=2))


@pytest.mark.slow
@pytest.mark.parametrize(("spectrum", "needed"), [(True, 18), (False, 15)])
def test_the_mechanism_is_named_with_a_spectrum_and_undecided_without(spectrum, needed):
    rng, right, undecided, log = np.random.default_rng(5), 0, 0, []
    for number in range(20):
        truth = (cases.LOSS, cases.GROWTH)[number % 2]
        value = rng.uniform(0.3, 0.5) if truth == cases.LOSS else rng.uniform(20e-9, 40e-9)
        data = cases.measured(truth, value, spectrum, rng)
        problems = {name: cases.problem(name, data) for name in cases.AGEING}
        found = compare_mechanisms(problems, 5, quick)
        right += found.decided_ and found.best_ == truth
        undecided += not found.decided_
        log.append((truth, found.best_, round(found.log_bayes_factor_, 2)))
    print(log)
    assert (right if spectrum else undecided) >= needed, log


@pytest.mark.slow
def test_nested_sampling_agrees_with_laplace_on_a_cell():
    pytest.importorskip("nautilus", reason="needs the extra 'evidence'")
    data = cases.measured(cases.LOSS, 0.4, True, np.random.default_rng(5))
    for name in cases.AGEING:
        problem = cases.problem(name, data)
        full = evidence(problem, seed=5, live_points=300, effective_samples=500)
        assert abs(full.log_evidence_ - quick(problem, 5).log_evidence_) < 1.5
