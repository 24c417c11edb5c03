"""Diffusion that converges on contact patches: closed forms in time and frequency, limits, both back ends."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from assb import parameters
from assb.models import DFN, SPM, closures, impedance
from assb.models import compile as compile_model
from assb.models.closures.smooth import FARADAY
from assb.models.compiled import CompiledModel, Protocol, ReferenceModel
from assb.parameters import Blend
from tests.models.runs import COARSE, P, Q, slow, solve, values, voltage

ON = {"diffusion constriction": "patches"}
#: A constant contact fraction and nothing else that moves.
PLAIN = {
    "contact": "constant",
    "interphase": "constant",
    "space charge": "none",
    "stack pressure": "constant pressure",
}
PATCH, THETA = P + "contact patch radius [m]", P + "largest contact fraction"
DROP = "X-averaged positive electrode contact stoichiometry drop"
Z = "Area-specific impedance [Ohm.cm2]"
D = 2e-15


def at(theta=0.3, patch=3e-7, rate=None, diffusivity=D, **changes):
    """Cell with constant contact and diffusivity."""
    knots = {
        f"Positive particle diffusivity at stoichiometry {y} [m2.s-1]": diffusivity for y in (0.4, 0.65, 0.9)
    }
    return values(
        rate=rate, **{THETA: theta, PATCH: patch, "Reference temperature [K]": 303.15}, **knots, **changes
    )


def area(pv, theta):
    """Contact area per electrode area."""
    connected = pv[P + "active material volume fraction"] * pv[P + "active fraction"]
    return 3 * connected / pv["Positive particle radius [m]"] * theta * pv[P + "thickness [m]"]


def per_current(pv, theta):
    """Steady drop of stoichiometry per current density of contact [m2.A-1]."""
    c_max = pv["Maximum concentration in positive electrode [mol.m-3]"]
    return np.pi * pv[PATCH] / (4 * D) * (1 - np.sqrt(theta)) ** 1.5 / (FARADAY * c_max)


def slope(pv, y):
    """dU/dy [V]."""
    law = pv[P + "OCP [V]"]
    ends = (pv.process_symbol(law(pybamm.Scalar(y + s))).evaluate() for s in (1e-4, -1e-4))
    up, down = (float(np.squeeze(end)) for end in ends)
    return (up - down) / 2e-4


def test_laws_in_their_limits():
    theta = np.array([1.0, 0.6, 0.2, 1e-6])
    length = closures.diffusion_constriction_length(4e-7, theta)
    assert length[0] == 0
    assert (np.diff(length) > 0).all()
    assert length[-1] == pytest.approx(np.pi * 1e-7, rel=2e-3)
    ratio = closures.apparent_diffusivity_ratio(theta)
    assert ratio[0] == 1
    assert (np.diff(ratio) < 0).all()
    # Spots far apart: only the area in contact counts, D A^2 but for the rounding of the arc.
    assert ratio[-1] == pytest.approx(8 / np.pi**2 * theta[-1] ** 2, rel=5e-3)
    y = np.linspace(-2, 3, 501)
    clipped = closures.soft_clip_stoichiometry(y)
    assert ((clipped > 0.99e-4) & (clipped < 1 - 0.99e-4)).all()
    inside = (y > 0.03) & (y < 0.97)
    np.testing.assert_allclose(clipped[inside], y[inside], rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", [SPM, DFN])
def test_drop_relaxes_to_its_steady_value(kind):
    """Linear in the current and of one time, so that its mean over the depth is exact in the DFN too."""
    theta = 0.3
    pv = at(theta, rate=-0.3)
    tau = pv[PATCH] ** 2 / D
    solution = solve(kind({**PLAIN, **ON}), pv, 6 * tau, points=13)
    j = -pv["Current function [A]"] / pv["Electrode area [m2]"] / area(pv, theta)
    expected = per_current(pv, theta) * j * (1 - np.exp(-solution["Time [s]"].data / tau))
    np.testing.assert_allclose(solution[DROP].data, expected, rtol=0, atol=1e-6 * expected[-1])
    assert expected[-1] > 5e-3
    mean = "X-averaged positive electrode "
    seen = solution[mean + "surface stoichiometry"].data - solution[DROP].data
    np.testing.assert_allclose(solution[mean + "contact stoichiometry"].data, seen, rtol=0, atol=1e-9)
    total = sum(solution[name].data for name in kind.overpotentials)
    missing = solution["Voltage [V]"].data - solution["Open-circuit voltage [V]"].data - total
    assert np.abs(missing).max() < 1e-8


@pytest.mark.parametrize("kind", [SPM, DFN])
def test_small_patches_and_full_contact_change_nothing(kind):
    options = PLAIN | {"contact": "constant"}
    off = voltage(kind(options), at(rate=-0.3), 900.0)
    changes = [
        np.abs(voltage(kind({**options, **ON}), at(rate=-0.3, patch=a), 900.0) - off).max()
        for a in (3e-7, 3e-9, 3e-11)
    ]
    assert changes[0] > 3e-3
    assert changes[1] == pytest.approx(changes[0] / 100, rel=0.3)
    assert changes[2] < 1e-5
    full = voltage(kind(options), at(1.0, rate=-0.3), 900.0)
    np.testing.assert_allclose(
        voltage(kind({**options, **ON}), at(1.0, rate=-0.3), 900.0), full, rtol=0, atol=1e-7
    )


def test_full_contact_has_nothing_to_constrict():
    assert SPM({**ON, "contact": "full"}).options["diffusion constriction"] == "none"


def spectrum(kind, pv, frequencies, options, mesh=COARSE):
    fast = {
        P + "double-layer capacity [F.m-2]": 1e-5,
        P + "conductivity [S.m-1]": 1e4,
        "Solid electrolyte conductivity [S.m-1]": 1e4,
    }
    pv.update(fast)
    model = kind({**PLAIN, "surface form": "differential", **options})
    return impedance(model, pv, frequencies, var_pts=mesh)[Z].values * 1e-4, model


@pytest.mark.parametrize("kind", [SPM, DFN])
def test_arc_of_the_patches(kind):
    """``|U'| W/(1 + i omega tau)`` per contact area, beside everything else."""
    theta, y = 0.25, 0.7
    pv = at(theta, **{"Initial stoichiometry in positive electrode": y})
    tau = pv[PATCH] ** 2 / D
    omega = np.geomspace(0.03, 30, 9) / tau
    without, _ = spectrum(kind, pv, omega / (2 * np.pi), {})
    with_patches, _ = spectrum(kind, pv, omega / (2 * np.pi), ON)
    resistance = -slope(pv, y) * per_current(pv, theta) / area(pv, theta)
    expected = resistance / (1 + 1j * omega * tau)
    assert np.abs(with_patches - without - expected).max() < 2e-3 * resistance
    assert resistance > 1e-4


@pytest.mark.parametrize("theta", [0.15, 0.5])
def test_apparent_diffusivity_is_what_the_warburg_coefficient_says(theta):
    """Slope of Re Z against the inverse root of omega, around omega tau = 1, read as if in full contact."""
    y, patch = 0.7, 2e-7
    # The sphere is flat for the depth of diffusion, a_p, up to 3 (a_p/R)^2 of the slope.
    large = {"Positive particle radius [m]": 25 * patch}
    pv = at(theta, patch, **large, **{"Initial stoichiometry in positive electrode": y})
    root = np.array([0.99, 1.01]) * patch / np.sqrt(D)
    slopes = []
    for options in (ON, {}):
        z, model = spectrum(SPM, pv, 1 / root**2 / (2 * np.pi), options, {"r_p": 400})
        slopes.append(float(np.diff(z.real)[0] / np.diff(root)[0]))
        found = float(
            np.squeeze(pv.process_symbol(model.variables["Positive apparent diffusivity ratio"]).evaluate())
        )
        # A coefficient is SLOPE/sqrt(2 D) over the full surface: the apparent diffusivity goes with 1/slope^2.
        c_max = pv["Maximum concentration in positive electrode [mol.m-3]"]
        read = 0.5 * (slope(pv, y) / (FARADAY * c_max * area(pv, 1.0) * slopes[-1])) ** 2
        assert read / D == pytest.approx(found, rel=0.03)
    assert slopes[0] / slopes[1] == pytest.approx(
        closures.apparent_diffusivity_ratio(theta) ** -0.5, rel=0.01
    )


@pytest.mark.parametrize("kind", [SPM, DFN])
def test_without_patches_lost_contact_is_interface_resistance_alone(kind):
    frequencies = np.geomspace(1e-4, 1e-1, 5)
    found = {}
    for theta in (1.0, 0.2):
        pv = at(theta, **{"Initial stoichiometry in positive electrode": 0.7})
        z, model = spectrum(kind, pv, frequencies, {})
        pv["Current function [A]"] = 0.0
        solution = solve(model, pv, 1.0, points=2, tolerances={})
        found[theta] = z, solution["Positive interface resistance [Ohm.m2]"].data[-1]
        assert model.variables["Positive apparent diffusivity ratio"] == pybamm.Scalar(1)
    rise = found[0.2][0] - found[1.0][0]
    expected = found[0.2][1] - found[1.0][1]
    assert found[0.2][1] == pytest.approx(5 * found[1.0][1], rel=1e-6)
    assert np.abs(rise - expected).max() < 1e-3 * expected


@pytest.mark.parametrize("kind", [SPM, DFN])
def test_nearly_full_cell_starts_and_ends_when_the_contacts_are_full(kind):
    changes = {"Initial stoichiometry in positive electrode": 0.95, "Lower voltage cut-off [V]": 0.0}
    pv = at(0.2, patch=1e-6, rate=0.5, **changes)
    steady = per_current(pv, 0.2) * 0.5 * pv[Q] / pv["Electrode area [m2]"] / area(pv, 0.2)
    assert steady > 1 - 0.95  # a static law had no solution at the start
    solution = solve(kind({**PLAIN, **ON, "stripping": "none"}), pv, 7200.0, tolerances={})
    assert "contact is full" in solution.termination
    assert solution["Time [s]"].data[-1] > 5
    assert 0 < solution["X-averaged positive electrode contact stoichiometry"].data[-1] < 1
    assert solution["X-averaged positive electrode surface stoichiometry"].data[-1] < 0.999


def test_modes_of_the_reaction_carry_the_patches():
    """As close to the DFN with patches as without."""
    errors = []
    for options in ({}, ON):
        pv = at(0.3, rate=-0.5, **{P + "thickness [m]": 1e-4})
        exact = voltage(DFN({**PLAIN, **options}), pv, 1200.0, tolerances={"rtol": 1e-7, "atol": 1e-8})
        modal = SPM({**PLAIN, **options, "reaction distribution": "nonlinear modes"})
        errors.append(np.abs(voltage(modal, pv, 1200.0) - exact)[5:].max())
        uniform = SPM({**PLAIN, **options, "reaction distribution": "uniform"})
        assert np.abs(voltage(uniform, pv, 1200.0) - exact)[5:].max() > errors[-1]
    assert errors[1] < errors[0] + 2e-3


@pytest.mark.parametrize("kind", [pytest.param(SPM, marks=slow), DFN])
def test_two_identical_populations_are_one(kind):
    alone = parameters.build(particle_radius=2.5e-6)
    pair = parameters.build(Blend(("NCM811", "NCM811"), (60, 40), (2.5e-6, 2.5e-6)))
    for pv in (alone, pair):
        pv["Current function [A]"] = -0.5 * pv[Q]
    expected = voltage(kind(ON), alone, 1200)
    sim = pybamm.Simulation(
        kind({**ON, "positive populations": "two"}),
        parameter_values=pair,
        solver=pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-10),
        var_pts={**COARSE, "r_p_prim": 8, "r_p_sec": 8},
    )
    found = sim.solve([0, 1200], t_interp=np.linspace(0, 1200, 41))
    np.testing.assert_allclose(found["Voltage [V]"].data, expected, rtol=0, atol=1e-6)
    assert np.abs(expected - voltage(kind(), alone, 1200)).max() > 1e-3
    both = [found[f"Positive {k} apparent diffusivity ratio"].data for k in ("primary", "secondary")]
    np.testing.assert_allclose(both[0], both[1], rtol=1e-6)
    assert (both[0] < 0.5).all()


def test_compiled_equals_idaklu():
    pv = values(**{PATCH: 3e-7})
    protocol = Protocol.from_steps([(1200.0, -0.4 * pv[Q])], np.linspace(60, 1200, 20))
    names = [
        "Voltage [V]",
        DROP,
        "Positive interface resistance [Ohm.m2]",
        "Positive apparent diffusivity ratio",
    ]
    fast = compile_model(SPM(ON), pv, [PATCH], names, var_pts=COARSE)
    assert isinstance(fast, CompiledModel)
    result = fast.simulate(protocol, {PATCH: 5e-7}, tolerance_mV=0.01)
    expected = ReferenceModel(SPM(ON), pv, [PATCH], names, var_pts=COARSE).simulate(protocol, {PATCH: 5e-7})
    np.testing.assert_allclose(result["Voltage [V]"], expected["Voltage [V]"], rtol=0, atol=1e-4)
    for name in names[1:]:
        np.testing.assert_allclose(result[name], expected[name], rtol=1e-3)


def test_cracks_slow_the_constriction_too(model_class):
    """Always open cracks in a state of 1 - 1/e equal a diffusivity lower by 1/e, patches included."""
    frozen = {
        P + "cracking rate": 0.0,
        P + "pressing crack factor": 1 / (4 + np.log1p(np.exp(-4))),
        P + "fabrication pressure [MPa]": 500.0,
        P + "crack closed share": 1.0,
    }
    cracked = voltage(
        model_class({**PLAIN, **ON, "cracking": "intergranular"}), at(rate=-0.2, **frozen), 900.0
    )
    slow = voltage(model_class({**PLAIN, **ON}), at(rate=-0.2, diffusivity=D / np.e), 900.0)
    np.testing.assert_allclose(cracked, slow, rtol=0, atol=1e-7)
    assert np.abs(slow - voltage(model_class({**PLAIN, **ON}), at(rate=-0.2), 900.0)).max() > 3e-3
