"""``assb check``: what is understood, what looks wrong, what to do."""

from __future__ import annotations

import json
import sys
import types

import numpy as np
import pandas as pd
import pytest

from assb.files import dump_json
from assb.fitting import DataError, Dataset, Spectrum, TableRows, examine
from assb.fitting.outliers import spikes


def cell(n=400, seed=5):
    rng = np.random.default_rng(seed)
    time = np.arange(n) * 5.0
    current = np.where(time < 1000, -1e-3, np.where(time < 1200, 0.0, 1e-3)) + 1e-7 * rng.normal(size=n)
    current[0] = 0.0
    voltage = 3.2 - 20 * current - 1e-4 * np.cumsum(current) * 5 / 1e-3 + 1e-4 * rng.normal(size=n)
    return pd.DataFrame({"time/s": time, "<I>/mA": 1e3 * current, "Ewe/V": voltage})


def spectrum(n=41):
    f = np.geomspace(1e5, 1e-1, n)
    z = 20 + 80 / (1 + (2j * np.pi * f * 1e-3) ** 0.9)
    z = z * (1 + 1e-3 * np.random.default_rng(5).normal(size=n))
    return pd.DataFrame({"freq/Hz": f, "Re(Z)/Ohm": z.real, "-Im(Z)/Ohm": -z.imag})


def test_a_good_record():
    found = examine(cell(), name="cell")
    content = found.findings
    assert isinstance(found.data, Dataset)
    assert [c["role"] for c in content["columns"]] == ["time", "current", "voltage"]
    assert content["columns"][1]["factor"] == 1e-3
    assert content["units"] == {"time": "s", "current": "mA", "voltage": "V"}
    assert len(content["steps"]) == 3
    assert content["steps"][0]["charge_mAh"] == pytest.approx(-1000 / 3600, rel=0.01)
    assert content["sign"] == "discharge positive"
    assert (content["gaps"], content["outliers"], content["duplicates"]) == ([], [], 0)
    assert "nothing to do" in str(found)
    assert "3 steps of constant current" in str(found)
    assert json.loads(dump_json(content)) == json.loads(json.dumps(content))


def test_spikes_are_found_and_curves_are_not():
    x = np.geomspace(1, 1e4, 200)
    curve = np.log(x) + np.sqrt(x)
    assert spikes(x, curve).size == 0
    rng = np.random.default_rng(5)
    y = curve + 1e-3 * rng.normal(size=200)
    assert spikes(x, y).size == 0
    y[[40, 120]] += 0.05
    assert list(spikes(x, y)) == [40, 120]
    assert spikes(x[:5], y[:5]).size == 0


def test_outliers_and_gaps_of_a_record():
    frame = cell()
    frame.loc[100, "Ewe/V"] += 0.02
    frame = frame.drop(index=range(300, 330))
    found = examine(frame)
    assert [(o["quantity"], o["row"]) for o in found.findings["outliers"]] == [("voltage", 101)]
    assert found.findings["gaps"] == [{"from_s": 1495.0, "duration_s": 155.0}]
    text = str(found)
    assert "outlier: quantity voltage, row 101" in text
    assert "no rows for 155 s from 1495 s: if the current changed there, give steps" in text


def test_remedies_of_a_record():
    frame = cell(6000)
    frame = frame.rename(columns={"Ewe/V": "voltage"}).assign(**{"T [C]": 30.0, "P [bar]": 200.0})
    frame = pd.concat([frame.iloc[50:], frame.iloc[[-1]]])
    found = examine(frame, tolerance=0.0)
    text = str(found)
    for words in (
        "states no unit and was taken for V: confirm it with --units voltage=V",
        "current flows in the first row already",
        "Dataset.thinned(1000)",
        '"Ambient temperature [K]": 303.15',
        "the current changes all the time",
        "repeated rows: 1",
        "pressure 20 to 20 MPa",
        "more steps",
    ):
        assert words in text, words


def test_charge_positive_in_the_file_is_said():
    frame = cell()
    frame["<I>/mA"] *= -1
    with pytest.raises(DataError, match="--positive charge"):
        examine(frame)
    found = examine(frame, current_positive="charge")
    assert found.findings["current_positive_in_file"] == "charge"
    assert "charge positive in the file" in str(found)
    assert any("multiplied by -1" in note for note in found.findings["notes"])


def test_a_good_spectrum(monkeypatch):
    monkeypatch.setitem(sys.modules, "assb.fitting.kramers_kronig", None)
    found = examine(spectrum())
    assert isinstance(found.data, Spectrum)
    content = found.findings
    assert content["sign_in_file"] == "-Im"
    assert content["frequency_Hz"] == pytest.approx([0.1, 1e5])
    assert content["rows_per_decade"] == pytest.approx(41 / 6)
    assert content["outliers"] == []
    assert "-Im in the file" in str(found)


def test_outliers_gaps_and_leads_of_a_spectrum(monkeypatch):
    monkeypatch.setitem(sys.modules, "assb.fitting.kramers_kronig", None)
    frame = spectrum(81)
    frame.loc[40, "Re(Z)/Ohm"] *= 1.3
    frame.loc[0, "-Im(Z)/Ohm"] = -1.0
    frame.loc[80, "Re(Z)/Ohm"] = -1.0
    frame = frame.drop(index=range(60, 66))
    content = examine(frame).findings
    assert ("real part", 41) in [(o["quantity"], o["row"]) for o in content["outliers"]]
    assert len(content["gaps"]) == 1
    text = " ".join(content["remedies"])
    assert "1 rows are inductive" in text
    assert "real part is not positive" in text


def test_several_spectra_in_one_file():
    frame = pd.concat([spectrum().assign(loop_index=k) for k in range(3)])
    content = examine(frame).findings
    assert content["duplicates"] == 82
    assert "--where 'loop_index=...'" in content["remedies"][0]
    assert "split the file" in examine(frame.drop(columns="loop_index")).findings["remedies"][0]
    assert examine(frame, where={"loop_index": 1}).findings["duplicates"] == 0


@pytest.mark.parametrize(("rms", "warned"), [(0.001, False), (0.08, True)])
def test_kramers_kronig_where_it_is_there(monkeypatch, rms, warned):
    module = types.ModuleType("assb.fitting.kramers_kronig")
    residuals = np.full(41, 1e-3 + 1e-3j)
    residuals[7] = 0.1
    module.lin_kk = lambda data, capacitance=False: types.SimpleNamespace(rms=rms, residuals=residuals)
    monkeypatch.setitem(sys.modules, "assb.fitting.kramers_kronig", module)
    found = examine(spectrum())
    assert found.findings["kramers_kronig_rms"] == rms
    assert any("Kramers-Kronig" in r for r in found.findings["remedies"]) == warned
    assert "Kramers-Kronig residual" in str(found)
    assert {o["row"] for o in found.findings["outliers"]} == {8}
    monkeypatch.setitem(sys.modules, "assb.fitting.kramers_kronig", None)
    assert "kramers_kronig_rms" not in examine(spectrum()).findings


def test_a_table():
    cycle = np.arange(1.0, 31.0)
    capacity = 2 - 0.01 * cycle
    capacity[11] += 0.3
    frame = pd.DataFrame({"cycle": cycle, "capacity [mAh]": capacity, "note": "x"})
    frame.loc[29, "R [Ohm]"] = 3.0
    frame = pd.concat([frame, frame.iloc[[-1]]])
    found = examine(frame.iloc[:-1])
    assert isinstance(found.data, TableRows)
    content = found.findings
    assert [(o["quantity"], o["row"]) for o in content["outliers"]] == [("capacity", 12)]
    assert content["missing"] == {"R": 29}
    text = str(found)
    for words in (
        "no unit in the header of cycle",
        "29 rows of 'R' are no numbers",
        "needs a predictor",
        "30 rows",
    ):
        assert words in text, words
    assert examine(frame).findings["duplicates"] == 1
