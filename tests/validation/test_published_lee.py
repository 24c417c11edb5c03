"""Resistance and capacity against temperature."""

import pytest

from assb.models.closures import arrhenius
from assb.validation.published import STUDIES, read_targets, run
from assb.validation.studies.lee2020 import cell, interfaces


def test_resistance_falls_less_than_charge_transfer_does():
    """Films have no activation energy."""
    ratio = interfaces(25.0) / interfaces(60.0)
    assert 1.0 < ratio < arrhenius(4e4, 333.15, 298.15)
    assert interfaces(25.0) > interfaces(40.0) > interfaces(60.0)


def test_press_is_remembered():
    assert cell(25.0)["Positive electrode residual contact pressure [MPa]"] == pytest.approx(8 + 0.37 * 488)


def test_capacity_and_share_within_tolerance():
    assert STUDIES["lc"].value("lc_q_25", {}) < STUDIES["lc"].value("lc_q_45", {}) < 100.0
    table = run([row for row in read_targets() if row.study == "lc"])
    assert sum(row.within for row in table if row.role == "calibrated") >= 1
    assert sum(row.within for row in table if row.role == "predicted") >= 1
