"""Particles that touch no electrolyte: the same contact area, less capacity."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from assb import parameters
from assb.models import DFN, SPM, closures
from assb.models.compiled import Protocol, ReferenceModel, compile_model
from assb.models.specimens.base import initial_values
from assb.parameters import Blend, Grading
from tests.models.runs import COARSE, P, Q, slow, solve, spm_first, values

ON = {"contact packing": "touched particles"}
R_SE, LARGEST, ACTIVE = (
    "Solid electrolyte particle radius [m]",
    P + "largest contact fraction",
    P + "active fraction",
)
#: A mechanism that moves contacts, strain and stack, and coarse electrolyte.
MOVING = {"cracking": "intergranular"}
LUMPS = 6e-6
#: Nothing that costs charge but packing.
SLOW = {
    "contact": "pressure",
    "interphase": "constant",
    "space charge": "none",
    "stack pressure": "constant pressure",
}


def share(pv, prefix="", total=None):
    """Share of the particles that touch electrolyte."""
    active = pv[f"{prefix}{P}active material volume fraction"] if total is None else total
    ratio = pv[f"{prefix}Positive particle radius [m]"] / pv[R_SE]
    return closures.utilised_area_fraction(ratio, pv[P + "solid electrolyte volume fraction"], active)


def twin(pv, prefixes=("",)):
    """Cell whose coverage is complete and whose active fraction is that of the touched particles."""
    result = pv.copy()
    total = sum(pv[f"{k}{P}active material volume fraction"] for k in prefixes)
    for k in prefixes:
        u = share(pv, k, total)
        assert u < 0.8  # else the option has hardly anything to do
        result.update({k + ACTIVE: pv[k + ACTIVE] * u, k + LARGEST: pv[k + LARGEST] / u})
    return result


@spm_first
def test_it_is_an_active_fraction_and_a_coverage(model_class):
    pv = values(rate=-0.5, **{R_SE: LUMPS, LARGEST: 0.5})
    found = solve(model_class({**MOVING, **ON}), pv, 1800, points=5)
    expected = solve(model_class(MOVING), twin(pv), 1800, points=5)
    for name in ("Voltage [V]", "Stack pressure [MPa]", "Total lithium [mol]", "Capacity [A.h]"):
        np.testing.assert_allclose(found[name].data, expected[name].data, rtol=1e-7)
    thinner = solve(model_class(MOVING), pv, 1800, points=5)
    assert np.abs(found["Voltage [V]"].data - thinner["Voltage [V]"].data).max() > 5e-3
    assert np.ptp(found["Total lithium [mol]"].data) < 1e-8 * found["Total lithium [mol]"].data[0]


@slow
def test_two_populations_have_a_share_each():
    pv = parameters.build(Blend(("NCM811", "NCM811"), (70, 30), (5e-6, 2e-6)))
    pv.update({R_SE: 2.5 * LUMPS, "Current function [A]": -0.3 * pv[Q]})
    pv.update({f"{k}: {LARGEST}": 0.2 for k in ("Primary", "Secondary")})
    two = {"positive populations": "two"}
    found = solve(SPM({**two, **ON}), pv, 600, points=3, coarse=False)
    expected = solve(SPM(two), twin(pv, ("Primary: ", "Secondary: ")), 600, points=3, coarse=False)
    np.testing.assert_allclose(found["Voltage [V]"].data, expected["Voltage [V]"].data, rtol=1e-8)


def at_first(options, radius):
    """Contact area per volume [m-1] and connected share of the volume of an electrode as assembled."""
    names = ("contact area to volume ratio [m-1]", "connected volume fraction")
    found = initial_values(
        SPM(options), values(**{R_SE: radius}), tuple(f"X-averaged positive electrode {k}" for k in names)
    )
    return list(found.values())


def test_the_contact_area_is_that_of_coverage():
    (thin, whole), (touched, part) = at_first({}, LUMPS), at_first(ON, LUMPS)
    assert touched == pytest.approx(thin, rel=1e-9)
    assert part == pytest.approx(whole * share(values(**{R_SE: LUMPS})), rel=1e-9)


def test_fine_electrolyte_touches_every_particle():
    assert at_first(ON, 1e-8) == pytest.approx(at_first({}, 1e-8), rel=1e-9)


def charged(options, **changes):
    """Charge at C/100 from full to 3.7 V over the nominal capacity."""
    pv = values(**{"Initial stoichiometry in positive electrode": 0.95, **changes})
    steps = [pybamm.step.c_rate(-0.01, termination="3.1 V")]
    simulation = pybamm.Simulation(
        SPM({**SLOW, **options}), parameter_values=pv, experiment=pybamm.Experiment([tuple(steps)])
    )
    solution = simulation.solve(calc_esoh=False)
    return -solution["Discharge capacity [A.h]"].data[-1] / pv[Q]


def test_the_slowest_charge_loses_what_touches_nothing():
    coarse = {R_SE: LUMPS}
    u = share(values(**coarse))
    assert charged(ON, **coarse) / charged(ON, **{R_SE: 1e-8}) == pytest.approx(u, abs=0.01)
    assert charged({}, **coarse) / charged({}, **{R_SE: 1e-8}) > u + 0.05  # control


@pytest.mark.parametrize("contact", ["constant", "full"])
def test_nothing_to_choose_where_contact_is_given(contact):
    assert SPM({**ON, "contact": contact}, build=False).options["contact packing"] == "coverage"


def test_it_follows_the_depth():
    course = Grading(
        {"active material": 60, "solid electrolyte": 38, "carbon": 2},
        {"active material": 85, "solid electrolyte": 13, "carbon": 2},
    )
    pv = parameters.build(composition=course, positive_thickness=60e-6, overrides={R_SE: LUMPS})
    pv["Current function [A]"] = -0.01 * pv[Q]
    solution = solve(
        DFN({"composition": "graded", **ON}), pv, 60, points=3, tolerances={"rtol": 1e-6, "atol": 1e-8}
    )
    depth = (np.arange(8) + 0.5) / 8
    active, electrolyte = (
        pv[f"{P}{k} volume fraction"](depth) for k in ("active material", "solid electrolyte")
    )
    u = closures.utilised_area_fraction(2.5e-6 / LUMPS, electrolyte, active)
    connected = solution[P + "connected volume fraction"].entries[:, 0]
    np.testing.assert_allclose(connected, active * pv[ACTIVE] * u, rtol=1e-6)
    assert connected[-1] < connected[0]  # though there is more active material


@slow
def test_compiled_follows_it_with_the_size_of_electrolyte_free():
    pv = values(**{R_SE: 1e-6})
    protocol = Protocol.from_steps([(1200.0, -0.4 * pv[Q])], np.linspace(60, 1200, 5))
    arguments = (SPM(ON), pv, [R_SE], ["Voltage [V]"])
    fast, reference = (build(*arguments, var_pts=COARSE) for build in (compile_model, ReferenceModel))
    for radius in (1e-6, LUMPS):
        found = fast.simulate(protocol, {R_SE: radius}, tolerance_mV=0.01)["Voltage [V]"]
        expected = reference.simulate(protocol, {R_SE: radius})["Voltage [V]"]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4)
