"""Each mechanism fades out continuously, through the submodels that carry it."""

from __future__ import annotations

import numpy as np
import pytest

from assb.models import DFN, NO_MECHANISMS, SPM
from tests.models.runs import solve, values, voltage

P = "Positive electrode "
SCALES = (1.0, 1e-2, 1e-6)
LIMIT = 1e-5  # V
DURATION = 1200.0


def divided(name):
    """A parameter that goes to infinity."""
    return lambda pv, s: {name: pv[name] / s}


def times(*names):
    """Parameters that go to zero."""
    return lambda pv, s: {name: pv[name] * s for name in names}


def both(*changes):
    return lambda pv, s: {name: value for change in changes for name, value in change(pv, s).items()}


MOBILE = "Solid electrolyte mobile lithium concentration [mol.m-3]"
KAPPA = "Solid electrolyte conductivity [S.m-1]"
SIGMA = P + "conductivity [S.m-1]"


def layer_fades(pv, s):
    """From a thick depleted layer; the resistance goes with the root of the concentration."""
    return {MOBILE: 1e-6 * pv[MOBILE] / s**2}


CONTACT_CLOSES = both(
    times(P + "contact closing pressure [GPa]", P + "contact damage rate"),
    # Fine electrolyte covers the particles; Bruggeman's conductivity does not notice.
    lambda pv, s: {"Solid electrolyte particle radius [m]": pv["Solid electrolyte particle radius [m]"] * s},
)
FILM_FADES = both(
    times(P + "interphase reaction velocity [m.s-1]", P + "interphase parabolic constant [m2.s-1]"),
    times(P + "interface resistance [Ohm.m2]"),
    divided(P + "interphase conductivity [S.m-1]"),
)
STIFFNESS_FADES = times("Fixture stiffness [MPa.um-1]")
EXPONENTS_FADE = both(
    times(P + "ionic conductivity pressure exponent", P + "electronic conductivity pressure exponent"),
    lambda pv, s: {KAPPA: 0.05 * pv[KAPPA], SIGMA: 0.01 * pv[SIGMA]},  # so that the networks matter
)

#: Name -> options that differ from NO_MECHANISMS, how the parameters go to their limit.
CASES = {
    "space charge by depletion": ({"space charge": "depletion"}, layer_fades),
    "space charge by Mott-Schottky": ({"space charge": "Mott-Schottky"}, layer_fades),
    "constant space charge": (
        {"space charge": "constant"},
        lambda pv, s: {P + "space-charge resistance [Ohm.m2]": 0.01 * s},
    ),
    "mixed interphase": ({"interphase": "mixed"}, FILM_FADES),
    "reaction-limited interphase": ({"interphase": "reaction-limited"}, FILM_FADES),
    "diffusion-limited interphase": ({"interphase": "diffusion-limited"}, FILM_FADES),
    "constant interphase": ({"interphase": "constant"}, times(P + "interface resistance [Ohm.m2]")),
    "contact by pressure": ({"contact": "pressure"}, CONTACT_CLOSES),
    "contact by pressure and damage": ({"contact": "pressure and damage"}, CONTACT_CLOSES),
    "constant contact": (
        {"contact": "constant"},
        lambda pv, s: {P + "largest contact fraction": 1 - 0.5 * s},
    ),
    "network pressure": ({"network pressure": "power law"}, EXPONENTS_FADE),
    "network pressure in a spring": (
        {"network pressure": "power law", "stack pressure": "spring"},
        EXPONENTS_FADE,
    ),
    "stripping": ({"stripping": "depletion"}, times("Negative electrode stripping resistance [Ohm.m2]")),
}
ALL = {option: setting for options, _ in CASES.values() for option, setting in options.items()} | {
    "space charge": "depletion",
    "interphase": "mixed",
    "contact": "pressure and damage",
}
CASES["everything"] = (
    ALL,
    both(layer_fades, FILM_FADES, CONTACT_CLOSES, STIFFNESS_FADES, EXPONENTS_FADE, CASES["stripping"][1]),
)


def differences(model, options, limit, scales=SCALES):
    """Largest voltage difference from the switched-off model for each scale."""
    base = values(
        rate=0.5, **{"Initial stoichiometry in positive electrode": 0.5, "Lower voltage cut-off [V]": 0.5}
    )
    found = []
    for scale in scales:
        changed = base.copy()
        changed.update(limit(base, scale))
        on = voltage(model({**NO_MECHANISMS, **options}), changed, DURATION)
        off = voltage(model(NO_MECHANISMS), changed, DURATION)
        found.append(np.abs(on - off).max())
    return np.array(found)


def check(found):
    assert found[0] > 1e-4, f"the mechanism does nothing: {found}"
    above = found[:-1] > LIMIT
    assert (np.diff(found)[above] < 0).all(), f"not monotone: {found}"
    assert found[-1] < LIMIT, f"no limit: {found}"


@pytest.mark.parametrize("name", CASES)
def test_spm_mechanism_fades_out(name):
    check(differences(SPM, *CASES[name]))


def test_dfn_mechanisms_fade_out():
    check(differences(DFN, *CASES["everything"]))


def pressures(model, setting, **changes):
    solution = solve(model({"stack pressure": setting}), values(rate=-0.5, **changes), DURATION)
    return solution["Stack pressure [MPa]"].data


@pytest.mark.parametrize("model", [SPM, DFN])
def test_pressure_swing_follows_the_fixture_stiffness_to_zero(model):
    name = "Fixture stiffness [MPa.um-1]"
    swings = [np.ptp(pressures(model, "spring", **{name: k})) for k in (1e-1, 1e-3)]
    np.testing.assert_allclose(swings[1] / swings[0], 1e-2, rtol=0.02)
    assert swings[0] > 1e-2
    soft = pressures(model, "spring", **{name: 0.0})
    fixed = pressures(model, "constant pressure")
    np.testing.assert_allclose(soft, 50.0, rtol=1e-14)
    np.testing.assert_allclose(fixed, 50.0, rtol=1e-14)


def test_a_stiff_spring_is_a_constant_volume():
    stiff = pressures(SPM, "spring", **{"Fixture stiffness [MPa.um-1]": 1e5})
    rigid = pressures(SPM, "constant volume")
    assert np.ptp(rigid) > 1.0
    np.testing.assert_allclose(stiff, rigid, rtol=1e-3)


@pytest.mark.parametrize("law", ["depletion", "Mott-Schottky"])
def test_a_full_coating_stops_growth_and_space_charge(law):
    coated = values(rate=-0.5, **{P + "coated fraction": 1.0})
    solution = solve(DFN({"space charge": law, "interphase": "mixed"}), coated, DURATION)
    thickness = solution["X-averaged positive electrode interphase thickness [m]"].data
    np.testing.assert_allclose(thickness, thickness[0], rtol=1e-12)
    assert np.abs(solution["Space-charge overpotential [V]"].data).max() < 1e-6


@pytest.mark.parametrize("model", [SPM, DFN])
def test_a_fixture_may_come_loose(model):
    """A zero-strain counter electrode at little pressure: the cathode shrinks away from the fixture."""
    pv = values(
        "Oh2026_LTO", rate=-0.1, **{"Stack pressure [MPa]": 0.02, "Fixture stiffness [MPa.um-1]": 5.0}
    )
    solution = solve(model({"negative": "composite"}), pv, 4 * 3600, points=9, tolerances={})
    assert solution["Stack pressure [MPa]"].data[-1] < -0.1
    assert np.isfinite(solution["Voltage [V]"].data).all()


def test_relaxing_mode_fades_out_with_good_conductors():
    """With conductivities ten times lower the mode matters; it goes with their square."""
    found = []
    for scale in SCALES:
        pv = values(rate=0.5, **{"Initial stoichiometry in positive electrode": 0.5})
        pv.update({KAPPA: 0.1 * pv[KAPPA] / scale, SIGMA: 0.1 * pv[SIGMA] / scale})
        options = {**NO_MECHANISMS, "reaction distribution": "relaxing mode"}
        off = voltage(SPM(NO_MECHANISMS), pv, DURATION)
        found.append(np.abs(voltage(SPM(options), pv, DURATION) - off).max())
    check(np.array(found))


@pytest.mark.parametrize("model", [SPM, DFN])
def test_double_layers_fade_out(model):
    found = []
    for capacity in (10.0, 1e-1, 1e-4):
        pv = values(rate=0.5, **{"Initial stoichiometry in positive electrode": 0.5})
        pv.update(
            {f"{d} electrode double-layer capacity [F.m-2]": capacity for d in ("Negative", "Positive")}
        )
        on = voltage(model({"surface form": "differential"}), pv, DURATION)
        found.append(np.abs(on - voltage(model(), pv, DURATION))[1:].max())
    check(np.array(found))
