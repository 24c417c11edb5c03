"""Conductivities of composites against composition and pressure."""

import numpy as np
import pytest

from assb.validation.published import frozen, leave_one_out, read_targets, run
from assb.validation.studies.song2022 import ELECTRONIC, IONIC, STUDY, composite

UNIT = {IONIC: 1.0, ELECTRONIC: 1.0}


def test_volumes_are_those_of_the_paper():
    for percent, share in ((85, 0.688), (70, 0.476), (50, 0.280)):
        assert composite(percent).active_material / 0.86 == pytest.approx(share, abs=1e-3)


def test_electronic_conductivity_at_the_reference_pressure():
    share = composite(70).active_material
    closed = 0.01 * ((share - 0.217) / 0.783) ** 1.94
    assert STUDY.value("song_sel_70_20", UNIT) == pytest.approx(closed, rel=1e-3)
    # Far from the dense limit the pressure law is a power, of the pressure and what holds a free pellet.
    ratio = STUDY.value("song_sel_50_3", UNIT) / STUDY.value("song_sel_50_20", UNIT)
    assert ratio == pytest.approx((3.1 / 20.1) ** (2 / 3), rel=1e-3)


def test_unseen_samples_lie_between_neighbours():
    constants = frozen("song").mapping()
    for quantity, percents in (("sion", (50, 60, 70, 78, 85)), ("sel", (85, 78, 70, 60, 50))):
        rows = [[STUDY.value(f"song_{quantity}_{w}_{p}", constants) for p in (3, 12, 20)] for w in percents]
        assert (np.diff(rows, axis=0) < 0).all()  # less of the conducting phase
        assert (np.diff(rows, axis=1) >= 0).all()  # more pressure


def test_share_within_tolerance():
    table = run([row for row in read_targets() if row.study == "song"])
    assert sum(row.within for row in table if row.role == "calibrated") == 8
    assert sum(row.within for row in table if row.role == "predicted") >= 3
    assert 3 * len(STUDY.constants) <= len(frozen("song").rows)


def test_left_out_samples():
    table = leave_one_out("song")
    assert len(table) == 12
    assert sum(row.within for row in table) >= 9
