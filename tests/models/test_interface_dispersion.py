"""Constant-phase exponents in time: closed forms, limits, and the exact resistance of steady current."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

from assb import parameters
from assb.models import DFN, SPM, ImpedanceModel, impedance
from assb.models.closures import butler_volmer_overpotential, relaxation_time_ratio
from assb.models.closures.dispersion import SHARES, WEIGHTS
from assb.models.compiled import Protocol, compile_model
from tests.models.runs import COARSE, P, slow, solve, values

SURFACE = {"surface form": "differential"}
FOIL = {"negative interface dispersion": "distributed"}
CATHODE = {"positive interface dispersion": "distributed"}
N = "Negative electrode "
Z = "Area-specific impedance [Ohm.cm2]"
#: A foil that is slow and has much of the resistance.
SLOW = {
    N + "double-layer capacity [F.m-2]": 30.0,
    N + "exchange-current density [A.m-2]": 0.5,
    N + "interface dispersion exponent": 0.7,
    P + "interface dispersion exponent": 0.65,
}


def spectrum(model, pv, frequencies, arcs=()):
    return impedance(model, pv, frequencies, var_pts=COARSE, arcs=arcs)[Z].values


@pytest.mark.parametrize("exponent", [0.6, 0.7, 0.8, 0.9, 0.97, 1.0])
def test_five_elements_against_the_closed_form(exponent):
    ratios = relaxation_time_ratio(SHARES, exponent)
    assert pytest.approx(1) == WEIGHTS.sum()
    assert ratios * ratios[::-1] == pytest.approx(1)
    for decades, limit in ((1, 0.012), (2, 0.02)):
        s = 1j * np.logspace(-decades, decades, 201)
        found = (WEIGHTS[:, None] / (1 + s * ratios[:, None])).sum(0)
        assert np.abs(found - 1 / (1 + s**exponent)).max() < limit
    if exponent == 1:
        assert ratios == pytest.approx(1)


def test_share_against_the_distribution_of_cole_and_cole():
    exponent = 0.7
    share = np.linspace(0.02, 0.98, 2001)
    x = np.log(relaxation_time_ratio(share, exponent))
    density = np.gradient(share, x)
    angle = (1 - exponent) * np.pi
    expected = np.sin(angle) / (2 * np.pi * (np.cosh(exponent * x) - np.cos(angle)))
    assert density[5:-5] == pytest.approx(expected[5:-5], rel=1e-3)


@pytest.mark.parametrize(
    ("options", "arc"),
    [(FOIL, "negative interface"), (CATHODE, "positive interface")],
    ids=["foil", "cathode"],
)
@pytest.mark.parametrize("kind", [SPM, DFN])
def test_linearised_model_in_time_is_the_arc_of_impedance(kind, options, arc):
    pv, frequencies = values(**SLOW), np.geomspace(1e-3, 1e5, 33)
    ideal = spectrum(kind(SURFACE), pv, frequencies)
    expected = spectrum(kind(SURFACE), pv, frequencies, [arc])
    found = spectrum(kind({**SURFACE, **options}), pv, frequencies)
    resistance = 1e4 * pybamm.constants.R.value * 303.15 / pybamm.constants.F.value / 0.5
    if arc == "positive interface":  # between the ends of the arc; the tail of diffusion has another scale
        resistance = np.ptp(ideal[frequencies > 1].real)
    assert np.abs(found - expected).max() < 0.02 * resistance  # as the closed form, far from its centre too
    assert np.abs(ideal - expected).max() > 0.05 * resistance


def test_an_exponent_of_one_is_the_ideal_double_layer(model_class):
    pv = values(rate=-0.5, **SLOW)
    pv.update({N + "interface dispersion exponent": 1.0, P + "interface dispersion exponent": 1.0})
    ideal, found = (
        solve(model_class({**SURFACE, **extra}), pv, 30, points=7)["Voltage [V]"].data
        for extra in ({}, {**FOIL, **CATHODE})
    )
    assert found == pytest.approx(ideal, abs=1e-6)


def test_steady_foil_has_the_resistance_of_butler_and_volmer():
    """Far from linear: the exchange current is a hundredth of the current."""
    pv = values(rate=-0.5, **SLOW | {N + "exchange-current density [A.m-2]": 0.01})
    solution = solve(SPM({**SURFACE, **FOIL}), pv, 600, points=5)
    i = solution["Total current density [A.m-2]"].data[-1]
    i0 = 0.01 * np.exp(4e4 / 8.314462618 * (1 / 298.15 - 1 / 303.15))
    found = solution[N + "mean reaction overpotential [V]"].data[-1]
    assert found == pytest.approx(butler_volmer_overpotential(i, i0, 303.15), rel=1e-3)
    assert abs(found) > 0.1


def test_lithium_is_kept_while_the_double_layers_charge():
    solution = solve(SPM({**SURFACE, **FOIL, **CATHODE}), values(rate=-0.5, **SLOW), 60)
    total = solution["Total lithium [mol]"].data
    assert np.ptp(total) < 1e-9 * total[0]


@pytest.mark.parametrize("reaction", ["relaxing mode", pytest.param("nonlinear modes", marks=slow)])
def test_two_populations_share_the_double_layer(reaction):
    """The exponent is that of the first, as in the arc of impedance."""
    pv = parameters.build(parameters.Blend(("NCM811", "NCM811"), (60, 40), (5e-6, 2e-6)))
    options = {**SURFACE, "positive populations": "two", "reaction distribution": reaction}
    frequencies = np.geomspace(1e-1, 1e4, 21)
    points = {"r_p_prim": 8, "r_p_sec": 8}
    ideal, expected, found = (
        impedance(SPM({**options, **extra}), pv, frequencies, var_pts=points, arcs=arcs)[Z].values
        for extra, arcs in (({}, []), ({}, ["positive interface"]), (CATHODE, []))
    )
    assert np.abs(found - expected).max() < 0.25 * np.abs(ideal - expected).max()


def test_compiled_with_the_exponents_as_inputs():
    names = [N + "interface dispersion exponent", P + "interface dispersion exponent"]
    pv = values(rate=-0.3, **SLOW)
    model = SPM({**SURFACE, **FOIL, **CATHODE})
    compiled = compile_model(model, pv, names, ["Voltage [V]"], COARSE)
    times, current = np.array([0.0, 1.0, 10.0, 30.0]), pv["Current function [A]"]
    protocol = Protocol.from_steps([(30.0, current)], times, initial_current=current)
    for foil, cathode in ((0.7, 0.65), (1.0, 0.9)):
        found = compiled.simulate(protocol, dict(zip(names, (foil, cathode), strict=True)))
        changed = values(rate=-0.3, **SLOW | dict(zip(names, (foil, cathode), strict=True)))
        reference = solve(model, changed, 30, points=31)["Voltage [V]"].data[[1, 10, 30]]
        assert found["Voltage [V]"].values[1:] == pytest.approx(reference, abs=1e-4)


def test_impedance_does_not_count_an_arc_twice():
    both = SPM({**SURFACE, **FOIL, **CATHODE})
    assert list(ImpedanceModel(both, values(), arcs="all", var_pts=COARSE).arcs) == [
        "separator",
        "negative film",
    ]
    with pytest.raises(ValueError, match="dispersion is 'distributed' has its arc in the model itself"):
        spectrum(both, values(), [1.0], ["negative interface"])


def test_where_there_is_nothing_to_disperse():
    assert SPM(FOIL).options["negative interface dispersion"] == "none"
    assert SPM(CATHODE).options["positive interface dispersion"] == "none"
    with pytest.raises(
        pybamm.OptionError, match="'negative interface dispersion' = 'distributed' belongs to a"
    ):
        SPM({**SURFACE, **FOIL, "negative": "composite"})
    assert (
        SPM({**SURFACE, **CATHODE, "negative": "composite"}).options["positive interface dispersion"]
        != "none"
    )
