"""Ageing studies: Kang 2023 and 2025, Kim 2025, Truong 2025, Zhou 2025."""

import math

import numpy as np
import pytest

import assb.validation.studies  # noqa: F401  registers the studies
from assb.parameters.materials.potentials import nmc811_potential
from assb.validation.published import STUDIES, calibrate_study, frozen, leave_one_out, read_targets, run
from assb.validation.studies import ageing_laws, cathodes, kang2023, kang2025, kim2025, truong2025, zhou2025

KEYS = ("k23", "k25", "kt", "tr", "zh")


@pytest.fixture(scope="module")
def table():
    return run([row for row in read_targets() if row.study in KEYS])


def model(id):
    study = STUDIES[id.partition("_")[0]]
    return study.value(id, frozen(study.key).mapping())


def test_every_row_evaluates(table):
    assert [row.id for row in table if row.scored and not row.evaluated] == []


@pytest.mark.parametrize(
    ("key", "calibrated", "predicted"),
    [("k23", 13, 6), ("k25", 14, 5), ("kt", 4, 3), ("tr", 4, 1), ("zh", 1, 1)],
)
def test_rows_within_their_tolerance(table, key, calibrated, predicted):
    mine = [row for row in table if row.scored and row.id.startswith(f"{key}_") and row.within]
    assert sum(row.role == "calibrated" for row in mine) >= calibrated
    assert sum(row.role == "predicted" for row in mine) >= predicted


@pytest.mark.parametrize("key", KEYS)
def test_constants_are_at_most_a_third_of_their_rows_and_frozen_as_calibrated(key):
    study, shipped = STUDIES[key], frozen(key)
    assert set(shipped.names) == set(study.constants)
    assert all(prior.source for prior in study.constants.values())
    if study.constants:
        assert 3 * len(shipped.names) <= len(shipped.rows)
        again = calibrate_study(study, read_targets())
        assert again.rows == shipped.rows
        assert again.values == pytest.approx(shipped.values, rel=1e-3)


def test_resistances_stand_between_those_of_neighbouring_cycles():
    for quantity in ("Rion", "Rint", "Rw"):
        for sample in ("k23_{}_LTO", "k23_{}_LiIn", "k25_{}_B-NCA", "k25_{}_U-NCA", "k25_{}_LZO-B-NCA"):
            values = [model(f"{sample.format(quantity)}_{cycle}") for cycle in (1, 25, 62.5, 75, 100)]
            assert np.all(np.diff(values) > 0), (quantity, sample)


def test_unseen_temperature_share_potential_and_pressure_stand_between_published_ones():
    assert model("kt_RctT_30") > model("kt_RctT_40") > model("kt_RctT_60")
    for surface in ("LNO", "bare"):
        values = [model(f"kt_Rct_{surface}_{share}") for share in (62, 67, 72, 77.5, 82)]
        assert np.all(np.diff(values) < 0)
    for mode in ("cal", "cyc"):
        assert np.all(np.diff([model(f"tr_Q_{mode}_{volts}") for volts in ("3.7", "3.8", "3.9", "4.1")]) > 0)
    assert model("zh_2") < model("zh_12") < model("zh_30") < 0


def test_interface_of_a_fresh_cell_is_charge_transfer_and_layer_in_series_with_the_foil():
    electrode = kang2023._cathode()
    constants = {kang2023.GROWTH: 50.0, kang2023.DIFFUSION: 1.0, kang2023.SHARE: 0.5}
    values = [kang2023.interface(constants, {"negative": n, "cycle": "0"}) for n in ("LTO", "LiIn")]
    assert values[0] == pytest.approx(1e4 * electrode.charge_transfer / electrode.contact)
    assert values[1] - values[0] == pytest.approx(1e4 * cathodes.foil_resistance(303.15))


def test_interphase_grows_with_the_root_of_cycles():
    def layer(cycle):
        state = ageing_laws.damage(cycle, kang2023._cathode(), kang2023.PRESSURE)
        parts = {"negative": "LTO", "cycle": str(cycle)}
        with_layer, without = (kang2023.interface({kang2023.GROWTH: g}, parts) for g in (100.0, 0.0))
        return (with_layer - without) * (1 - state.contact)

    assert layer(144.0) == pytest.approx(4 * layer(9.0))


def test_swing_beside_foil_is_the_metal_less_the_oxide():
    constants = frozen("k23").mapping()
    thick = {**constants, kang2023.SHARE: 1e-9}
    assert kang2023.swing(thick, {"negative": "LTO"}) == pytest.approx(0.0, abs=1e-6)
    foil, oxide = (kang2023.swing(constants, {"negative": n}) for n in ("LiIn", "LTO"))
    assert foil + oxide == pytest.approx(kang2023.swing(thick, {"negative": "LiIn"}), rel=0.02)


def test_damage_is_exponential_in_cycles_and_least_at_moderate_pressure():
    electrode = kang2023._cathode()
    one, two = (ageing_laws.damage(n, electrode, 250.0) for n in (50.0, 100.0))
    for name in ("contact", "cracks", "network", "isolated"):
        assert 1 - getattr(two, name) == pytest.approx((1 - getattr(one, name)) ** 2, rel=0.02), name
    assert ageing_laws.damage(0.0, electrode, 250.0).diffusing == 1.0
    low, middle, high = (ageing_laws.damage(100.0, electrode, p).contact for p in (2.0, 100.0, 400.0))
    assert middle < min(low, high)


def test_thicker_and_coarser_cathodes_resist_as_they_should():
    recipe = {"active material": 72.0, "solid electrolyte": 27.0, "carbon": 1.0}
    thin, thick = (cathodes.cathode("NCA88", recipe, 400.0, 303.15, loading=m) for m in (5.0, 10.0))
    assert thick.ionic_resistance() == pytest.approx(2 * thin.ionic_resistance())
    assert thick.contact == pytest.approx(2 * thin.contact)
    assert thin.loading == pytest.approx(50.0)
    assert thin.ionic_resistance(0.5) == pytest.approx(2 * thin.ionic_resistance())
    assert cathodes.surface_radius({3e-6: 0.3, 10e-6: 0.7}) == pytest.approx(0.5 / (0.1e6 + 0.07e6))
    with pytest.raises(ValueError, match="give one of them"):
        cathodes.cathode("NCA88", recipe, 400.0, 303.15)


def test_polarisation_narrows_the_window():
    low, high = cathodes.window(nmc811_potential, 0.0)
    assert nmc811_potential(low) == pytest.approx(4.3, abs=1e-3)
    assert high == cathodes.DISCHARGED
    shifted, _ = cathodes.window(nmc811_potential, 0.2)
    assert nmc811_potential(shifted) == pytest.approx(4.1, abs=1e-3)
    empty = cathodes.window(nmc811_potential, 2.0)
    assert empty[0] == empty[1]


def test_coating_takes_its_share_of_the_bare_interface():
    constants = frozen("k25").mapping()
    parts = {"size": "B", "cycle": "100"}
    none = {**constants, kang2025.COATED: 0.0}
    bare, coated = (kang2025.interface(none, {**parts, "coat": coat}) for coat in ("", "LZO-"))
    assert bare == pytest.approx(coated)
    full = kang2025.interface({**constants, kang2025.COATED: 1.0}, {**parts, "coat": "LZO-"})
    electrode = kang2025._cathode("B", constants[kang2025.LOADING])
    state = ageing_laws.damage(100.0, electrode, kang2025.PRESSURE)
    clean = cathodes.foil_resistance(303.15) + electrode.charge_transfer / electrode.contact / (
        1 - state.contact
    )
    assert full == pytest.approx(1e4 * clean)


def test_transfer_is_activated_as_the_library_says():
    constants = frozen("kt").mapping()
    warm, hot = (kim2025.transfer(constants, 72.0, t, bare=True) for t in (303.15, 333.15))
    # The charge transfer has T/i0: the thermal voltage besides the activation energy of 40 kJ/mol.
    expected = math.exp(4e4 / 8.314462618 * (1 / 303.15 - 1 / 333.15))
    assert expected * 303.15 / 333.15 < warm / hot <= expected * 1.001


def test_cycling_grows_less_than_holding_at_its_cut_off():
    for upper in (4.32, 4.72):
        held = truong2025.equivalent_potential(upper)
        assert 3.5 < held < upper
    start = 2e-9
    one, four = (ageing_laws.grown_layer(t, 4.2, 298.15) for t in (1e4, 4e4))
    assert four == pytest.approx(2 * one)
    assert ageing_laws.grown_layer(0.0, 4.2, 298.15, start) == pytest.approx(start)


def test_pressure_closes_contacts():
    closed = [zhou2025.closed_contact(p) for p in (2.0, 12.0, 30.0)]
    assert 0 < closed[0] < closed[1] < closed[2] < 1
    # The fresh resistance at 30 MPa is an input of the study, that at 2 MPa is not.
    assert closed[2] / closed[0] == pytest.approx(125 / 65, rel=0.1)


def test_leaving_li_in_out_predicts_its_chemical_ageing_and_not_the_mechanical_one():
    left = {row.id: row for row in leave_one_out("k23")}
    early = [f"k23_{r}_LiIn_{n}" for r in ("Rion", "Rint", "Rw") for n in (1, 100)]
    assert [id for id in (*early, "k23_Rion_LiIn_200", "k23_dP_LiIn") if not left[id].within] == []
    # The mechanical branch cannot be told from the other cells.
    assert not left["k23_Rw_LiIn_200"].within
