"""The command ``assb check`` for every kind of file."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.test_cli import assb, fails, write_record

FREQUENCY = np.geomspace(1e4, 1.0, 9)


def write_spectrum(path, loops=1):
    z = 20 + 80 / (1 + 2j * np.pi * FREQUENCY * 1e-3)
    rows = [
        f"{k},{f:.9g},{v.real:.9g},{-v.imag:.9g}"
        for k in range(loops)
        for f, v in zip(FREQUENCY, z, strict=True)
    ]
    path.write_text("\n".join(["loop,freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm", *rows]) + "\n")


def test_check_a_spectrum_and_write_json(tmp_path):
    write_spectrum(tmp_path / "eis.csv", loops=2)
    result = assb("check", "eis.csv", "--where", "loop=1", "--out", "found.json", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "impedance spectrum, read as CSV" in result.stdout
    content = json.loads((tmp_path / "found.json").read_text())
    assert (content["kind"], content["rows"]) == ("spectrum", 9)


def test_check_a_table_with_columns_and_units(tmp_path):
    (tmp_path / "fade.csv").write_text("n,Q\n1,2.0\n2,1.9\n")
    arguments = ("--kind", "table", "--columns", "cycle=n", "--units", "Q=mAh", "--json")
    content = json.loads(assb("check", "fade.csv", *arguments, cwd=tmp_path).stdout)
    assert [c["role"] for c in content["columns"]] == ["cycle", "Q"]
    assert content["columns"][1]["unit"] == "mAh"


def test_check_turns_the_current_when_told(tmp_path):
    values = write_record(tmp_path / "my.csv")
    write_record(tmp_path / "sign.csv", **{"Current [A]": -values["Current [A]"]})
    fails(assb("check", "sign.csv", cwd=tmp_path), "--positive charge")
    content = json.loads(assb("check", "sign.csv", "--positive", "charge", "--json", cwd=tmp_path).stdout)
    assert content["steps"][0]["current_A"] == pytest.approx(-3e-4)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--kind", "film"), ("kind", "'film'", "spectrum")),
        (("--columns", "voltage"), ("--columns 'voltage'", "write NAME=VALUE")),
        (("--columns", "voltage=U"), ("no column 'U' for voltage", "Rename it")),
        (("--voltage-column", "U"), ("no column 'U' for voltage",)),
        (("--units", "current=furlong"), ("'furlong' is not known", "mA")),
        (("--where", "loop=1"), ("no column 'loop'",)),
        (("--repeats", "mean"), ("repeats", "'mean'", "'first'")),
    ],
)
def test_check_errors_name_field_value_and_remedy(tmp_path, arguments, words):
    write_record(tmp_path / "my.csv")
    fails(assb("check", "my.csv", *arguments, cwd=tmp_path), *words)
