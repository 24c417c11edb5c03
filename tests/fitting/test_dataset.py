"""Reading and checking of measured time series: one test per documented error."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assb.fitting import DataError, Dataset


def record(**changes):
    """A short charge, rest and discharge that passes every check."""
    time = np.array([0.0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
    current = np.array([0, -1, -1, -1, 0, 0, 1, 1, 1, 1]) * 1e-3
    voltage = np.array([3.0, 3.1, 3.15, 3.2, 3.1, 3.09, 2.9, 2.85, 2.8, 2.7])
    return {"time": time, "current": current, "voltage": voltage, **changes}


def test_embedded_record_is_the_quoted_one():
    data = Dataset.embedded()
    assert len(data.time) == 54
    assert data.voltage[0] == pytest.approx(2.9771)
    assert data.voltage[-1] == pytest.approx(2.9369)
    charge = [duration * current / 3600 for duration, current in data.steps]
    assert -charge[0] == pytest.approx(0.442e-3, rel=2e-3)
    assert charge[2] == pytest.approx(0.393e-3, rel=2e-3)
    assert data.scored.sum() == 53
    assert not data.scored[0]


def test_embedded_segments():
    data = Dataset.embedded()
    counts = {name: int((data.segment[data.scored] == name).sum()) for name in dict.fromkeys(data.segment)}
    assert counts == {"charge": 25, "rest": 2, "discharge": 23, "last rest": 3}


def test_unknown_embedded_record():
    with pytest.raises(DataError, match="nmc811_inli_cycle"):
        Dataset.embedded("other")


def test_steps_switch_midway_between_rows():
    data = Dataset(**record())
    assert data.steps == ((35.0, -1e-3), (20.0, 0.0), (35.0, 1e-3))
    assert list(data.segment[1:4]) == ["charge"] * 3


def test_given_steps_must_cover_the_rows():
    with pytest.raises(DataError, match="lengthen the last step"):
        Dataset(**record(), steps=[(10, -1e-3)])


@pytest.mark.parametrize("label", ["time", "current", "voltage"])
def test_nan_names_column_and_row(label):
    values = record()[label].copy()
    values[4] = np.nan
    with pytest.raises(DataError, match=r"row 5.*fill or drop"):
        Dataset(**record(**{label: values}))


def test_time_must_increase():
    time = record()["time"].copy()
    time[5] = time[4]
    with pytest.raises(DataError, match=r"Time \[s\] = 40 in row 6 does not increase"):
        Dataset(**record(time=time))


def test_millivolts():
    with pytest.raises(DataError, match="looks like mV: divide by 1000"):
        Dataset(**record(voltage=record()["voltage"] * 1e3))


def test_wrong_current_sign():
    with pytest.raises(DataError, match="multiply the column by -1"):
        Dataset(**record(current=-record()["current"]))


def test_too_few_rows():
    with pytest.raises(DataError, match="at least 3"):
        Dataset(np.array([0.0, 1.0]), np.zeros(2), np.array([3.0, 3.0]))


def test_unequal_columns():
    with pytest.raises(DataError, match="must match"):
        Dataset(**record(voltage=record()["voltage"][:-1]))


def frame():
    values = record()
    return pd.DataFrame(
        {"Time [s]": values["time"], "Current [A]": values["current"], "Voltage [V]": values["voltage"]}
    )


def test_csv_round_trip_with_comments_and_renamed_columns(tmp_path):
    path = tmp_path / "cell.csv"
    path.write_text("# a comment\n" + frame().rename(columns={"Voltage [V]": "Ewe/V"}).to_csv(index=False))
    data = Dataset.from_csv(path, {"voltage": "Ewe/V"})
    assert np.array_equal(data.voltage, record()["voltage"])
    assert len(data.sha256) == 64


def test_missing_column_lists_what_there_is(tmp_path):
    path = tmp_path / "cell.csv"
    frame().drop(columns="Current [A]").to_csv(path, index=False)
    with pytest.raises(
        DataError, match=r"no column 'Current \[A\]' for current: it has Time \[s\], Voltage \[V\]"
    ):
        Dataset.from_csv(path)


def test_unknown_column_role(tmp_path):
    with pytest.raises(DataError, match="roles are time, current, voltage"):
        Dataset.from_csv(tmp_path / "cell.csv", {"humidity": "T"})


def test_text_in_a_column():
    bad = frame().astype(object)
    bad.loc[3, "Voltage [V]"] = "n/a"
    with pytest.raises(DataError, match="holds text"):
        Dataset.from_dataframe(bad)


def test_missing_file(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        Dataset.from_csv(tmp_path / "none.csv")


def test_empty_file(tmp_path):
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(DataError, match="not a CSV table"):
        Dataset.from_csv(tmp_path / "empty.csv")
