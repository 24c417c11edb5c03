"""Positive materials and electrolytes: potentials, strains, cycles, and the conductivity prior."""

from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
import pybamm
import pytest

from assb import parameters
from assb.models import DFN, SPM
from assb.parameters import sources
from assb.parameters.catalogue import list_materials
from assb.parameters.materials import ELECTROLYTE, POSITIVE, layered_oxides, oxide_series
from assb.parameters.priors import CLASSES, ELECTROLYTES, derive_conductivity_prior
from tests.models.runs import COARSE, slow

P = "Positive electrode "
#: Materials with data of their own; what the others borrow is tested at the end.
OWN = ["NCM811", "NCWA88", "NCM82", "NCM622", "NCA", "LCO"]
#: Where the collapse outweighs the even part of the strain.
NICKEL_RICH = [
    name for name in (*layered_oxides.MATERIALS, *oxide_series.MATERIALS) if name not in ("LCO", "NCM111")
]
#: Sulfides and the host without lithium: lower potentials than oxides and LFP.
LOW = ["LPSCB", "Li2S", "RuO2"]
#: Change of volume on charge against the stoichiometry it is quoted at: Song 2022, Table 2, and Oh 2026.
PUBLISHED = {
    "NCM811": -0.078,
    "NCWA88": -0.065,
    "NCM82": -0.048,
    "NCM622": -0.052,
    "NCA": -0.059,
    "LCO": 0.019,
    "NCM111": -0.028,
    "NCA88": -0.0754,  # linear in nickel
}


def potential(material):
    return POSITIVE[material][P + "OCP [V]"].value.law


def strain(material):
    return POSITIVE[material][P + "volume strain"].value


def charged(material):
    return (
        POSITIVE[material]["charged stoichiometry"].value,
        POSITIVE[material]["charged potential [V]"].value,
    )


def stoichiometry(material, volts):
    """Stoichiometry at a potential, by bisection."""
    low, high = 0.2, 0.97
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if potential(material)(middle) > volts else (low, middle)
    return low


def test_every_named_material_is_listed():
    named = {"NCM111", "NCM523", "NCM83", "NCM88", "NCM90", "NCA95", "LMRO", "LFP", "LPSCB", "RuO2"}
    assert {*OWN, *named} <= set(list_materials()["positive"])
    named = {
        "Li6PS5Cl",
        "Li5.5PS4.5Cl1.5",
        "Li3PS4 glass",
        "beta-Li3PS4",
        "Li10GeP2S12",
        "Li6PS5Cl0.5Br0.5",
        "Li3YCl6",
    }
    named |= {"Li3InCl6", "Li6PS5Cl glass-ceramic", "Li6PS5Cl crystalline", "Li6PS5Cl 10 ALD cycles"}
    assert named <= set(list_materials()["electrolyte"])


# Potentials -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("material", POSITIVE)
def test_potential_falls_with_lithium_and_reaches_its_cut_off(material):
    end, volts = charged(material)
    y = np.linspace(min(end, 0.4) - 0.01, 0.96, 2000)
    u = potential(material)(y)
    assert (np.diff(u) < 0).all()
    assert (u > (1.1 if material in LOW else 3.0)).all()
    assert (u < volts + 0.3).all()
    assert potential(material)(end) == pytest.approx(volts, abs=0.01)


def test_potential_of_lco_has_no_pole():
    y = np.linspace(0.3, 1.0, 5001)
    u = potential("LCO")(y)
    assert np.isfinite(u).all()
    assert (np.diff(u) < 0).all()
    # Li0.5CoO2 lies at the cut-off of 4.2 V; above it the first plateau, 3.9 V.
    assert u[np.searchsorted(y, 0.5)] == pytest.approx(4.19, abs=0.01)
    plateau = u[(y > 0.75) & (y < 0.93)]
    assert np.ptp(plateau) < 0.04
    assert plateau.mean() == pytest.approx(3.91, abs=0.01)
    # The fit with poles, for contrast: what this law replaces.
    poles = pybamm.ParameterValues("Ramadass2004")["Positive electrode OCP [V]"]
    ramadass = np.array([float(np.squeeze(poles(pybamm.Scalar(v)).evaluate())) for v in y[::50]])
    assert np.abs(np.diff(ramadass)).max() > 5


def test_nca_law_is_that_of_its_source():
    pv = pybamm.ParameterValues("NCA_Kim2011")
    y = np.linspace(0.25, 0.97, 73)
    source = [float(np.squeeze(pv["Positive electrode OCP [V]"](pybamm.Scalar(v)).evaluate())) for v in y]
    assert potential("NCA")(y) == pytest.approx(np.array(source), abs=1e-3)


def test_ncm622_delivers_less_than_ncm811():
    """The charges to 4.3 V stand as the capacities of Song 2022, Table 2: 170 to 193 mAh/g."""
    charge = {
        name: 26801 / mass * (1 - stoichiometry(name, 4.3))
        for name, mass in (("NCM622", 96.93), ("NCM811", 97.28))
    }
    assert charge["NCM622"] / charge["NCM811"] == pytest.approx(170 / 193, rel=1e-3)


# Strains --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("material", PUBLISHED)
def test_strain_has_the_published_size_and_is_smooth(material):
    law = strain(material)
    end = 0.5 if material == "LCO" else law.end
    assert float(law(1.0)) == pytest.approx(0, abs=1e-12)
    assert float(law(end)) == pytest.approx(PUBLISHED[material], rel=1e-9)
    # Smooth: differences of the slope vanish with the step.
    jumps = [
        np.abs(np.diff(np.gradient(law(y), y))).max()
        for y in (np.linspace(0.2, 1.0, points) for points in (2001, 8001))
    ]
    assert jumps[1] < 0.3 * jumps[0]


@pytest.mark.parametrize("material", NICKEL_RICH)
def test_nickel_rich_oxides_contract_most_at_the_end(material):
    y = np.linspace(charged(material)[0], 1.0, 400)
    slope = np.gradient(strain(material)(y), y)
    assert (slope > 0).all()
    assert slope.max() > 5 * slope[y > 0.5].mean()


def test_lco_expands_evenly_up_to_half():
    y = np.linspace(0.55, 1.0, 200)
    slope = np.gradient(strain("LCO")(y), y)
    assert (slope < 0).all()
    assert np.ptp(slope) < 0.05 * abs(slope.mean())
    # Levels off below, and does not turn.
    below = strain("LCO")(np.linspace(0.3, 0.47, 50))
    assert (np.diff(below) <= 0).all()
    assert np.ptp(below) < 0.0015


def test_equal_volumes_of_expansion_and_contraction_cancel_below_the_collapse():
    """55:45 LCO:NCM811 by mass at one potential (Koerver 2018: flat stack pressure against LTO)."""

    def volume(volts):  # change since full lithiation [cm3 per kg of blend], LCO and NCM811
        return [
            1e3
            * share
            * float(strain(name)(stoichiometry(name, volts)))
            / POSITIVE[name]["density [g.cm-3]"].value
            for name, share in (("LCO", 0.55), ("NCM811", 0.45))
        ]

    for volts in (4.0, 4.05, 4.1):
        expands, contracts = volume(volts)
        assert expands > 0 > contracts
        assert abs(expands + contracts) < 0.15 * min(expands, -contracts)
    # End-point strains alone would not cancel: the collapse of NCM811 at 4.2 V outweighs LCO.
    expands, contracts = volume(4.2)
    assert expands + contracts < -expands


# Cells ----------------------------------------------------------------------------------------------


def cycle(kind, positive, negative, discharge=True, **overrides):
    """Parameter values and solution of a charge to the cut-off, and of a discharge, at C/5."""
    given = {}
    if positive in ("LPSCB", "Li2S"):  # sulfides convert as fine powders, with much electrolyte and carbon
        recipe = {"active material": 40, "solid electrolyte": 40, "carbon": 20}
        given = {"particle_radius": 0.3e-6, "composition": recipe}
    pv = parameters.build(positive, "Li6PS5Cl", negative, overrides=overrides or None, **given)
    model = kind({"negative": "composite"} if negative == "LTO" else {})
    steps = [f"Charge at 0.2C until {pv['Upper voltage cut-off [V]']} V"]
    if discharge:
        steps.append("Discharge at 0.2C for 60 minutes")
    experiment = pybamm.Experiment([tuple(steps)], period="10 minutes")
    simulation = pybamm.Simulation(model, parameter_values=pv, experiment=experiment, var_pts=COARSE)
    return pv, simulation.solve(calc_esoh=False)


@pytest.mark.parametrize(
    ("kind", "negative"),
    [
        (SPM, "LTO"),
        (DFN, "InLi"),
        pytest.param(SPM, "InLi", marks=slow),
        pytest.param(DFN, "LTO", marks=slow),
    ],
)
@pytest.mark.parametrize(
    "positive", [pytest.param(name, marks=() if name in OWN else slow) for name in POSITIVE]
)
def test_every_material_cycles(kind, positive, negative):
    pv, solution = cycle(kind, positive, negative)
    charge, discharge = solution.cycles[0].steps
    assert charge["Voltage [V]"].data[-1] == pytest.approx(pv["Upper voltage cut-off [V]"], abs=1e-3)
    passed = -charge["Discharge capacity [A.h]"].data[-1]
    assert passed > 0.3 * pv["Nominal cell capacity [A.h]"]
    # One hour of discharge at C/5, or the lower cut-off.
    assert discharge["Voltage [V]"].data[-1] >= pv["Lower voltage cut-off [V]"] - 1e-3
    # On the plateau of LFP the kinetics show through, which ease up to half of the lithium.
    assert (np.diff(discharge["Voltage [V]"].data) < (3e-3 if positive == "LFP" else 0)).all()


def test_pressure_shows_which_way_the_cathode_breathes():
    """Against LTO, which does not breathe: LCO up, NCM811 down on charge (Koerver 2018)."""
    swing = {}
    for positive in ("LCO", "NCM811"):
        solution = cycle(SPM, positive, "LTO", discharge=False)[1]
        pressure = solution["Stack pressure [MPa]"].data
        swing[positive] = pressure[-1] - pressure[0]
    assert swing["LCO"] > 0.01 > -0.01 > swing["NCM811"]
    # The interphase shrinks the electrolyte; a host that does not breathe shows how little that is.
    still = cycle(SPM, "LCO", "LTO", discharge=False, **{P + "volume strain": lambda y: 0 * y})[1]
    pressure = still["Stack pressure [MPa]"].data
    assert abs(pressure[-1] - pressure[0]) < 0.1 * swing["LCO"]


def test_default_capacity_and_window_belong_to_the_material():
    pv = parameters.build("LCO", "Li5.5PS4.5Cl1.5")
    ratio = pv["Nominal cell capacity [A.h]"] / parameters.build()["Nominal cell capacity [A.h]"]
    active = P + "active material volume fraction"
    share = pv[active] * 5.05 / (parameters.build()[active] * 4.78)
    assert ratio == pytest.approx(135 / 180 * share)
    assert pv["Upper voltage cut-off [V]"] == pytest.approx(4.2 - 0.62)
    assert pv["Solid electrolyte conductivity [S.m-1]"] == pytest.approx(0.309)
    assert not [name for name in pv.keys() if name[0].islower() and name.startswith(("charged", "practical"))]


def test_borrowed_values_say_so():
    for material in POSITIVE.values():
        entry = material[P + "OCP [V]"]
        own = entry.evidence == "published"
        assert own or "borrowed" in entry.source or "shape" in entry.source or "linear" in entry.source
    assert [name for name in POSITIVE if POSITIVE[name][P + "OCP [V]"].evidence == "published"] == [
        "NCM811",
        "NCA",
        "LCO",
    ]


def test_more_nickel_shrinks_more_and_delivers_more():
    """Between the compositions of Song 2022, Table 2, and beyond (B4)."""
    series = ["NCM111", "NCM523", "NCM622", "NCM711", "NCM811", "NCM83", "NCM88", "NCM90"]
    swing = [abs(float(strain(name)(strain(name).end))) for name in series]
    assert (np.diff(swing) > 0).all()
    # Charge to 4.3 V per mole of metal: constant beyond 80 % nickel, where the law of NCM811 is borrowed as it is.
    charge = [1 - stoichiometry(name, 4.3) for name in series]
    assert (np.diff(charge) > -1e-9).all()
    assert charge[4] - charge[0] > 0.15


def test_sulfides_shrink_as_they_are_oxidised():
    """The electrolyte as active material loses more volume per lithium than In-Li gains (SongReview, Sec. 4.3)."""
    maximum = POSITIVE["LPSCB"]["Maximum concentration in positive electrode [mol.m-3]"].value
    per_lithium = -float(strain("LPSCB")(0.0)) / maximum
    assert 7.89e-6 < per_lithium < 1.1e-5
    assert float(strain("RuO2")(0.2)) == 0
    # 0.6 to 3.6 V lies within the law.
    assert potential("LPSCB")(0.999) < 0.65 < 3.55 < potential("LPSCB")(0.001)


def test_halides_set_their_own_oxidation_limit():
    """4.3 V (Song2022) against 2.2 V of the sulfides; what an electrolyte does not set is borrowed by name."""
    name = P + "interphase oxidation onset [V]"
    assert parameters.build(electrolyte="Li3YCl6")[name] == 4.3
    assert parameters.build(electrolyte="Li3PS4 glass")[name] == parameters.build()[name] == 2.2
    glass, crystal = (
        parameters.build(electrolyte=f"Li6PS5Cl {kind}") for kind in ("glass-ceramic", "crystalline")
    )
    assert glass["Solid electrolyte ductility"] > crystal["Solid electrolyte ductility"]
    for electrolyte, table in ELECTROLYTE.items():
        radius = table["Solid electrolyte particle radius [m]"]
        assert electrolyte in ("Li6PS5Cl", "Li5.5PS4.5Cl1.5") or "borrowed" in radius.source


# Conductivity prior ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*ELECTROLYTES, *CLASSES])
def test_conductivity_prior_is_a_distribution_with_a_source(name):
    prior = parameters.conductivity_prior(name)
    assert prior.median > 0
    assert prior.factor > 1
    assert prior.source in sources.keys()


def test_wider_classes_have_wider_priors():
    factors = [CLASSES[name].factor for name in ("Li6PS5(Cl,Br)", "argyrodites", "sulfides")]
    assert factors == sorted(factors)
    # The package's own values lie within one standard deviation.
    for name in ELECTROLYTES:
        prior = parameters.conductivity_prior(name)
        value = ELECTROLYTE[name]["Solid electrolyte conductivity [S.m-1]"].value
        assert abs(math.log(value / prior.median)) < math.log(prior.factor)


def test_unknown_electrolytes_have_no_prior(tmp_path):
    with pytest.raises(
        ValueError, match=r"electrolyte = 'Li3InCl6' has no conductivity prior: use one of Li6PS5Cl"
    ):
        parameters.conductivity_prior("Li3InCl6")
    with pytest.raises(ValueError, match="electrolytes = 'halides' is not a class"):
        derive_conductivity_prior(tmp_path / "all.csv", "halides")


@pytest.mark.parametrize("name", CLASSES)
def test_conductivity_prior_follows_from_the_collection(name):
    folder = os.environ.get("ASSB_DATA")
    if not folder:
        pytest.skip("ASSB_DATA is not set: it names the folder that holds obelix/all.csv (OBELiX, CC BY 4.0)")
    path = Path(folder) / "obelix" / "all.csv"
    if not path.is_file():
        pytest.skip(f"ASSB_DATA = {folder!r} has no obelix/all.csv (OBELiX, CC BY 4.0)")
    median, factor, count = derive_conductivity_prior(path, name)
    prior = CLASSES[name]
    assert median == pytest.approx(prior.median, rel=2e-3)
    assert factor == pytest.approx(prior.factor, rel=2e-3)
    assert count == prior.count


def test_derivation_on_a_small_table(tmp_path):
    """Median and factor of three rows by hand: logarithms 0, 1, 3 about 1 give a deviation of one."""
    table = tmp_path / "all.csv"
    rows = [("Li6PS5Cl", math.e**power / 100, "argyrodites") for power in (0, 1, 3)]
    rows += [("Li7La3Zr2O12", 1.0, "garnet"), ("Li6PO5Cl", 1.0, "argyrodites")]
    lines = [
        "True Composition,Ionic conductivity (S cm-1),Family",
        *(",".join(map(str, row)) for row in rows),
    ]
    table.write_text("\n".join(lines), encoding="utf-8")
    median, factor, count = derive_conductivity_prior(table, "Li6PS5(Cl,Br)")
    assert (median, factor, count) == (pytest.approx(math.e), pytest.approx(math.exp(1.4826)), 3)


# Compiled -------------------------------------------------------------------------------------------


@slow
@pytest.mark.parametrize("positive", ["NCM622", "NCA", "LCO"])
def test_new_potentials_compile(positive):
    """Closed forms go through the compiler; the voltage of a charge stays that of IDAKLU."""
    from assb.models import compile
    from assb.models.compiled import Protocol

    pv = parameters.build(positive, "Li5.5PS4.5Cl1.5")
    pv["Current function [A]"] = current = -0.2 * pv["Nominal cell capacity [A.h]"]
    times = np.linspace(600, 7200, 12)
    fast = compile(SPM(), pv, inputs=["Stack pressure [MPa]"], outputs=["Voltage [V]"], var_pts=COARSE)
    protocol = Protocol.from_steps([(7200.0, current)], times, initial_current=current)
    simulation = pybamm.Simulation(SPM(), parameter_values=pv, var_pts=COARSE)
    reference = simulation.solve([0, 7200], t_interp=times)["Voltage [V]"](times)
    result = fast.simulate(protocol, {"Stack pressure [MPa]": 50.0})
    assert np.abs(np.ravel(result["Voltage [V]"]) - reference).max() < 1e-3
