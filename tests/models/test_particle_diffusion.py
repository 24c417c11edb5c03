"""Reduced diffusion in the particles: limits of the sphere, agreement with the radial mesh."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest
from scipy.linalg import expm
from scipy.special import roots_jacobi

from assb import parameters
from assb.models import DFN, SPM, ImpedanceModel, closures
from assb.models import compile as compile_model
from assb.models.compiled import CompiledModel, Protocol
from assb.models.submodels.spectral_particle import MODES
from assb.parameters import Blend
from assb.validation.verification.cell import Constant
from tests.models.runs import COARSE, LTO, TIGHT, P, Q, slow, solve, spm_first, values

REDUCED = ("spectral", "polynomial")
INITIAL = "Initial stoichiometry in positive electrode"
#: Everything that follows the particles: two electrodes, breathing, cracks, double layers.
COUPLED = {
    "negative": "composite",
    "cracking": "intergranular",
    "contact": "pressure and damage",
    "network damage": "strain and pressure",
    "surface form": "differential",
}


def reduced(diffusion, **options):
    return {"particle diffusion": diffusion, **options}


# The sphere, in units of the radius and of R**2/D ---------------------------------------------------------


def exact(s):
    """Mean minus surface for a flux of one at Laplace frequency s."""
    p = np.sqrt(s + 0j)
    return 1 / (p / np.tanh(p) - 1) - 3 / s


def system(diffusion):
    """Matrix, input, output and feed-through of mean minus surface, for a flux of one."""
    if diffusion == "polynomial":
        decay = closures.quartic_gradient_rate(1.0, 1.0, 0.0)
        drive = closures.quartic_gradient_rate(0.0, 1.0, 1.0)
        gain = -closures.quartic_surface(0.0, 1.0, 0.0)
        return np.array([[decay]]), np.array([drive]), np.array([gain]), -closures.quartic_surface(0, 0, -1.0)
    count, ones = MODES.count, [1.0] * len(MODES.nodes)
    matrix = np.array([MODES.rates(list(row), ones, 0.0) for row in np.eye(count)]).T
    return matrix, np.array(MODES.rates([0.0] * count, ones, 1.0)), -np.ones(count), 0.0


def transfer(diffusion, s):
    matrix, drive, gain, direct = system(diffusion)
    return gain @ np.linalg.solve(s * np.eye(len(matrix)) - matrix, drive) + direct


def step(diffusion, time):
    """Response to a flux of one since time zero."""
    matrix, drive, gain, direct = system(diffusion)
    return gain @ np.linalg.solve(matrix, (expm(matrix * time) - np.eye(len(matrix))) @ drive) + direct


@pytest.mark.parametrize("diffusion", REDUCED)
def test_steady_surface_is_a_fifth_below_the_mean(diffusion):
    assert transfer(diffusion, 0.0) == pytest.approx(0.2, rel=1e-12)
    assert step(diffusion, 3.0) == pytest.approx(0.2, rel=1e-9)


@pytest.mark.parametrize(
    ("diffusion", "frequency", "limit"),
    [
        ("polynomial", 3.0, 5e-3),
        ("polynomial", 30.0, 0.2),
        ("spectral", 30.0, 1e-8),
        ("spectral", 300.0, 2e-3),
        ("spectral", 1e3, 0.02),
    ],
)
def test_sphere_at_a_frequency(diffusion, frequency, limit):
    s = 1j * frequency
    assert abs(transfer(diffusion, s) / exact(s) - 1) < limit


def test_polynomials_match_the_moments_of_the_sphere():
    """Pade: one more mode gains two orders in s, here two more decades each at least."""
    errors = []
    for count in (1, 2, 3):
        modes = closures.sphere_modes_for(count, count)
        ones = [1.0] * count
        matrix = np.array([modes.rates(list(row), ones, 0.0) for row in np.eye(count)]).T
        drive = np.array(modes.rates([0.0] * count, ones, 1.0))
        found = -np.linalg.solve(2.0 * np.eye(count) - matrix, drive).sum()
        errors.append(abs(found - exact(2.0).real))
    assert errors[1] < 1e-2 * errors[0]
    assert errors[2] < 1e-2 * errors[1]


def test_short_times():
    """Sand with curvature from D t/R**2 = 0.002 on; the quartic surface jumps by 1/35 at once."""
    for time in (2e-3, 5e-3, 1e-2):
        sand = 2 * np.sqrt(time / np.pi) + time + 4 / 3 * np.sqrt(time**3 / np.pi) - 3 * time
        assert step("spectral", time) == pytest.approx(sand, rel=0.03)
    assert step("spectral", 0.0) == pytest.approx(0.0, abs=1e-15)
    assert step("polynomial", 0.0) == pytest.approx(1 / 35, rel=1e-12)


def test_profiles_have_their_mean_and_surface():
    x, weights = roots_jacobi(12, 0.0, 0.5)
    x, weights = 0.5 * (1 + x), weights / weights.sum()
    amplitudes = [0.05, -0.02, 0.01, 0.004, -0.003, 0.001]
    quartic = (0.6, 0.03, 0.66)
    for profile, mean, surface in (
        (lambda at: MODES.profile(at, 0.6, amplitudes), 0.6, 0.6 + sum(amplitudes)),
        (lambda at: closures.quartic_profile(at, *quartic), quartic[0], quartic[2]),
    ):
        assert weights @ profile(x) == pytest.approx(mean, rel=1e-13)
        assert profile(1.0) == pytest.approx(surface, rel=1e-13)
    rho, step_ = np.sqrt(x), 1e-6
    gradient = closures.quartic_profile((rho + step_) ** 2, *quartic)
    gradient = (gradient - closures.quartic_profile((rho - step_) ** 2, *quartic)) / (2 * step_)
    assert weights @ gradient == pytest.approx(quartic[1], abs=1e-4)
    np.testing.assert_allclose(MODES.at_nodes(0.6, amplitudes), MODES.profile(MODES.nodes, 0.6, amplitudes))


@pytest.mark.parametrize(("count", "nodes", "name"), [(0, 3, "count"), (4, 3, "nodes")])
def test_modes_ask_for_modes_and_nodes(count, nodes, name):
    with pytest.raises(ValueError, match=f"{name} = "):
        closures.sphere_modes_for(count, nodes)


# The models -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("diffusion", REDUCED)
def test_steady_limit_in_the_models(diffusion, model_class):
    """Surface minus mean is -theta j R/(5 F c_max D) with a constant diffusivity."""
    pv = values(rate=-0.1, **{INITIAL: 0.8, "Positive particle diffusivity [m2.s-1]": Constant(2e-14)})
    solution = solve(model_class(reduced(diffusion)), pv, 3600.0)
    fields = (
        "surface stoichiometry",
        "stoichiometry",
        "insertion current density [A.m-2]",
        "contact fraction",
    )
    surface, mean, j, contact = (
        np.atleast_2d(solution[P + name].entries)[..., -1].ravel() for name in fields
    )
    radius, c_max = (
        pv[n]
        for n in ("Positive particle radius [m]", "Maximum concentration in positive electrode [mol.m-3]")
    )
    expected = -contact * j * radius / (5 * 96485.33212 * c_max * 2e-14)
    np.testing.assert_allclose(surface - mean, expected, rtol=2e-3)


def at_mesh(model, pv, hours, points):
    mesh = {**COARSE, "r_p": points, "r_n": points}
    sim = pybamm.Simulation(model, parameter_values=pv, var_pts=mesh, solver=pybamm.IDAKLUSolver(**TIGHT))
    duration = 3600 * hours
    return sim.solve([0, duration], t_interp=np.linspace(0, duration, 121))["Voltage [V]"].data


#: C-rate (charge is negative), hours, initial stoichiometry -> limits of the modes and of the quartic [mV].
RATES = [
    (-0.05, 15.0, None, 0.01, 1.2),
    pytest.param(-0.5, 1.2, None, 0.1, 10.0, marks=slow),
    pytest.param(-1.0, 0.4, None, 1.2, 20.0, marks=slow),
    pytest.param(0.5, 0.6, 0.45, 0.05, 6.0, marks=slow),
    (1.0, 0.3, 0.45, 0.1, 12.0),
]


@pytest.mark.parametrize(("rate", "hours", "start", "modes", "quartic"), RATES)
def test_agrees_with_a_fine_radial_mesh(rate, hours, start, modes, quartic):
    pv = values(rate=rate, **({} if start is None else {INITIAL: start}))
    expected = at_mesh(SPM(), pv, hours, 160)
    error = {
        diffusion: 1e3 * np.abs(at_mesh(SPM(reduced(diffusion)), pv, hours, 5) - expected).max()
        for diffusion in REDUCED
    }
    assert error["spectral"] < modes
    assert error["polynomial"] < quartic
    assert error["polynomial"] > 5 * error["spectral"]
    # More accurate than the default mesh, with a third of the states.
    assert error["spectral"] < 0.5e3 * np.abs(at_mesh(SPM(), pv, hours, 20) - expected).max()


@slow
@pytest.mark.parametrize("cell", [{}, LTO])
def test_resolved_model_agrees_with_a_fine_radial_mesh(cell):
    pv = values("Oh2026_LTO" if cell else "NCM811_LPSCl_InLi", rate=-0.5)
    expected = at_mesh(DFN(cell), pv, 0.6, 80)
    error = np.abs(at_mesh(DFN(reduced("spectral", **cell)), pv, 0.6, 5) - expected).max()
    # The LTO cell starts where its potential is steep: 18 mV on the default mesh.
    assert error < (6e-3 if cell else 3e-4)
    assert error < 0.5 * np.abs(at_mesh(DFN(cell), pv, 0.6, 20) - expected).max()


@pytest.mark.parametrize("diffusion", REDUCED)
def test_lithium_is_conserved_with_everything_coupled(diffusion, model_class):
    pv = values("Oh2026_LTO", rate=-0.3, **{P + "cracking rate": 50.0, P + "contact damage rate": 50.0})
    solution = solve(
        model_class(reduced(diffusion, **COUPLED)), pv, 3600.0, tolerances={"rtol": 1e-8, "atol": 1e-9}
    )
    total = solution["Total lithium [mol]"].data
    assert np.ptp(total) < 1e-8 * total[0]
    assert solution["X-averaged positive electrode cracked fraction"].data[-1] > 0.01
    profile = solution["Positive particle stoichiometry"].entries
    assert profile.min() > 0
    assert np.ptp(profile[..., -1]) > 1e-3


@pytest.mark.parametrize("diffusion", REDUCED)
def test_each_of_two_populations(diffusion, model_class):
    """Two equal populations are one."""
    pv = parameters.build(Blend(("NCM811", "NCM811"), (60, 40), (3e-6, 3e-6)))
    one = parameters.build("NCM811", particle_radius=3e-6)
    for each in (pv, one):
        each["Current function [A]"] = -0.3 * each[Q]
    two = pybamm.Simulation(
        model_class(reduced(diffusion, **{"positive populations": "two"})),
        parameter_values=pv,
        var_pts={**COARSE, "r_p_prim": 4, "r_p_sec": 4},
        solver=pybamm.IDAKLUSolver(**TIGHT),
    ).solve([0, 1800])
    small, large = (
        two[f"Positive electrode {k} surface stoichiometry"].entries for k in ("primary", "secondary")
    )
    np.testing.assert_allclose(small, large, rtol=0, atol=1e-8)
    single = solve(model_class(reduced(diffusion)), one, 1800.0)
    np.testing.assert_allclose(two["Voltage [V]"].data[-1], single["Voltage [V]"].data[-1], rtol=0, atol=2e-4)


@spm_first
@pytest.mark.parametrize("diffusion", REDUCED)
def test_compiled_equals_idaklu(diffusion, model_class):
    options = reduced(diffusion, cracking="intergranular")
    pv = values(**{P + "cracking rate": 100.0})
    fast = compile_model(model_class(options), pv, [], ["Voltage [V]"], var_pts=COARSE)
    assert isinstance(fast, CompiledModel)
    protocol = Protocol.from_steps([(2400.0, -0.4 * pv[Q])], np.linspace(60, 2400, 40))
    result = fast.simulate(protocol, {}, tolerance_mV=0.02)
    pv["Current function [A]"] = -0.4 * pv[Q]
    expected = solve(model_class(options), pv, 2400.0)["Voltage [V]"](np.linspace(60, 2400, 40))
    np.testing.assert_allclose(result["Voltage [V]"], expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize(("diffusion", "limit"), [("spectral", 6e-3), ("polynomial", 0.05)])
def test_impedance(diffusion, limit):
    """The modes are three times closer than the default mesh, which errs by 1.5 %."""
    frequencies = np.geomspace(1e-4, 1e3, 15)
    pv = values(**{INITIAL: 0.6})

    def spectrum(choice, points):
        model = SPM({"surface form": "differential", "particle diffusion": choice})
        prepared = ImpedanceModel(model, pv, [], var_pts={"r_p": points})
        return prepared.evaluate(frequencies, np.empty((1, 0)))[0][0]

    expected = spectrum("Fickian", 200)
    error = np.abs(spectrum(diffusion, 4) / expected - 1)
    assert error.max() < limit
    assert error[0] < 1e-3


def test_particles_take_seven_states_instead_of_a_mesh():
    def states(choice):
        sim = pybamm.Simulation(SPM(reduced(choice)), parameter_values=values())
        sim.build()
        return sim.built_model.len_rhs_and_alg

    fickian = states("Fickian")
    assert states("spectral") == fickian - 20 + MODES.count
    assert states("polynomial") == fickian - 20 + 2
