"""Every example runs as a user runs it, and saves a figure only when asked to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
ENVIRONMENT = {**os.environ, "PYBAMM_DISABLE_TELEMETRY": "true"}
#: Example -> words of its output.
PRINTS = {
    "simulate_pressure": ("MPa", "contact"),
    "breathing_lto_vs_inli": ("LTO", "InLi"),
    "calibrate_embedded": ("Identifiability", "UNSEEN", "mV rms"),
    "own_cell": ("Volume fractions", "liquid-electrolyte", "MPa"),
    "compiled_speed": ("IDAKLU", "largest voltage difference"),
    "contact_or_interphase": ("contact loss", "interphase growth", "shrinks"),
    "plan_experiment": ("D-optimal", "spectrum", "forecast at the truth"),
}
SLOW = (
    "compiled_speed",
    "calibrate_embedded",
    "simulate_pressure",
    "breathing_lto_vs_inli",
    "contact_or_interphase",
    "plan_experiment",
)


def run(name, *arguments, cwd):
    return subprocess.run(
        [sys.executable, str(EXAMPLES / f"{name}.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=ENVIRONMENT,
        timeout=120,
        check=False,
    )


def test_every_example_is_tested():
    assert sorted(path.stem for path in EXAMPLES.glob("*.py")) == sorted(PRINTS)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in PRINTS]
)
def test_example_runs_and_plots_when_asked(name, tmp_path):
    figure = tmp_path / "figure.png"
    result = run(name, "--plot", figure, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    if name == "compiled_speed" and "no C compiler" in result.stdout:
        pytest.skip("no C compiler")
    for word in PRINTS[name]:
        assert word in result.stdout
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_example_writes_nothing_unless_asked(tmp_path):
    result = run("own_cell", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert list(tmp_path.iterdir()) == []


def test_example_explains_a_wrong_argument(tmp_path):
    result = run("own_cell", "--plots", "x", cwd=tmp_path)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
