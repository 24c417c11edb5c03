"""Multiple shooting with IPOPT finds what shooting finds, and says so when it does not get there."""

from __future__ import annotations

import dataclasses
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from assb.fitting import Dataset, Problem, Table, WhiteNoise, calibrate, calibrate_nlp, nlp, programme
from assb.fitting.pieces import PiecewiseSeries, thinned
from assb.fitting.transcription import MultipleShooting
from tests.fitting.conftest import TRUTH, make_priors, make_problem

R_INT = "Positive electrode interface resistance [Ohm.m2]"
SD = 0.003


@pytest.fixture(scope="module")
def shooting(problem):
    made = MultipleShooting(problem, 4)
    return made


@pytest.fixture(scope="module")
def white(synthetic):
    """The record with noise of known size: a single programme."""
    from assb import models, parameters

    model = models.SPM({"space charge": "none", "contact": "pressure"})
    values = parameters.get("NCM811_LPSCl_InLi")
    return Problem(model, values, [synthetic], make_priors(), WhiteNoise(SD), backend="compiled", threads=1)


def in_sd(one, other):
    n = len(other.covariance_)
    return np.abs(one.z_ - other.z_)[:n] / np.sqrt(np.diag(other.identifiability_.covariance))


def test_pieces_of_a_simulation_meet_and_give_its_posterior(problem, shooting):
    n, values = len(problem.names), []
    for shift in (0.0, 0.3):
        z = problem.to_coordinates(TRUTH) + shift
        cost, gaps = shooting.evaluate(shooting.unknowns(z))
        assert np.abs(gaps).max() < 1e-9
        values.append(
            cost + float(problem.log_posterior(np.append(z, np.zeros(len(problem.noise_names))))[0])
        )
    assert values[0] == pytest.approx(values[1], abs=1e-6)
    assert shooting.n_unknowns == n + shooting.n_constraints


def test_derivatives_are_those_of_pieces_that_do_not_meet(problem, shooting):
    rng = np.random.default_rng(5)
    w = shooting.unknowns(problem.to_coordinates(TRUTH) + 0.2)
    w[len(problem.names) :] += 1e-5 * rng.normal(size=shooting.n_constraints)
    at = shooting.linearise(w)
    cost, gaps = shooting.evaluate(w)
    assert at.cost == pytest.approx(cost, rel=1e-10)
    np.testing.assert_allclose(at.gaps, gaps, atol=1e-12)
    jacobian = np.zeros((shooting.n_constraints, shooting.n_unknowns))
    np.add.at(jacobian, shooting.jacobian_places, at.jacobian)
    for scale in (1.0, 0.0):  # parameters and states, states alone
        along = rng.normal(size=len(w)) * np.where(np.arange(len(w)) < len(problem.names), scale, 1e-3)
        step = 1e-4
        (up, gap_up), (down, gap_down) = (
            shooting.evaluate(w + step * along),
            shooting.evaluate(w - step * along),
        )
        assert at.gradient @ along == pytest.approx((up - down) / (2 * step), rel=1e-5)
        numerical = (gap_up - gap_down) / (2 * step)
        np.testing.assert_allclose(jacobian @ along, numerical, atol=1e-5 * np.abs(numerical).max())


def test_the_distance_is_that_of_the_condensed_problem(white):
    made = MultipleShooting(white, 3)
    z = calibrate(white, seed=5, starts=1).z_
    residuals, slopes = white.linearised(z)
    _, jacobian = white.whitened(residuals, slopes, np.zeros(0))
    curvature = jacobian.T @ jacobian + np.eye(3)
    shift = np.linalg.cholesky(np.linalg.inv(curvature)) @ np.array([0.3, -0.2, 0.1])
    assert made.distance(made.linearise(made.unknowns(z))) < 1e-3
    expected = np.sqrt(shift @ curvature @ shift)
    assert made.distance(made.linearise(made.unknowns(z + shift))) == pytest.approx(expected, rel=0.02)


def test_it_finds_the_estimate_of_shooting_with_sampled_noise(problem, estimate):
    found = calibrate_nlp(problem, seed=5)
    assert found.status_ == "converged"
    assert in_sd(found, estimate).max() < 0.1
    assert found.log_posterior_ == pytest.approx(estimate.log_posterior_, abs=0.01)
    np.testing.assert_allclose(found.covariance_, estimate.covariance_, rtol=0.05)
    assert all(each["status"] == "converged" for each in found.starts_)


def test_several_data_take_part(white, synthetic):
    half = Dataset(
        synthetic.time[::2], synthetic.current[::2], synthetic.voltage[::2] + 1e-3, synthetic.steps, "two"
    )
    table = Table(np.full(3, 0.03), lambda p: p[R_INT] * np.ones(3), name="table", sd=1e-3)
    noise = {"voltage": WhiteNoise(SD), "table": WhiteNoise(1.0)}
    problem = Problem(
        white.model,
        white.parameter_values,
        [synthetic, table, half],
        make_priors(),
        noise,
        "compiled",
        threads=1,
    )
    reached, wanted = calibrate_nlp(problem, pieces=3), calibrate(problem, starts=1)
    assert reached.status_ == "converged"
    assert in_sd(reached, wanted).max() < 0.1


def test_a_bound_holds(white, synthetic):
    resistance = make_priors()[R_INT]
    priors = {**make_priors(), R_INT: dataclasses.replace(resistance, upper=0.025)}
    problem = Problem(
        white.model, white.parameter_values, [synthetic], priors, WhiteNoise(SD), "compiled", threads=1
    )
    found, wanted = calibrate_nlp(problem), calibrate(problem, starts=1)
    assert found.status_ == "converged"
    assert 0.0249 < found.parameters_[R_INT] <= 0.025
    assert in_sd(found, wanted).max() < 0.1


def test_one_piece_is_single_shooting(white):
    found = calibrate_nlp(white, pieces=1)
    assert found.starts_[0]["unknowns"] == 3
    assert in_sd(found, calibrate(white, starts=1)).max() < 0.1


def test_the_time_limit_returns_the_best_point_with_its_status(white):
    found = calibrate_nlp(white, time_limit=1e-3)
    begin = white.to_coordinates(white.start)
    assert found.status_ == "stopped by the time limit"
    assert found.log_posterior_ >= float(white.log_posterior(begin)[0])


def test_a_failure_of_ipopt_returns_the_best_point_with_its_status(white, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("no licence for this solver")

    monkeypatch.setattr(programme.ca, "nlpsol", fail)
    found = calibrate_nlp(white)
    assert found.status_ == "IPOPT failed: no licence for this solver"
    np.testing.assert_allclose(found.z_, white.to_coordinates(white.start))


def test_a_model_that_fails_on_the_way_returns_the_best_point_with_its_status(white, monkeypatch):
    calls = [0]
    evaluate = MultipleShooting.evaluate

    def sometimes(self, w):
        calls[0] += 1
        cost, gaps = evaluate(self, w)
        return (cost, gaps) if calls[0] == 1 else (np.nan, np.full_like(gaps, np.nan))

    monkeypatch.setattr(MultipleShooting, "evaluate", sometimes)
    found = calibrate_nlp(white, time_limit=1.0)
    assert found.status_ != "converged"
    assert np.isfinite(found.log_posterior_)


def test_a_piece_that_fails_is_not_a_number(problem, shooting):
    w = shooting.unknowns(problem.to_coordinates(TRUTH))
    w[-5] = np.nan
    assert np.isnan(shooting.evaluate(w)[0])
    assert np.isnan(shooting.linearise(w).gradient).all()


def test_a_start_that_cannot_be_simulated_is_replaced_by_draws(white, monkeypatch):
    simulate, calls = PiecewiseSeries.simulate, [0]

    def second(self, values):
        calls[0] += 1
        return None if calls[0] == 1 else simulate(self, values)

    monkeypatch.setattr(PiecewiseSeries, "simulate", second)
    assert calibrate_nlp(white, seed=5).status_ == "converged"
    monkeypatch.setattr(PiecewiseSeries, "simulate", lambda self, values: None)
    with pytest.raises(ValueError, match="neither the start nor 31 draws from the prior could be simulated"):
        calibrate_nlp(white)


def test_a_start_without_posterior_density_is_refused(white, monkeypatch):
    monkeypatch.setattr(white, "log_posterior", lambda z: np.full(len(z), -np.inf))
    with pytest.raises(ValueError, match="no point that was looked at has a posterior density"):
        calibrate_nlp(white, time_limit=0.5)


def test_it_starts_where_it_is_told(white, problem, estimate):
    there = calibrate(white, starts=1)
    found = calibrate_nlp(white, start=there)
    assert found.starts_[-1]["iterations"] == 0
    assert calibrate_nlp(problem, start=estimate).status_ == "converged"
    assert calibrate_nlp(white, start={R_INT: 0.05}).status_ == "converged"
    with pytest.raises(ValueError, match="start names 'Colour': it is not calibrated; use some of"):
        calibrate_nlp(white, start={"Colour": 1.0})
    with pytest.raises(ValueError, match=r"interface resistance \[Ohm.m2\] = 1e\+09 lies outside its bounds"):
        calibrate_nlp(white, start={R_INT: 1e9})


def test_long_records_are_thinned_for_the_first_programme(white, synthetic):
    assert thinned(white, len(synthetic.time)) is None
    (fewer,) = thinned(white, len(synthetic.time) // 4)
    np.testing.assert_array_equal(fewer.data.time, synthetic.time[3::4])
    made = MultipleShooting(white, 4, [fewer])
    assert made.rows == len(synthetic.time) // 4
    assert np.abs(made.evaluate(made.unknowns(np.zeros(3)))[1]).max() < 1e-9


def test_the_first_programme_on_fewer_rows_is_only_a_start(problem, estimate, monkeypatch):
    monkeypatch.setattr(nlp, "THINNED", 20)
    found = calibrate_nlp(problem, pieces=3)
    assert found.starts_[0]["rows"] < found.starts_[1]["rows"] == problem.scored_rows
    assert in_sd(found, estimate).max() < 0.1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"pieces": 0}, "pieces = 0: use a whole number of at least 1"),
        ({"pieces": 2.5}, "pieces = 2.5: use a whole number"),
        ({"time_limit": 0.0}, "time_limit = 0.0: give a positive number of seconds"),
    ],
)
def test_numbers_out_of_range(white, arguments, message):
    with pytest.raises(ValueError, match=message):
        calibrate_nlp(white, **arguments)


def test_it_needs_the_compiled_back_end_and_a_time_series(synthetic, white):
    with pytest.raises(
        ValueError, match="backend = 'IDAKLU': pieces are integrated by the compiled back end"
    ):
        calibrate_nlp(make_problem(synthetic, backend="IDAKLU"))
    table = Table(np.full(3, 0.03), lambda p: p[R_INT] * np.ones(3), name="table", sd=1e-3)
    priors = {R_INT: make_priors()[R_INT]}
    with pytest.raises(ValueError, match="data holds no time series"):
        calibrate_nlp(Problem(white.model, white.parameter_values, [table], priors))


@pytest.mark.slow
def test_pressures_follow_the_voltages(synthetic):
    data = dataclasses.replace(synthetic, pressure=np.full(len(synthetic.time), 50.0), sha256="")
    problem = make_problem(data)
    made, z = PiecewiseSeries(problem.observations[0], 4), problem.to_coordinates(TRUTH)
    values = problem.layout.values(z, 0)
    states = made.simulate(values)
    rows, _ = made.evaluate(values, states)
    np.testing.assert_allclose(rows, problem.predict(z)[0][0], rtol=1e-8)
    found = made.linearise(values, problem.layout.slopes(z, 0), states)
    np.testing.assert_allclose(found.rows, rows, rtol=1e-10)
    _, slopes = problem.observations[0].linearise(values, problem.layout.slopes(z, 0))
    follow = np.eye(found.row_slopes.shape[1], 3)
    for k, gap in enumerate(found.gap_slopes):  # the states follow the parameters through the pieces
        before = follow[3 + (k - 1) * made.n_x : 3 + k * made.n_x] if k else np.zeros((made.n_x, 3))
        follow[3 + k * made.n_x : 3 + (k + 1) * made.n_x] = gap[:, :3] + gap[:, 3:] @ before
    np.testing.assert_allclose(found.row_slopes @ follow, slopes, rtol=1e-5, atol=1e-8 * np.abs(slopes).max())


@pytest.mark.slow
def test_ten_long_records_with_unknown_initial_stoichiometries():
    """Seven unknowns, 4,000 rows: within 0.1 standard deviations of shooting and under 10 s, 10 of 10.

    On one thread, so that the processor time is the wall time where nothing else runs.
    """
    path = Path(__file__).parents[2] / "docs" / "unknown_start.py"
    spec = importlib.util.spec_from_file_location("unknown_start", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    problem = script.make_problem()
    MultipleShooting(problem, 8)  # compiles
    problem.linearised(np.zeros(7))
    cases = [script.compare(truth, voltage) for truth, voltage in script.records()]
    assert [each["status"] for each in cases] == ["converged"] * 10
    assert max(each["largest_difference_sd"] for each in cases) < 0.1
    assert max(each["cpu_seconds"] for each in cases) < 10
