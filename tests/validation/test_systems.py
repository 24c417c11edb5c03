"""Systems of the literature: each says what it is, and what its paper measured comes out of its simulation."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pybamm
import pytest

from assb import validation
from assb.listing import systems
from assb.validation.systems import SYSTEMS
from assb.validation.systems.cases import AS_MADE, warburg
from tests.models.runs import slow

SIMULATED = [n for n, system in SYSTEMS.items() if system.status == "simulated"]
#: Simulated every day: one of each kind, and those that others do not stand for; all of them in the long run.
DAILY = {1, 2, 3, 4, 5, 14, 15, 20, 28, 29, 30, 34, 39, 40}
STATED = ("name", "positive", "electrolyte", "negative", "fixture", "protocol", "quantity", "source")


def outcome(n, case=None):
    return SYSTEMS[n].simulate(case)


# The list -------------------------------------------------------------------------------------------


def test_list_has_the_forty_systems():
    content, text = systems("")
    assert [row["n"] for row in content] == list(range(1, 41))
    assert sum(row["status"] == "simulated" for row in content) >= 34
    for row in content:
        assert all(isinstance(row[key], str) and row[key] for key in (*STATED, "what")), row["n"]
        if row["status"] == "missing":
            assert row["missing"]
            assert row["parameter_hash"] is None
        else:
            assert row["borrowed"]
            assert row["cases"]
    assert f"{SYSTEMS[9].name}" in text
    json.dumps(content)


def test_page_is_that_of_the_registry():
    """`python docs/systems.py` writes it."""
    folder = Path(__file__).resolve().parents[2] / "docs"
    specification = importlib.util.spec_from_file_location("systems_page", folder / "systems.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    assert (folder / "systems.md").read_text(encoding="utf-8") == module.page()


def test_no_two_systems_share_parameters():
    content, _ = systems("")
    built = [row for row in content if row["cases"]]
    hashes = {row["n"]: set(row["cases"].values()) for row in built}
    for one, other in combinations(hashes, 2):
        assert not hashes[one] & hashes[other], f"systems {one} and {other} are the same cell"


def test_hash_follows_the_values_and_nothing_else():
    system = SYSTEMS[12]
    assert system.parameter_hash("LCO") == system.parameter_hash("LCO")
    assert system.parameter_hash("LCO") != system.parameter_hash("NCM811")
    values = system.case("LCO").parameter_values()
    before = validation.systems.parameter_hash(values)
    values["Stack pressure [MPa]"] += 1e-9
    assert validation.systems.parameter_hash(values) != before


def test_borrowed_potentials_are_named():
    assert any("law of NCM811" in each for each in SYSTEMS[2].all_borrowed())
    assert any("value of Li6PS5Cl" in each for each in SYSTEMS[10].all_borrowed())


def test_what_a_system_does_not_have_is_refused():
    with pytest.raises(ValueError, match="case = 'NCM': system 12 has LCO, NCM811, 55:45"):
        SYSTEMS[12].simulate("NCM")
    absent = replace(SYSTEMS[12], n=41, cases={}, missing="a mechanism")
    assert absent.status == "missing"
    assert absent.to_dict()["parameter_hash"] is None
    with pytest.raises(ValueError, match="system 41 cannot be simulated: a mechanism"):
        absent.build()
    assert replace(SYSTEMS[12], tested=False).status == "built"
    with pytest.raises(ValueError, match="n = 12: a system of this number exists"):
        validation.systems.registry.register(SYSTEMS[12])


@pytest.mark.parametrize("n", [1, 4, 18])
def test_build_gives_model_values_and_protocol(n):
    model, values, protocol = SYSTEMS[n].build()
    assert isinstance(values, pybamm.ParameterValues)
    if n == 4:
        assert isinstance(model, pybamm.BaseModel)
        assert isinstance(protocol, pybamm.Experiment)
    else:
        assert isinstance(protocol, np.ndarray)


# Simulations ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [pytest.param(n, marks=[] if n in DAILY else slow) for n in SIMULATED])
def test_system_shows_what_its_paper_measured(n):
    system = SYSTEMS[n]
    found = outcome(n)
    measured = np.atleast_1d(np.asarray(found[system.quantity_of()]))
    assert measured.size
    assert np.isfinite(measured).all()
    # A measured curve is no constant, and a single figure is not zero.
    assert np.ptp(np.abs(measured)) > 0 if measured.size > 1 else abs(measured[0]) > 0


@slow
@pytest.mark.parametrize(("n", "case"), [(n, case) for n in SIMULATED for case in list(SYSTEMS[n].cases)[1:]])
def test_every_case_is_simulated(n, case):
    measured = np.atleast_1d(np.asarray(outcome(n, case)[SYSTEMS[n].quantity_of(case)]))
    assert measured.size
    assert np.isfinite(measured).all()
    assert np.abs(measured).max() > 0


def test_pressure_and_composition_act_on_the_networks():
    """System 1: electrons lose more than ions from 20 to 3 MPa (Song2022, Table 3)."""
    drop = {}
    for case in ("ionic", "electronic"):
        conductivity = outcome(1, case)["Effective conductivity [S.m-1]"]
        assert (np.diff(conductivity) < 0).all()
        drop[case] = conductivity[0] / conductivity[-1]
    assert drop["electronic"] > 2.5 > 1.3 > drop["ionic"]


def test_pellets_have_the_published_conductivities():
    """System 30: 0.9, 1.2, 1.7 and 0.27 mS/cm at 25 C (ArgyroditeReview2025)."""
    for case, published in zip(SYSTEMS[30].cases, (0.09, 0.12, 0.17, 0.027), strict=True):
        found = outcome(30, case)
        at_room = np.interp(298.15, found["Temperature [K]"], found["Conductivity [S.m-1]"])
        assert at_room == pytest.approx(published, rel=1e-6)


def test_interphase_charge_grows_with_the_root_of_time():
    """System 28: linear in the root of time once past the first film (Aktekin2023)."""
    found = outcome(28)
    squared = np.square(found["Interphase charge [uA.h.cm-2]"])
    slope = np.diff(squared) / np.diff(found["Time [h]"])
    assert slope == pytest.approx(slope[0], rel=1e-6)


def test_a_host_without_lithium_shows_the_oxidation_of_the_electrolyte():
    """System 9: capacity and pressure come from the electrolyte alone (SongReview, Sec. 4.3)."""
    found = outcome(9)
    assert found["Voltage [V]"][-1] == pytest.approx(4.3 - 1.571, abs=1e-3)
    charge = -found["Discharge capacity [A.h]"] * 3600
    released = 96485.33212 * found["Lithium released by solid electrolyte [mol]"]
    assert released[-1] / charge[-1] > 0.85
    # Falls from the start and without end, in proportion to what was oxidised: 20.9 cm3 per two moles.
    fall = found["Stack pressure [MPa]"][0] - found["Stack pressure [MPa]"]
    assert (np.diff(fall) > 0).all()
    assert np.corrcoef(fall, released)[0, 1] > 0.999


def test_the_host_alone_does_nothing_without_oxidation():
    """Control of system 9: no interphase, and the pressure stays while the double layer alone is charged."""
    case = SYSTEMS[9].case()
    control = replace(
        case,
        options={**case.options, "interphase": "constant"},
        outputs=("Stack pressure [MPa]", "Discharge capacity [A.h]"),
    )
    found, full = control.simulate(), outcome(9)
    assert np.ptp(found["Stack pressure [MPa]"]) < 1e-6
    assert found["Discharge capacity [A.h]"][-1] > 0.2 * full["Discharge capacity [A.h]"][-1]


def test_the_electrolyte_as_active_material_outweighs_its_foil():
    """System 10: its reaction volume exceeds that of In-Li, so that pressure falls on charge (SongReview)."""
    found = outcome(10)
    pressure, current = found["Stack pressure [MPa]"], found["Current [A]"]
    charging = current < 0
    assert pressure[charging][-1] < pressure[0] - 0.005
    assert pressure[-1] > pressure[charging][-1]
    # Most of the redox lies between 0.6 and 3.6 V.
    nominal = SYSTEMS[10].case().parameter_values()["Nominal cell capacity [A.h]"]
    assert 0.5 < np.ptp(found["Discharge capacity [A.h]"]) / nominal < 1


@pytest.mark.parametrize("case", ["LCO", "NCM811", "55:45"])
def test_cathodes_against_lto_breathe_as_measured(case):
    """System 12: up, down, and between (Koerver2018)."""
    pressure = outcome(12, case)["Stack pressure [MPa]"]
    swing = pressure[-1] - pressure[0]
    assert {"LCO": swing > 0.03, "NCM811": swing < -0.03, "55:45": abs(swing) < 0.03}[case]


@pytest.mark.parametrize(
    ("case", "held"), [("3 MPa, 1 mA/cm2", False), ("7 MPa, 1 mA/cm2", True), ("7 MPa, 2 mA/cm2", False)]
)
def test_foils_hold_where_they_were_seen_to(case, held):
    """System 25: 3 MPa fails at 1 mA/cm2 by the stripped side; 7 MPa holds 1 and fails at 2 (Song2022, Sec. 5.1)."""
    found = outcome(25, case)
    assert (found["Outcome"] == "held") is held
    grown = found["Stripping overpotential [V]"][-1] / found["Stripping overpotential [V]"][0]
    assert (grown < 1.01) if held else (grown > 10)


@slow
def test_grading_helps_in_its_direction():
    """System 21: more electrolyte at the separator beats uniform, which beats the reverse (SongReview, Sec. 5.1)."""
    capacity = [outcome(21, case)["Areal discharge capacity [mA.h.cm-2]"][0] for case in SYSTEMS[21].cases]
    assert capacity[0] > capacity[1] > capacity[2]


def test_heat_raises_the_critical_current():
    """System 27: lithium creeps faster at 50 C; the electrolyte does not enter."""
    name = "Critical current density [mA.cm-2]"
    room, bromide, hot = (outcome(27, case)[name] for case in SYSTEMS[27].cases)
    assert room == bromide
    assert hot > 1.5 * room > 0


def test_warburg_coefficient_of_a_known_line():
    frequencies = np.logspace(-4, 0, 21)
    omega = 2 * np.pi * frequencies
    assert warburg(frequencies, 3.0 * (1 - 1j) / np.sqrt(omega)) == pytest.approx(3.0)


def test_cells_start_as_made():
    values = SYSTEMS[5].case().parameter_values()
    assert values["Initial stoichiometry in positive electrode"] == AS_MADE
