"""Samples and conditions that nobody published: blend, pressure, cycle, temperature, size."""

from __future__ import annotations

import time

import pytest

from assb.validation.published import read_targets, run

UNSEEN = """id,quantity,value,unit,tol,kind,role
oh_sion_55,conductivity of the blend 5:5,1,mS/cm,rel 0.1,observable,predict
oh_sion_0.5,the same as a number,1,mS/cm,rel 0.1,observable,predict
oh_dP_55,swing,1,MPa,rel 0.1,observable,predict
oh_q05_0.5,capacity,1,mAh/g,rel 0.1,observable,predict
song_sel_70_12,conductivity at 12 MPa,1,S/cm,rel 0.1,observable,predict
song_sion_60_12,conductivity,1,S/cm,rel 0.1,observable,predict
k23_Rint_LTO_75,resistance in cycle 75,1,Ohm cm2,rel 0.1,observable,predict
k23_Rw_LiIn_75,resistance in cycle 75,1,Ohm cm2,rel 0.1,observable,predict
kt_RctT_40,resistance at 40 C,1,Ohm cm2,rel 0.1,observable,predict
lc_Rint_40,resistance at 40 C,1,Ohm cm2,rel 0.1,observable,predict
liu_6_1C,capacity of a particle of 6 um,1,-,rel 0.1,observable,predict
st_q_6,capacity of particles of 6 um,1,mAh/g,rel 0.1,observable,predict
dx_Z_12,impedance at 12 MPa,1,Ohm,rel 0.1,observable,predict
nobody_Rct_40,no study,1,Ohm,rel 0.1,observable,predict
"""
#: Row of :data:`UNSEEN` -> published samples that it must lie between.
NEIGHBOURS = {
    "oh_dP_55": ("oh_dP_010", "oh_dP_100"),
    "song_sel_70_12": ("song_sel_70_3", "song_sel_70_20"),
    "song_sion_60_12": ("song_sion_70_3", "song_sion_50_20"),
    "k23_Rint_LTO_75": ("k23_Rint_LTO_1", "k23_Rint_LTO_100"),
    "k23_Rw_LiIn_75": ("k23_Rw_LiIn_1", "k23_Rw_LiIn_100"),
    "kt_RctT_40": ("kt_RctT_60", "kt_RctT_30"),
    "lc_Rint_40": ("lc_Rint_60", "lc_Rint_25"),
    "liu_6_1C": ("liu_8_1C", "liu_2_1C"),
    "st_q_6": ("st_q_15.6", "st_q_4.0"),
    "dx_Z_12": ("dx_Z_15", "dx_Z_5"),
}


@pytest.fixture(scope="module")
def unseen(tmp_path_factory):
    path = tmp_path_factory.mktemp("unseen") / "mine.csv"
    path.write_text(UNSEEN)
    return {row.id: row for row in run(path)}


def test_every_row_of_a_known_quantity_evaluates(unseen):
    missing = {id: row.reason for id, row in unseen.items() if not row.evaluated}
    assert missing == {"nobody_Rct_40": "no study of this key"}
    assert all(row.low < row.model < row.high for row in unseen.values() if row.evaluated)


def test_values_lie_between_their_neighbours(unseen):
    needed = {id for pair in NEIGHBOURS.values() for id in pair}
    known = {row.id: row.model for row in run([row for row in read_targets() if row.id in needed])}
    for id, pair in NEIGHBOURS.items():
        low, high = sorted(known[each] for each in pair)
        assert low < unseen[id].model < high, (id, low, unseen[id].model, high)


def test_a_blend_may_be_written_either_way(unseen):
    assert unseen["oh_sion_55"].model == unseen["oh_sion_0.5"].model


@pytest.mark.slow
def test_the_published_figures_as_a_whole():
    """What is claimed of the comparison, and the time it may take."""
    begun = time.perf_counter()
    table = run()
    assert time.perf_counter() - begun < 300
    assert table.evaluated >= 0.85
    assert table.share("calibrated") >= 0.80
    assert table.share("predicted") >= 0.65
    medians = table.medians()
    assert medians["model"] < min(medians["interpolation"], medians["study mean"])
