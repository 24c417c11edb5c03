"""Specimens: limits, ladders of resistors and capacitors, the numbers of the full-cell models."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest
from scipy.sparse import diags
from scipy.sparse.linalg import spsolve

from assb import parameters
from assb.models import NO_MECHANISMS, SPM
from assb.models.closures import electrode_impedance, newman_tobias_resistance, through_impedance
from assb.models.specimens import BlockingCell, SolidElectrolytePellet, SymmetricCell
from tests.models.runs import solve

RAILS = [(0.08, 0.002), (0.01, 0.01), (0.003, 0.2)]
CAPACITY = 0.5
OMEGA = np.logspace(-2, 5, 15)


def ladder(ionic, electronic, admittance, contacts, n=1000):
    """Voltage per current of n links of resistors; `contacts` say which rail each end taps.

    Node k of a rail is the middle of slice k, half a link from the ends.
    """
    links = [n / ionic, n / electronic]
    rungs = admittance / n
    size = 2 * n
    main, upper = np.full(size, rungs, dtype=complex), np.zeros(size - 1, dtype=complex)
    for rail, link in enumerate(links):
        first = rail * n
        upper[first : first + n - 1] = -link
        main[first : first + n - 1] += link
        main[first + 1 : first + n] += link
    cross = np.full(n, -rungs, dtype=complex)
    into, out = (
        (("ionic", "electronic").index(rail) * n + node)
        for rail, node in zip(contacts, (0, n - 1), strict=True)
    )
    matrix = diags([cross, upper, main, upper, cross], [-n, -1, 0, 1, n], format="csc")
    # One node is the zero of potential.
    load = np.zeros(size, dtype=complex)
    load[into] = 1.0
    keep = np.delete(np.arange(size), out)
    potential = spsolve(matrix[keep][:, keep], load[keep])
    halves = sum(0.5 / links[("ionic", "electronic").index(rail)] for rail in contacts)
    return potential[np.flatnonzero(keep == into)[0]] + halves


@pytest.mark.parametrize(("ionic", "electronic"), RAILS)
def test_lines_agree_with_ladders(ionic, electronic):
    for omega in OMEGA[::3]:
        y = 1j * omega * CAPACITY
        cases = {
            ("ionic", "ionic"): through_impedance(ionic, electronic, y),
            ("electronic", "electronic"): through_impedance(electronic, ionic, y),
            ("ionic", "electronic"): electrode_impedance(ionic, electronic, y),
        }
        for contacts, closed in cases.items():
            assert abs(ladder(ionic, electronic, y, contacts) / closed - 1) < 1e-3, (contacts, omega)


@pytest.mark.parametrize(("passing", "blocked"), RAILS)
def test_limits_of_the_lines(passing, blocked):
    slow, fast = 1e-10j, 1e14j
    parallel = passing * blocked / (passing + blocked)
    assert through_impedance(passing, blocked, slow) == pytest.approx(passing, rel=1e-8)
    assert through_impedance(passing, blocked, fast) == pytest.approx(parallel, rel=1e-4)
    assert through_impedance(passing, blocked, 0.0) == passing
    # A series and a closed form meet.
    edge = (2e-3) ** 2 / (passing + blocked)
    below, above = (through_impedance(passing, blocked, edge * f) for f in (0.999999, 1.000001))
    assert above == pytest.approx(below, rel=1e-9)
    blocking = electrode_impedance(passing, blocked, 1j * CAPACITY * 1e-4)
    assert blocking.real == pytest.approx((passing + blocked) / 3, rel=1e-6)
    assert blocking.imag == pytest.approx(-1e4 / CAPACITY, rel=1e-6)
    assert electrode_impedance(passing, blocked, fast) == pytest.approx(parallel, rel=1e-3)


def test_one_rail_is_the_line_of_de_levie():
    y = 1j * OMEGA * CAPACITY
    s = np.sqrt(0.08 * y)
    np.testing.assert_allclose(electrode_impedance(0.08, 0.0, y), 0.08 / (s * np.tanh(s)), rtol=1e-9)
    np.testing.assert_allclose(through_impedance(0.08, 0.0, y), 0.08 * np.tanh(s / 2) / (s / 2), rtol=1e-9)


def test_a_conducting_interface_gives_newman_and_tobias():
    """A steady reaction with a constant admittance is the porous electrode of the SPM."""
    thickness, kappa, sigma, admittance = 50e-6, 0.02, 0.3, 400.0
    ionic, electronic = thickness / kappa, thickness / sigma
    nu = np.sqrt(admittance * (ionic + electronic))
    expected = newman_tobias_resistance(thickness, kappa, sigma, nu)
    assert electrode_impedance(ionic, electronic, admittance) == pytest.approx(expected, rel=1e-12)


@pytest.fixture(scope="module")
def values():
    return parameters.build(temperature=303.15)


@pytest.mark.parametrize("kind", ["ion-blocking", "electron-blocking"])
def test_conductivities_are_those_of_the_cell(values, kind):
    """The specimen at 5 MPa and a cell at 5 MPa."""
    pressed = values.copy()
    pressed["Stack pressure [MPa]"] = 5.0
    carrier = "electronic" if kind == "ion-blocking" else "ionic"
    solution = solve(SPM({"stack pressure": "constant pressure"}), pressed, 1, points=2)
    expected = solution[f"Positive electrode effective {carrier} conductivity [S.m-1]"].data[0]
    specimen = BlockingCell(values, kind, thickness=1e-3, pressure=5.0)
    assert specimen.conductivity == pytest.approx(expected, rel=1e-9)
    assert specimen.area_resistance == pytest.approx(1e-3 / expected * 1e4, rel=1e-9)
    assert specimen.resistance == pytest.approx(1e-3 / expected / values["Electrode area [m2]"], rel=1e-9)
    low, high = specimen.impedance([1e-6, 1e12])
    assert low == pytest.approx(specimen.resistance, rel=1e-4)
    ionic, electronic = specimen.rails
    parallel = ionic * electronic / (ionic + electronic) / values["Electrode area [m2]"]
    assert high == pytest.approx(parallel, rel=1e-3)


def test_tortuosity_factor_comes_back():
    """Under the measured network it is the parameter; under Bruggeman's it follows the exponent."""
    values = parameters.build()
    measured = {**NO_MECHANISMS, "ionic network": "measured", "electronic network": "measured"}
    for kind, carrier in (("electron-blocking", "ionic"), ("ion-blocking", "electronic")):
        given = values[f"Positive electrode {carrier} tortuosity factor"]
        assert BlockingCell(values, kind, options=measured).tortuosity_factor == pytest.approx(
            given, rel=1e-9
        )
    share = values["Positive electrode solid electrolyte volume fraction"]
    bruggeman = BlockingCell(values, "electron-blocking", options=NO_MECHANISMS)
    assert bruggeman.tortuosity_factor == pytest.approx(share ** (1 - 2.5), rel=1e-9)


def test_layers_of_electrolyte_add_their_resistance(values):
    bare = BlockingCell(values, "electron-blocking")
    layered = BlockingCell(values, "electron-blocking", electrolyte_thickness=300e-6)
    pellet = SolidElectrolytePellet(values, thickness=600e-6)
    assert layered.resistance - bare.resistance == pytest.approx(pellet.resistance, rel=1e-9)
    low = layered.impedance([1e-6])[0]
    assert low == pytest.approx(layered.resistance, rel=1e-4)
    metal = BlockingCell(values, "ion-blocking", electrolyte_thickness=300e-6)
    assert metal.resistance == pytest.approx(BlockingCell(values, "ion-blocking").resistance)


def test_opposite_contacts_block(values):
    specimen = BlockingCell(values, "opposite")
    assert specimen.resistance == np.inf
    slow = specimen.impedance([1e-6])[0]
    assert slow.real == pytest.approx(sum(specimen.rails) / 3 / specimen.area, rel=1e-3)
    # A conducting interface makes it a battery electrode.
    open_ = BlockingCell(values, "opposite", interface=lambda omega: 0.02 + 0 * omega)
    assert abs(open_.impedance([1e-3])[0].imag) < 1e-12 * abs(open_.impedance([1e-3])[0])
    with pytest.raises(ValueError, match="ionic_conductivity or electronic_conductivity"):
        _ = specimen.conductivity


def test_pellet(values):
    pellet = SolidElectrolytePellet(values, thickness=1e-3)
    kappa = pellet.electrolyte_conductivity * values["Separator relative conductivity"]
    assert pellet.electrolyte_conductivity > values["Solid electrolyte conductivity [S.m-1]"]  # 30 C
    assert pellet.conductivity == pytest.approx(kappa, rel=1e-12)
    assert pellet.area_resistance == pytest.approx(1e-3 / kappa * 1e4, rel=1e-12)
    assert "Ohm.cm2" in repr(pellet)
    z = pellet.impedance([1.0, 1e4, 1e12])
    assert z[1].real == pytest.approx(pellet.resistance, rel=1e-6)
    assert z[0].imag == pytest.approx(-2 / (2 * np.pi * 0.1 * pellet.area), rel=1e-6)
    assert abs(z[2]) < 1e-2 * pellet.resistance  # the geometric capacity carries it


def test_symmetric_cell_is_two_foils_and_an_electrolyte():
    values = parameters.build(negative="Li", overrides={"Current function [A]": 0.0})
    age = 36000.0
    fresh, aged = (SymmetricCell(values, interphase="growing", age=t) for t in (0.0, age))
    solution = solve(SPM({"negative interphase": "growing"}), values, age, points=3)
    film = solution["Negative electrode interphase film resistance [Ohm.m2]"].data
    bare = values["Negative electrode interface resistance [Ohm.m2]"]
    for cell, grown in ((fresh, film[0]), (aged, film[-1])):
        assert cell.film_resistance == pytest.approx(bare + grown, rel=1e-7)
    assert aged.resistance > fresh.resistance > SymmetricCell(values).resistance
    pellet = SolidElectrolytePellet(values)
    interfaces = 2 * (aged.film_resistance + aged.charge_transfer_resistance) * 1e4
    assert aged.area_resistance == pytest.approx(pellet.area_resistance + interfaces, rel=1e-12)
    low, high = aged.impedance([1e-5, 1e5])
    assert low == pytest.approx(aged.resistance, rel=1e-5)
    films = pellet.resistance + 2 * aged.film_resistance / aged.area
    assert high.real == pytest.approx(films, rel=1e-3)


def test_published_composites_are_ordered_as_measured(record_property):
    """NCM88|LPSCl of Song et al. 2022, Table 3 [mS/cm]: untuned values beside the print, trends asserted.

    Recipe and densities as printed, a void fraction of 20 % assumed, sigma_0 1.9 and 41 mS/cm as printed.
    """
    printed = {(85, 20.0): (0.027, 1.9), (85, 3.0): (0.027, 0.64), (50, 20.0): (0.41, 0.015)}
    found = {}
    for (share, pressure), published in printed.items():
        values = parameters.build(
            "NCM82",
            composition={"active material": share, "solid electrolyte": 100 - share},
            void_fraction=0.2,
            overrides={"Positive electrode conductivity [S.m-1]": 4.1},
        )
        found[share, pressure] = tuple(
            10 * BlockingCell(values, kind, pressure=pressure).conductivity
            for kind in ("electron-blocking", "ion-blocking")
        )
        text = ", ".join(f"{a:.3g} ({b:g})" for a, b in zip(found[share, pressure], published, strict=True))
        record_property(f"{share} wt%, {pressure:g} MPa: ionic, electronic [mS/cm], model (print)", text)
        print(f"{share} wt%, {pressure:g} MPa: ionic, electronic [mS/cm], model (print): {text}")
    ions, electrons = (np.array([found[key][k] for key in printed]) for k in (0, 1))
    assert ions[2] > 3 * ions[0]  # less active material
    assert electrons[0] > 3 * electrons[2]
    assert electrons[0] / electrons[1] > ions[0] / ions[1] >= 1  # 20 against 3 MPa


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda v: BlockingCell(v, "blocking"), "kind = 'blocking'.*ion-blocking, electron-blocking"),
        (lambda v: BlockingCell(v, "ion-blocking", domain="separator"), "domain = 'separator'"),
        (lambda v: BlockingCell(v, "ion-blocking", domain="negative"), "is a foil; use 'positive'"),
        (lambda v: BlockingCell(v, "ion-blocking", thickness=0.0), "thickness = 0.0.*positive, in m"),
        (lambda v: BlockingCell(v, "ion-blocking", pressure=-1.0), "pressure = -1.0.*MPa"),
        (lambda v: BlockingCell(v, "electron-blocking", electrolyte_thickness=-1.0), "electrolyte_thickness"),
        (lambda v: SolidElectrolytePellet(v, contact_capacity=0.0), "contact_capacity = 0.0"),
        (lambda v: SolidElectrolytePellet(v).impedance([0.0]), "frequencies = .*Hz"),
        (lambda v: SymmetricCell(v, interphase="mixed"), "interphase = 'mixed'.*none, growing"),
        (lambda v: SymmetricCell(v, age=-1.0), "age = -1.0"),
        (lambda v: SymmetricCell(without(v), interphase="growing").resistance, "interphase.* is missing"),
        (lambda v: SymmetricCell(parameters.get("Oh2026_LTO")), "composite: a symmetric cell needs a foil"),
    ],
)
def test_impossible_specimens_are_refused(values, make, message):
    with pytest.raises(ValueError, match=message):
        make(values)


def without(values):
    """The cell without what is known of its interphase."""
    return pybamm.ParameterValues(
        {k: v for k, v in values.items() if "Negative electrode interphase" not in k}
    )


def test_values_are_left_alone_and_unknown_options_refused(values):
    before = values["Stack pressure [MPa]"]
    BlockingCell(values, "ion-blocking", pressure=1.0)
    assert values["Stack pressure [MPa]"] == before
    with pytest.raises(pybamm.OptionError, match="ionic network"):
        _ = BlockingCell(values, "ion-blocking", options={"ionic network": "perfect"}).conductivity
    free = values.copy()
    free["Electrode area [m2]"] = "[input]"
    with pytest.raises(ValueError, match="has no number"):
        _ = SolidElectrolytePellet(free).resistance
