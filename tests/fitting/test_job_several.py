"""The calibration job on two rates with pressure, a spectrum and a table: files, numbers, report."""

from __future__ import annotations

import json
import tomllib

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.figure import Figure

from assb.fitting.config import load_config, make_problem
from assb.fitting.job import resume_sampling, run_calibration

Y0 = "Initial stoichiometry in positive electrode"
R_INT = "Positive electrode interface resistance [Ohm.m2]"
CONTACT = "X-averaged positive electrode contact fraction"
PRESSURE = "Stack pressure [MPa]"
TRUTH = {Y0: 0.88, R_INT: 0.03}

TEXT = f"""
title = "several"
seed = 5
[model.options]
"space charge" = "none"
"contact" = "pressure"
"surface form" = "differential"
[cell]
parameter_set = "NCM811_LPSCl_InLi"
[[data]]
file = "slow/rate.csv"
name = "slow"
[[data]]
file = "fast/rate.csv"
name = "fast"
settings = {{ "{PRESSURE}" = 20.0 }}
[[data]]
file = "spectrum.csv"
[[data]]
file = "contact.csv"
columns = {{ value = "{CONTACT}" }}
[[parameters]]
name = "{Y0}"
prior = "normal"
mean = 0.865
sd = 0.05
upper = 0.99
[[parameters]]
name = "{R_INT}"
prior = "log-normal"
median = 0.02
factor = 5.0
[noise]
distribution = "normal"
sd_mV = 2.0
[noise.pressure]
distribution = "normal"
sd_MPa = 0.01
[noise.impedance]
sd_percent = 1.0
[noise.table]
sd = 1.0
[calibration]
starts = 1
[sampling]
walkers = 8
max_steps = 40
thin = 1
"""


def write_series(path, rate, voltage=None, pressure=None):
    time = np.linspace(0, 1200 / rate, 20)
    path.parent.mkdir(exist_ok=True)
    pd.DataFrame(
        {
            "Time [s]": time,
            "Current [A]": -0.33e-3 * rate,
            "Voltage [V]": np.linspace(3.0, 3.1, 20) if voltage is None else voltage,
            PRESSURE: 50.0 if pressure is None else pressure,
        }
    ).to_csv(path, index=False)


def write_spectrum(path, impedance):
    columns = {"Frequency [Hz]": np.geomspace(1e5, 1e-1, 15)}
    columns |= {"Real impedance [Ohm]": impedance.real, "Imaginary impedance [Ohm]": impedance.imag}
    pd.DataFrame(columns).to_csv(path, index=False)


def write_table(path, values):
    pd.DataFrame({PRESSURE: [5.0, 20.0, 50.0], CONTACT: values}).to_csv(path, index=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files with what the model predicts at known values, plus noise."""
    folder = tmp_path_factory.mktemp("job")
    write_series(folder / "slow" / "rate.csv", 1.0)
    write_series(folder / "fast" / "rate.csv", 2.0)
    write_spectrum(folder / "spectrum.csv", np.full(15, 100 - 1j))
    write_table(folder / "contact.csv", np.array([0.1, 0.2, 0.3]))
    (folder / "several.toml").write_text(TEXT)
    config, _, _ = load_config(folder / "several.toml")
    empty = make_problem(config, folder)
    z = empty.to_coordinates(np.array(list(TRUTH.values())))
    slow, fast, spectrum, table = (rows[0] for rows in empty.predict(z))
    rng = np.random.default_rng(5)
    for name, rate, rows in (("slow", 1.0, slow), ("fast", 2.0, fast)):
        noisy = rows + np.repeat([0.002, 0.01], 20) * rng.normal(size=40)
        write_series(folder / name / "rate.csv", rate, noisy[:20], noisy[20:])
    impedance = spectrum[:15] + 1j * spectrum[15:]
    relative = rng.normal(size=15) + 1j * rng.normal(size=15)
    write_spectrum(folder / "spectrum.csv", impedance + 0.01 * np.abs(impedance) * relative)
    write_table(folder / "contact.csv", table * (1 + 0.05 * rng.normal(size=3)))
    return folder


@pytest.fixture(scope="module")
def content(folder):
    """Result of the job; the figures that it shares with a single record are left blank here."""
    from assb.plotting import gallery
    from assb.report import build

    patch = pytest.MonkeyPatch()
    blank = {name: (lambda data: Figure(figsize=(1, 1))) for name in gallery.FIGURES}
    patch.setattr(gallery, "FIGURES", blank)
    patch.setattr(build, "FIGURES", blank)
    patch.setattr("assb.fitting.job.PREDICTIVE_DRAWS", 100)
    try:
        yield run_calibration(folder / "several.toml", folder / "out", progress=False)
    finally:
        patch.undo()


def test_files_of_several_data(folder, content):
    out = folder / "out"
    written = {path.relative_to(out).as_posix() for path in out.rglob("*.*")}
    assert written >= {
        "config.toml",
        "data.nc",
        "estimate.json",
        "map.json",
        "posterior.nc",
        "chain.h5",
        "report.html",
        "rate.csv",
        "data_2/rate.csv",
        "spectrum.csv",
        "contact.csv",
        "figures/voltage_fit.png",
        "figures/pressure_fit_slow.png",
        "figures/voltage_fit_fast.png",
        "figures/pressure_fit_fast.png",
        "figures/impedance_fit_spectrum_csv.png",
        "figures/table_fit_contact_csv.png",
    }
    # The copy of the configuration runs by itself: same data, same names.
    config, _, where = load_config(out / "config.toml")
    again = make_problem(config, where)
    assert {each.name: each.sha256 for each in again.datasets} == {
        name: row["sha256"] for name, row in content["data"].items()
    }


def test_numbers_of_several_data(folder, content):
    on_disk = json.loads((folder / "out" / "estimate.json").read_text())
    data = on_disk["data"]
    assert list(data) == ["slow", "fast", "spectrum.csv", "contact.csv"]
    assert [row["kind"] for row in data.values()] == ["series", "series", "spectrum", "table"]
    assert [row["rows"] for row in data.values()] == [19, 19, 15, 3]
    assert [row["unit"] for row in data.values()] == ["mV", "mV", "% of |Z|", "-"]
    assert data["fast"]["settings"] == {PRESSURE: 20.0}
    # Residuals are as large as the noise that was put in.
    assert data["slow"]["rmse"] == pytest.approx(2.0, rel=0.4)
    assert data["slow"]["pressure"]["rmse"] == pytest.approx(0.01, rel=0.4)
    assert data["spectrum.csv"]["rmse"] == pytest.approx(100 * 0.01 * np.sqrt(2), rel=0.4)
    both = np.hypot(data["slow"]["rmse"], data["fast"]["rmse"]) / np.sqrt(2)
    assert on_disk["rmse_mV"] == pytest.approx(both)
    assert list(on_disk["segments"]) == ["slow: charge", "fast: charge"]
    assert len(on_disk["data_sha256"]) == 64
    assert on_disk["parameters"][Y0]["scope"] == "shared"
    for name, true in TRUTH.items():
        row = on_disk["parameters"][name]
        assert abs(row["map"] - true) < 4 * row["sd"]
    seen = on_disk["identifiability"]
    assert set(seen["information"]) == set(data)
    assert sum(seen["combinations"][0]["data"].values()) == pytest.approx(1.0)
    assert set(seen["before"]["shrinkage"]) == set(TRUTH)
    assert np.shape(seen["posterior_correlation"]) == (2, 2)


def test_rows_of_several_data(folder, content):
    path = folder / "out" / "data.nc"
    with xr.open_dataset(path, engine="h5netcdf") as first:
        assert first.attrs["name"] == "slow"
        assert first.sizes["row"] == 20
    with xr.open_dataset(path, group="spectrum.csv", engine="h5netcdf") as spectrum:
        measured = spectrum["measured_real"] + 1j * spectrum["measured_imaginary"]
        model = spectrum["map_real"] + 1j * spectrum["map_imaginary"]
        relative = np.abs(measured - model) / np.abs(measured)
        assert 100 * np.sqrt(float((relative**2).mean())) == pytest.approx(
            content["data"]["spectrum.csv"]["rmse"]
        )
        assert (spectrum["lower_real"] < spectrum["upper_real"]).all()
    with xr.open_dataset(path, group="contact.csv", engine="h5netcdf") as table:
        assert table.attrs["quantity"] == CONTACT


def test_report_of_several_data(folder, content):
    page = (folder / "out" / "report.html").read_text()
    for name in content["data"]:
        assert f"<h3>{name} <small>" in page
    for figure in (
        "pressure_fit_slow",
        "voltage_fit_fast",
        "impedance_fit_spectrum_csv",
        "table_fit_contact_csv",
    ):
        assert f'id="figure-{figure}"' in page
    assert "Before and after the fit" in page
    assert "share of the information" in page
    assert "Stack pressure [MPa]: 20" in page
    summary = "\n".join(content["summary"])
    assert "4 data sets" in summary
    assert "spectrum.csv: 15 frequencies within" in summary
    assert "One cycle at one current" not in summary
    assert "pressure and contact fraction were not measured" not in summary


def test_resume_of_several_data(folder, content, monkeypatch):
    monkeypatch.setattr("assb.fitting.job.finish", lambda out, *rest: rest[4].sampling_)
    found = resume_sampling(folder / "out", max_steps=60, progress=False)
    assert found["steps"] == 60


def test_check_before_any_fit(folder, content):
    from typer.testing import CliRunner

    from assb.cli import app

    arguments = [
        "calibrate",
        str(folder / "several.toml"),
        "--check-only",
        "--json",
        "--out",
        str(folder / "checked"),
    ]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert json.loads((folder / "checked" / "check.json").read_text())["rows"] == found["rows"] == 109
    assert found["data"]["spectrum.csv"] == {"kind": "Spectrum", "rows": 30}
    assert found["identifiability"]["singular_values"] == pytest.approx(
        content["identifiability"]["before"]["singular_values"]
    )
    assert "seen" in found["text"]
    assert {path.name for path in (folder / "checked").iterdir()} == {"check.json"}


def test_init_of_several_files(folder, content, tmp_path):
    from typer.testing import CliRunner

    from assb.cli import app

    for source, name in (("slow/rate.csv", "slow.csv"), ("fast/rate.csv", "fast.csv"), ("spectrum.csv",) * 2):
        (tmp_path / name).write_bytes((folder / source).read_bytes())
    files = [str(tmp_path / name) for name in ("slow.csv", "fast.csv", "spectrum.csv")]
    result = CliRunner().invoke(app, ["init", *files])
    assert result.exit_code == 0, result.output
    text = (tmp_path / "CONFIG.toml").read_text()
    config, _, _ = load_config(tmp_path / "CONFIG.toml")
    assert [(entry.file, entry.kind) for entry in config.data] == [
        ("slow.csv", "series"),
        ("fast.csv", "series"),
        ("spectrum.csv", "spectrum"),
    ]
    assert config.model.options["surface form"] == "differential"
    assert config.discrepancy.open_circuit_terms == 1
    assert {"pressure", "impedance"} <= config.noise.model_fields_set
    assert text.count("#") > 20
    assert "scope" in text
    elsewhere = CliRunner().invoke(app, ["init", files[0], str(folder / "spectrum.csv"), "--force"])
    assert "must lie beside" in str(elsewhere.exception)
    alone = CliRunner().invoke(app, ["init", files[2], "--force"])
    assert alone.exit_code == 0, alone.output
    config = tomllib.loads((tmp_path / "CONFIG.toml").read_text())
    assert "nominal_capacity_mAh" not in config["cell"]["build"]
    assert len(config["data"]) == 1


@pytest.mark.slow
def test_config_of_init_runs_as_it_is(folder, content, tmp_path):
    from assb.fitting.template import CellSketch, write_template

    for source, name in (("slow/rate.csv", "slow.csv"), ("spectrum.csv",) * 2):
        (tmp_path / name).write_bytes((folder / source).read_bytes())
    text = write_template([tmp_path / "slow.csv", tmp_path / "spectrum.csv"], CellSketch(temperature=30.0))
    (tmp_path / "CONFIG.toml").write_text(text)
    found = run_calibration(tmp_path / "CONFIG.toml", tmp_path / "out", sampling=False, progress=False)
    assert found["data"]["slow.csv"]["rmse"] < 10
    assert found["calibration"]["status"] == "converged"


def test_a_spectrum_alone_has_a_report(folder, tmp_path):
    from assb.fitting import LogNormal, Problem, Spectrum, calibrate
    from assb.fitting.outcome import report_data
    from assb.report import render_report

    config, text, _ = load_config(folder / "several.toml")
    from assb.fitting.config import make_model, make_parameter_values

    spectrum = Spectrum.from_csv(folder / "spectrum.csv", name="spectrum")
    problem = Problem(
        make_model(config),
        make_parameter_values(config),
        [spectrum],
        {R_INT: LogNormal(median=0.02, factor=5.0)},
    )
    estimate = calibrate(problem, starts=1)
    data = report_data(config, text, problem, estimate, None, {}, {}, "now")
    assert not data.has_series
    assert data.metrics["rmse_mV"] is None
    blank = {name: Figure(figsize=(1, 1)) for name in ("prior_posterior", "identifiability_heatmap")}
    page = render_report(data, blank)
    assert "There is no time series" in page
    assert 'id="figure-impedance_fit_spectrum"' in page
    assert "voltage_fit" not in page
