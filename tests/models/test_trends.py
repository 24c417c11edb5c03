"""Trends that the mechanisms stand for, each with a control run in which it must be absent."""

from __future__ import annotations

import numpy as np

from assb import parameters
from assb.models import SPM
from tests.models.runs import solve, values

P = "Positive electrode "


def resistance(solution, area):
    """Area resistance [Ohm.m2] of a galvanostatic step shortly after its start."""
    overpotential = solution["Voltage [V]"].data - solution["Open-circuit voltage [V]"].data
    return float(np.abs(overpotential / (solution["Current [A]"].data / area))[1])


def rises(sequence, share=1e-3):
    """Strictly increasing, by more than a share of the first value in all."""
    sequence = np.asarray(sequence)
    return bool((np.diff(sequence) > 0).all() and sequence[-1] - sequence[0] > share * abs(sequence[0]))


def falls(sequence, share=1e-3):
    return rises(-np.asarray(sequence), share)


# More pressure, more contact, less resistance -------------------------------------------------------


def contact_and_resistance(options, pressures=(2.0, 50.0, 400.0)):
    contact, ohms = [], []
    for pressure in pressures:
        pv = values(rate=-0.2, **{"Stack pressure [MPa]": pressure})
        # Conductivities that do not follow the pressure: what remains is the contact.
        solution = solve(SPM({"network pressure": "none", **options}), pv, 10, points=3)
        contact.append(solution[P + "contact fraction"].data[0])
        ohms.append(resistance(solution, pv["Electrode area [m2]"]))
    return contact, ohms


def test_pressure_makes_contact_and_lowers_resistance():
    contact, ohms = contact_and_resistance({"contact": "pressure and damage"})
    assert rises(contact, 1.0)
    assert falls(ohms, 0.1)
    contact, ohms = contact_and_resistance({"contact": "constant"})  # control
    assert not rises(contact)
    assert not falls(ohms)


# Pressure on charge: the sign of the counter electrode ----------------------------------------------


def pressure_on_charge(cell, **changes):
    options = {"negative": "composite"} if cell == "Oh2026_LTO" else {}
    solution = solve(SPM(options), values(cell, rate=-0.2, **changes), 3.2 * 3600, points=15, tolerances={})
    return solution["Stack pressure [MPa]"].data


def loses(pressure):
    return pressure[-1] < pressure[0] - 0.01


def gains(pressure):
    return pressure[-1] > pressure[0] + 0.01


def test_lto_cell_loses_pressure_on_charge():
    assert loses(pressure_on_charge("Oh2026_LTO"))
    assert not loses(pressure_on_charge("Oh2026_LTO", **{"Fixture stiffness [MPa.um-1]": 0.0}))
    strain = parameters.get("Oh2026_LTO")[P + "volume strain"]
    assert not loses(pressure_on_charge("Oh2026_LTO", **{P + "volume strain": lambda y: -strain(y)}))
    assert gains(pressure_on_charge("Oh2026_LTO", **{P + "volume strain": lambda y: -strain(y)}))


def test_indium_lithium_cell_gains_pressure_on_charge():
    volume = "Negative electrode molar volume change [m3.mol-1]"
    assert gains(pressure_on_charge("NCM811_LPSCl_InLi"))
    assert not gains(pressure_on_charge("NCM811_LPSCl_InLi", **{"Fixture stiffness [MPa.um-1]": 0.0}))
    # Without the foil's volume the cathode is left, and it shrinks.
    assert loses(pressure_on_charge("NCM811_LPSCl_InLi", **{volume: 0.0}))


def test_layers_pull_in_opposite_directions():
    solution = solve(SPM(), values(rate=-0.2), 3 * 3600, points=9, tolerances={})
    cathode = solution["Pressure contribution: positive electrode [MPa]"].data
    foil = solution["Pressure contribution: negative electrode [MPa]"].data
    assert falls(cathode, 0.0)
    assert rises(foil, 0.0)
    assert (foil[1:] > 5 * np.abs(cathode[1:])).all()  # the swing of an In-Li cell is its anode


def cathode_after_a_cycle(isolation):
    """Thickness change of the cathode after a charge and a discharge of equal charge, and the part of it that
    isolated particles hold, both relative to the largest.
    """
    import pybamm

    pv = values(rate=-0.2, **{P + "contact damage rate": 60.0, P + "isolation per contact damage": isolation})
    step = 2.5 * 3600
    current = abs(pv["Current function [A]"])
    pv["Current function [A]"] = pybamm.Interpolant(
        np.array([0, step, step + 60, 2 * step]), np.array([-1.0, -1, 1, 1]) * current, pybamm.t
    )
    solution = solve(SPM(), pv, 2 * step, points=9, tolerances={})
    change = solution["Thickness change: positive electrode [m]"].data
    full = pv[P + "active material volume fraction"] * pv[P + "active fraction"] * pv[P + "thickness [m]"]
    frozen = (1 - pv[P + "absorbed strain share"]) * full * solution[P + "isolated strain"].data[-1]
    return change[-1] / change.min(), frozen / change.min()


def test_isolated_particles_keep_the_volume_at_which_they_were_cut_off():
    """Strain is nearly linear in charge, so the same charge back brings the same volume back, whoever carries it."""
    last, frozen = cathode_after_a_cycle(1.0)
    assert frozen > 0.02
    assert abs(last) < 0.01
    assert abs(last - frozen) > 0.02  # control: without the volume of the isolated ones it would not
    last, frozen = cathode_after_a_cycle(0.0)
    assert frozen == 0
    assert abs(last) < 0.01


# Interphase: time and potential ---------------------------------------------------------------------


def film(options=None, stoichiometry=0.4, **changes):
    """Film resistance [Ohm.m2] over a storage of ten days."""
    pv = values(rate=0.0, **{"Initial stoichiometry in positive electrode": stoichiometry, **changes})
    pv["Current function [A]"] = 0.0
    return solve(SPM(options), pv, 10 * 86400, points=11, tolerances={})[P + "film resistance [Ohm.m2]"].data


def test_interphase_resistance_grows_with_time():
    for law in ("mixed", "reaction-limited", "diffusion-limited"):
        grown = film({"interphase": law})
        assert rises(grown, 0.02)
    assert not rises(film({"interphase": "constant"}))  # control


def test_parabolic_growth_slows_down():
    steps = np.diff(film({"interphase": "diffusion-limited"}))
    assert (np.diff(steps) < 0).all()
    even = np.diff(film({"interphase": "reaction-limited"}))  # control: as fast as the potential allows
    assert np.ptp(even) < 0.1 * even[0]


def grows_more_at_high_potential(**changes):
    low, high = (np.ptp(film({"interphase": "mixed"}, y, **changes)) for y in (0.8, 0.3))
    return high > 1.5 * low


def test_interphase_grows_faster_at_high_potential():
    assert grows_more_at_high_potential()
    assert not grows_more_at_high_potential(**{P + "interphase transfer coefficient": 0.0})  # control
    assert not grows_more_at_high_potential(**{P + "interphase transfer coefficient": -0.2})


# Networks under pressure ----------------------------------------------------------------------------


def retained(**changes):
    """Share of ionic and electronic conductivity that remains from 20 to 3 MPa."""
    found = []
    for pressure in (3.0, 20.0):
        pv = values(rate=-0.1, **{"Stack pressure [MPa]": pressure, **changes})
        solution = solve(SPM(), pv, 1, points=2, tolerances={})
        names = ("ionic", "electronic")
        found.append([solution[P + f"effective {name} conductivity [S.m-1]"].data[0] for name in names])
    return np.array(found[0]) / np.array(found[1])


def electrons_suffer_more(ionic, electronic):
    """Song et al. 2022: the electronic share falls to about a third, the ionic hardly."""
    return electronic < 0.6 and ionic > 0.8 and electronic < 0.6 * ionic


def test_electronic_network_is_more_pressure_sensitive():
    assert electrons_suffer_more(*retained())
    equal = {f"{P}{name} conductivity pressure exponent": 0.05 for name in ("ionic", "electronic")}
    assert not electrons_suffer_more(*retained(**equal))  # control


# Foil and space charge ------------------------------------------------------------------------------


def discharge_resists_more(**options):
    """Resistance of a short discharge against a short charge, with the foil's lithium used up."""
    ohms = []
    for rate in (0.2, -0.2):
        # Started after a discharge: the foil lacks 0.3 mA.h.cm-2 of its accessible lithium.
        exhausted = {"Negative electrode stripping resistance [Ohm.m2]": 0.02 * np.exp(3.0)}
        pv = values(rate=rate, **{"Initial stoichiometry in positive electrode": 0.7, **exhausted})
        ohms.append(resistance(solve(SPM(options), pv, 10, points=3), pv["Electrode area [m2]"]))
    return ohms[0] > 2 * ohms[1]


def test_stripping_resists_on_discharge_only():
    assert discharge_resists_more()
    assert not discharge_resists_more(stripping="none")  # control


def layer(law, stoichiometry):
    pv = values(rate=-0.1, **{"Initial stoichiometry in positive electrode": stoichiometry})
    return solve(SPM({"space charge": law}), pv, 1, points=2)[P + "space-charge resistance [Ohm.m2]"].data[0]


def test_space_charge_grows_with_potential():
    filling = (0.9, 0.6, 0.3)
    assert rises([layer("depletion", y) for y in filling])
    assert rises([layer("Mott-Schottky", y) for y in filling])
    assert not rises([layer("constant", y) for y in filling])  # control
