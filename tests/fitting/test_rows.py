"""Steps of noisy currents, thinning of long records, dP/dQ."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assb.fitting import DataError, Dataset, pressure_derivative, read
from assb.fitting.rows import current_noise, exact_steps, kept_rows, merged_steps, tolerance_of

LEVELS = [(600.0, -1e-3), (100.0, 0.0), (800.0, 2e-3), (50.0, 0.0)]


def noisy(levels, noise, dt=1.0, seed=5):
    """Rows every `dt` seconds: time [s] from dt on, current [A]."""
    ends = np.cumsum([duration for duration, _ in levels])
    time = np.arange(dt, ends[-1] + dt / 2, dt)
    current = np.array([i for _, i in levels])[np.minimum(np.searchsorted(ends, time), len(levels) - 1)]
    return time, current + noise * np.random.default_rng(seed).normal(size=len(time))


def charge(steps):
    return sum(duration * current for duration, current in steps)


def test_noise_of_a_current():
    _, current = noisy(LEVELS, 3e-6)
    assert current_noise(current) == pytest.approx(3e-6, rel=0.1)
    assert tolerance_of(current) == pytest.approx(15e-6, rel=0.1)
    assert current_noise(current[:3]) == 0.0
    # A current without noise keeps every step, however small.
    assert tolerance_of(noisy(LEVELS, 0.0)[1]) == 0.0


def test_rows_of_a_noisy_current_are_merged():
    time, current = noisy(LEVELS, 3e-6)
    steps = merged_steps(time, current, tolerance_of(current))
    assert len(steps) == 4
    for (duration, level), (true_duration, true_level) in zip(steps, LEVELS, strict=True):
        assert duration == pytest.approx(true_duration, abs=1.0)
        assert level == pytest.approx(true_level, abs=3 * 3e-6 / np.sqrt(50))
    # A rest is a rest.
    assert [level for _, level in steps][1::2] == [0.0, 0.0]
    assert len(exact_steps(time, current)) == len(time)


def test_a_current_without_noise_is_not_touched():
    time, current = noisy(LEVELS, 0.0)
    assert merged_steps(time, current, 1e-5) == exact_steps(time, current)
    assert merged_steps(time, current, 0.0) == exact_steps(time, current)


def test_constant_voltage_becomes_a_staircase_that_keeps_the_charge():
    time = np.arange(1.0, 3001.0)
    current = np.where(time < 1000, -1e-3, -1e-3 * np.exp(-np.maximum(time - 1000, 0) / 500))
    current += 1e-7 * np.random.default_rng(5).normal(size=len(time))
    tolerance = tolerance_of(current)
    steps = merged_steps(time, current, tolerance)
    assert 20 < len(steps) < 1500
    assert charge(steps) == pytest.approx(np.sum(current), rel=1e-3)
    ends = np.cumsum([duration for duration, _ in steps])
    levels = np.array([level for _, level in steps])[np.minimum(np.searchsorted(ends, time), len(steps) - 1)]
    assert np.max(np.abs(levels - current)) < 2.5 * tolerance


def test_drive_cycle_is_constant_row_by_row():
    rng = np.random.default_rng(5)
    time, current = np.arange(1.0, 301.0), rng.normal(size=300)
    steps = merged_steps(time, current, tolerance_of(current))
    assert 250 < len(steps) <= 300
    assert charge(steps) == pytest.approx(np.sum(current), abs=2.0)


@settings(max_examples=50, deadline=None)
@given(
    gaps=st.lists(st.floats(0.1, 100.0), min_size=3, max_size=60),
    tolerance=st.floats(0.0, 1.0),
    seed=st.integers(0, 1000),
)
def test_steps_cover_the_record_and_keep_its_charge(gaps, tolerance, seed):
    time = np.cumsum(gaps)
    current = np.random.default_rng(seed).choice([-1.0, 0.0, 0.9, 1.0], size=len(time))
    steps = merged_steps(time, current, tolerance)
    assert sum(duration for duration, _ in steps) == pytest.approx(time[-1])
    exact = charge(exact_steps(time, current))
    # Rests drop what is within the tolerance.
    assert abs(charge(steps) - exact) <= max(tolerance, 1e-3) * time[-1] + 1e-9


def record(n=2000, seed=5):
    time, current = noisy(LEVELS, 2e-6, dt=1550 / n, seed=seed)
    passed = np.cumsum(current) * time[0]
    voltage = 3.0 - 50 * current - 0.05 * passed
    pressure = 20 - 0.4 * passed + 1e-4 * np.random.default_rng(seed + 1).normal(size=len(time))
    return {"time_s": time, "I_A": current, "U_V": voltage, "P_MPa": pressure}


def test_reading_merges_and_thinning_keeps_the_protocol():
    data = read(record())
    assert len(data.steps) == 4
    thin = data.thinned(60)
    assert len(thin.time) == 60
    assert thin.steps == data.steps
    assert thin.sha256 != data.sha256
    # Both sides of every switch, the first row and the last.
    switches = np.flatnonzero(np.diff(data.block))
    kept = set(thin.time)
    assert {*data.time[switches], *data.time[switches + 1], data.time[0], data.time[-1]} <= kept
    # Denser after a switch than at the end of a step.
    step = thin.time[thin.block == 0]
    assert np.all(np.diff(step)[-3:] > 3 * np.diff(step)[:3])
    for name in ("voltage", "pressure"):
        values = dict(zip(data.time, getattr(data, name), strict=True))
        assert [values[t] for t in thin.time] == list(getattr(thin, name))


def test_a_mask_is_thinned_too_and_leaves_dp_dq_alone():
    data = read(record())
    masked = replace(data, mask=data.time < 700, sha256="")
    thin = masked.thinned(60)
    np.testing.assert_array_equal(thin.mask, thin.time < 700)
    slope = "dP/dQ [MPa.mA-1.h-1]"
    np.testing.assert_array_equal(
        pressure_derivative(masked, 0.02)[slope], pressure_derivative(data, 0.02)[slope]
    )


def test_thinning_needs_rows_and_leaves_short_records_alone():
    data = read(record())
    with pytest.raises(DataError, match="rows = 2: keep at least 3"):
        data.thinned(2)
    assert len(data.thinned(10**6).time) == len(data.time)


@settings(max_examples=50, deadline=None)
@given(n=st.integers(5, 200), rows=st.integers(3, 60), switches=st.integers(0, 20), seed=st.integers(0, 99))
def test_thinning_keeps_at_most_so_many_rows(n, rows, switches, seed):
    rng = np.random.default_rng(seed)
    time = np.cumsum(rng.exponential(size=n) + 1e-3)
    current = rng.normal(size=switches + 1)[np.sort(rng.integers(0, switches + 1, size=n))]
    kept = kept_rows(time, current, rows)
    assert len(kept) == min(n, rows)
    assert np.all(np.diff(kept) > 0)
    assert kept[0] == 0
    assert kept[-1] < n


def test_dp_dq_of_a_straight_line_and_its_error():
    data = read(record())
    found = pressure_derivative(data, window=0.02)
    # P falls by 0.4 MPa per coulomb passed on discharge: it rises by 1.44 per mA.h stored.
    slope, error = found["dP/dQ [MPa.mA-1.h-1]"].values, found["Standard error [MPa.mA-1.h-1]"].values
    seen = np.isfinite(slope)
    assert 0.5 < seen.mean() < 1.0
    assert found.attrs["sd_MPa"] == pytest.approx(1e-4, rel=0.15)
    away = (slope[seen] - 1.44) / error[seen]
    # Windows overlap: about as many independent values as windows fit, some thirty.
    assert np.sqrt(np.mean(away**2)) == pytest.approx(1.0, abs=0.35)
    rest = np.array([current for _, current in data.steps])[data.block] == 0
    assert not seen[rest].any()
    known = pressure_derivative(data, window=0.02, sd=2e-4)["Standard error [MPa.mA-1.h-1]"].values
    np.testing.assert_allclose(known[seen] / error[seen], 2e-4 / found.attrs["sd_MPa"])


def test_dp_dq_has_the_sign_of_the_charge_stored():
    data = read(record())
    charge_ = pressure_derivative(data, window=0.02)["Charge [mA.h]"].values
    assert charge_[data.block == 0][-1] == pytest.approx(0.6 / 3.6, rel=1e-2)
    assert charge_[-1] == pytest.approx((0.6 - 1.6) / 3.6, rel=1e-2)


def test_dp_dq_errors():
    data = read(record())
    bare = Dataset(data.time, data.current, data.voltage, data.steps)
    with pytest.raises(DataError, match="no pressure was recorded"):
        pressure_derivative(bare, 0.1)
    with pytest.raises(DataError, match="window = 0"):
        pressure_derivative(data, 0)
    with pytest.raises(DataError, match="sd = -1"):
        pressure_derivative(data, 0.1, sd=-1)
