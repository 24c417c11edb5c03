"""Laplace posteriors, fits and ellipses against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from assb import models, parameters
from assb.fitting import (
    Normal,
    Problem,
    Table,
    Uniform,
    WhiteNoise,
    ellipse,
    ellipse_area,
    fit_map,
    laplace_covariance,
)
from assb.fitting.problem import ProblemError

# Any two numbers of a cell serve as intercept and slope of a line.
A, B = "Initial stoichiometry in positive electrode", "Positive electrode interface resistance [Ohm.m2]"
LINE = {A: Normal(mean=1.0, sd=2.0), B: Normal(mean=0.0, sd=3.0)}


def line(x, sd, measured=None, name="line"):
    """Rows of A + B x with white noise."""
    x = np.asarray(x, dtype=float)
    rows = np.zeros_like(x) if measured is None else measured
    return Table(rows, lambda p: p[A] + p[B] * x, sd=sd, name=name)


def problem(*tables, priors=LINE, start=(0.4, -1.2)):
    values = parameters.get("NCM811_LPSCl_InLi")
    values.update({A: start[0], B: start[1]})
    return Problem(models.SPM(), values, tables, priors, {"table": WhiteNoise(1.0)})


def expected(*lines):
    """Posterior covariance of a linear model, in the units of A and B."""
    precision = np.diag([1 / 2.0**2, 1 / 3.0**2])
    for x, sd in lines:
        design = np.column_stack([np.ones(len(x)), x])
        precision = precision + design.T @ design / sd**2
    return np.linalg.inv(precision)


def test_laplace_is_exact_for_a_line_and_data_add_up():
    first, second = ([0, 1, 2], 0.3), ([5, 7], 0.1)
    both = problem(line(*first), line(*second, name="other"))
    assert laplace_covariance(both.subset(["line"])) == pytest.approx(expected(first))
    assert laplace_covariance(both) == pytest.approx(expected(first, second))
    assert laplace_covariance(both.subset([])) == pytest.approx(np.diag([4.0, 9.0]))


def test_unknowns_that_nothing_determines_are_an_error():
    flat = {A: Uniform(lower=-5, upper=5), B: Uniform(lower=-5, upper=5)}
    with pytest.raises(ValueError, match="undetermined"):
        laplace_covariance(problem(line([2.0], 0.1), priors=flat))


def test_fit_and_evidence_are_exact_for_a_line():
    x, sd = np.array([0, 1, 2, 4.0]), 0.3
    measured = 1.7 + 0.5 * x + sd * np.random.default_rng(1).standard_normal(4)
    fit = fit_map(problem(line(x, sd, measured), start=(0.0, 0.0)))
    assert fit.converged
    design = np.column_stack([np.ones_like(x), x])
    right = design.T @ measured / sd**2 + np.array([1.0 / 4.0, 0.0])
    assert list(fit.values.values()) == pytest.approx(expected((x, sd)) @ right, rel=1e-4)
    # Evidence: the data are normal about the prior mean with covariance S.
    spread = sd**2 * np.eye(4) + design @ np.diag([4.0, 9.0]) @ design.T
    off = measured - 1.0
    exact = -0.5 * off @ np.linalg.solve(spread, off) - 0.5 * np.linalg.slogdet(spread / sd**2)[1]
    assert fit.log_evidence == pytest.approx(exact)


def test_flat_prior_enters_the_evidence_by_its_width():
    table, evidence = line([1.0, 1.0], 0.01, np.array([0.5, 0.5])), {}
    for width in (1.0, 10.0):
        priors = {A: LINE[A], B: Uniform(lower=-width, upper=width)}
        fit = fit_map(problem(table, priors=priors, start=(0.0, 0.1)), fixed=[A])
        assert fit.values[A] == 0.0
        evidence[width] = fit.log_evidence
    assert evidence[1.0] - evidence[10.0] == pytest.approx(np.log(10))


def test_a_fixed_unknown_is_as_if_it_were_none():
    x, measured = np.array([0, 1, 2.0]), np.array([0.3, 0.9, 2.0])
    fixed = fit_map(problem(line(x, 0.3, measured), start=(0.2, 0.0)), fixed=[A])
    known = Table(measured, lambda p: 0.2 + p[B] * x, sd=0.3)
    alone = fit_map(problem(known, priors={B: LINE[B]}, start=(0.2, 0.0)))
    assert fixed.values[B] == pytest.approx(alone.values[B])
    assert (fixed.chi2, fixed.log_evidence) == pytest.approx((alone.chi2, alone.log_evidence))


def test_fit_stays_within_the_bounds_of_its_priors():
    priors = {A: LINE[A], B: Uniform(lower=-1.0, upper=1.0)}
    fit = fit_map(problem(line([1.0], 0.01, np.array([3.0])), priors=priors, start=(0.0, 0.2)), fixed=[A])
    assert fit.values[B] == pytest.approx(1.0)
    assert fit.converged


def test_bad_input_of_a_fit_is_named():
    given = problem(line([1.0], 0.1))
    with pytest.raises(ValueError, match="fixed: 'x' is no unknown"):
        fit_map(given, fixed=["x"])
    with pytest.raises(ProblemError, match="'x' is no data set"):
        given.subset(["x"])
    with pytest.raises(ProblemError, match="at names 'x'"):
        laplace_covariance(given, {"x": 1.0})
    sampled = Problem(models.SPM(), given.parameter_values, given.datasets, LINE)
    with pytest.raises(ValueError, match=r"noise: .* has a prior: give a number, or use calibrate"):
        fit_map(sampled)
    broken = Table(np.zeros(2), lambda p: p[A] * np.array([np.nan, 1.0]), name="broken")
    with pytest.raises(ValueError, match="not finite at the start"):
        fit_map(problem(broken))


def test_area_and_outline_of_an_ellipse():
    covariance = np.array([[4.0, 1.0], [1.0, 2.0]])
    area = ellipse_area(covariance, 0.95)
    assert ellipse_area(np.eye(2), 1 - np.exp(-0.5)) == pytest.approx(np.pi)  # one standard deviation
    x, y = ellipse(covariance, (3.0, -1.0), points=20001).T
    assert 0.5 * abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) == pytest.approx(area, rel=1e-6)
    draws = np.random.default_rng(0).multivariate_normal((0, 0), covariance, 200_000)
    inside = (draws @ np.linalg.inv(covariance) * draws).sum(axis=1) < -2 * np.log(0.05)
    assert inside.mean() == pytest.approx(0.95, abs=2e-3)


@pytest.mark.parametrize(
    ("covariance", "level", "word"),
    [([[1, 2], [2, 1]], 0.95, "positive"), (np.eye(3), 0.95, "2 x 2"), (np.eye(2), 1.0, "level")],
)
def test_bad_ellipse_is_an_error(covariance, level, word):
    with pytest.raises(ValueError, match=word):
        ellipse_area(covariance, level)
