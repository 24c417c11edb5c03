"""Blends of Oh 2026: closed forms, unseen blends between their neighbours, what is within tolerance today."""

import math

import numpy as np
import pytest

import assb.validation.studies  # noqa: F401  registers the studies
from assb.validation.published import STUDIES, frozen, read_targets, run
from assb.validation.studies import oh2026 as oh

STUDY = STUDIES["oh"]
CONSTANTS = frozen("oh").mapping()


def value(rest, **changed):
    return STUDY.value(f"oh_{rest}", {**CONSTANTS, **changed})


def test_rows_within_tolerance_stay_within():
    table = run([row for row in read_targets() if row.study == "oh"])
    assert table.evaluated == 1.0
    assert table.share("calibrated") >= 15 / 16
    assert table.share("predicted") == 1.0
    medians = table.medians()
    assert medians["model"] < min(medians["interpolation"], medians["study mean"])


def test_constants_are_at_most_a_third_of_the_calibrating_rows():
    constants = frozen("oh")
    assert set(constants.names) == set(STUDY.constants)
    assert 3 * len(constants.names) <= len(constants.rows)
    calibrating = {row.id for row in read_targets() if row.study == "oh" and row.role == "calibrate"}
    assert set(constants.rows) <= calibrating


@pytest.mark.parametrize(
    ("code", "share"), [("100", 1.0), ("82", 0.8), ("55", 0.5), ("010", 0.0), ("0.5", 0.5), ("0.25", 0.25)]
)
def test_blend_codes(code, share):
    assert oh.blend_share(code) == share


@pytest.mark.parametrize("code", ["83", "1.2", "7"])
def test_blend_codes_that_mean_nothing(code):
    with pytest.raises(ValueError, match="parts of ten"):
        oh.blend_share(code)


def test_rates_and_cycles_of_an_id():
    assert value("q05_82") == value("q0.5C_82") == value("q05_0.8")
    assert value("q200_82") == pytest.approx(value("q05_82") * value("ret_82") / 100)
    assert value("ret_82") == value("ret200_82")


def test_electrons_follow_size_and_nickel_and_mix_by_the_logarithm():
    large, small = (oh.electronic_conductivity(share, 2.0) for share in (1.0, 0.0))
    assert large == pytest.approx(2.0)
    assert small == pytest.approx(2.0 * 0.35 * (2.8 / 1.7) ** (-0.06 / 0.05))
    assert oh.electronic_conductivity(0.5, 2.0) == pytest.approx(math.sqrt(large * small))


def test_loss_follows_the_root_of_the_cycles():
    def exponent(cycles):
        return -math.log(1 - oh.lost_share(0.8, cycles, 1.5))

    assert exponent(200) == pytest.approx(2 * exponent(50))
    assert oh.lost_share(0.8, 0, 1.5) == 0


def test_half_cells_are_reproduced_without_losses():
    # Fast diffusion, no path resistance, slow: what is left of the half cell is the share that touches electrolyte.
    slow = oh.capacity(1.0, 0.01, {oh.DIFFUSION: 30.0, oh.PATH: 1e-3})
    assert slow == pytest.approx(218.3, rel=0.02)
    charged = oh.capacity(1.0, 0.01, {oh.DIFFUSION: 30.0, oh.PATH: 1e-3}, first_charge=True)
    assert charged == pytest.approx(218.3 / 0.953, rel=0.02)
    small = oh.utilisation(oh.SMALL, oh.structure(0.0))
    slow = oh.capacity(0.0, 0.01, {oh.DIFFUSION: 30.0, oh.PATH: 1e-3})
    assert slow == pytest.approx(201.9 * small, rel=0.02)


def test_swing_of_the_end_members_is_strain_energy_times_delivered_lithium():
    ratio = value("dP_010") / value("dP_100")
    ends = [oh.structure(share) for share in (0.0, 1.0)]
    volumes = [s.thickness * s.active for s in ends]
    delivered = value("q05_010") / oh.SMALL.charge / (value("q05_100") / oh.LARGE.charge)
    assert ratio == pytest.approx(math.sqrt(4.03 / 10.16) * volumes[0] / volumes[1] * delivered)
    assert value("dP_82", **{oh.STIFFNESS: 2.0}) == pytest.approx(
        2.0 / CONSTANTS[oh.STIFFNESS] * value("dP_82")
    )


@pytest.mark.parametrize("quantity", ["sion", "sel", "q01", "c01", "q05", "q200", "ret", "dP"])
def test_unseen_blend_lies_between_its_neighbours(quantity):
    ends = value(f"{quantity}_64"), value(f"{quantity}_010")
    assert min(ends) < value(f"{quantity}_55") < max(ends)


def test_unseen_rates_and_cycles_lie_between_their_neighbours():
    capacities = [value(f"q{rate}_82") for rate in ("01", "02", "033", "05")]
    assert np.all(np.diff(capacities) < 0)
    assert value("q05_82") > value("q75_82") > value("q200_82")


def test_best_blend_at_half_a_c_and_in_life_is_seven_to_three():
    for quantity in ("q05", "ret", "sion"):
        figures = {blend: value(f"{quantity}_{blend}") for blend in ("100", "82", "73", "64", "010")}
        assert max(figures, key=figures.get) == "73"
