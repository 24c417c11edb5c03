"""``assb export`` and ``assb sweep`` as a user meets them."""

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
