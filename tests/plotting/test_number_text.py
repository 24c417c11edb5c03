import doctest
from itertools import pairwise

import numpy as np
import pytest

from assb.plotting import text
from assb.plotting.style import segment_spans, time_axis


def test_docstring_examples():
    assert doctest.testmod(text).failed == 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (-0.00123, "−0.00123"),
        (9.999e-7, "1.00 × 10⁻⁶"),
        (0.9999, "1.00"),
        (123456.0, "1.23 × 10⁵"),
        (1843, "1840"),
        (None, "–"),
        (float("inf"), "–"),
        (np.float64(2.5), "2.50"),
        (np.nan, "–"),
    ],
)
def test_number(value, expected):
    assert text.number(value) == expected


@pytest.mark.parametrize(
    ("value", "sd", "expected"),
    [
        (1.0, 0.0123, "1.000 ± 0.012"),
        (0.5, 20.0, "0 ± 20"),
        (-3e-9, 1e-10, "(−3.00 ± 0.10) × 10⁻⁹"),
        (2.0, float("nan"), "2.00"),
        (None, 1.0, "–"),
    ],
)
def test_value_with_sd(value, sd, expected):
    assert text.with_sd(value, sd) == expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("m2.s-1", "m² s⁻¹"),
        ("mS/cm", "mS/cm"),
        ("Ohm.cm2", "Ω cm²"),
        ("m^2/s", "m²/s"),
        ("mA.h.cm-2", "mA h cm⁻²"),
        ("", ""),
        (None, ""),
        ("-", ""),
    ],
)
def test_unit(unit, expected):
    assert text.pretty_unit(unit) == expected


def test_exponents_inside_text():
    assert text.pretty_exponents("log-normal(1.3e-15, factor 10)") == "log-normal(1.3 × 10⁻¹⁵, factor 10)"
    assert text.pretty_exponents("factor 2.5e+00") == "factor 2.5"
    assert text.pretty_exponents("Li6PS5Cl, 1e") == "Li6PS5Cl, 1e"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.919, 0.9229, "0.9190 to 0.9229"),
        (1e-4, 5.0, "1.00 × 10⁻⁴ to 5.00"),
        (None, 1.0, "–"),
        (2.0, 2.0, "2.00 to 2.00"),
        (-0.0, 0.0, "0 to 0"),
    ],
)
def test_interval(low, high, expected):
    assert text.interval(low, high) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.0042, "4.20 ms"), (6.3, "6.30 s"), (412, "6 min 52 s"), (7300, "2 h 01 min"), (None, "–")],
)
def test_duration(seconds, expected):
    assert text.duration(seconds) == expected


def test_time_axis_chooses_its_unit():
    assert time_axis([0, 100])[1] == "Time [s]"
    assert time_axis([0, 3000])[1] == "Time [min]"
    values, label, scale = time_axis([0, 36_000])
    assert label == "Time [h]"
    assert scale == 3600
    assert values[-1] == 10


def test_segment_spans_leave_no_gap(sampled):
    spans = segment_spans(sampled.fit)
    assert [name for name, _, _ in spans] == ["charge", "rest", "discharge", "last rest"]
    assert all(before[2] == after[1] for before, after in pairwise(spans))
