"""Profile likelihood and information by data set, on problems whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from assb.fitting import (
    Discrepancy,
    Identifiability,
    LogNormal,
    Normal,
    Pooled,
    Problem,
    Table,
    WhiteNoise,
    calibrate,
    identifiability_of,
    profile,
)
from assb.fitting.problem import ProblemError

Y0 = "Initial stoichiometry in positive electrode"
R_INT = "Positive electrode interface resistance [Ohm.m2]"
SD = 0.01


def tables(*predictors, priors, rows=4, noise=None):
    """A problem of tables alone: nothing is compiled."""
    from assb import models, parameters

    data = [
        Table(np.full(rows, 0.9), lambda p, f=f: f(p) * np.ones((1, rows)), sd=SD, name=f"table {k}")
        for k, f in enumerate(predictors, 1)
    ]
    values = parameters.get("NCM811_LPSCl_InLi")
    return Problem(models.SPM(), values, data, priors, noise=noise or {"table": WhiteNoise(1.0)})


TWO = {Y0: Normal(mean=0.865, sd=0.05, upper=1.1), R_INT: LogNormal(median=0.02, factor=2.0)}


@pytest.fixture(scope="module")
def linear():
    """One table sees y0 twice as well as the other, which also sees the logarithm of the resistance."""
    return tables(
        lambda p: p[Y0] * 1.0,
        lambda p: 0.5 * p[Y0] + 0.45 + 0.02 * np.log2(p[R_INT] / 0.02),
        priors=TWO,
    )


def test_information_by_data_set_adds_up(linear):
    seen = identifiability_of(linear)
    assert set(seen.information) == {"table 1", "table 2"}
    total = sum(seen.information.values())
    np.testing.assert_allclose(total, seen.singular_values**2, rtol=1e-8)
    np.testing.assert_allclose(sum(seen.shares.values()), 1.0, rtol=1e-12)
    # By hand: 4 rows, slopes in units of the noise.
    first, second = np.array([0.05, 0.0]) / SD, np.array([0.025, 0.02]) / SD
    expected = 4 * (np.outer(first, first) + np.outer(second, second))
    np.testing.assert_allclose(np.linalg.eigvalsh(expected)[::-1], seen.singular_values**2, rtol=1e-6)
    by_first = [4 * (first @ v) ** 2 for v in seen.vectors]
    np.testing.assert_allclose(seen.information["table 1"], by_first, rtol=1e-6, atol=1e-9)
    rows = seen.combinations()
    assert sum(rows[0]["data"].values()) == pytest.approx(1.0)
    assert "table 1" in repr(seen)


def test_identifiability_survives_a_dictionary(linear):
    seen = identifiability_of(linear)
    again = Identifiability.from_dict(seen.to_dict())
    np.testing.assert_allclose(again.covariance, seen.covariance)
    np.testing.assert_allclose(again.shares["table 2"], seen.shares["table 2"])


def test_before_is_after_where_the_fit_ends(linear):
    estimate = calibrate(linear, seed=5, starts=1)
    at_estimate = identifiability_of(linear, estimate)
    np.testing.assert_allclose(at_estimate.covariance, estimate.identifiability_.covariance, rtol=1e-10)
    named = identifiability_of(linear, {name: estimate.parameters_[name] for name in linear.names})
    np.testing.assert_allclose(named.singular_values, at_estimate.singular_values, rtol=1e-8)
    coordinates = identifiability_of(linear, estimate.z_)
    np.testing.assert_allclose(coordinates.singular_values, at_estimate.singular_values)


def test_identifiability_errors(linear):
    with pytest.raises(ValueError, match="at names 'glue', which is no unknown"):
        identifiability_of(linear, {"glue": 1.0})
    broken = tables(lambda p: p[Y0] * np.nan, priors={Y0: TWO[Y0]})
    with pytest.raises(ValueError, match="cannot be simulated at this point"):
        identifiability_of(broken)


@pytest.mark.parametrize("prior", ["others", "all", "none"])
def test_profile_of_a_linear_problem_is_the_gaussian_interval(linear, prior):
    estimate = calibrate(linear, seed=5, starts=1)
    found = profile(linear, estimate, Y0, points=9, prior=prior)
    first, second = np.array([0.05, 0.0]) / SD, np.array([0.025, 0.02]) / SD
    weights = {"others": [0.0, 1.0], "all": [1.0, 1.0], "none": [0.0, 0.0]}[prior]
    precision = 4 * (np.outer(first, first) + np.outer(second, second)) + np.diag(weights)
    half = 1.959964 * 0.05 * np.sqrt(np.linalg.inv(precision)[0, 0])
    low, high = found.interval
    assert found.bounded
    np.testing.assert_allclose([low, high], [found.best - half, found.best + half], rtol=0, atol=0.01 * half)
    # The data say 0.9 for y0, and pull nowhere else.
    if prior != "all":
        assert found.best == pytest.approx(0.9, abs=0.01 * half)
    assert found.drop.min() >= -1e-8
    assert found.drop[0] > found.threshold
    assert set(found.others) == {R_INT}
    assert f"{low:.4g}" in repr(found)


def test_profile_is_open_where_the_data_do_not_limit():
    # Saturating: the rows say that the resistance is large, not how large.
    problem = tables(
        lambda p: 0.9 * np.tanh(p[R_INT] / 0.01), priors={R_INT: LogNormal(median=0.02, factor=2.0)}
    )
    estimate = calibrate(problem, seed=5, starts=1)
    found = profile(problem, estimate, R_INT, points=9)
    low, high = found.interval
    assert high is None
    assert low is not None
    assert not found.bounded
    # At the lower end the misfit is worth the threshold: 4 rows.
    misfit = 0.9 * (1 - np.tanh(low / 0.01)) / SD
    assert 4 * misfit**2 == pytest.approx(found.threshold, rel=0.1)
    assert found.to_dict()["interval"][1] is None
    blind = tables(lambda p: 0.9 + 0 * p[R_INT], priors={R_INT: LogNormal(median=0.02, factor=2.0)})
    nothing = profile(blind, calibrate(blind, starts=1), R_INT, points=5)
    assert nothing.interval == (None, None)
    assert "unbounded to unbounded" in repr(nothing)


def test_profile_reoptimises_the_noise():
    # With an unknown noise size the interval is that of Student's kind: wider than at the best size.
    rng = np.random.default_rng(5)
    from assb import models, parameters

    table = Table(0.9 + 0.02 * rng.normal(size=6), lambda p: p[Y0] * np.ones((1, 6)), sd=1.0, name="rows")
    size = WhiteNoise(LogNormal(median=0.02, factor=10.0))
    problem = Problem(
        models.SPM(), parameters.get("NCM811_LPSCl_InLi"), [table], {Y0: TWO[Y0]}, noise={"table": size}
    )
    estimate = calibrate(problem, starts=1)
    found = profile(problem, estimate, Y0, points=11)
    fixed = 2 * 1.959964 * estimate.parameters_[problem.all_names[-1]] / np.sqrt(6)
    assert found.interval[1] - found.interval[0] > 1.1 * fixed


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "glue"}, "name = 'glue' is no model parameter"),
        ({"points": 3}, "points = 3: use at least 5"),
        ({"level": 95}, "level = 95: give a share between 0 and 1"),
        ({"prior": "some"}, "prior = 'some': use 'others', 'all' or 'none'"),
    ],
)
def test_profile_errors(linear, changes, words):
    given = {"name": Y0, **changes}
    with pytest.raises(ValueError, match=words):
        profile(linear, None, **given)


def test_discrepancy_adds_its_terms():
    from assb import models, parameters

    values, table = parameters.get("NCM811_LPSCl_InLi"), Table(np.ones(2), lambda p: p[R_INT], cell="one")

    def problem(priors, **about):
        return Problem(models.SPM(), values, [table], priors, discrepancy=Discrepancy(**about))

    two = problem({R_INT: TWO[R_INT]}, open_circuit_terms=2, sd=0.03)
    assert two.names == [R_INT, *(f"Positive electrode OCP correction {k} [V]" for k in (2, 3))]
    assert two.priors[two.names[1]].sd == 0.03
    spread = problem({R_INT: TWO[R_INT]}, cell_spread=True)
    rule = spread.rules["Positive electrode OCP correction 2 [V]"]
    assert isinstance(rule, Pooled)
    assert "Positive electrode OCP correction 2, offset of one" in spread.names
    alone = problem({})
    assert alone.names == ["Positive electrode OCP correction 2 [V]"]


def test_discrepancy_errors():
    name = "Positive electrode OCP correction 2 [V]"
    with pytest.raises(ValueError, match="open_circuit_terms = 9: use a whole number from 0 to 4"):
        Discrepancy(open_circuit_terms=9)
    with pytest.raises(ValueError, match="sd = 0: it must be positive"):
        Discrepancy(sd=0)
    with pytest.raises(ValueError, match="is a parameter and a term of the discrepancy"):
        Discrepancy().rules({name: Normal(mean=0.0, sd=0.1)}, [name])
    with pytest.raises(ValueError, match="this cell has no 'Positive electrode OCP correction 2"):
        Discrepancy().rules({}, [])
    from assb import models, parameters

    table = Table(np.ones(2), lambda p: p[name])
    with pytest.raises(ProblemError, match=r"discrepancy: .* is a parameter and a term"):
        Problem(
            models.SPM(),
            parameters.get("NCM811_LPSCl_InLi"),
            [table],
            {name: Normal(mean=0.0, sd=0.1)},
            discrepancy=Discrepancy(),
        )


def test_profiles_are_drawn(linear):
    from assb.plotting import profile_likelihood

    estimate = calibrate(linear, seed=5, starts=1)
    found = profile(linear, estimate, Y0, points=5)
    fig = found.plot()
    line = fig.axes[0].lines[0]
    np.testing.assert_allclose(line.get_xdata(), found.values)
    assert len(profile_likelihood([found, found]).axes) == 2
    with pytest.raises(ValueError, match="profiles is empty"):
        profile_likelihood([])


def test_profile_under_a_joint_prior(linear):
    from assb.fitting import JointPrior

    covariance = np.array([[0.5, 0.3], [0.3, 0.4]])
    joint = JointPrior([Y0, R_INT], np.array([0.5, 0.2]), covariance)
    problem = Problem(
        linear.model, linear.parameter_values, linear.datasets, TWO, {"table": WhiteNoise(1.0)}, joint=joint
    )
    estimate = calibrate(problem, seed=5, starts=1)
    first, second = np.array([0.05, 0.0]) / SD, np.array([0.025, 0.02]) / SD
    data = 4 * (np.outer(first, first) + np.outer(second, second))
    known = np.linalg.inv(covariance)
    # "others" leaves out what was known of y0 by itself: its marginal precision.
    for prior, precision in (
        ("all", data + known),
        ("others", data + known - np.diag([1 / covariance[0, 0], 0.0])),
        ("none", data),
    ):
        found = profile(problem, estimate, Y0, points=9, prior=prior)
        half = 1.959964 * 0.05 * np.sqrt(np.linalg.inv(precision)[0, 0])
        low, high = found.interval
        assert high - low == pytest.approx(2 * half, rel=0.01)
        if prior == "none":
            assert found.best == pytest.approx(0.9, abs=0.01 * half)
    seen = identifiability_of(problem, estimate)
    np.testing.assert_allclose(seen.covariance, np.linalg.inv(data + known), rtol=1e-5)
