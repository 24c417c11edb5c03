"""Arcs of the impedance: closed forms, limits, and the windows of a measured cell."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from assb.fitting import RELAXATION_WINDOWS, relaxation_times, resistance_between
from assb.models import ARCS, DFN, NO_MECHANISMS, SPM, ImpedanceModel, closures, impedance
from assb.models.compiled import Protocol, compile_model
from tests.models.runs import COARSE, P, values, voltage

SURFACE = {"surface form": "differential"}
CONSTRICTION = {"contact constriction": "flux tube"}
Z = "Area-specific impedance [Ohm.cm2]"
N = "Negative electrode "
GRAIN = "Separator grain capacitance [F.m-2]"


def spectrum(model, pv, frequencies, arcs=(), inputs=None):
    return impedance(model, pv, frequencies, inputs, var_pts=COARSE, arcs=arcs)[Z].values


def test_separator_is_a_resistance_beside_a_constant_phase_element(model_class):
    pv = values(**{"Separator dispersion exponent": 0.7})
    frequencies = np.geomspace(1e-2, 1e9, 12)
    model = model_class(SURFACE)
    change = spectrum(model, pv, frequencies, ["separator"]) - spectrum(model, pv, frequencies)
    resistance = 1e4 * float(pv.evaluate(model.variables["Separator resistance [Ohm.m2]"]))
    tau = resistance * 1e-4 * pv[GRAIN]
    expected = resistance / (1 + (2j * np.pi * frequencies * tau) ** 0.7) - resistance
    assert np.abs(change - expected).max() < 1e-9 * resistance
    # A grain boundary of literature capacitance, and Q of the order of 1e-6 F s^(a-1): mechanism I1.
    assert 3e-8 < tau < 3e-7
    assert 1e-7 < tau**0.7 / resistance < 1e-5


@pytest.mark.parametrize("kind", [SPM, DFN])
def test_interface_is_the_faradaic_impedance_beside_a_constant_phase_element(kind):
    """The faradaic impedance is taken from the spectrum with the ideal double layer."""
    exponent, fast = 0.75, 1e9
    pv = values(
        **{
            N + "exchange-current density [A.m-2]": 1e13,  # no arc of the foil
            P + "interface dispersion exponent": exponent,
            P + "conductivity [S.m-1]": 1e8,
            "Solid electrolyte conductivity [S.m-1]": 1e8,  # DFN: no reaction distribution
        }
    )
    model = kind({**NO_MECHANISMS, "interphase": "constant", **SURFACE})
    frequencies = np.append(np.geomspace(1e-3, 1e5, 17), fast)
    plain = spectrum(model, pv, frequencies) * 1e-4  # Ohm.m2
    found = spectrum(model, pv, frequencies, ["positive interface"]) * 1e-4
    active = pv[P + "active material volume fraction"] * pv[P + "active fraction"]
    area = 3 * active / pv["Positive particle radius [m]"]
    capacitor = (
        2j * np.pi * frequencies * pv[P + "double-layer capacity [F.m-2]"] * area * pv[P + "thickness [m]"]
    )
    ohmic = plain[-1] - 1 / capacitor[-1]
    faradaic = 1 / (1 / (plain - ohmic) - capacitor)[:-1]
    i0 = 2 * np.sqrt(0.88 * 0.12) * closures.arrhenius(4e4, 303.15, 298.15)
    resistance = pybamm.constants.R.value * 303.15 / pybamm.constants.F.value / i0 + 0.02
    tau = resistance * pv[P + "double-layer capacity [F.m-2]"]
    element = capacitor * (2j * np.pi * frequencies * tau) ** (exponent - 1)
    expected = ohmic + 1 / (element[:-1] + 1 / faradaic)
    assert (np.abs(found[:-1] - expected) < 1e-4 * np.abs(expected)).all()


def test_nothing_changes_at_low_frequency_or_without_dispersion(model_class):
    model = model_class({**SURFACE, **CONSTRICTION})
    pv = values()
    plain, all_arcs = (spectrum(model, pv, [1e-7], arcs)[0] for arcs in ((), "all"))
    assert all_arcs.real == pytest.approx(plain.real, abs=0.02)  # Ohm.cm2, of 508
    assert all_arcs.imag == pytest.approx(plain.imag, rel=1e-4)  # insertion
    pv.update({f"{P}interface dispersion exponent": 1.0, f"{N}interface dispersion exponent": 1.0})
    frequencies = np.geomspace(1e-2, 1e6, 9)
    plain, ideal = (
        spectrum(model, pv, frequencies, arcs) for arcs in ((), ["positive interface", "negative interface"])
    )
    assert np.abs(ideal - plain).max() < 1e-9 * np.abs(plain).max()


def test_arcs_are_passive_and_inputs_are_free():
    model = SPM({**SURFACE, **CONSTRICTION})
    pv, frequencies = values(), np.geomspace(1e-2, 1e8, 41)
    grains = np.array([1e-5, 1e-4])
    both = spectrum(model, pv, frequencies, "all", {GRAIN: grains})
    for one, grain in zip(both, grains, strict=True):
        alone = spectrum(model, values(**{GRAIN: grain}), frequencies, "all")
        assert np.abs(one - alone).max() < 1e-9 * np.abs(alone).max()
    assert (both.real > 0).all()
    assert (both.imag < 0).all()
    assert (np.diff(both.real, axis=1) < 0).all()


def test_composite_negative_has_an_interface_and_no_film():
    model = SPM({**SURFACE, "negative": "composite"})
    prepared = ImpedanceModel(model, values("Oh2026_LTO"), arcs="all", var_pts=COARSE)
    assert list(prepared.arcs) == ["separator", "positive interface", "negative interface"]
    z = prepared.solve([1e-1, 1e3])[Z].values
    assert np.isfinite(z).all()


@pytest.mark.parametrize(
    ("arcs", "change", "message"),
    [
        (["grain"], {}, "'grain' is not known; use 'all' or some of separator, contact"),
        (["contact"], {}, "no 'contact' arc .* 'contact constriction'"),
        ("separator", {"Separator dispersion exponent": 1.2}, "1.2; give the parameter a value"),
        ("separator", {GRAIN: -1.0}, "is negative; check its capacitance"),
    ],
)
def test_mistakes_are_explained(arcs, change, message):
    with pytest.raises(ValueError, match=message):
        spectrum(SPM(SURFACE), values(**change), [1.0], arcs)


def test_parameters_of_arcs_are_asked_for_by_impedance_only():
    pv = values(rate=0.1)
    for name in list(pv.keys()):
        if "dispersion exponent" in name or name in (GRAIN, N + "film capacitance [F.m-2]"):
            pv.pop(name)
    assert np.isfinite(voltage(SPM(), pv, 10, points=2)).all()
    assert np.isfinite(spectrum(SPM(SURFACE), pv, [1.0])).all()


# Constriction ---------------------------------------------------------------------------------------


def test_constriction_factor():
    theta = np.geomspace(1e-8, 1, 200)
    factor = closures.constriction_factor(theta)
    assert factor[-1] == 0
    assert (np.diff(factor) < 0).all()
    assert factor[0] * theta[0] == pytest.approx(1, abs=1e-3)
    # Flux tube of twice the spot radius: 0.5**1.5 / (4 kappa b), per tube area 4 pi b**2 and unit kappa.
    assert np.pi / 4 * closures.constriction_factor(0.25) == pytest.approx(0.5**1.5 / 4 * 4 * np.pi)


def test_constriction_is_a_series_resistance(model_class):
    pv = values(rate=0.5, **{P + "largest contact fraction": 0.3})
    drop = pv["Current function [A]"] / pv["Electrode area [m2]"] * 2e-3 * closures.constriction_factor(0.3)
    off, on = (
        voltage(model_class({"contact": "constant", **option}), pv, 10, points=2)
        for option in ({}, CONSTRICTION)
    )
    assert drop > 5e-3
    assert off - on == pytest.approx(drop, abs=1e-6)


def test_full_contact_has_no_constriction():
    pv = values(rate=0.5)
    off, on = (voltage(SPM({"contact": "full", **o}), pv, 10, points=2) for o in ({}, CONSTRICTION))
    assert on == pytest.approx(off, abs=1e-9)


def test_constriction_in_the_compiled_model_and_in_the_breakdown():
    model, pv = SPM(CONSTRICTION), values(rate=0.5)
    pybamm_model = pybamm.Simulation(model, parameter_values=pv, var_pts=COARSE)
    solution = pybamm_model.solve([0, 60], t_interp=[0, 30, 60])
    parts = sum(solution[name].data for name in model.overpotentials)
    total = solution["Voltage [V]"].data - solution["Open-circuit voltage [V]"].data
    assert parts == pytest.approx(total, abs=1e-9)
    assert (solution["Contact constriction overpotential [V]"].data < -1e-3).all()
    compiled = compile_model(model, pv, [], ["Voltage [V]"], COARSE)
    times = np.array([0.0, 30.0, 60.0])
    current = pv["Current function [A]"]
    protocol = Protocol.from_steps([(60.0, current)], times, initial_current=current)
    found = compiled.simulate(protocol)["Voltage [V]"].values
    assert found[1:] == pytest.approx(solution["Voltage [V]"].data[1:], abs=1e-4)


# Windows of a measured cell -------------------------------------------------------------------------

DIFFUSIVITY = [f"Positive particle diffusivity at stoichiometry {y} [m2.s-1]" for y in (0.4, 0.65, 0.9)]
#: An aged cell with a coated cathode. Fresh, its interface has about 20 ohm cm2, as LiNbO3-coated NCM811 in
#: Li6PS5Cl (17-22; Kim et al., Electrochim. Acta 2025, 542, 147413). The film of the foil has grown to
#: 50 ohm cm2; diffusion over the particle radius takes R**2/(20 D) = 1 min (5e-15 m2/s, within the 1e-16 to
#: 1e-14 of sulfide cells). Capacitances and exponents are the defaults.
AGED = {
    "Initial stoichiometry in positive electrode": 0.5,
    P + "reference exchange-current density [A.m-2]": 10.0,
    P + "interface resistance [Ohm.m2]": 2e-3,
    P + "initial interphase thickness [m]": 10e-9,
    P + "initial contact damage": 0.3,
    N + "interface resistance [Ohm.m2]": 5e-3,
    **dict.fromkeys(DIFFUSIVITY, 5e-15),
}
#: Window -> what is raised by a half.
RAISED = {
    "contact": ({P + "initial contact damage": 1.5}),
    "interface": ({P + "initial interphase thickness [m]": 1.5}),
    "negative": ({N + "interface resistance [Ohm.m2]": 1.5}),
    "diffusion": dict.fromkeys(DIFFUSIVITY, 1 / 1.5),
}


def aged_spectra(kind, frequencies, **changes):
    """Spectra [Ohm.cm2] of the aged cell, then with each mechanism raised."""
    names = [name for factors in RAISED.values() for name in factors]
    cell = AGED | changes
    rows = [[cell[name] * factors.get(name, 1.0) for name in names] for factors in ({}, *RAISED.values())]
    model = kind({**SURFACE, **CONSTRICTION})
    points = {"x_n": 8, "x_p": 8, "r_n": 8, "r_p": 40}
    prepared = ImpedanceModel(model, values(**cell), names, points, arcs="all")
    return prepared.solve(frequencies, dict(zip(names, np.transpose(rows), strict=True)))[Z].values


def in_windows(frequencies, z):
    found = relaxation_times(frequencies, z, capacitance=True, unit="Ohm.cm2")
    return found, np.array([resistance_between(found, *w) for w in RELAXATION_WINDOWS.values()])


@pytest.mark.parametrize(("kind", "noise"), [(SPM, 0.0), (SPM, 1e-3), (DFN, 0.0)])
def test_each_mechanism_of_an_aged_cell_moves_its_own_window_most(kind, noise):
    """Mechanism I1: windows of Oh et al. 2026; set-ups repeat within 0.03-0.23 % of |Z|."""
    frequencies = np.geomspace(1e-3, 1e7, 101)
    z = aged_spectra(kind, frequencies)
    rng = np.random.default_rng(1)
    z = z * (1 + noise * (rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape)))
    base, before = in_windows(frequencies, z[0])
    if not noise:
        peaks = base["Peak relaxation time [s]"].values
        for low, high in RELAXATION_WINDOWS.values():
            assert ((low < peaks) & (peaks < high)).any()
    for k, window in enumerate(RELAXATION_WINDOWS):
        raised, after = in_windows(frequencies, z[1 + k])
        assert np.argmax(after - before) == k, window
        if not noise:
            total = float(
                raised["Polarisation resistance [Ohm.cm2]"] - base["Polarisation resistance [Ohm.cm2]"]
            )
            assert (after - before)[k] > 0.5 * total, window


def test_contact_loss_of_a_bare_cathode_shows_at_the_interface():
    """A lost contact takes its reaction with it: the contact window leads where the interface is good."""
    frequencies = np.geomspace(1e-3, 1e7, 101)
    z = aged_spectra(SPM, frequencies, **{P + "reference exchange-current density [A.m-2]": 1.0})
    changes = in_windows(frequencies, z[1])[1] - in_windows(frequencies, z[0])[1]
    assert list(RELAXATION_WINDOWS)[int(np.argmax(changes))] == "interface"


def test_arcs_are_named_once():
    assert len({arc.prefix for arc in ARCS.values()}) == len(ARCS)
