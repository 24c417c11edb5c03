"""Planned measurements: their making, the choice among them, what a plan says, and calibrations that check it."""

from __future__ import annotations

import importlib.util
import json
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import t as student

from assb import models, parameters
from assb.fitting import (
    CorrelatedNoise,
    DataError,
    Dataset,
    LogNormal,
    Plan,
    Problem,
    Spectrum,
    StudentNoise,
    Uniform,
    WhiteNoise,
    calibrate,
    constant_rate,
    design,
    ellipse_area,
    pulses,
    relaxation,
    synthesise,
    titration,
    under,
)
from assb.fitting.experiments import CRITERIA, select
from assb.fitting.problem import ProblemError

DAMAGE = "Positive electrode initial contact damage"
THICKNESS = "Positive electrode initial interphase thickness [m]"
R_INT = "Positive electrode interface resistance [Ohm.m2]"
C_DL = "Positive electrode double-layer capacity [F.m-2]"
PRESSURE = "Stack pressure [MPa]"
START = "Initial stoichiometry in positive electrode"
PAIR = (DAMAGE, THICKNESS)
PRIORS = {
    DAMAGE: Uniform(lower=-0.3, upper=0.9),
    THICKNESS: Uniform(lower=2e-10, upper=8e-8),
    R_INT: LogNormal(median=0.02, factor=1.1),
    C_DL: LogNormal(median=0.1, factor=1.1),
}
NOISE = {
    "voltage": CorrelatedNoise(2e-3, 600.0, 2e-4),
    "impedance": WhiteNoise(0.01, label="Impedance", units="-"),
}
TRUTH = {DAMAGE: 0.3, THICKNESS: 15e-9, R_INT: 0.021, C_DL: 0.097}
FREQUENCIES = np.geomspace(1e-2, 500.0, 20)
HOUR = 3600.0


def blank(data):
    values = parameters.get("NCM811_LPSCl_InLi")
    values.update({START: 0.45})
    model = models.SPM({"stripping": "none", "surface form": "differential"})
    return Problem(model, values, data, PRIORS, NOISE, threads=1)


@pytest.fixture(scope="module")
def capacity():
    return parameters.get("NCM811_LPSCl_InLi")["Nominal cell capacity [A.h]"]


@pytest.fixture(scope="module")
def offered(capacity):
    small = [
        constant_rate(capacity, 0.1, 0.3),
        constant_rate(capacity, 1 / 3, 0.3),
        Spectrum.planned(FREQUENCIES, name="spectrum", preparation=HOUR),
        constant_rate(capacity, 8.0, 0.3, back=False, name="too fast"),
        constant_rate(capacity, 3.0, 0.05, name="too fast back"),
        constant_rate(capacity, 0.02, 0.3, name="too slow"),
    ]
    return under(small, {PRESSURE: [20.0, 50.0]})


LIMIT = 10 * HOUR


@pytest.fixture(scope="module")
def plan(offered):
    return design(blank(offered), time_limit=LIMIT, parameters=PAIR)


@pytest.fixture(scope="module")
def rate_test(offered):
    """The standard: two rates at one pressure."""
    return blank([each for each in offered if each.name in ("C/10 cycle, 50 MPa", "C/3 cycle, 50 MPa")])


# Planned measurements ----------------------------------------------------------------------------------


def test_a_planned_series_knows_its_rows_and_its_time():
    made = Dataset.planned([(600, 1e-4), (60, 0.0)], rows=10, pressure=True, preparation=100)
    assert made.duration == 760
    assert len(made.time) == 20
    assert made.time[9] == 600
    assert made.time[-1] == 660
    assert (np.diff(made.time) > 0).all()
    np.testing.assert_array_equal(made.current, [1e-4] * 10 + [0.0] * 10)
    assert np.isnan(made.voltage).all()
    assert np.isnan(made.pressure).all()
    np.testing.assert_array_equal(made.block, [0] * 10 + [1] * 10)


def test_a_planned_spectrum_takes_three_periods_of_each_frequency():
    made = Spectrum.planned([10.0, 0.1], preparation=50)
    assert made.duration == pytest.approx(50 + 0.3 + 30)
    assert Spectrum.planned([1.0], duration=7.0).duration == 7
    assert not made.measured


def test_makers_pass_the_charge_they_say():
    assert constant_rate(2.0, 0.5, 0.6).steps == ((4320, 1.0), (1800, 0.0), (4320, -1.0), (1800, 0.0))
    assert relaxation(2.0, 0.5, 0.6, rest=9000).steps == ((4320, 1.0), (9000, 0.0))
    made = pulses(2.0, [0.5, 1.0], seconds=10, rest=20)
    assert [current for _, current in made.steps] == [1.0, 0, -1.0, 0, 2.0, 0, -2.0, 0]
    assert made.duration == 4 * 30
    made = titration(2.0, 0.2, 0.05, 4, rest=100)
    charge = sum(duration * current for duration, current in made.steps) / 3600
    assert charge == pytest.approx(4 * 0.05 * 2.0)


def test_conditions_are_combined_and_named():
    base = Dataset.planned([(10, 0.1)], name="pulse", preparation=5, settings={"A": 1.0})
    made = under([base], {"Stack pressure [MPa]": [20, 50], "Ambient temperature [K]": [300]}, preparation=2)
    assert [each.name for each in made] == ["pulse, 20 MPa, 300 K", "pulse, 50 MPa, 300 K"]
    assert made[1].settings == {"A": 1, "Stack pressure [MPa]": 50, "Ambient temperature [K]": 300}
    assert made[0].duration == 17


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Dataset.planned([]), "give .duration, current. pairs"),
        (lambda: Dataset.planned([(0.0, 1.0)]), "positive durations"),
        (lambda: Dataset.planned([(9.0, 1.0)], preparation=-1), "preparation = -1 s"),
        (lambda: Spectrum.planned([1.0, 0.0]), "frequency = 0 Hz"),
        (lambda: Spectrum.planned([1.0], duration=0.0), "duration = 0.0 s"),
        (lambda: constant_rate(1.0, 0.0, 0.5), "constant_rate: rate = 0.0"),
        (lambda: pulses(1.0, []), "rates is empty"),
        (lambda: pulses(1.0, [-1.0]), "rates = -1.0"),
        (lambda: titration(1.0, 0.1, 0.1, 0), "count = 0"),
        (lambda: relaxation(1.0, 0.1, 0.1, rest=0), "rest = 0"),
        (lambda: under([], {"Stack pressure [MPa]": []}), "has no values"),
    ],
)
def test_impossible_measurements_are_errors(make, words):
    with pytest.raises(DataError, match=words):
        make()


def test_planned_data_are_not_taken_for_measured_ones(plan):
    problem = blank(plan.data_)
    with pytest.raises(ProblemError, match="is planned and has no measured values"):
        problem.log_posterior(np.zeros((1, 4)))
    with pytest.raises(ProblemError, match="is planned and has no measured values"):
        calibrate(problem)


# Synthetic data ----------------------------------------------------------------------------------------


def test_synthetic_residuals_are_white_at_the_truth(plan):
    problem, noisy = blank(plan.data_), []
    for seed in range(20):
        made = synthesise(problem, TRUTH, seed)
        z = made.to_coordinates(np.array([TRUTH[name] for name in made.names]))
        noisy.append(made.whitened(*made.linearised(z), np.zeros(0))[0])
    white = np.array(noisy)
    assert np.mean(white) == pytest.approx(0.0, abs=4 / np.sqrt(white.size))
    # The spectrum is noisy relative to its own noisy magnitude: a bias of the order of the noise, 1 %.
    assert np.mean(white**2) == pytest.approx(1.0, abs=4 * np.sqrt(2 / white.size) + 0.01)
    again = synthesise(problem, TRUTH, 3).datasets[0]
    other = synthesise(problem, TRUTH, 3).datasets[0]
    values = "voltage" if isinstance(again, Dataset) else "impedance"
    np.testing.assert_array_equal(getattr(again, values), getattr(other, values))


def test_synthetic_values_need_names_of_unknowns(plan):
    with pytest.raises(ProblemError, match="at names 'x', which is no unknown"):
        synthesise(blank(plan.data_), {"x": 1.0})


def test_information_of_student_noise():
    noise, x = StudentNoise(1.0, degrees_of_freedom=3.5), np.linspace(-3000, 3000, 2_000_001)
    slope = np.gradient(student(3.5).logpdf(x), x)
    assert np.trapezoid(slope**2 * student(3.5).pdf(x), x) == pytest.approx(noise.information, rel=1e-3)


# Choice ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("criterion", list(CRITERIA))
@pytest.mark.parametrize("seed", range(4))
def test_the_choice_is_as_good_as_the_best_of_all(criterion, seed):
    rng = np.random.default_rng([5, seed])
    count, n, columns = 11, 5, [0, 1, 3]
    rows = rng.normal(size=(count, 3, n)) * rng.lognormal(sigma=0.7, size=(count, 1, 1))
    information = np.swapaxes(rows, 1, 2) @ rows
    durations = rng.uniform(1, 5, count)
    limit = 9.0

    def score(chosen):
        covariance = np.linalg.inv(np.eye(n) + information[list(chosen)].sum(axis=0))
        return float(CRITERIA[criterion](covariance[np.ix_(columns, columns)]))

    chosen = select(np.eye(n), information, durations, columns, criterion, limit)
    assert durations[chosen].sum() <= limit
    assert len(set(chosen)) == len(chosen)
    best = min(
        score(some)
        for size in range(1, count)
        for some in combinations(range(count), size)
        if durations[list(some)].sum() <= limit
    )
    # A mean standard deviation at most 1 % larger than that of the best of all plans.
    assert score(chosen) <= best + 0.01


def test_without_a_limit_everything_that_helps_is_measured():
    information = np.array([np.diag([1.0, 0]), np.diag([0, 2.0]), np.zeros((2, 2))])
    assert sorted(select(np.eye(2), information, np.ones(3), [0, 1])) == [0, 1]


# Plans of a cell ---------------------------------------------------------------------------------------


def test_a_plan_keeps_the_limit_and_leaves_out_what_cannot_be_done(plan):
    assert plan.duration_ <= LIMIT
    assert plan.duration_ == pytest.approx(sum(each.duration for each in plan.data_))
    assert [each.name for each in plan.data_] == plan.chosen_
    assert any(isinstance(each, Spectrum) for each in plan.data_)
    assert "below the cut-off of 1.9 V" in plan.left_out_["too fast, 20 MPa"]
    assert "above the cut-off of 3.75 V" in plan.left_out_["too fast back, 20 MPa"]
    assert "more than the limit of 10 h" in plan.left_out_["too slow, 50 MPa"]
    assert set(plan.contributions_["candidate"].values) | set(plan.left_out_) == {
        f"{name}, {pressure} MPa"
        for name in ("C/10 cycle", "C/3 cycle", "spectrum", "too fast", "too fast back", "too slow")
        for pressure in (20, 50)
    }


def test_a_plan_says_what_each_measurement_buys(plan):
    c = plan.contributions_
    before = np.array([plan.sd_before_[name] for name in PAIR])
    after = np.array([plan.sd_after_[name] for name in PAIR])
    assert before == pytest.approx([1.2 / np.sqrt(12), (8e-8 - 2e-10) / np.sqrt(12)])
    assert (c["sd alone"] <= before * (1 + 1e-9)).all()
    assert (c["sd with"] <= c["sd without"] * (1 + 1e-9)).all()
    assert (c["gain alone"] > 0).all()
    assert c["chosen"].values.sum() == len(plan.chosen_)
    np.testing.assert_allclose(c["sd in order"].sel(candidate=plan.chosen_)[-1], after)
    np.testing.assert_allclose(c["sd with"].sel(candidate=plan.chosen_[0]), after)
    np.testing.assert_allclose(np.sqrt(np.diag(plan.covariance_)), after)
    table = plan.table()
    assert list(table.index) == plan.chosen_
    assert table["hours"].sum() == pytest.approx(plan.duration_ / HOUR)
    assert list(table[f"sd of {DAMAGE}"]) == sorted(table[f"sd of {DAMAGE}"], reverse=True)
    assert len(plan.table(chosen=False)) == c.sizes["candidate"]


def test_a_plan_prints_saves_and_loads(plan, tmp_path):
    text = repr(plan)
    assert text.startswith("Plan (D-optimal; ")
    assert f"{THICKNESS}: 2.3e-08 -> " in text
    assert plan.chosen_[0] in text
    plan.save(tmp_path / "plan.json")
    again = Plan.load(tmp_path / "plan.json")
    assert repr(again) == text
    assert again.to_dict() | {"measurements": []} == plan.to_dict() | {"measurements": []}


def test_what_is_measured_already_counts(offered, plan, rate_test):
    measured = synthesise(rate_test, TRUTH, seed=5)
    others = [each for each in offered if each.name.startswith(("spectrum", "C/3 cycle, 20"))]
    more = design(measured, others, time_limit=4 * HOUR, parameters=PAIR, at=TRUTH)
    assert more.sd_before_[DAMAGE] < plan.sd_before_[DAMAGE]
    assert not set(more.chosen_) & {each.name for each in measured.datasets}
    assert "C/10 cycle, 50 MPa" not in more.contributions_["candidate"].values


def test_the_covariance_of_a_plan_is_that_of_a_calibration(offered):
    every = [each for each in offered if not each.name.startswith("too")]
    measured = synthesise(blank(every), TRUTH)
    estimate = calibrate(measured, seed=5, starts=1)
    made = design(blank(every), parameters=measured.names, at=estimate)
    assert len(made.chosen_) == len(every)
    precision = np.linalg.inv(made.covariance_)
    # A plan counts a flat prior as a normal one of the same standard deviation.
    flat = np.array([(PRIORS[n].upper - PRIORS[n].lower) / np.sqrt(12) for n in measured.names[:2]])
    precision[[0, 1], [0, 1]] -= flat**-2
    found, sd = np.linalg.inv(precision), np.sqrt(np.diag(estimate.covariance_))
    scale = np.outer(sd, sd)
    np.testing.assert_allclose(found / scale, estimate.covariance_ / scale, atol=5e-3)


def test_calibrations_of_a_plan_beat_those_of_a_rate_test(plan, rate_test):
    areas, misfits = {}, []
    for name, problem in (("plan", blank(plan.data_)), ("standard", rate_test)):
        found = []
        for number in range(3):
            rng = np.random.default_rng([5, number])
            drawn = {name: float(PRIORS[name].draw(rng, 1)[0]) for name in (R_INT, C_DL)}
            truth = TRUTH | drawn
            estimate = calibrate(synthesise(problem, truth, rng), seed=5, starts=1)
            assert estimate.status_ == "converged"
            block = estimate.covariance_[:2, :2] * np.outer([1, 1e9], [1, 1e9])
            off = np.array([(estimate.parameters_[n] - truth[n]) for n in PAIR]) * [1, 1e9]
            misfits.append(off @ np.linalg.solve(block, off))
            found.append(ellipse_area(block))
        areas[name] = np.median(found)
    assert areas["standard"] > 4 * areas["plan"]
    assert np.sum(misfits) < 32.9  # chi-square, 2 x 6 degrees of freedom, 0.999


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"criterion": "G"}, "criterion = 'G': use one of D, A, E"),
        ({"time_limit": 0.0}, "time_limit = 0.0 s"),
        ({"parameters": ["x"]}, "parameters: 'x' is no unknown"),
        ({"parameters": []}, "parameters: '' is no unknown"),
        ({"candidates": [3]}, "candidates holds int"),
        ({"time_limit": 60.0}, "no candidate can be made: .*takes"),
        ({"at": {"x": 1.0}}, "at names 'x'"),
    ],
)
def test_errors_of_a_design(rate_test, given, words):
    with pytest.raises(ValueError, match=words):
        design(rate_test, **given)


def test_measured_data_are_no_candidates(rate_test):
    measured = synthesise(rate_test, TRUTH)
    with pytest.raises(ValueError, match="Dataset 'C/10 cycle, 50 MPa', which is not planned"):
        design(rate_test, measured.datasets[:1])
    with pytest.raises(ValueError, match="candidates is empty"):
        design(measured)


def test_a_plan_is_drawn(plan):
    from matplotlib.text import Text

    from assb.plotting import plan_contributions

    figure = plan_contributions(plan)
    figure.canvas.draw()
    words = " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")
    for name in plan.chosen_:
        assert name in words
    assert "limit" in words


# Acceptance --------------------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parents[2]


def load_example():
    """The example, which imports its neighbour, as a module."""
    sys.path.insert(0, str(ROOT / "examples"))
    try:
        spec = importlib.util.spec_from_file_location(
            "plan_experiment", ROOT / "examples" / "plan_experiment.py"
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


@pytest.mark.slow
def test_the_best_plan_shrinks_the_ellipse_of_the_confounded_pair_fourfold():
    example = load_example()
    made = example.plans()
    assert made["best"].duration_ <= made["standard"].duration_
    found = example.check(made, 20, say=lambda _: None)
    recorded = json.loads((ROOT / "docs" / "experiment_design.json").read_text())
    truth, areas = np.array(recorded["truth"]), {}
    for name, trials in found.items():
        assert all(each["status"] == "converged" for each in trials)
        areas[name] = np.array([ellipse_area(each["covariance"]) for each in trials])
        off = np.array([each["pair"] for each in trials]) - truth
        distance = [o @ np.linalg.solve(each["covariance"], o) for o, each in zip(off, trials, strict=True)]
        assert 17.9 < np.sum(distance) < 73.4  # chi-square, 40 degrees of freedom, 0.1 % on each side
        # What the documentation shows is what the script gives.
        np.testing.assert_allclose(
            [each["pair"] for each in trials],
            [each["pair"] for each in recorded["trials"][name]],
            rtol=0.02,
            atol=0.02,
        )
    assert np.median(areas["standard"] / areas["best"]) >= 4
    assert np.median(areas["standard"]) >= 4 * np.median(areas["best"])
