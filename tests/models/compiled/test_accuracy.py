"""The stated tolerance is kept, over random parameters and protocols; events; ensembles of cut-offs."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from assb import models
from assb.models.compiled import Cutoff, Protocol, Step, compile_model
from assb.models.compiled.check import solve_with_idaklu
from assb.models.compiled.cycling import StepTable

from .cases import LIMITS, default_priors, draw, protocol

VOLTAGE = "Voltage [V]"


@pytest.fixture(scope="module")
def priors():
    return default_priors()


@pytest.fixture(scope="module")
def spm(priors):
    return compile_model(models.SPM(), priors[1], list(priors[0]), [VOLTAGE], check=False)


def errors(fast, priors, n, tolerance, seed):
    """Largest error of each case against a solution of a tolerance 10,000 times smaller, in tolerances.

    At the same time since the start of a step, as a cut-off may come a little earlier or later. Left out is the
    last 2 % of a step before the event that the surface is full, where the voltage falls vertically. Cases
    for which no solution exists (a power the cell cannot deliver) are NaN.
    """
    points, values = draw(priors[0], n, seed), priors[1]
    rng = np.random.default_rng(seed)
    found = np.full(n, np.nan)
    for i, p in enumerate(points):
        steps = protocol(rng, values["Nominal cell capacity [A.h]"], *LIMITS)
        times = None if i % 2 else np.linspace(0.0, 20 * 3600.0, 400)
        inputs = dict(zip(priors[0], p, strict=True))
        ours = fast.simulate(steps, inputs, tolerance_mV=tolerance, output_times=times)
        if ours.attrs["failures"]:
            assert "no consistent state" in ours.attrs["reason"]
            continue
        duration, t, v = ours["Duration [s]"].values, ours["time"].values, ours[VOLTAGE].values
        keep = np.isfinite(v) & (t > 0) & np.concatenate([[True], np.diff(t) > 1e-7])
        t, v, ends = t[keep], v[keep], np.cumsum(duration)
        step = (t[:, None] > ends + 1e-9).sum(axis=1)
        inside = step < len(duration)
        t, v, step = t[inside], v[inside], step[inside]
        since = t - np.concatenate([[0.0], ends])[step]
        exact = fast._library.cycles().run(
            StepTable(steps, fast.output_names, fast.exported.event_names),
            1,
            p[None].copy(),
            1e-7 * tolerance,
            output_times=since[None].copy(),
            output_steps=step[None].astype(np.int32),
        )
        event = np.isin(ours["Ended by"].values[step], fast.exported.event_names)
        seen = ~(event & (since > 0.98 * duration[step])) & (since > 1e-6)
        apart = np.abs(exact.series[0, :, 0] - v)[seen]
        found[i] = 1e3 * np.nanmax(apart, initial=0.0) / tolerance
    return found


def check(found):
    assert np.isnan(found).mean() < 0.1
    found = found[np.isfinite(found)]
    assert (found <= 1.0).mean() >= 0.99, np.sort(found)[-10:]
    assert found.max() <= 3.0


def test_tolerance_is_kept(spm, priors):
    check(errors(spm, priors, 200, 0.5, seed=3))


@pytest.mark.slow
@pytest.mark.parametrize("tolerance", [0.1, 1.0])
def test_tolerance_is_kept_in_a_thousand_cases(spm, priors, tolerance):
    check(errors(spm, priors, 1000, tolerance, seed=3))


@pytest.mark.slow
def test_tolerance_is_kept_by_the_dfn(priors):
    dfn = compile_model(models.DFN(), priors[1], list(priors[0]), [VOLTAGE], check=False)
    check(errors(dfn, priors, 100, 0.5, seed=3))


def test_what_is_converged_to_is_what_idaklu_finds(spm, priors):
    protocol = Protocol.from_steps(
        [(900.0, -3e-4), (600.0, 0.0), (600.0, 3e-4)], np.arange(10.0, 2101.0, 10.0)
    )
    reference = solve_with_idaklu(models.SPM(), priors[1], protocol, spm.defaults, (VOLTAGE,))[:, 0]
    for tolerance in (1.0, 0.1, 0.01):
        ours = spm.simulate(protocol, tolerance_mV=tolerance)
        assert 1e3 * np.abs(ours[VOLTAGE].values - reference).max() < tolerance
        assert ours.attrs["error_mV"] < tolerance


def test_ten_thousand_draws_finish(spm, priors):
    """From the default priors, charge and discharge at 0.1C to 2C."""
    draws = draw(priors[0], 10_000, seed=3)
    capacity = priors[1]["Nominal cell capacity [A.h]"]
    low, high = LIMITS
    failures, others = 0, set()
    for k, rate in enumerate(np.geomspace(0.1, 2.0, 20)):
        current = float(rate) * capacity
        steps = [Step.current(-current, until=high), Step.rest(600.0), Step.current(current, until=low)]
        result = spm.cycle(steps, 1, dict(zip(priors[0], draws[k::20].T, strict=True)), tolerance_mV=1.0)
        failures += result.attrs["failures"]
        missing = np.isnan(result[VOLTAGE].values).any(axis=(1, 2))
        assert (result["reason"].values[missing] != "").all()
        others |= set(result["reason"].values) - {""}
    assert failures <= 10
    assert all("event" in reason for reason in others) or failures


def test_an_event_of_the_model_ends_a_simulation(spm, priors):
    capacity = priors[1]["Nominal cell capacity [A.h]"]
    ours = spm.simulate([Step.current(capacity / 5, duration=20 * 3600.0), Step.rest(60.0)])
    assert ours["Ended by"].values.tolist() == ["Positive particle surface is full", ""]
    assert "event" in ours.attrs["reason"]
    assert ours.attrs["failures"] == 0
    values = priors[1].copy()
    values.update({"Current function [A]": capacity / 5, "Lower voltage cut-off [V]": -10.0})
    theirs = pybamm.Simulation(models.SPM(), parameter_values=values).solve([0, 20 * 3600.0])
    assert "surface is full" in theirs.termination
    assert ours["Duration [s]"].values[0] == pytest.approx(theirs.t[-1], rel=1e-3)


def test_sets_end_where_each_of_them_ends(spm, priors):
    """Cut-offs and events set by set, at the same places as one by one and whatever else is in the batch."""
    capacity = priors[1]["Nominal cell capacity [A.h]"]
    steps = [
        Step.current(-capacity, until=3.6),
        Step.voltage(3.6, until_current=capacity / 10),
        Step.power(2e-3, until=[Cutoff(VOLTAGE, below=2.4), Cutoff("Step capacity [A.h]", above=capacity)]),
    ]
    points = draw(priors[0], 21, seed=5)
    inputs = dict(zip(priors[0], points.T, strict=True))
    times = np.linspace(0.0, 15_000.0, 31)
    together = spm.ensemble(steps, inputs, output_times=times)
    pair = {name: values[:2] for name, values in inputs.items()}
    first = spm.ensemble(steps, pair, threads=1, output_times=times)
    np.testing.assert_array_equal(together[VOLTAGE].values[:2], first[VOLTAGE].values)
    for i in range(5):
        alone = spm.simulate(steps, {name: values[i] for name, values in inputs.items()}, output_times=times)
        np.testing.assert_array_equal(alone["Ended by"], together["Ended by"].values[i])
        np.testing.assert_allclose(alone["Duration [s]"], together["Duration [s]"].values[i], rtol=1e-4)
        np.testing.assert_allclose(alone[VOLTAGE], together[VOLTAGE].values[i], atol=3e-4)


def test_controlled_steps_fill_the_lanes(spm):
    """No less than the plain simulation does: a fall-back to scalar code would go unnoticed."""
    assert spm._library.cycles(many=True).lanes == spm._library.lanes


def test_bad_arguments(spm):
    with pytest.raises(ValueError, match="tolerance_mV=0"):
        spm.simulate([(60.0, 0.0)], tolerance_mV=0)
    with pytest.raises(ValueError, match="tolerance_mV=None"):
        spm.simulate([(60.0, 0.0)], tolerance_mV=None)
    with pytest.raises(ValueError, match=r"protocol\[0\]='rest'"):
        spm.simulate(["rest"])
    name = spm.input_names[0]
    with pytest.raises(ValueError, match="give output_times"):
        spm.ensemble([Step.rest(60.0)], {name: np.array([0.8, 0.9])})
    with pytest.raises(ValueError, match="trace=True"):
        spm.cycle([Step.rest(60.0)], 1, {name: np.array([0.8, 0.9])}, trace=True)
