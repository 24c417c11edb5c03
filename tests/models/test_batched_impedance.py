"""Impedance against PyBaMM's, against time-domain sinusoids, and against closed forms."""

import numpy as np
import pybamm
import pytest
import xarray as xr

import assb
from assb.models import ImpedanceModel, eis, impedance, pencil

SURFACE = {"surface form": "differential"}
FREQUENCIES = np.logspace(-3, 5, 25)
RADIUS = "Positive particle radius [m]"
Z = "Impedance [Ohm]"
COARSE = {"x_n": 5, "x_s": 5, "x_p": 5, "r_n": 6, "r_p": 6}


def ours(kind, **options):
    return getattr(assb.models, kind)({**SURFACE, **options}), assb.parameters.get("NCM811_LPSCl_InLi")


def theirs(kind):
    return getattr(pybamm.lithium_ion, kind)(SURFACE), pybamm.ParameterValues("Chen2020")


def deviation(z, reference):
    return np.max(np.abs(z - reference) / np.abs(reference))


@pytest.mark.parametrize(
    ("make", "kind", "points"),
    [(ours, "SPM", None), (ours, "DFN", None), (theirs, "SPM", None), (theirs, "DFN", COARSE)],
)
def test_agrees_with_pybamm_where_its_state_is_consistent(make, kind, points):
    model, values = make(kind)
    reference = pybamm.EISSimulation(model, parameter_values=values, var_pts=points).solve(FREQUENCIES)
    found = impedance(model, values, FREQUENCIES, var_pts=points)
    assert deviation(found[Z].values, reference.impedance) < 1e-6


def amplitude_ratio(model, values, frequency, amplitude, periods=4):
    """Impedance from the last of some periods of a sinusoidal current, by IDAKLU."""
    values = values.copy()
    values["Current function [A]"] = lambda t: amplitude * pybamm.sin(2 * np.pi * frequency * t)
    free = model.new_copy()
    free.events = []
    solver = pybamm.IDAKLUSolver(rtol=1e-10, atol=1e-10)
    simulation = pybamm.Simulation(free, parameter_values=values, solver=solver)
    end = periods / frequency
    times = np.linspace(0, end, 256 * periods + 1)
    solution = simulation.solve(t_eval=[0, end], t_interp=times)
    last = times[-257:-1]
    carrier = np.exp(-2j * np.pi * frequency * last)
    voltage = solution["Voltage [V]"](last)
    # A straight line takes out the slow change of the state of charge.
    voltage = voltage - voltage.mean()
    current = amplitude * np.sin(2 * np.pi * frequency * last)
    return -(voltage @ carrier) / (current @ carrier)


@pytest.mark.parametrize(("kind", "frequency"), [("SPM", 1.0), ("SPM", 100.0), ("DFN", 10.0)])
def test_agrees_with_a_sinusoid_in_time(kind, frequency):
    model, values = ours(kind)
    measured = amplitude_ratio(model, values, frequency, amplitude=1e-6)
    assert deviation(impedance(model, values, [frequency])[Z].values, measured) < 1e-3


def test_sets_are_the_same_together_and_alone(monkeypatch):
    model, values = ours("SPM")
    prepared = ImpedanceModel(model, values, [RADIUS, "Stack pressure [MPa]"])
    radii = np.array([2e-6, 2.5e-6, 4e-6])
    together = prepared.solve(FREQUENCIES, {RADIUS: radii, "Stack pressure [MPa]": 20.0})
    assert together[Z].dims == ("sample", "frequency")
    for i, radius in enumerate(radii):
        alone = prepared.solve(FREQUENCIES, {RADIUS: radius, "Stack pressure [MPa]": 20.0})
        assert alone[Z].dims == ("frequency",)
        np.testing.assert_allclose(together[Z][i], alone[Z], rtol=1e-12)
    # Larger than one bite of the elimination.
    monkeypatch.setattr(eis, "PAIRS", 7)
    xr.testing.assert_allclose(
        together, prepared.solve(FREQUENCIES, {RADIUS: radii, "Stack pressure [MPa]": 20.0}), rtol=1e-12
    )
    # What one set gives is what PyBaMM gives with these values.
    changed = values.copy()
    changed.update({RADIUS: radii[2], "Stack pressure [MPa]": 20.0})
    reference = pybamm.EISSimulation(model, parameter_values=changed).solve(FREQUENCIES)
    assert deviation(together[Z].values[2], reference.impedance) < 1e-6


def test_units_and_area():
    model, values = ours("SPM")
    found = impedance(model, values, FREQUENCIES, {RADIUS: [2e-6, 3e-6]})
    area = 1e4 * values["Electrode area [m2]"]
    assert found[Z].attrs["units"] == "Ohm"
    assert found[Z].attrs["area_cm2"] == pytest.approx(area)
    np.testing.assert_allclose(found["Area-specific impedance [Ohm.cm2]"], found[Z] * area)
    assert found[RADIUS].attrs["units"] == "m"
    assert found["frequency"].attrs["units"] == "Hz"


def test_limits():
    """At high frequency the double layers short the interfaces; resistance falls with frequency."""
    model, values = ours("SPM")
    z = impedance(model, values, [1e-2, 1.0, 1e2, 1e9])[Z].values
    assert (np.diff(z.real) < 0).all()
    assert abs(z[-1].imag) < 1e-4 * z[-1].real
    assert (z.imag[:-1] < 0).all()


def test_starts_from_a_solution_and_corrects_an_inconsistent_state():
    """PyBaMM linearises the state as it is given; here the algebraic part is solved first."""
    model, values = theirs("DFN")
    experiment = pybamm.Experiment([("Discharge at 1C for 10 minutes", "Rest for 2 hours")])
    solution = pybamm.Simulation(
        model, parameter_values=values, experiment=experiment, var_pts=COARSE
    ).solve()
    prepared = ImpedanceModel(model, values, var_pts=COARSE)
    z = prepared.solve(FREQUENCIES, state=solution)[Z].values
    rested = model.set_initial_conditions_from(solution, inplace=False)
    reference = pybamm.EISSimulation(rested, parameter_values=values, var_pts=COARSE).solve(FREQUENCIES)
    assert deviation(z, reference.impedance) < 1e-6
    assert deviation(z, prepared.solve(FREQUENCIES)[Z].values) > 1e-3
    spoiled = np.asarray(solution.last_state.all_ys[-1])[:, -1]
    spoiled[prepared._exported.n_x :] += 0.01
    np.testing.assert_allclose(prepared.solve(FREQUENCIES, state=spoiled)[Z].values, z, rtol=1e-8)


def test_a_state_under_load_is_called_that():
    model, values = theirs("SPM")
    solution = pybamm.Simulation(model, parameter_values=values).solve([0, 60])
    with pytest.warns(UserWarning, match="not at rest"):
        impedance(model, values, [1.0], state=solution)


def test_sets_without_a_consistent_state_are_nan():
    model, values = ours("SPM")
    found = impedance(model, values, [1.0], {"Ambient temperature [K]": [298.15, 0.0]})
    assert found.attrs["failures"] == 1
    assert np.isfinite(found[Z].values[0]).all()
    assert np.isnan(found[Z].values[1]).all()


def test_pivoting_takes_over_where_the_fixed_order_fails():
    """[[i w, -1], [-1, 0]]: fixed pivots work for w > 0 but lose all digits at a tiny w."""
    rows, cols = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    solver = pencil.Pencil(2, 2, rows, cols, np.array([0]), np.array([0, 1]))
    jacobian = np.array([[0.0], [1.0], [1.0], [-1.0]])
    omega = np.array([1e-20, 1.0])
    right = np.array([[1.0], [2.0]])
    x = solver.solve(jacobian, np.array([0, 0]), omega, right)
    for k, w in enumerate(omega):
        matrix = np.array([[1j * w, -1.0], [-1.0, 1.0 + 1j * w]])
        np.testing.assert_allclose(x[:, k], np.linalg.solve(matrix, right[:, 0]), rtol=1e-9)


def test_errors_name_the_remedy():
    model, values = ours("SPM")
    with pytest.raises(ValueError, match="'surface form': 'differential'"):
        impedance(assb.models.SPM(), values, [1.0])
    for bad in ([], [-1.0], [np.nan], [[1.0]]):
        with pytest.raises(ValueError, match=r"positive, finite numbers \[Hz\]"):
            impedance(model, values, bad)
    with pytest.raises(ValueError, match="no effect"):
        impedance(model, values, [1.0], {"Radius": 1.0})
    with pytest.raises(ValueError, match="one common length"):
        impedance(model, values, [1.0], {RADIUS: [1e-6, 2e-6], "Stack pressure [MPa]": [1.0, 2.0, 3.0]})
    with pytest.raises(ValueError, match="use 'rest'"):
        impedance(model, values, [1.0], state="now")
    with pytest.raises(ValueError, match="state has shape"):
        impedance(model, values, [1.0], state=np.zeros(3))
    with pytest.raises(ValueError, match="were not prepared"):
        ImpedanceModel(model, values).solve([1.0], {RADIUS: 1e-6})
