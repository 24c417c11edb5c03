"""The command line as a user meets it: commands, files, and one clear error for each bad input."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ENVIRONMENT = {**os.environ, "PYBAMM_DISABLE_TELEMETRY": "true"}
CONTRACT = ("config.toml", "data.nc", "estimate.json", "posterior.nc", "chain.h5", "report.html", "figures")

SMALL = """
title = "small"
seed = 3
[model.options]
"space charge" = "none"
"contact" = "pressure"
[cell]
parameter_set = "NCM811_LPSCl_InLi"
[data]
file = "embedded:nmc811_inli_cycle"
[[parameters]]
name = "Initial stoichiometry in positive electrode"
prior = "normal"
mean = 0.865
sd = 0.05
[[parameters]]
name = "Positive electrode interface resistance [Ohm.m2]"
prior = "log-normal"
median = 0.02
factor = 5.0
[calibration]
starts = 1
[sampling]
walkers = 16
max_steps = 600
"""


def process(*arguments, cwd=None, timeout=240):
    """The command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "assb.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=ENVIRONMENT,
        timeout=timeout,
        check=False,
    )


def assb(*arguments, cwd=None):
    """The command line in this process: the same entry point, without importing PyBaMM once more."""
    from assb.cli import main

    out, err, code = io.StringIO(), io.StringIO(), 0
    before, argv = Path.cwd(), sys.argv
    try:
        os.chdir(cwd or before)
        sys.argv = ["assb", *map(str, arguments)]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
            except SystemExit as stop:
                code = stop.code or 0
    finally:
        sys.argv = argv
        os.chdir(before)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def fails(result, *words):
    """Exit code 2, one line on standard error that names field, value and remedy, no traceback."""
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    lines = [line for line in result.stderr.splitlines() if line.startswith("error:")]
    assert len(lines) == 1, result.stderr
    for word in words:
        assert word in lines[0], (word, lines[0])


def write_record(path, **changes):
    values = {
        "Time [s]": np.array([0.0, 10, 100, 500, 1000, 1010, 1100, 1110, 1200, 1600, 2000]),
        "Current [A]": np.array([0, -1, -1, -1, -1, 0, 0, 1, 1, 1, 1]) * 3e-4,
        "Voltage [V]": np.array([2.98, 3.13, 3.16, 3.2, 3.24, 3.12, 3.1, 2.96, 2.93, 2.9, 2.87]),
        **changes,
    }
    rows = [",".join(values)] + [
        ",".join(f"{v:.9g}" for v in row) for row in zip(*values.values(), strict=True)
    ]
    path.write_text("\n".join(rows) + "\n")
    return values


def strict_json(path):
    def refuse(constant):
        raise AssertionError(f"{constant} in JSON")

    return json.loads(Path(path).read_text(), parse_constant=refuse)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """One small calibration, sampled."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "small.toml").write_text(SMALL)
    result = process("calibrate", "small.toml", "--out", "out", "--json", "--quiet", cwd=folder)
    assert result.returncode == 0, result.stderr
    return folder, json.loads(result.stdout)


def test_import_and_help_are_fast_and_do_not_import_pybamm():
    code = (
        "import sys, time; t = time.perf_counter(); import assb, assb.cli;"
        "print(time.perf_counter() - t, 'pybamm' in sys.modules, 'casadi' in sys.modules)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT, check=True
    )
    seconds, pybamm, casadi = out.stdout.split()
    assert (pybamm, casadi) == ("False", "False")
    assert float(seconds) < 0.5
    best = min(_seconds_of_help() for _ in range(3))
    assert best < 0.5


def _seconds_of_help():
    clock = time.perf_counter()
    assert process("--help").returncode == 0
    return time.perf_counter() - clock


def test_calibrate_writes_the_contract(results):
    folder, content = results
    for name in CONTRACT:
        assert (folder / "out" / name).exists(), name
    assert list((folder / "out" / "figures").glob("*.png"))
    saved = strict_json(folder / "out" / "estimate.json")
    assert saved["rmse_mV"] == content["rmse_mV"]
    for key in (
        "mae_mV",
        "parameters",
        "identifiability",
        "sampling",
        "timing_s",
        "data_sha256",
        "versions",
        "seed",
    ):
        assert key in saved
    for key in ("ess_min", "tau_max", "steps_over_tau", "rhat_max", "acceptance", "n_failed", "status"):
        assert key in saved["sampling"]
    for row in saved["parameters"].values():
        assert {"map", "sd", "unit", "prior"} <= set(row)
    assert set(saved["segments"]) == {"charge", "rest", "discharge", "last rest"}
    leftovers = [path.name for path in (folder / "out").iterdir() if path.name.startswith(".")]
    assert leftovers == []


def test_data_and_posterior_open_in_xarray(results):
    import xarray as xr

    folder, _ = results
    with xr.open_dataset(folder / "out" / "data.nc", engine="h5netcdf") as data:
        assert data.sizes["row"] == 54
        assert data["measured"].attrs["units"] == "V"
    with xr.open_dataset(folder / "out" / "posterior.nc", engine="h5netcdf") as posterior:
        assert set(posterior.sizes) == {"chain", "draw"}


def test_report_is_self_contained(results):
    folder, _ = results
    html = (folder / "out" / "report.html").read_text()
    assert "<svg" in html or "data:image/png;base64" in html
    for word in ('src="http', "src='http", '<link rel="stylesheet" href="http', "@import url(http"):
        assert word not in html


def test_interrupted_run_resumes_to_the_same_chain(results, tmp_path):
    """SIGINT keeps the chain; --resume ends in the chain of the uninterrupted run."""
    import h5py

    folder, _ = results
    (tmp_path / "small.toml").write_text(SMALL)
    command = [sys.executable, "-m", "assb.cli", "calibrate", "small.toml", "--out", "out"]
    process = subprocess.Popen(command, cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not (tmp_path / "out" / "map.json").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    if process.returncode == 130:
        assert "assb sample --resume out" in errors
        assert (tmp_path / "out" / "chain.h5").exists()
    else:
        assert process.returncode == 0
    assert assb("sample", "--resume", "out", "--quiet", cwd=tmp_path).returncode == 0
    chains = []
    for out in (folder / "out", tmp_path / "out"):
        with h5py.File(out / "chain.h5") as stream:
            chains.append(np.array(stream["mcmc/chain"]))
    assert np.array_equal(*chains)


def test_sample_refuses_to_overwrite_a_chain(results):
    folder, _ = results
    fails(assb("sample", "out", cwd=folder), "holds a chain already", "--resume")


def test_resume_of_nothing(tmp_path):
    fails(assb("sample", "--resume", "none", cwd=tmp_path), "run 'assb calibrate")


def copy_of_the_record(path, shift=0.0):
    from assb.fitting import Dataset

    data = Dataset.embedded()
    columns = {"Time [s]": data.time, "Current [A]": data.current, "Voltage [V]": data.voltage + shift}
    write_record(path, **columns)


def test_init_writes_a_config_that_runs_as_it_is(tmp_path):
    copy_of_the_record(tmp_path / "my.csv")
    result = assb(
        "init", "my.csv", "--positive", "NCM811", "--negative", "InLi", "--area", "0.785", cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "CONFIG.toml").read_text().count("#") > 10
    run = assb("calibrate", "CONFIG.toml", "--out", "out", "--no-sample", "--quiet", "--json", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    content = json.loads(run.stdout)
    assert content["sampling"] is None
    assert content["rmse_mV"] < 15
    fails(assb("init", "my.csv", cwd=tmp_path), "exists already", "--force")


@pytest.mark.slow
def test_init_for_lto_runs(tmp_path):
    copy_of_the_record(tmp_path / "lto.csv", shift=-0.95)
    result = assb("init", "lto.csv", "--negative", "LTO", "--positive", "NCM82", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    run = assb("calibrate", "CONFIG.toml", "--out", "out", "--no-sample", "--quiet", cwd=tmp_path)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--positive", "XYZ"), ("positive", "XYZ", "NCM811")),
        (("--negative", "Na"), ("negative", "Na", "InLi")),
        (("--area", "-1"), ("area", "-1", "positive")),
        (("--thickness", "-5"), ("thickness", "-5", "positive")),
        (("--void", "1.5"), ("void", "1.5")),
        (("--composition", "a:b"), ("composition", "70:27:3")),
        (("--voltage-column", "U"), ("no column 'U'", "Voltage [V]")),
    ],
)
def test_init_errors(tmp_path, arguments, words):
    write_record(tmp_path / "my.csv")
    fails(assb("init", "my.csv", *arguments, cwd=tmp_path), *words)
    assert not (tmp_path / "CONFIG.toml").exists()


def test_check_says_what_was_understood(tmp_path):
    write_record(tmp_path / "my.csv")
    content = json.loads(assb("check", "my.csv", "--json", cwd=tmp_path).stdout)
    assert content["rows"] == 11
    assert [round(step["charge_mAh"], 4) for step in content["steps"]][1] == 0
    assert content["sign"] == "discharge positive"


def test_check_errors(tmp_path):
    values = write_record(tmp_path / "my.csv")
    write_record(tmp_path / "sign.csv", **{"Current [A]": -values["Current [A]"]})
    fails(assb("check", "sign.csv", cwd=tmp_path), "Current [A]", "multiply the column by -1")
    write_record(tmp_path / "mV.csv", **{"Voltage [V]": values["Voltage [V]"] * 1000})
    fails(assb("check", "mV.csv", cwd=tmp_path), "looks like mV")
    fails(assb("check", "none.csv", cwd=tmp_path), "cannot be read")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"contact" = "pressure"', '"contact" = "glue"'), ("contact", "glue", "pressure and damage")),
        (('"contact" = "pressure"', '"glue" = "pressure"'), ("glue",)),
        (("[Ohm.m2]", "[ohm]"), ("[ohm]", "did you mean")),
        (("mean = 0.865", "mean = 0.5"), ("Initial stoichiometry", "outside its prior's bounds")),
        (("sd = 0.05", "sd = -0.05"), ("sd", "-0.05")),
        (('prior = "normal"', 'prior = "gauss"'), ("prior", "gauss", "normal")),
        (("mean = 0.865\n", ""), ("mean is missing",)),
        (("seed = 3", "seeds = 3"), ("seeds", "not a known key")),
        (("nmc811_inli_cycle", "other"), ("other", "nmc811_inli_cycle")),
        (("NCM811_LPSCl_InLi", "Nothing2020"), ("Nothing2020", "NCM811_LPSCl_InLi")),
        (
            ("[data]", '[cell.values]\n"Positive electrode thickness [m]" = -1e-5\n[data]'),
            ("Positive electrode thickness [m]", "-1e-05", "must be positive"),
        ),
        (("[data]", '[cell.values]\n"Thickness" = 1\n[data]'), ("Thickness", "not a parameter")),
        (("walkers = 16", "walkers = 6"), ("walkers", "at least 8")),
        (('title = "small"', "title = small"), ("not valid TOML",)),
    ],
)
def test_configuration_errors(tmp_path, change, words):
    assert change[0] in SMALL
    (tmp_path / "bad.toml").write_text(SMALL.replace(*change))
    fails(assb("calibrate", "bad.toml", "--out", "out", "--quiet", cwd=tmp_path), *words)
    assert not (tmp_path / "out" / "estimate.json").exists()


def test_missing_configuration(tmp_path):
    fails(assb("calibrate", "none.toml", cwd=tmp_path), "none.toml", "assb init")


def test_out_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "small.toml").write_text(SMALL)
    fails(
        assb("calibrate", "small.toml", "--out", "file", "--quiet", cwd=tmp_path),
        "cannot be written",
        "writable",
    )


def test_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch):
    """A write that fails removes its temporary file and leaves the old result."""
    from assb import files

    target = tmp_path / "estimate.json"
    files.write_json(target, {"a": 1})

    def no_space(*_):
        raise OSError(28, "No space left on device")

    with pytest.raises(files.OutputError, match="No space left on device"):
        files.write_atomic(target, no_space)
    assert json.loads(target.read_text()) == {"a": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["estimate.json"]


def test_simulate(tmp_path):
    result = assb(
        "simulate",
        "Charge at 0.2C until 3.4 V",
        "Rest for 10 minutes",
        "--option",
        "contact=pressure",
        "--set",
        "Stack pressure [MPa]=20",
        "--out",
        "sim",
        "--json",
        cwd=tmp_path,
    )
    assert result.returncode == 0, result.stderr
    content = json.loads(result.stdout)
    assert content["series"]["Stack pressure [MPa]"][0] == pytest.approx(20)
    assert (tmp_path / "sim" / "simulation.nc").exists()
    assert (tmp_path / "sim" / "simulation.png").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--model", "P2D"), ("model", "P2D", "SPM or DFN")),
        (("--cell", "X"), ("X", "NCM811_LPSCl_InLi")),
        (("--option", "contact=glue"), ("contact", "glue")),
        (("--option", "contact"), ("NAME=VALUE",)),
        (("--set", "Nope=1"), ("Nope", "not a parameter")),
        (("--set", "Stack pressure [MPa]=high"), ("high", "number")),
        (("--set", "Positive electrode thickness [m]=-1"), ("must be positive",)),
        (("Charge at noon",), ("protocol",)),
    ],
)
def test_simulate_errors(tmp_path, arguments, words):
    fails(assb("simulate", *arguments, cwd=tmp_path), *words)


@pytest.mark.parametrize("what", ["cells", "parameters", "models", "options", "materials", "systems"])
def test_list(what):
    result = assb("list", what, "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)
    assert assb("list", what).stdout.strip()


def test_list_unknown():
    fails(assb("list", "things"), "things", "cells")
