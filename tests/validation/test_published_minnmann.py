"""Conductivities and capacities of composites without carbon."""

import pytest

from assb.validation.published import frozen, read_targets, run
from assb.validation.studies.minnmann2021 import CONTACT, DIFFUSIVITY, STEP, STUDY, discharged, simulated


def test_conductivities_in_closed_form():
    ionic = STUDY.value("minn_sion_33", {})
    assert ionic == pytest.approx(1.6e-3 * ((0.53 - 0.2173) / 0.7827) ** 1.947, rel=5e-3)
    network = 10e-3 * ((0.61 - 0.217) / 0.783) ** 1.94
    assert STUDY.value("minn_sel_61", {CONTACT: 0.0}) == pytest.approx(network, rel=1e-3)
    # In series: 3 Ohm.m are 300 Ohm.cm.
    assert 1 / STUDY.value("minn_sel_61", {CONTACT: 3.0}) == pytest.approx(1 / network + 300, rel=1e-3)


def test_capacity_of_a_composite_that_conducts_is_that_of_its_particles():
    """Fast diffusion and a low rate: what the active fraction of 0.9 holds between 4.3 V and full."""
    found = simulated(0.33, 0.1, 8)
    assert found == pytest.approx(0.9 * (1 - 0.351) * 276.5, rel=0.01)
    # On the lattice the cubic is the simulation itself.
    assert discharged(0.33, 1.0, pow(2.718281828459045, -4 * STEP)) == pytest.approx(
        simulated(0.33, 1.0, -4), rel=1e-9
    )


def test_capacities_fall_with_the_rate_and_with_what_ions_have_to_pass():
    constants = frozen("minn").mapping()
    rich = [STUDY.value(f"minn_q_61_{rate}C", constants) for rate in ("0.1", "0.5", "1")]
    poor = [STUDY.value(f"minn_q_33_{rate}C", constants) for rate in ("0.1", "0.5", "1")]
    assert rich[0] > rich[1] > rich[2] > 0
    assert STUDY.value("minn_q_61_5C", constants) == 0  # below the cut-off at once
    assert poor[0] > poor[1] > poor[2] > 3 * rich[2]
    assert STUDY.value("minn_q_33_1C", {**constants, DIFFUSIVITY: 2 * constants[DIFFUSIVITY]}) > poor[2]


def test_share_within_tolerance():
    table = run([row for row in read_targets() if row.study == "minn"])
    assert sum(row.within for row in table if row.role == "calibrated") == 6
    assert sum(row.within for row in table if row.role == "predicted") >= 5
    assert 3 * len(STUDY.constants) <= len(frozen("minn").rows)
