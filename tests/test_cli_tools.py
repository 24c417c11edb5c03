"""``assb export``, ``assb sweep`` and ``assb design`` as a user meets them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from assb import cli

from .test_cli import fails


@pytest.fixture
def assb(monkeypatch, capsys, tmp_path):
    """Run a command in this process, in `tmp_path`: PyBaMM is imported once for all tests."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["assb", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        shown = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, ended.value.code or 0, shown.out, shown.err)

    return run


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_export_writes_a_module_that_checks_itself(assb, tmp_path):
    result = assb(
        "export",
        *("--input", "Positive particle radius [m]", "--output", "Voltage [V]"),
        *("--output", "Stack pressure [MPa]", "--target", "c", "--out", "bms", "--name", "cell", "--json"),
    )
    assert result.returncode == 0, result.stderr
    manifest = json.loads(result.stdout)
    assert [item["unit"] for item in manifest["outputs"]] == ["V", "MPa"]
    assert manifest["inputs"][0]["default"] > 0
    run = subprocess.run(["make", "check"], cwd=tmp_path / "bms", capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "PASS" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--target", "rust"), ("rust", "use c")),
        (("--model", "P2D"), ("P2D", "SPM or DFN")),
        (("--cell", "X"), ("X", "NCM811_LPSCl_InLi")),
        (("--input", "Radius"), ("Radius", "no effect")),
        (("--output", "Voltage"), ("Voltage", "not a variable", "Close names")),
        (("--set", "Nope=1"), ("Nope", "not a parameter")),
        (("--name", "2"), ("name", "letter")),
    ],
)
def test_export_errors(assb, arguments, words):
    fails(assb("export", *arguments), *words)


STUDY = """
title = "pressure"
[model]
name = "SPM"
[cell]
parameter_set = "NCM811_LPSCl_InLi"
[protocol]
steps = [[600, -2e-4], [60, 0]]
[factors]
"Stack pressure [MPa]" = [5, 50]
"Positive particle radius [m]" = [2e-6, 3e-6, 4e-6]
[outputs]
"Voltage [V]" = ["final", "max"]
"""


def test_sweep_writes_data_and_summary_and_runs_again_from_its_blocks(assb, tmp_path):
    import xarray as xr

    (tmp_path / "study.toml").write_text(STUDY)
    result = assb("sweep", "study.toml", "--out", "out", "--json", "--quiet")
    assert result.returncode == 0, result.stderr
    content = json.loads(result.stdout)
    assert (content["runs"], content["failures"]) == (6, 0)
    assert content["outputs"]["Voltage [V] (max)"]["unit"] == "V"
    with xr.open_dataset(tmp_path / "out" / "sweep.nc", engine="h5netcdf") as data:
        assert data["Voltage [V] (final)"].shape == (2, 3)
    assert json.loads((tmp_path / "out" / "sweep.json").read_text()) == content
    again = assb("sweep", "study.toml", "--out", "out", "--quiet")
    assert "6 runs, 0 failed" in again.stdout


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ('"Stack pressure [MPa]" = [5, 50]', '"Stack pressure [GPa]" = [5, 50]'),
            ("GPa", "not a parameter"),
        ),
        (('["final", "max"]', '["last"]'), ("last", "final")),
        (("[[600, -2e-4], [60, 0]]", "[[-600, -2e-4]]"), ("protocol.steps", "-600", "greater than 0")),
        (('name = "SPM"', 'name = "P2D"'), ("model.name", "P2D")),
        (("[outputs]", '[design]\nkind = "grid"\n[outputs]'), ("design.kind", "grid", "sobol")),
        (("[outputs]", '[design]\nkind = "sobol"\n[outputs]'), ("n=None", "sobol")),
        (("title", "titel"), ("titel", "not a known key")),
        (("[protocol]", "[protocol"), ("not valid TOML",)),
    ],
)
def test_sweep_errors(assb, tmp_path, change, words):
    assert change[0] in STUDY
    (tmp_path / "study.toml").write_text(STUDY.replace(*change))
    fails(assb("sweep", "study.toml", "--out", "out", "--quiet"), *words)


PLAN = """
[plan]
time_limit_h = 3
[[parameters]]
name = "Positive electrode interface resistance [Ohm.m2]"
prior = "log-normal"
median = 0.02
factor = 3.0
[[candidates]]
kind = "spectrum"
frequencies_Hz = [0.1, 1e3, 10]
stoichiometry_shifts = [0.0, -0.2]
preparation_h = 1.0
"""


RELAXATION = """
[[candidates]]
kind = "relaxation"
rates = [0.1]
share = 0.05
rest_h = 0.2
"""


def test_design_plans_and_says_what_each_candidate_buys(assb, tmp_path):
    (tmp_path / "plan.toml").write_text(PLAN)
    result = assb("design", "plan.toml", "--out", "plan", "--json")
    assert result.returncode == 0, result.stderr
    content = json.loads(result.stdout)
    assert set(content["candidates"]) == {"spectrum", "spectrum, stoichiometry -0.2"}
    assert content["duration_s"] <= 3 * 3600
    resistance = "Positive electrode interface resistance [Ohm.m2]"
    assert 0 < content["sd_after"][resistance] < 0.3 * content["sd_before"][resistance]
    assert (tmp_path / "plan" / "plan.csv").read_text().startswith("measurement,hours,")
    assert (tmp_path / "plan" / "plan.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("time_limit_h = 3", "time_limit_h = 0"), ("time_limit_h", "0")),
        (('kind = "spectrum"', 'kind = "spectra"'), ("candidates.0.kind", "spectra")),
        (
            ("preparation_h = 1.0\n", RELAXATION.replace("share = 0.05", "")),
            ("relaxation", "share is missing"),
        ),
        (("preparation_h", "seconds"), ("spectrum", "has no seconds")),
        (("time_limit_h = 3", 'time_limit_h = 3\nparameters = ["R"]'), ("parameters", "'R' is no unknown")),
        (("0.1, 1e3, 10]", "0.1, 1e3, 10"), ("not valid TOML",)),
    ],
)
def test_design_names_what_is_wrong_with_a_file(assb, tmp_path, change, words):
    assert change[0] in PLAN
    (tmp_path / "plan.toml").write_text(PLAN.replace(*change))
    fails(assb("design", "plan.toml"), *words)


def test_design_needs_a_file(assb):
    fails(assb("design", "nowhere.toml"), "nowhere.toml", "cannot be read")
