"""Studies with one constant or none: critical currents, screw cells, single particles, carbon-free cells."""

import math

import numpy as np
import pytest

import assb.validation.studies  # noqa: F401  registers the studies
from assb.validation.published import STUDIES, frozen, read_targets, run
from assb.validation.studies.fixtures import cathode_growth, foil_growth
from assb.validation.studies.kasemchainan2019 import plating, stripping
from assb.validation.studies.koerver2018 import shares
from assb.validation.studies.liu2024 import ROOTS, capacity_share, surface_excess
from assb.validation.studies.strauss2018 import inactive_share

KEYS = ("kas", "ko", "zh17", "liu", "st")


def value(id):
    study = STUDIES[id.partition("_")[0]]
    return study.value(id, frozen(study.key).mapping())


@pytest.fixture(scope="module")
def table():
    return run([row for row in read_targets() if row.study in KEYS])


@pytest.mark.parametrize(
    ("key", "role", "least"),
    [
        ("kas", "calibrated", 1),
        ("kas", "predicted", 2),
        ("ko", "calibrated", 1),
        ("ko", "predicted", 2),
        ("zh17", "calibrated", 1),
        ("zh17", "predicted", 1),
        ("liu", "calibrated", 3),
        ("liu", "predicted", 5),
        ("st", "calibrated", 1),
        ("st", "predicted", 2),
    ],
)
def test_rows_within_tolerance_stay_within(table, key, role, least):
    rows = [row for row in table if row.scored and row.study == key and row.role == role]
    assert all(row.evaluated for row in rows)
    assert sum(row.within for row in rows) >= least


def test_interval_of_a_negative_figure_is_a_factor_either_way(table):
    row = next(row for row in table if row.id == "ko_LTO_NCM811")
    assert row.low < row.model < row.high < 0
    assert row.model / row.high == pytest.approx(row.low / row.model)


@pytest.mark.parametrize("key", KEYS)
def test_constants_are_at_most_a_third_of_the_calibrating_rows(key):
    calibrating = [
        row for row in read_targets() if row.study == key and row.scored and row.role == "calibrate"
    ]
    constants = frozen(key)
    assert set(constants.names) == set(STUDIES[key].constants)
    assert 3 * len(constants.names) <= len(calibrating)
    assert set(constants.rows) <= {row.id for row in calibrating}


def test_stripping_follows_the_power_of_creep_and_plating_the_root_of_the_flaw():
    assert stripping(6.0) / stripping(3.0) == pytest.approx(2**2.1)
    assert plating(4e-6) == pytest.approx(plating(1e-6) / 2)
    assert value("kas_3") < value("kas_5") < value("kas_7")


def test_growth_per_charge_of_foils_and_of_nothing():
    assert foil_growth("LTO", 1.0) == 0
    # 4.85 um per mAh/cm2 of lithium; 7.89 cm3/mol of In-Li.
    assert foil_growth("Li", 1.0) == pytest.approx(4.85)
    assert foil_growth("InLi", 2.0) == pytest.approx(2 * 3.6e4 / 96485.33 * 7.89, rel=1e-5)


def test_a_blend_grows_as_its_parts_weighted_by_mass():
    pure = {name: cathode_growth({name: 1.0}, 1.0) for name in ("LCO", "NCM811")}
    # 1 mAh/cm2 of NCM811 is 5.18 mg/cm2, 10.8 um of it, and shrinks by 7.8 %.
    assert pure["NCM811"] == pytest.approx(-0.078 * 1e4 / 193 / 4.78, rel=1e-3)
    charge = 0.45 * 135 + 0.55 * 193
    expected = (0.45 * 135 * pure["LCO"] + 0.55 * 193 * pure["NCM811"]) / charge
    assert cathode_growth(shares("(NCM811:LCO 55:45)"), 1.0) == pytest.approx(expected)
    assert value("ko_LTO_NCM811") < value("ko_LTO_(NCM811:LCO 20:80)") < value("ko_LTO_LCO")
    with pytest.raises(ValueError, match="as many shares"):
        shares("(NCM811:LCO 55)")


def test_sphere_at_long_and_short_times():
    np.testing.assert_allclose(np.tan(ROOTS[:3]), ROOTS[:3], rtol=1e-9)
    assert surface_excess(3.0) == pytest.approx(1 / 15, rel=1e-9)
    theta = 1e-4  # Sand: the flux of a mean rate 1/tau is 1/3
    plane = 2 / 3 * math.sqrt(theta / math.pi)
    assert surface_excess(theta) + theta == pytest.approx(plane + theta / 3, rel=1e-2)
    # Slow: what is missing is a fifteenth of the rate times R**2/D.
    slow = 0.1 / 3600 * (1e-6) ** 2 / 1e-14
    assert 1 - capacity_share(2e-6, 0.1, 1e-14) == pytest.approx(slow / 15, rel=1e-6)


def test_unseen_particles_and_rates_lie_between_their_neighbours():
    assert value("liu_8_1C") > value("liu_10_1C") > value("liu_12_1C")
    assert value("liu_6_1C") > value("liu_6_2C") > value("liu_6_5C")


def test_inactive_share_is_the_input_at_four_micrometres_and_grows():
    assert inactive_share(4e-6) == pytest.approx(0.02)
    # ln(inactive) is inverse to the diameter.
    assert inactive_share(8e-6) == pytest.approx(0.02**0.5)
    assert value("st_q_4.0") > value("st_q_6") > value("st_q_15.6")
