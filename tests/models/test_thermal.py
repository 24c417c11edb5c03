"""Temperature that follows the heat of the cell, against the balance of energy."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest
from scipy.integrate import quad

import assb
from assb import parameters
from assb.models import DFN, SPM
from assb.models.closures.smooth import FARADAY
from assb.models.compiled import Protocol, compile_model
from assb.models.compiled.check import solve_with_idaklu
from assb.parameters.blend import Blend, matching_stoichiometry
from tests.models.runs import COARSE, slow, solve, spm_first, voltage

P, N = "Positive electrode ", "Negative electrode "
TEMPERATURE = "Cell temperature [K]"
LUMPED = {"thermal": "lumped"}
#: No side reactions: their heat is left out.
CLEAN = {**LUMPED, "interphase": "constant", "contact": "pressure"}
ENTROPIC = "OCP entropic change [V.K-1]"
EXCHANGE = "Total heat transfer coefficient [W.m-2.K-1]"
CAPACITY = "Cell heat capacity [J.K-1]"
STEPS = [
    "Charge at 1C for 15 minutes",
    "Rest for 5 minutes",
    "Discharge at 1C for 20 minutes",
    "Rest for 3 hours",
]


def adiabatic(negative="Li", **arguments):
    values = parameters.build(negative=negative, stack_pressure=5.0, initial_stoichiometry=0.6, **arguments)
    values[EXCHANGE] = 0.0
    for domain in (P, N):
        for prefix in ("", "Primary: ", "Secondary: "):
            if prefix + domain + ENTROPIC in values.keys():
                values[prefix + domain + ENTROPIC] = lambda y: -2e-4 + 4e-4 * y
    if N + "potential [V]" in values.keys():
        values[N + ENTROPIC] = 1e-4
    return values


def number(values, name, *arguments):
    """Value of a parameter, a number or a function."""
    value = values[name]
    symbol = value(*(pybamm.Scalar(a) for a in arguments)) if callable(value) else pybamm.Scalar(value)
    return float(np.squeeze(values.process_symbol(symbol).evaluate()))


def enthalpy(values, solution, domain, population=""):
    """What the lithium that an electrode has taken up gave off: F times the integral of U - T dU/dT [J].

    With dU/dT a function of the stoichiometry, U(T) - T dU/dT is U - T_ref dU/dT at the reference: it does not
    depend on the path of the temperature. The electrode must be at rest at both ends.
    """
    prefix = f"{population.capitalize()}: " if population else ""

    def potential(y):
        u = number(values, f"{prefix}{domain}OCP [V]", y)
        return u - values["Reference temperature [K]"] * number(values, f"{prefix}{domain}{ENTROPIC}", y)

    name = f"X-averaged {domain.strip().lower()} {population}".strip()
    y = solution[f"{name} stoichiometry"].data[[0, -1]]
    where = domain.split()[0].lower()
    charge = (
        FARADAY
        * values[f"{prefix}Maximum concentration in {where} electrode [mol.m-3]"]
        * values[f"{prefix}{domain}active material volume fraction"]
        * values[f"{prefix}{domain}active fraction"]
        * values[f"{domain}thickness [m]"]
        * values["Electrode area [m2]"]
    )
    return charge * quad(potential, *y, epsabs=1e-9)[0]


def balance(values, solution, populations=("",)):
    """Temperature rise [K] from enthalpy and electrical work alone."""
    released = sum(enthalpy(values, solution, P, k) for k in populations)
    if N + "potential [V]" in values.keys():
        plateau = values[N + "potential [V]"] - values["Reference temperature [K]"] * values[N + ENTROPIC]
        released -= plateau * solution["Discharge capacity [A.h]"].data[-1] * 3600
    else:
        released += enthalpy(values, solution, N)
    work = solution["Discharge energy [W.h]"].data[-1] * 3600
    return (released - work) / values[CAPACITY]


def run(model_class, options, values, steps=STEPS):
    model = model_class({**CLEAN, "calculate discharge energy": "true", **options})
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10)
    return assb.simulate(model, values, steps, var_pts=COARSE, solver=solver)


@pytest.mark.parametrize(
    "options",
    [
        {},
        *(
            pytest.param(options, marks=slow)
            for options in (
                {"surface form": "differential"},
                {"particle diffusion": "polynomial"},
                {"reaction distribution": "nonlinear modes"},
                {"contact constriction": "flux tube"},
                {"electronic leakage": "separator"},
                {"negative voids": "creep refill", "negative lithium": "finite"},
            )
        ),
    ],
)
def test_adiabatic_rise_is_the_balance_of_energy(model_class, options):
    """To 0.1 %: integral of i (U - V) less the entropic part over the heat capacity."""
    values = adiabatic()
    solution = run(model_class, options, values)
    temperature = solution[TEMPERATURE].data
    expected = balance(values, solution)
    if "electronic leakage" in options:  # the foil loses what leaks as well
        plateau = values[N + "potential [V]"] - values["Reference temperature [K]"] * values[N + ENTROPIC]
        expected -= plateau * solution["Leaked capacity [A.h]"].data[-1] * 3600 / values[CAPACITY]
    assert expected > 2
    assert temperature[-1] - temperature[0] == pytest.approx(expected, rel=1e-3)
    # Every source takes part.
    for source in ("Ohmic heating [W]", "Irreversible electrochemical heating [W]", "Reversible heating [W]"):
        assert np.abs(solution[source].data).max() > 1e-3 * solution["Total heating [W]"].data.max()
    assert solution["Ohmic heating [W]"].data.min() > -1e-9
    # U of the mean state: a current against a gradient that is left takes a little heat back.
    irreversible = solution["Irreversible electrochemical heating [W]"].data
    assert irreversible.min() > -1e-3 * irreversible.max()


@pytest.mark.slow
def test_balance_of_composites_and_populations(model_class):
    # The loss of a hysteresis is heat.
    for negative, options in (("LTO", {}), ("graphite", {}), ("Si", {"negative hysteresis": "one-state"})):
        values = adiabatic(negative)
        values["Initial stoichiometry in negative electrode"] = 0.4
        solution = run(model_class, {"negative": "composite", **options}, values)
        rise = np.ptp(solution[TEMPERATURE].data[[0, -1]])
        assert rise == pytest.approx(balance(values, solution), rel=1e-3)
    values = adiabatic(positive=Blend(("NCM811", "NCM811"), (60, 40), (5e-6, 1.5e-6)))
    name = "Initial stoichiometry in positive electrode"
    values[f"Secondary: {name}"] = matching_stoichiometry(values, values[f"Primary: {name}"])
    solution = run(model_class, {"positive populations": "two"}, values, [*STEPS[:-1], "Rest for 12 hours"])
    rise = np.ptp(solution[TEMPERATURE].data[[0, -1]])
    assert rise == pytest.approx(balance(values, solution, ("primary", "secondary")), rel=1e-3)


def test_reversible_heat_turns_with_the_current():
    """A slow cell is heated by the entropy alone, with the sign of the current."""
    rise = {}
    for rate in (-1, 1):
        values = adiabatic()
        for name in (P + ENTROPIC, N + ENTROPIC):
            values[name] = -3e-4 if name.startswith(P) else 0.0
        values["Current function [A]"] = 0.01 * rate * values["Nominal cell capacity [A.h]"]
        solution = solve(SPM(CLEAN), values, 3600, points=3)
        reversible = solution["Reversible heating [W]"].data[-1]
        expected = -values["Current function [A]"] * solution[TEMPERATURE].data[-1] * -3e-4
        assert reversible == pytest.approx(expected, rel=1e-6)
        rise[rate] = np.diff(solution[TEMPERATURE].data[[0, -1]])[0]
    assert rise[1] > 0 > rise[-1]


def test_a_warm_cell_cools_as_newton_says():
    values = adiabatic()
    values.update({EXCHANGE: 10.0, "Current function [A]": 0.0})
    model = SPM(CLEAN)
    state = model.initial_conditions
    temperature = next(variable for variable in state if variable.name.startswith("Volume-averaged"))
    ambient = values["Ambient temperature [K]"]
    model.initial_conditions[temperature] = pybamm.Scalar(ambient + 20)
    solution = solve(model, values, 1200, points=5)
    time_constant = values[CAPACITY] / (10 * values["Cell cooling surface area [m2]"])
    expected = ambient + 20 * np.exp(-solution["Time [s]"].data / time_constant)
    np.testing.assert_allclose(solution[TEMPERATURE].data, expected, atol=0.01)


@spm_first
def test_a_well_cooled_cell_is_isothermal(model_class):
    """At the reference temperature, where the entropic part is nothing."""
    found = []
    values = adiabatic(temperature=298.15)
    off = voltage(model_class({**CLEAN, "thermal": "isothermal"}), values, 900)
    for exchange in (0.0, 1e7):
        values[EXCHANGE] = exchange
        found.append(np.abs(voltage(model_class(CLEAN), values, 900) - off).max())
    assert found[0] > 1e-3
    assert found[1] < 1e-6


def test_heat_lowers_the_resistance():
    """What warms up loses less voltage at a high rate: conductivity, kinetics and diffusion are activated."""
    values = adiabatic(temperature=298.15)
    values["Current function [A]"] = values["Nominal cell capacity [A.h]"]
    values[P + ENTROPIC] = values[N + ENTROPIC] = 0.0
    cold, warm = (solve(DFN({**CLEAN, "thermal": how}), values, 900) for how in ("isothermal", "lumped"))
    assert warm["Voltage [V]"].data[-1] > cold["Voltage [V]"].data[-1] + 1e-3
    for name in (P + "effective ionic conductivity [S.m-1]", "Separator resistance [Ohm.m2]"):
        ratio = np.mean(warm[name].entries[..., -1]) / np.mean(cold[name].entries[..., -1])
        assert (ratio > 1.05) == ("conductivity" in name)
    # Ohmic heat of the DFN is that of its two networks.
    ionic = warm[P + "ionic current density [A.m-2]"].entries[:, -1]
    i = warm["Total current density [A.m-2]"].data[-1]
    kappa, sigma = (warm[f"{P}effective {c} conductivity [S.m-1]"].data[-1] for c in ("ionic", "electronic"))
    trapezoid = np.trapezoid(ionic**2 / kappa + (i - ionic) ** 2 / sigma, np.linspace(0, 1, len(ionic)))
    separator = warm["Separator resistance [Ohm.m2]"].data[-1] * i**2
    expected = values[P + "thickness [m]"] * trapezoid + separator
    found = warm["Ohmic heating per unit electrode-pair area [W.m-2]"].data[-1]
    assert found == pytest.approx(expected, rel=0.05)


def test_isothermal_is_the_default_and_the_rest_is_refused():
    assert SPM().options["thermal"] == "isothermal"
    assert TEMPERATURE in SPM().variables
    with pytest.raises(
        pybamm.OptionError, match="'thermal' = 'x-full' is not known: use one of 'isothermal', 'lumped'"
    ):
        SPM({"thermal": "x-full"})


@slow
def test_compiled_equals_idaklu(model_class, tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("ASSB_CACHE_DIR", str(tmp_path))
    values = adiabatic()
    current = 0.3 * values["Nominal cell capacity [A.h]"]
    protocol = Protocol.from_steps(
        [(1200.0, -current), (600.0, 0.0), (600.0, current)], np.arange(20.0, 2401.0, 20.0)
    )
    built = model_class(LUMPED)
    names = ["Voltage [V]", TEMPERATURE]
    compiled = compile_model(built, values, [], names, COARSE, check=False)
    ours = compiled.evaluate(protocol, compiled.vector())
    reference = solve_with_idaklu(
        built, values, protocol, compiled.defaults, compiled.output_names, COARSE, tolerance=1e-8
    )
    difference = np.abs(ours - reference)[int(protocol.emit_initial) :].max(axis=0)
    assert difference[0] < 3e-4
    assert difference[1] < 5e-3
    assert ours[-1, 1] > ours[0, 1] + 0.1
