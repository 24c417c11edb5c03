"""A blend of LCO, which swells on charge, and NCM811, which shrinks, against LTO, which does not breathe.

Koerver et al. 2018 (as quoted in Song et al. 2022, Sec. 5.1): the stack pressure of LCO|LTO rises on charge, that of
NCM811|LTO falls, that of the 55:45 blend by mass stays. The blend is no input here: where the change is zero
follows from the volume of either oxide at the potential they share.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pybamm
import pytest
from scipy.optimize import brentq

from assb import parameters
from assb.models import DFN, SPM
from assb.models import compile as compile_model
from assb.models.closures.smooth import FARADAY
from assb.models.compiled import CompiledModel, Protocol, ReferenceModel
from assb.parameters import Blend
from assb.parameters.materials import POSITIVE
from tests.models.runs import P, Q

MESH = dict.fromkeys(("x_n", "x_p", "r_n", "r_p", "r_p_prim", "r_p_sec"), 6)
OPTIONS = {"negative": "composite"}
TWO = {**OPTIONS, "positive populations": "two"}
#: Ends of charge [V vs Li]: before, in and after the collapse of NCM811.
ENDS = (4.0, 4.05, 4.1, 4.2, 4.3)
RADIUS = 2.5e-6
PAIR = ("NCM811", "LCO")
START = 0.9  # of NCM811; LCO starts at the same potential
INITIAL = "Initial stoichiometry in positive electrode"
POTENTIAL = "X-averaged positive electrode bulk open-circuit potential [V]"
STRAIN = P + "volume strain"


# What the curves of the two materials say ------------------------------------------------------------


def law(material, name):
    entry = POSITIVE[material][P + name].value
    return getattr(entry, "law", entry)


@cache
def stoichiometry(material, volts):
    return brentq(lambda y: float(law(material, "OCP [V]")(y)) - volts, 0.15, 0.9999)


def volume(material, volts):
    """Change of volume from the start to a potential [cm3 per g]."""
    strain = law(material, "volume strain")
    start = float(law("NCM811", "OCP [V]")(START))
    states = (stoichiometry(material, u) for u in (volts, start))
    end, begin = (float(strain(y)) for y in states)
    return (end - begin) / POSITIVE[material]["density [g.cm-3]"].value


def neutral_share(volts):
    """Mass share of LCO at which the volumes cancel."""
    shrinks, grows = (volume(material, volts) for material in PAIR)
    return shrinks / (shrinks - grows)


# What the cells do -----------------------------------------------------------------------------------


def cell(share, **changes):
    """Parameter values and options for a mass share of LCO."""
    common = {"negative": "LTO", "voltage_window": (1.1, 2.9), "positive_thickness": 60e-6}
    if share in (0, 1):
        start = stoichiometry(PAIR[share], float(law("NCM811", "OCP [V]")(START)))
        pv = parameters.build(PAIR[share], particle_radius=RADIUS, initial_stoichiometry=start, **common)
        options = OPTIONS
    else:
        pv = parameters.build(Blend(PAIR, (1 - share, share), (RADIUS, RADIUS)), **common)
        options = TWO
    pv.update(changes)
    return pv, options


def charge(share, model=SPM, mesh=None, **changes):
    """A charge at C/20 to 4.32 V against Li."""
    pv, options = cell(share, **changes)
    stop = pybamm.step.current(-0.05 * pv[Q], duration="30 hours", termination="2.76 V")
    sim = pybamm.Simulation(
        model(options),
        parameter_values=pv,
        experiment=pybamm.Experiment([stop], period="4 minutes"),
        solver=pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8),
        var_pts=mesh or MESH,
    )
    return sim.solve(calc_esoh=False)


@pytest.fixture(scope="module")
def charged():
    return {share: charge(share) for share in (0, 0.4, 0.55, 0.7, 0.85, 1)}


def rise(solution, volts, name="Stack pressure [MPa]"):
    """Change since the start when the electrode is at `volts` against Li."""
    values = solution[name].data
    return float(np.interp(volts, solution[POTENTIAL].data, values - values[0]))


def crossing(charged, volts, name):
    """Mass share of LCO without a change, linear between neighbours."""
    shares = np.array(sorted(charged))
    found = np.array([rise(charged[share], volts, name) for share in shares])
    assert (np.diff(found) > 0).all()
    return float(np.interp(0, found, shares))


def test_the_end_members_have_opposite_signs(charged):
    for volts in ENDS:
        assert rise(charged[1], volts) > 0.05
        assert rise(charged[0], volts) < -0.05


@pytest.mark.parametrize("volts", ENDS)
def test_the_neutral_blend_follows_from_the_volume_curves(charged, volts):
    expected = neutral_share(volts)
    found = {
        name: crossing(charged, volts, name)
        for name in ("Thickness change: positive electrode [m]", "Stack pressure [MPa]")
    }
    print(f"LCO at {volts:.2f} V vs Li: curves {100 * expected:.1f} % by mass", end="")
    print("".join(f", {name} {100 * value:.1f} %" for name, value in found.items()))
    # In the collapse NCM811 lags by 10 mV at C/20 (3 mV and 74.0 % at C/100), where its volume falls most steeply.
    for value in found.values():
        assert value == pytest.approx(expected, abs=0.05 if volts == 4.2 else 0.01)


def test_the_neutral_blend_depends_on_the_end_of_charge():
    """Strains at the end of charge, each at its own potential, give another blend than those at a shared one."""
    before, after = neutral_share(4.1), neutral_share(4.3)
    assert after > before + 0.2
    full = [0.078 / 4.78, 0.019 / 5.05]
    assert full[0] / sum(full) > before + 0.2


def test_the_thickness_is_that_of_the_curves(charged):
    """The level, not only the zero: volume of either oxide times its share, its contact and what pores leave."""
    for share in (0.4, 0.7):
        pv, _ = cell(share)
        connected = pv["Primary: " + P + "active fraction"] * (
            1 - pv["Primary: " + P + "absorbed strain share"]
        )
        total = sum(pv[f"{k}: {P}active material volume fraction"] for k in ("Primary", "Secondary"))
        density = 1 / ((1 - share) / 4.78 + share / 5.05)
        for volts in (4.05, 4.1, 4.3):
            change = density * ((1 - share) * volume("NCM811", volts) + share * volume("LCO", volts))
            expected = pv[P + "thickness [m]"] * total * connected * change
            found = rise(charged[share], volts, "Thickness change: positive electrode [m]")
            swing = pv[P + "thickness [m]"] * total * connected * density * abs(volume("NCM811", volts))
            assert found == pytest.approx(expected, abs=0.03 * swing)


# The potential shares the current --------------------------------------------------------------------


def test_the_potential_shares_the_current(charged):
    solution = charged[0.55]
    potentials = [
        solution[f"X-averaged positive electrode {k} bulk open-circuit potential [V]"].data for k in KINDS
    ]
    assert np.abs(potentials[0] - potentials[1])[solution[POTENTIAL].data > 3.7].max() < 0.02
    currents = np.array(
        [
            solution[f"X-averaged positive electrode {k} insertion current per volume [A.m-3]"].data
            for k in KINDS
        ]
    )
    share = currents[1] / currents.sum(axis=0)
    # NCM811 alone below the plateau of LCO, LCO on it.
    volts = solution[POTENTIAL].data
    assert share[(volts > 3.65) & (volts < 3.8)].max() < 0.1
    assert share[(volts > 3.90) & (volts < 3.92)].min() > 0.6
    assert 0.1 < np.interp(4.15, volts, share) < 0.5


KINDS = ("primary", "secondary")


@pytest.mark.parametrize("share", [0.4, 0.55, 0.7])
def test_charge_and_lithium_are_conserved(charged, share):
    solution, (pv, _) = charged[share], cell(share)
    total = solution["Total lithium [mol]"].data
    assert np.ptp(total) < 1e-7 * total[0]
    gone = solution["Lithium in positive electrode [mol]"].data[[0, -1]]
    isolated, released = (
        solution[f"Lithium {where} [mol]"].data[-1]
        for where in ("in isolated particles", "released by solid electrolyte")
    )
    passed = -solution["Discharge capacity [A.h]"].data[-1] * 3600 / FARADAY
    assert gone[0] - gone[1] - isolated + released == pytest.approx(passed, rel=1e-5)
    held = sum(
        pv[f"{k}: Maximum concentration in positive electrode [mol.m-3]"]
        * pv[f"{k}: {P}active material volume fraction"]
        * pv[f"{k}: {P}active fraction"]
        * np.ptp(solution[f"X-averaged positive electrode {k.lower()} stoichiometry"].data)
        for k in ("Primary", "Secondary")
    )
    assert held * pv[P + "thickness [m]"] * pv["Electrode area [m2]"] == pytest.approx(passed, rel=1e-2)


# Controls --------------------------------------------------------------------------------------------


def still(y):
    """A host that does not breathe."""
    return 0 * y


def shrinking(y):
    """LCO turned round."""
    return -law("LCO", "volume strain")(y)


def test_without_breathing_the_pressure_stays(charged):
    both = {f"{k}: {STRAIN}": still for k in ("Primary", "Secondary")}
    solution = charge(0.55, **both)
    for volts in ENDS:
        assert abs(rise(solution, volts)) < 0.02 * rise(charged[1], volts)


def test_no_blend_is_neutral_where_both_shrink(charged):
    reversed_end = rise(charge(1, **{STRAIN: shrinking}), 4.1)
    assert reversed_end == pytest.approx(-rise(charged[1], 4.1), rel=0.05)
    blended = rise(charge(0.55, **{f"Secondary: {STRAIN}": shrinking}), 4.1)
    # Twice what LCO no longer compensates.
    assert rise(charged[0], 4.1) < blended < -0.8 * abs(reversed_end)
    assert abs(blended) > 10 * abs(rise(charged[0.55], 4.1))


# Other models ----------------------------------------------------------------------------------------


def test_the_resolved_model_agrees(charged):
    resolved = charge(0.55, model=DFN, mesh=dict.fromkeys(MESH, 4))
    assert np.ptp(resolved["Total lithium [mol]"].data) < 1e-7 * resolved["Total lithium [mol]"].data[0]
    swing = abs(rise(charged[0], 4.1))
    for volts in (4.05, 4.1):
        assert rise(resolved, volts) == pytest.approx(rise(charged[0.55], volts), abs=0.03 * swing)


@pytest.mark.parametrize("model", [SPM, pytest.param(DFN, marks=pytest.mark.slow)])
def test_compiled_equals_idaklu(model):
    pv, options = cell(0.55)
    share = "Secondary: " + P + "absorbed strain share"
    names = ["Voltage [V]", "Stack pressure [MPa]", "X-averaged positive electrode secondary stoichiometry"]
    current = 0.2 * pv[Q]
    times = np.linspace(0, 4 * 3600, 49)[1:]
    protocol = Protocol.from_steps([(3 * 3600.0, -current), (3600.0, current)], times)
    arguments = (model(options), pv, [share], names)
    mesh = dict.fromkeys(MESH, 4 if model is SPM else 3)
    fast = compile_model(*arguments, var_pts=mesh)
    assert isinstance(fast, CompiledModel)
    result = fast.simulate(protocol, {share: 0.5}, tolerance_mV=0.01)
    expected = ReferenceModel(*arguments, var_pts=mesh).simulate(protocol, {share: 0.5})
    for name, tolerance in zip(names, (1e-4, 1e-3, 1e-4), strict=True):
        np.testing.assert_allclose(result[name].values, expected[name].values, rtol=0, atol=tolerance)
    assert np.ptp(expected[names[2]].values) > 0.1
