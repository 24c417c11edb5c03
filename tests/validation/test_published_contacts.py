"""Studies of contact, pressing and lithium under pressure: Sakka, Doux, Ramanayagam, Shi, Bielefeld, exponents."""

import numpy as np
import pytest

from assb.validation.published import STUDIES, frozen, read_targets, run
from assb.validation.studies import doux2020, shi2020
from assb.validation.studies.doux2020 import HARDNESS
from assb.validation.studies.sakka2022 import RESISTANCE


def value(id, **constants):
    study = STUDIES[id.partition("_")[0]]
    return study.value(id, constants or frozen(study.key).mapping())


def test_pressing_and_first_contact():
    assert value("sk_por_100") == pytest.approx(100 * (0.08 + 0.37 * np.exp(-1)))
    # Far below the hardness contact goes as the pressure to 0.95.
    ratio = np.array([value(f"sk_R_{p}", **{RESISTANCE: 1.0}) for p in (100, 50)])
    assert ratio[1] / ratio[0] == pytest.approx(2**0.95, rel=1e-3)
    assert value("sk_R_6") > value("sk_R_50") > value("sk_R_100")


def test_lithium_in_full_contact_leaves_pellet_and_interfaces():
    mass = 75e-6 / 1870 / doux2020.AREA / 0.82  # m of pellet
    pellet = mass / (0.19 * 0.82**1.5) / doux2020.AREA
    interfaces = 2 * (8.314 * 298.15 / 96485 / 100 + 5e-4) / doux2020.AREA
    assert value("dx_Z_1000", **{HARDNESS: 1.0}) == pytest.approx(pellet + interfaces, rel=1e-3)
    assert value("dx_Z_5") > value("dx_Z_10") > value("dx_Z_15")


def test_time_to_short_plates_each_foil_half_of_the_time():
    assert value("dx_t_25") == pytest.approx(2 * 1.8 / 0.075, rel=1e-3)
    assert value("dx_t_5") > 1000
    assert value("dx_t_15") > value("dx_t_20") > value("dx_t_25")


def test_damage_is_the_integral_of_the_law():
    """Cycle by cycle in small steps of strain against the closed form."""
    from assb.models.closures import damage_rate

    swing, lost, steps = shi2020.strain(), 0.0, 400
    strains = swing * (np.arange(steps) + 0.5) / steps
    relief = (2.0, 10.0, 25.0, 380.0, shi2020.VOID, 2.0)
    for _ in range(20):  # half-cycles: 10 cycles
        lost += sum(damage_rate(lost, swing / steps, e / 0.05, 0.02, 1.0, *relief) for e in strains)
    assert shi2020.damage(10.0) == pytest.approx(lost, rel=1e-2)
    assert 2.87 < value("shi_void_10") < value("shi_void_30") < value("shi_void_50")


def test_equal_spheres_percolate_as_the_models_say_and_large_ones_later():
    assert value("bi_pc_3") == pytest.approx(21.7 / 0.8)
    found = [value(f"bi_pc_{d}") for d in (3, 5, 6, 15)]
    assert (np.diff(found) > 0).all()


def test_pressure_halves_the_cathode_arc_and_exponents():
    assert 1.7 < value("rm_Rcat_97") / value("rm_Rcat_389") < 2.1
    assert value("rm_Rcat_389") < value("rm_Rcat_200") < value("rm_Rcat_97")
    assert value("ctr_exp_area") == pytest.approx(-1, abs=0.01)
    assert value("ctr_exp_P") == pytest.approx(-0.5, abs=0.1)


@pytest.mark.parametrize(
    ("key", "calibrated", "predicted"),
    [("sk", 3, 2), ("dx", 4, 2), ("shi", 0, 1), ("ctr", 0, 2), ("rm", 0, 0), ("bi", 0, 0)],
)
def test_share_within_tolerance(key, calibrated, predicted):
    table = run([row for row in read_targets() if row.study == key])
    assert all(row.evaluated for row in table if row.scored)
    assert sum(row.within for row in table if row.role == "calibrated") >= calibrated
    assert sum(row.within for row in table if row.role == "predicted") >= predicted
    assert 3 * len(STUDIES[key].constants) <= len(frozen(key).rows)
