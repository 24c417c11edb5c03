"""Reading files and frames: kinds, spellings, units, signs, formats; one test for each documented error."""

from __future__ import annotations

import os
import sys
import types
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assb.fitting import DataError, Dataset, DataWarning, Spectrum, TableRows, read
from assb.fitting.headers import split_header
from assb.fitting.reading import interpret
from assb.fitting.sources import load
from assb.fitting.units import conversion, is_unit

TIME = np.array([0.0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
CURRENT = np.array([0, -1, -1, -1, 0, 0, 1, 1, 1, 1]) * 1e-3
VOLTAGE = np.array([3.0, 3.1, 3.15, 3.2, 3.1, 3.09, 2.9, 2.85, 2.8, 2.7])
FREQUENCY = np.geomspace(1e5, 1.0, 11)
IMPEDANCE = 20 + 80 / (1 + 2j * np.pi * FREQUENCY * 1e-3)


def series(time="Time [s]", current="Current [A]", voltage="Voltage [V]", scales=(1, 1, 1), **more):
    factors = dict(zip((time, current, voltage), scales, strict=True))
    rows = {time: TIME, current: CURRENT, voltage: VOLTAGE}
    return pd.DataFrame({key: values * factors[key] for key, values in rows.items()} | more)


def spectrum(f="Frequency [Hz]", re="Re(Z) [Ohm]", im="Im(Z) [Ohm]", sign=1.0):
    return pd.DataFrame({f: FREQUENCY, re: IMPEDANCE.real, im: sign * IMPEDANCE.imag})


# Units and headers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "target", "factor"),
    [
        ("mA", "A", 1e-3),
        ("µA", "A", 1e-6),
        ("mAh", "A.h", 1e-3),
        ("mA.h", "Ah", 1e-3),
        ("h", "s", 3600),
        ("minutes", "s", 60),
        ("kPa", "MPa", 1e-3),
        ("bar", "MPa", 0.1),
        ("mpa", "MPa", 1),
        ("mPa", "Pa", 1e-3),
        ("N/mm2", "MPa", 1),
        ("mS/cm", "S.m-1", 0.1),
        ("S cm⁻¹", "S.m-1", 100),
        ("kΩ", "Ohm", 1e3),
        ("Ohm cm²", "Ohm.m2", 1e-4),
        ("mAh/g", "A.h.g-1", 1e-3),
        ("mA cm^-2", "A.m-2", 10),
        ("%", "1", 0.01),
        ("mHz", "Hz", 1e-3),
    ],
)
def test_units(unit, target, factor):
    assert conversion(unit, target) == pytest.approx((factor, 0.0), rel=1e-12)


def test_temperatures_have_an_offset():
    assert conversion("K", "degC") == (1.0, -273.15)
    assert conversion("°C", "degC") == (1.0, 0.0)
    with pytest.raises(ValueError, match="no temperature: use C or K"):
        conversion("mV", "degC")


def test_unit_errors():
    with pytest.raises(ValueError, match="'furlong' is not known"):
        conversion("furlong", "m")
    with pytest.raises(ValueError, match="'s' does not convert to A"):
        conversion("s", "A")
    with pytest.raises(ValueError, match="'smoot' is not known"):
        conversion("m", "smoot")
    assert not is_unit("")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Time [s]", ("Time", "s")),
        ("<I>/mA", ("<I>", "mA")),
        ("Voltage(V)", ("Voltage", "V")),
        ("Re(Z)/Ohm", ("Re(Z)", "Ohm")),
        ("Im(Z)", ("Im(Z)", "")),
        ("Test Time / s", ("Test Time", "s")),
        ("frequency_Hz", ("frequency", "Hz")),
        ("current_ampere", ("current", "ampere")),
        ("Capacity / mAh/g", ("Capacity", "mAh/g")),
        ("step_index", ("step_index", "")),
        ("Temperature/°C", ("Temperature", "°C")),
        ("Volts", ("Volts", "V")),
    ],
)
def test_headers(header, expected):
    assert split_header(header) == expected


# Kinds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "scales"),
    [
        (("Time [s]", "Current [A]", "Voltage [V]"), (1, 1, 1)),
        (("time/s", "<I>/mA", "Ewe/V"), (1, 1e3, 1)),
        (("Test_Time(s)", "Current(A)", "Voltage(V)"), (1, 1, 1)),
        (("Test Time / s", "Current / A", "Voltage / V"), (1, 1, 1)),
        (("test_time_second", "current_ampere", "voltage_volt"), (1, 1, 1)),
        (("Total Time (h)", "Current(mA)", "Voltage(mV)"), (1 / 3600, 1e3, 1e3)),
        (("t_min", "I_uA", "E_V"), (1 / 60, 1e6, 1)),
        (("Test Time (sec)", "Amps", "Volts"), (1, 1, 1)),
    ],
)
def test_spellings_of_cyclers(tmp_path, headers, scales):
    path = tmp_path / "cell.csv"
    series(*headers, scales=scales).to_csv(path, index=False)
    data = Dataset.from_csv(path)
    assert isinstance(data, Dataset)
    for name, expected in (("time", TIME), ("current", CURRENT), ("voltage", VOLTAGE)):
        np.testing.assert_allclose(getattr(data, name), expected, rtol=1e-12, atol=1e-15)


def test_a_frequency_makes_a_spectrum(tmp_path):
    path = tmp_path / "eis.csv"
    spectrum().to_csv(path, index=False)
    data = Dataset.from_csv(path)
    assert isinstance(data, Spectrum)
    np.testing.assert_allclose(data.impedance, IMPEDANCE)
    assert len(data.sha256) == 64


@pytest.mark.parametrize("header", ["-Im(Z)/Ohm", "-Z'' (Ohm)", "neg_Im_Z_Ohm", '-Z" [Ohm]'])
def test_minus_im_by_its_header(header):
    data = read(spectrum(im=header, sign=-1.0))
    np.testing.assert_allclose(data.impedance, IMPEDANCE)


def test_minus_im_by_argument():
    data = read(spectrum(im="y", sign=-1.0), columns={"-Im": "y"}, units={"-Im": "Ohm"})
    np.testing.assert_allclose(data.impedance, IMPEDANCE)


def test_minus_im_that_is_signed_after_all():
    with pytest.raises(DataError, match=r"named -Im but holds mostly negative numbers.*\"imaginary\": '-Im"):
        read(spectrum(im="-Im(Z) [Ohm]"))
    data = read(spectrum(im="-Im(Z) [Ohm]"), columns={"imaginary": "-Im(Z) [Ohm]"})
    np.testing.assert_allclose(data.impedance, IMPEDANCE)


def test_imaginary_part_of_the_wrong_sign_is_never_turned():
    with pytest.raises(DataError, match="looks like -Im Z"):
        read(spectrum(sign=-1.0))


def test_anything_else_is_a_table(tmp_path):
    path = tmp_path / "fade.csv"
    path.write_text("cycle,capacity [mAh],retention [%]\n1,2.0,100\n50,1.9,95\n")
    rows = Dataset.from_csv(path, units={"cycle": "1"})
    assert isinstance(rows, TableRows)
    np.testing.assert_allclose(rows.column("capacity", "A.h"), [2e-3, 1.9e-3])
    np.testing.assert_allclose(rows.column("retention", "1"), [1.0, 0.95])
    assert "2 rows of cycle [1], capacity [mAh]" in repr(rows)


def test_a_frequency_that_is_always_zero_is_none():
    frame = series(**{"freq/Hz": np.zeros(10), "Re(Z)/Ohm": np.zeros(10)})
    assert isinstance(read(frame), Dataset)


def test_pressure_and_temperature_come_along():
    more = {"Applied Pressure / Pa": np.full(10, 5e6), "Ambient Temperature / degC": np.full(10, 30.0)}
    data = read(series(**more))
    np.testing.assert_allclose(data.pressure, 5.0)
    np.testing.assert_allclose(data.temperature, 30.0)
    bare = read(series(**more), columns={"pressure": None, "temperature": None})
    assert bare.pressure is None
    assert bare.temperature is None
    kelvin = read(series(**{"T [K]": np.full(10, 303.15)}))
    np.testing.assert_allclose(kelvin.temperature, 30.0)


# Sign, repeats, start ------------------------------------------------------------------------------


def test_charge_positive_is_refused_or_turned_when_told():
    frame = series()
    frame["Current [A]"] *= -1
    with pytest.raises(DataError, match='current_positive = "charge"'):
        read(frame)
    np.testing.assert_array_equal(read(frame, current_positive="charge").current, CURRENT)


def test_the_sign_is_told_for_noisy_currents_and_for_drive_cycles():
    rng = np.random.default_rng(5)
    frame = series()
    frame["Current [A]"] = -frame["Current [A]"] + 1e-7 * rng.normal(size=10)
    with pytest.raises(DataError, match="charge is positive here"):
        read(frame)
    drive = rng.normal(size=200) * 1e-3
    frame = pd.DataFrame({"time_s": np.arange(200.0), "I_A": drive, "U_V": 3.0 + 20 * drive})
    with pytest.raises(DataError, match="charge is positive here"):
        read(frame)
    assert len(read(frame, current_positive="charge").time) == 200


def test_a_current_without_sign_is_refused():
    frame = series()
    frame["Current [A]"] = frame["Current [A]"].abs()
    frame.loc[9, "Voltage [V]"] = 2.5
    with pytest.raises(DataError, match="never negative, but the voltage rises in step 1 as on charge"):
        read(frame)
    # After a rest, charge and then the longer discharge.
    time = np.arange(0.0, 310.0, 10.0)
    current = np.where(time <= 50, 0.0, np.where(time <= 150, 1e-3, np.where(time <= 200, 0.0, 1e-3)))
    voltage = 3.0 + np.where(
        time <= 150, 5e-4 * np.maximum(time - 50, 0), 0.05 - 1e-3 * np.maximum(time - 200, 0)
    )
    unsigned = pd.DataFrame({"t_s": time, "I_A": current, "U_V": voltage})
    with pytest.raises(
        DataError, match=r"never negative, but the voltage rises in step 2 .* make it negative while"
    ):
        read(unsigned)


def test_recovery_after_a_larger_discharge_is_no_charge():
    time = np.arange(0.0, 400.0, 10.0)
    current = np.where(time == 0, 0.0, np.where(time < 200, 2e-3, 0.2e-3))
    voltage = np.where(time < 200, 3.0 - 1e-3 * time, 2.9 + 2e-4 * (time - 200))
    assert len(read(pd.DataFrame({"t_s": time, "I_A": current, "U_V": voltage})).steps) == 2


def test_missing_values_are_named_with_their_row():
    frame = series().astype({"Voltage [V]": "Float64"})
    frame.loc[4, "Voltage [V]"] = pd.NA
    with pytest.raises(DataError, match=r"Voltage \[V\] is not a number in row 5"):
        read(frame)


def test_repeated_times():
    frame = pd.concat([series(), series().iloc[[3]]]).sort_values("Time [s]", kind="stable")
    reading = interpret(frame)
    assert len(reading.data.time) == 10
    assert reading.facts["repeated_rows_dropped"] == 1
    frame.iloc[4, 2] += 0.1
    with pytest.raises(DataError, match=r'row 5 does not increase: it repeats.*repeats = "first" or "last"'):
        read(frame)
    assert read(frame, repeats="first").voltage[3] == VOLTAGE[3]
    assert read(frame, repeats="last").voltage[3] == VOLTAGE[3] + 0.1


def test_time_counts_from_the_first_row_of_a_late_record():
    late = series()
    late["Time [s]"] += 1000.0
    reading = interpret(late)
    np.testing.assert_array_equal(reading.data.time, TIME)
    assert "1000 s in the file" in reading.notes[0]
    # A record whose first row is the first after t = 0 stays.
    np.testing.assert_array_equal(read(series().iloc[1:]).time, TIME[1:])


def test_rows_are_selected():
    frame = pd.concat([spectrum().assign(loop=k) for k in (1, 2)])
    assert len(read(frame, where={"loop": 2}).frequency) == 11
    with pytest.raises(DataError, match="no row with 'loop' = 3: there is 1, 2"):
        read(frame, where={"loop": 3})
    with pytest.raises(DataError, match="no column 'turn', which where names"):
        read(frame, where={"turn": 3})


def test_columns_per_area():
    frame = series("t_s", "i (mA/cm2)", "U_V", scales=(1, 1e3 / 0.785, 1))
    with pytest.raises(DataError, match=r"per electrode area.*give area"):
        read(frame)
    np.testing.assert_allclose(read(frame, area=0.785).current, CURRENT, rtol=1e-12)
    z = spectrum(re="Re(Z) [Ohm.cm2]", im="Im(Z) [Ohm.cm2]")
    np.testing.assert_allclose(read(z, area=0.5).impedance, IMPEDANCE / 0.5)


# Errors --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"kind": "video"}, "kind = 'video' is not known"),
        ({"current_positive": "up"}, "current_positive = 'up'"),
        ({"repeats": "mean"}, "repeats = 'mean'"),
        ({"area": -1.0}, "area = -1.0: give the electrode area"),
        ({"tolerance": -1.0}, "tolerance = -1.0"),
        ({"columns": {"humidity": "h"}}, "any name with kind = 'table'"),
        ({"columns": {"voltage": "U"}}, "no column 'U' for voltage"),
        ({"units": {"voltage": "furlong"}}, "'furlong' is not known"),
        ({"units": {"frequency": "Hz"}}, "units: 'frequency' is not known: roles are time"),
        ({"kind": "table", "units": {"q": "A"}}, "units: 'q' is no column"),
        ({"units": {"voltage": "kV"}}, 'units = {"voltage": "mV"}'),
        ({"kind": "table", "columns": {"q": "Q"}}, "no column 'Q' for q"),
        ({"kind": "spectrum"}, r"no column 'Frequency \[Hz\]' for frequency"),
    ],
)
def test_bad_arguments(arguments, words):
    with pytest.raises(DataError, match=words):
        read(series(), **arguments)


def test_two_columns_for_one_role():
    with pytest.raises(DataError, match=r"both look like time: name one"):
        read(series(**{"time_h": TIME / 3600}))
    data = read(series(**{"time_h": TIME / 3600}), columns={"time": "time_h"})
    np.testing.assert_allclose(data.time, TIME)


def test_a_header_without_unit_warns_once_it_is_assumed():
    frame = series("time", "current", "voltage")
    with pytest.warns(DataWarning, match="'time' states no unit, taken for s"):
        read(frame)
    scaled = series("time", "current", "voltage", scales=(1, 1e3, 1))
    data = read(scaled, units={"time": "s", "current": "mA", "voltage": "V"})
    np.testing.assert_allclose(data.current, CURRENT)


def test_no_table_and_unknown_format(tmp_path):
    with pytest.raises(DataError, match="int is no table"):
        read(3)
    with pytest.raises(DataError, match="format = 'xml' is not known"):
        read(tmp_path / "a.csv", format="xml")
    wide = tmp_path / "wide.csv"
    wide.write_text("time_s,I_A,U_V\n0,0,3,1,3,0\n1,5,0,1,3,0\n")
    with pytest.raises(DataError, match="not a CSV table"):
        read(wide)


# Formats -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("separator", "decimal"), [(",", "."), (";", ","), ("\t", "."), ("\t", ",")])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_separators_decimal_commas_and_encodings(tmp_path, separator, decimal, encoding):
    path = tmp_path / "cell.txt"
    frame = series(**{"Temperature/°C": np.full(10, 25.5), "Step #": np.arange(10)})
    text = "# a comment, with commas; and others\n" + frame.to_csv(
        index=False, sep=separator, decimal=decimal
    )
    path.write_text(text, encoding=encoding)
    data = read(path)
    np.testing.assert_allclose(data.voltage, VOLTAGE)
    np.testing.assert_allclose(data.temperature, 25.5)


def test_a_separator_at_the_end_of_rows(tmp_path):
    path = tmp_path / "cell.csv"
    lines = series().to_csv(index=False).splitlines()
    path.write_text("\n".join([lines[0], *(f"{line}," for line in lines[1:])]))
    np.testing.assert_allclose(read(path).voltage, VOLTAGE)


def test_clock_times(tmp_path):
    path = tmp_path / "cell.csv"
    frame = series("Total Time", "Current [A]", "Voltage [V]")
    frame["Total Time"] = [f"1 {int(t) // 3600:d}:{int(t) // 60 % 60:02d}:{int(t) % 60:02d}" for t in TIME]
    frame.to_csv(path, index=False)
    np.testing.assert_allclose(read(path, units={"time": "s"}).time, TIME)
    stamped = series()
    stamped["Time [s]"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(TIME, unit="s")
    np.testing.assert_allclose(read(stamped).time, TIME)


def test_ec_lab_text(tmp_path):
    path = tmp_path / "cell.mpt"
    body = series("time/s", "<I>/mA", "Ewe/V", scales=(1, 1e3, 1)).to_csv(index=False, sep="\t")
    path.write_text(f"EC-Lab ASCII FILE\nNb header lines : 5\n\nTechnique, with commas\n{body}")
    data = read(path)
    np.testing.assert_allclose(data.current, CURRENT)


def test_pandas_polars_and_arrays_agree():
    polars = pytest.importorskip("polars")
    frame = series()
    as_polars = polars.DataFrame({key: frame[key].to_numpy() for key in frame})
    for source in (frame, as_polars, as_polars.lazy(), {key: frame[key].to_numpy() for key in frame}):
        data = read(source)
        for name, expected in (("time", TIME), ("current", CURRENT), ("voltage", VOLTAGE)):
            # Exactly: numbers never pass through text.
            np.testing.assert_array_equal(getattr(data, name), expected)
    assert load(as_polars).format == "polars"
    assert isinstance(Dataset.from_dataframe(as_polars), Dataset)


@pytest.mark.parametrize("end", ["bdf.csv", "bdf.parquet"])
def test_battery_data_format(tmp_path, end):
    bdf_io = pytest.importorskip("bdf.io")
    frame = series("Test Time / s", "Current / A", "Voltage / V")
    frame["Applied Pressure / Pa"] = 2e7
    path = tmp_path / f"cell.{end}"
    bdf_io.save(frame, path)
    data = read(path)
    np.testing.assert_allclose(data.voltage, VOLTAGE)
    np.testing.assert_allclose(data.pressure, 20.0)


def test_formats_whose_package_is_missing(tmp_path, monkeypatch):
    for name, package in (("a.mpr", "galvani"), ("a.parquet", "bdf")):
        (tmp_path / name).write_bytes(b"nothing")
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(DataError, match=r"need.*pip install 'assb\["):
            read(tmp_path / name)


def test_biologic_through_galvani(tmp_path, monkeypatch):
    """Against a stand-in: galvani is GPL and never required."""
    columns = [("freq/Hz", "<f4"), ("Re(Z)/Ohm", "<f4"), ("-Im(Z)/Ohm", "<f4"), ("time/s", "<f8")]
    rows = np.zeros(11, dtype=columns)
    rows["freq/Hz"], rows["Re(Z)/Ohm"], rows["-Im(Z)/Ohm"] = FREQUENCY, IMPEDANCE.real, -IMPEDANCE.imag
    module, biologic = types.ModuleType("galvani"), types.ModuleType("galvani.BioLogic")
    module.BioLogic = biologic
    biologic.MPRfile = lambda path: types.SimpleNamespace(data=rows)
    monkeypatch.setitem(sys.modules, "galvani", module)
    (tmp_path / "eis.mpr").write_bytes(b"binary")
    data = read(tmp_path / "eis.mpr")
    np.testing.assert_allclose(data.impedance, IMPEDANCE, rtol=1e-6)
    np.testing.assert_allclose(data.frequency, FREQUENCY, rtol=1e-6)

    def broken(path):
        raise ValueError("bad magic")

    biologic.MPRfile = broken
    with pytest.raises(DataError, match=r"galvani cannot read it \(bad magic\)"):
        read(tmp_path / "eis.mpr")


def test_a_bdf_file_that_is_none(tmp_path):
    pytest.importorskip("bdf")
    (tmp_path / "a.parquet").write_bytes(b"nothing")
    with pytest.raises(DataError, match="batterydf cannot read it"):
        read(tmp_path / "a.parquet")


# The records behind the quoted figures ---------------------------------------------------------------

RECORDS = os.environ.get("ASSB_DATA", "")


def record(name):
    path = Path(RECORDS) / "hybrid_drt_ssb" / name
    if not RECORDS or not path.exists():
        pytest.skip("set ASSB_DATA to the folder that holds hybrid_drt_ssb")
    return path


def test_a_measured_pulse_record():
    path = record("CP_SSB_hybrid_0p01C.csv")
    with pytest.raises(DataError, match="charge is positive here"):
        read(path)
    data = read(path, current_positive="charge")
    # Pulses of 8.4 uA for 0.1, 1 and 10 s, each way, with one row of transition at every switch.
    long = [(d, i) for d, i in data.steps if d > 0.01]
    assert [round(d, 1) for d, _ in long] == [3.0, 0.1, 0.1, 1.0, 1.0, 10.0, 10.0, 5.0]
    np.testing.assert_allclose([abs(i) for _, i in long[1:-1]], 8.4e-6, rtol=5e-3)
    assert len(data.steps) == 15
    assert len(data.thinned(500).time) == 500


@pytest.mark.parametrize(
    ("binary", "text"),
    [
        ("PEIS_SSB.mpr", "PEIS_SSB_25C_50MPa_0SOC.csv"),
        ("PEIS_LPSCl_IonBlocking_-25C.mpr", "LPSCl_ionblocking_-25C_50MPa.csv"),
    ],
)
def test_a_measured_mpr_is_its_csv(binary, text):
    pytest.importorskip("galvani")
    raw, csv = read(record(f"raw/{binary}")), read(record(text))
    np.testing.assert_allclose(raw.frequency, csv.frequency, rtol=1e-6)
    np.testing.assert_allclose(raw.impedance, csv.impedance, rtol=1e-6)


# Property ------------------------------------------------------------------------------------------

UNITS = st.tuples(
    st.sampled_from([("s", 1.0), ("min", 60.0), ("h", 3600.0), ("ms", 1e-3)]),
    st.sampled_from([("A", 1.0), ("mA", 1e-3), ("uA", 1e-6)]),
    st.sampled_from([("V", 1.0), ("mV", 1e-3)]),
    st.sampled_from([("MPa", 1.0), ("kPa", 1e-3), ("bar", 0.1), ("Pa", 1e-6)]),
)


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(st.tuples(st.floats(1.0, 1e4), st.floats(-1.0, 1.0)), min_size=3, max_size=12),
    units=UNITS,
    form=st.sampled_from(["{} [{}]", "{}/{}", "{} ({})", "{} / {}", "{}_{}"]),
)
@example(
    # A current that drifts within a step, under which an ohmic voltage rises.
    steps=[(1.0, 0.0), (1.0, 0.765625), (1.0, 0.734375)],
    units=(("s", 1.0), ("A", 1.0), ("V", 1.0), ("MPa", 1.0)),
    form="{} [{}]",
)
def test_what_is_written_is_read(tmp_path_factory, steps, units, form):
    time = np.cumsum([gap for gap, _ in steps])
    current = np.array([value for _, value in steps])
    # An ohmic cell: it has the sign of discharge.
    voltage, pressure = 3.0 - 0.5 * current, 20.0 + current
    rows = {"Time": time, "Current": current, "Voltage": voltage, "Pressure": pressure}
    path = tmp_path_factory.mktemp("property") / "cell.csv"
    frame = pd.DataFrame(
        {form.format(k, u): v / factor for (k, v), (u, factor) in zip(rows.items(), units, strict=True)}
    )
    frame.to_csv(path, index=False)
    protocol = [(time[-1], 0.1)]
    data = read(path, steps=protocol)
    for name, expected in rows.items():
        np.testing.assert_allclose(getattr(data, name.lower()), expected, rtol=1e-13, atol=1e-16)
    if all(factor == 1.0 for _, factor in units):
        np.testing.assert_array_equal(data.voltage, voltage)
