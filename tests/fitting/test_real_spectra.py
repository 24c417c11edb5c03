"""Measured spectra and pulses: the numbers that docs/real_spectra.md reports, and how they are found."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))
real_spectra = import_module("real_spectra")
real_pulses = import_module("real_pulses")
sys.path.remove(str(ROOT / "docs"))

REPORTED = json.loads((ROOT / "docs" / "real_spectra.json").read_text(encoding="utf-8"))["cells"]
CASES = [(name, kind) for name in REPORTED for kind in ("ideal", "dispersed")]
#: Largest relative error, and number of parameters, of the two kinds of fit.
LIMITS = {"ideal": (0.04, 12), "dispersed": (0.01, 14)}


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_reported_fits_are_those_of_the_model(name, kind):
    reported = REPORTED[name][kind]
    problem = real_spectra.spectrum_problem(name, kind == "dispersed")
    values = np.array([reported["parameters"][each] for each in problem.names])
    rows = problem.predict(problem.to_coordinates(values))[0][0]
    error = real_spectra.rms(problem.datasets[0], rows)
    limit, count = LIMITS[kind]
    assert len(problem.names) == reported["count"] <= count
    assert error == pytest.approx(reported["rms"], rel=0.02)
    assert error <= limit
    assert reported["rms_on_finest_mesh"] <= limit


def test_a_short_fit_holds_the_reported_error():
    """From half a prior standard deviation away, on the coarse mesh."""
    name = "ncm_inli_cell2"
    parameters = dict(REPORTED[name]["dispersed"]["parameters"])
    rng = np.random.default_rng(5)
    for key, prior in real_spectra.PRIORS.items():
        parameters[key] *= prior.factor ** (0.5 * rng.uniform(-1, 1))
    problem = real_spectra.spectrum_problem(name, True, real_spectra.COARSE, parameters)
    before = real_spectra.rms(
        problem.datasets[0], problem.predict(problem.to_coordinates(problem.start))[0][0]
    )
    estimate = real_spectra.calibrate(problem, seed=5, starts=1)
    assert before > 0.05
    assert real_spectra.rms(problem.datasets[0], estimate.predictions_[name]) <= 0.01


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind"), CASES)
def test_whole_fit(name, kind):
    problem, estimate = real_spectra.fit_spectrum(name, kind == "dispersed")
    limit, _ = LIMITS[kind]
    assert estimate.status_ == "converged"
    assert real_spectra.rms(problem.datasets[0], estimate.predictions_[name]) <= limit


def test_a_pulse_record_is_read_and_thinned(tmp_path):
    """Steps from the current; every switch keeps its first rows; charge is positive in the file."""
    time = 20 + np.arange(4000) * 1e-3
    current = np.select([time < 21, time < 22, time < 23], [-2e-5, 8.0e-3, -8.1e-3], 1e-5)
    voltage = 2.9 + 1e-3 * np.sign(np.round(current, 3))
    path = tmp_path / "record.csv"
    np.savetxt(
        path, np.stack([time, current, voltage], 1), delimiter=",", header="time_s,I_mA,E_V", comments=""
    )
    record, rest = real_pulses.read_record(path)
    assert rest == pytest.approx(2.9)
    durations, currents = np.array(record.steps).T
    np.testing.assert_allclose(durations, [1, 1, 1, 1], atol=2e-3)
    np.testing.assert_allclose(currents, [0, -8e-6, 8.1e-6, 0], rtol=1e-9)
    few = real_pulses.thinned(record)
    assert 100 < len(few.time) < 180
    for switch in np.cumsum(durations)[:3]:
        assert ((few.time > switch) & (few.time < switch + 3e-3)).any()
    half = real_pulses.thinned(record, 1.5)
    assert half.time[-1] <= 1.5
    assert sum(duration for duration, _ in half.steps) == pytest.approx(1.5)


def test_a_population_of_two_cells():
    names = list(real_spectra.PRIORS)
    foil, cathode = real_spectra.EXPONENTS
    one = {**dict.fromkeys(names, 2.0), foil: 0.7, cathode: 0.6}
    other = {**one, names[0]: 8.0, cathode: 0.4}
    found = real_pulses.population({"a": one, "b": other})
    assert found[names[0]].median == pytest.approx(4.0)
    spread = np.log(4) / np.sqrt(2) * np.sqrt(1.5)
    assert np.log(found[names[0]].factor) == pytest.approx(spread)
    assert np.log(found[names[1]].factor) == pytest.approx(np.log(1.3) * np.sqrt(1.5))
    assert (found[foil].mean, found[cathode].mean) == pytest.approx((0.7, 0.5))
    assert found[foil].sd == pytest.approx(0.05 * np.sqrt(1.5))
    assert found[cathode].sd == pytest.approx(0.2 / np.sqrt(2) * np.sqrt(1.5))


@pytest.mark.slow
def test_half_a_pulse_record_predicts_the_other():
    path = real_pulses.find_record()
    if path is None:
        pytest.skip(f"set ASSB_DATA to a folder that holds {real_pulses.RECORD}")
    reported = json.loads((ROOT / "docs" / "real_pulses.json").read_text(encoding="utf-8"))
    estimates = {name: fits["dispersed"]["parameters"] for name, fits in REPORTED.items()}
    found = real_pulses.predict_second_half(path, estimates)
    assert found["fitted"] < 0.01
    assert found["predicted"] == pytest.approx(reported["predicted"], rel=0.1)
    assert found["predicted"] < 0.05
