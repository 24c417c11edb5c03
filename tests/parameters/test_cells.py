"""Cells and materials: provenance, published values, refusals, and that each gives a model that runs."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pybamm
import pytest
from scipy.optimize import brentq

from assb import parameters
from assb.models import SPM
from assb.parameters import sources
from assb.parameters.catalogue import CELLS, _module, list_materials
from assb.parameters.cells import oh2026_lto, oh2026_oxides
from assb.parameters.entry import EVIDENCE, Entry, unit
from assb.parameters.materials import CARBON, COMPOSITE_NEGATIVES, ELECTROLYTE, NEGATIVE, POSITIVE
from assb.parameters.materials.strains import CollapseStrain
from assb.validation.published.fit import frozen
from assb.validation.studies import oh2026
from tests.models.runs import slow, solve

KEY = re.compile(r"\b[A-Z][A-Za-z]+(?:19|20)\d\d\b")


def all_entries():
    rooms = {**POSITIVE, **ELECTROLYTE, **NEGATIVE, "carbon": CARBON}
    rooms |= {cell: _module(cell).entries() for cell in CELLS}
    return [(room, name, entry) for room, table in rooms.items() for name, entry in table.items()]


# Provenance -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
def test_every_value_has_unit_source_and_evidence(cell):
    table = parameters.provenance(cell)
    own = set(_module(cell).get_parameter_values())
    assert set(table.index) == own
    assert own <= set(parameters.get(cell).keys())
    assert table["evidence"].isin(EVIDENCE).all()
    assert (table["source"].str.len() > 0).all()
    for name, entry in _module(cell).entries().items():
        assert isinstance(entry, Entry)
        assert table.loc[name, "unit"] == unit(name)
        # A dimensional quantity says its unit; what has none is a fraction, a factor, or a function of state.
        assert not re.search(r"(thickness|radius|pressure|conductivity|potential|temperature)$", name) or (
            "relative" in name
        ), f"{name} lacks a unit"


def test_citation_keys_exist():
    known = set(sources.keys())
    for room, name, entry in all_entries():
        if entry.evidence in ("published", "measured"):
            assert entry.source in known, f"{room}: {name}: {entry.source!r}"
        for key in KEY.findall(entry.source):
            assert key in known, f"{room}: {name}: {key!r}"
    for key in known:
        assert sources.bibtex(key).startswith("@")
        assert re.search(r"\((\d{4}|n\.d\.)\)", sources.reference(key))
        assert not re.search(r"[{}]", sources.reference(key))


def test_citations_of_the_submodels_exist():
    from assb.models import DFN, submodels

    for options in ({}, {"negative": "composite"}):
        for submodel in {**DFN(options).submodels, **SPM(options).submodels}.values():
            assert set(getattr(submodel, "citations", ())) <= set(sources.keys())
    assert submodels.Network.citations


def test_unknown_citation_says_what_there_is():
    with pytest.raises(KeyError, match=r"Nobody1900.*Doyle1993"):
        sources.bibtex("Nobody1900")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.0, "x", "guess"), "evidence = 'guess'.*measured.*assumption"),
        ((1.0, "", "assumption"), "source is empty"),
    ],
)
def test_entries_refuse_missing_provenance(arguments, message):
    with pytest.raises(ValueError, match=message):
        Entry(*arguments)


# Published values -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blend", "thickness", "void", "electrolyte"),
    [
        (0.0, 18.5e-6, 0.1796, 0.1772),
        (0.6, 17.6e-6, 0.1093, 0.1912),
        (0.7, 16.8e-6, 0.0755, 0.1983),
        (0.8, 17.5e-6, 0.1018, 0.1924),
        (1.0, 18.3e-6, 0.168, 0.1779),
    ],
)
def test_blends_hit_the_published_structure(blend, thickness, void, electrolyte):
    pv = parameters.get("Oh2026_LTO", blend=blend)
    assert pv["Positive electrode thickness [m]"] == pytest.approx(thickness, rel=1e-12)
    assert pv["Positive electrode void fraction"] == pytest.approx(void, rel=1e-12)
    assert pv["Positive electrode solid electrolyte volume fraction"] == pytest.approx(electrolyte, rel=1e-12)


@pytest.mark.parametrize(("blend", "published"), [(1.0, 4.09), (0.8, 2.99), (0.0, 0.95)])
def test_blends_conduct_electrons_as_published(blend, published):
    """mS/cm, under the default and the measured network."""
    for law in ("percolation", "measured"):
        options = {"negative": "composite", "electronic network": law, "stack pressure": "constant pressure"}
        pv = parameters.get("Oh2026_LTO", blend=blend)
        pv["Ambient temperature [K]"] = 298.15
        sigma = solve(SPM(options), pv, 1, points=2)[
            "Positive electrode effective electronic conductivity [S.m-1]"
        ]
        assert 10 * sigma.data[0] == pytest.approx(published, rel=0.03)


def test_strain_of_ncm811():
    strain = POSITIVE["NCM811"]["Positive electrode volume strain"].value
    assert strain(1.0) == pytest.approx(0, abs=1e-12)
    assert strain(strain.end) == pytest.approx(-0.078, abs=1e-12)
    y = np.linspace(0.26, 1.0, 149)
    slope = np.gradient(strain(y), y)
    assert (slope > 0).all()  # delithiation always contracts
    gentle, steep = slope[y > 0.5].mean(), slope.max()
    assert steep > 5 * gentle
    assert abs(strain(0.5)) < 0.3 * 0.078


def test_collapse_lies_where_the_potential_says():
    for material in POSITIVE.values():
        strain = material["Positive electrode volume strain"].value
        if not isinstance(strain, CollapseStrain):
            continue
        potential = material["Positive electrode OCP [V]"].value.law
        y = np.linspace(strain.end, 1.0, 400)
        steepest = y[np.argmax(np.gradient(strain(y), y))]
        assert 4.15 < potential(steepest) < 4.25
        assert potential(strain.end) == pytest.approx(4.3, abs=0.01)


@pytest.mark.parametrize(("material", "total"), [("NCM811", 0.078), ("NCWA88", 0.065), ("NCM82", 0.048)])
def test_strains_add_up(material, total):
    strain = POSITIVE[material]["Positive electrode volume strain"].value
    assert float(strain(strain.end)) == pytest.approx(-total, abs=1e-12)


def test_a_blend_is_the_mass_weighted_mean_at_one_potential():
    """At the stoichiometries at which both oxides have 4.2 V."""
    blended = oh2026_oxides.blended_laws(0.8)
    tables = [POSITIVE[name] for name in oh2026_oxides.OXIDES]
    laws = [
        [table[f"Positive electrode {law}"].value for table in tables] for law in ("OCP [V]", "volume strain")
    ]
    filling = [brentq(lambda y, u=u: float(u.law(y)) - 4.2, 0.19, 0.9) for u in laws[0]]
    sites = [table["Maximum concentration in positive electrode [mol.m-3]"].value for table in tables]
    weights = [share * c for share, c in zip((0.8, 0.2), sites, strict=True)]
    mean = np.average(filling, weights=weights)
    assert float(blended["Positive electrode OCP [V]"].law(mean)) == pytest.approx(4.2, abs=1e-9)
    strains = [float(strain(y)) for strain, y in zip(laws[1], filling, strict=True)]
    found = float(blended["Positive electrode volume strain"](mean))
    assert found == pytest.approx(np.average(strains, weights=(0.8, 0.2)), abs=1e-9)


@pytest.mark.parametrize(
    ("material", "discharge", "efficiency"), [("NCWA88", 218.3, 0.953), ("NCM82", 201.9, 0.881)]
)
def test_half_cells_of_oh2026(material, discharge, efficiency):
    """Sites at 4.3 V against the published discharge [mAh/g]; those that do not fill again are not counted."""
    table = POSITIVE[material]
    sites = table["Maximum concentration in positive electrode [mol.m-3]"].value * 26.8015 / 4.8e3
    law = table["Positive electrode OCP [V]"].value.law
    charged = brentq(lambda y: float(law(y)) - 4.3, 0.1, 0.9)
    assert (1 - charged) * sites == pytest.approx(discharge, rel=2e-3)
    molar = {"NCWA88": 97.9, "NCM82": 97.2}[material]
    assert sites + discharge * (1 / efficiency - 1) == pytest.approx(26801.5 / molar, rel=1e-6)


def test_constants_of_the_blends_are_those_of_the_study():
    """The median of the frozen calibration on end members."""
    constants = frozen("oh").mapping()
    assert constants[oh2026.DIFFUSION] == pytest.approx(oh2026_oxides.DIFFUSION, rel=1e-3)
    assert constants[oh2026.PATH] == pytest.approx(oh2026_lto.PATH, rel=1e-3)
    pv = parameters.get("Oh2026_LTO", blend=0.7)
    path = 16.8e-6 / (0.1 * oh2026.ionic_conductivity(0.7))
    found = pv["Contact resistance [Ohm]"] * pv["Electrode area [m2]"]
    assert found == pytest.approx(oh2026_lto.PATH * path, rel=1e-9)


def test_open_circuit_potentials():
    from assb.parameters.materials.layered_oxides import nmc811_potential
    from assb.parameters.materials.lto import lto_potential

    y = np.linspace(0.2, 0.95, 76)
    assert (np.diff(nmc811_potential(y)) < 0).all()
    full = parameters.get("NCM811_LPSCl_InLi")["Positive electrode stoichiometry at 100% SOC"]
    assert nmc811_potential(full) == pytest.approx(4.3, abs=0.01)
    assert lto_potential(0.5) == pytest.approx(1.571, abs=1e-6)
    assert (np.diff(lto_potential(np.linspace(0.01, 0.99, 99))) < 0).all()


def test_maximum_concentration_is_that_of_the_crystal():
    assert parameters.get("NCM811_LPSCl_InLi")[
        "Maximum concentration in positive electrode [mol.m-3]"
    ] == pytest.approx(4.78e6 / 97.28)


# Refusals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"positive": "LNMO"}, "positive = 'LNMO' is not a known material: use one of NCM811"),
        ({"electrolyte": "water"}, "electrolyte = 'water'.*Li6PS5Cl"),
        ({"negative": "silicon"}, "negative = 'silicon'.*InLi, Li, LTO, graphite"),
        ({"positive_thickness": -3e-5}, "positive_thickness = -3e-05.*positive, in SI"),
        ({"particle_radius": 0.0}, "particle_radius = 0.0"),
        ({"stack_pressure": -1.0}, "stack_pressure = -1.0.*MPa"),
        ({"composition": {"active material": 70, "water": 30}}, "'water' is not known"),
        ({"void_fraction": 0.5}, "porosity"),
        (
            {"initial_stoichiometry": 1.2},
            "Initial stoichiometry in positive electrode' = 1.2.*between 0 and 1",
        ),
        (
            {"overrides": {"Positive electrode porosity": 0.3}},
            "porosity' = 0.3 comes from a liquid-electrolyte set",
        ),
        ({"overrides": {"Separator thickness [m]": -1e-3}}, "Separator thickness.*-0.001.*positive"),
        (
            {"overrides": {"Positive electrode void fraction": 0.4149}},
            "Positive electrode: volume fractions sum to 1.2.*Give the void fraction",
        ),
    ],
)
def test_impossible_cells_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        parameters.build(**arguments)


def test_electrolyte_share_taken_for_a_porosity_is_recognised():
    pv = parameters.get("NCM811_LPSCl_InLi")
    share = pv["Positive electrode solid electrolyte volume fraction"]
    pv["Positive electrode void fraction"] = share
    with pytest.raises(ValueError, match="liquid-electrolyte set, where 'porosity'"):
        parameters.check(pv)


def test_inputs_are_taken_on_trust():
    pv = parameters.get("NCM811_LPSCl_InLi")
    pv.update({"Positive electrode void fraction": "[input]", "Positive electrode thickness [m]": "[input]"})
    assert parameters.check(pv) is pv


def test_unknown_sets_and_arguments():
    with pytest.raises(KeyError, match="'Oh2027' is not known: use one of NCM811_LPSCl_InLi, Oh2026_LTO"):
        parameters.get("Oh2027")
    for blend in (-0.1, 1.1):
        with pytest.raises(ValueError, match=r"blend = .* must lie in \[0, 1\]"):
            parameters.get("Oh2026_LTO", blend=blend)
    with pytest.raises(TypeError):
        parameters.get("NCM811_LPSCl_InLi", blend=0.5)
    assert parameters.list() == sorted(CELLS)


def test_public_names_stay_what_they_are():
    """A submodule of the same name would take the place of the function once imported."""
    import pkgutil

    from assb import models

    for package in (models, parameters):
        modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
        assert not modules & set(package.__all__)
        for name in package.__all__:
            assert getattr(package, name) is not None


# Every combination runs -----------------------------------------------------------------------------


#: Materials with data of their own. Of the others all but potential, strain and conductivity is the same: each is tried
#: with one partner.
OXIDES = ("LCO", "NCA", "NCM622", "NCM811", "NCM82", "NCWA88")
SULFIDES = ("Li5.5PS4.5Cl1.5", "Li6PS5Cl")
ROLES = list_materials()
#: Every day all cells of In-Li and LTO, and one of each other negative; the rest in the long run.
COMBINATIONS = [
    pytest.param(
        *names,
        marks=[slow] if names[2] not in ("InLi", "LTO") and names[:2] != ("NCM811", "Li6PS5Cl") else [],
    )
    for names in product(OXIDES, SULFIDES, ROLES["negative"])
]
COMBINATIONS += [
    pytest.param(name, "Li6PS5Cl", "InLi", marks=[] if name in ("LFP", "LPSCB", "RuO2") else slow)
    for name in ROLES["positive"]
    if name not in OXIDES
]
COMBINATIONS += [
    pytest.param("NCM811", name, "InLi", marks=slow) for name in ROLES["electrolyte"] if name not in SULFIDES
]


@pytest.mark.parametrize(("positive", "electrolyte", "negative"), COMBINATIONS)
def test_every_combination_builds_and_charges(positive, electrolyte, negative):
    pv = parameters.build(positive, electrolyte, negative)
    assert isinstance(pv, pybamm.ParameterValues)
    pv["Current function [A]"] = -0.1 * pv["Nominal cell capacity [A.h]"]
    options = {"negative": "composite"} if negative in COMPOSITE_NEGATIVES else {}
    voltage = solve(SPM(options), pv, 1800, points=5, tolerances={})["Voltage [V]"].data
    assert len(voltage) == 5
    # On the plateau of LFP the kinetics, which ease with charge, show through.
    assert (np.diff(voltage) > (-1e-3 if positive == "LFP" else 0)).all()
    assert pv["Lower voltage cut-off [V]"] < voltage.min() < voltage.max() < pv["Upper voltage cut-off [V]"]


def test_build_follows_its_arguments():
    pv = parameters.build(
        positive_thickness=50e-6,
        separator_thickness=400e-6,
        particle_radius=1e-6,
        stack_pressure=5.0,
        composition={"active material": 80, "solid electrolyte": 20},
        void_fraction=0.05,
        overrides={"Fixture stiffness [MPa.um-1]": 2.0},
    )
    assert pv["Positive electrode thickness [m]"] == 50e-6
    assert pv["Positive particle radius [m]"] == 1e-6
    assert pv["Stack pressure [MPa]"] == 5.0
    assert pv["Fixture stiffness [MPa.um-1]"] == 2.0
    active = 0.95 * (80 / 4.78) / (80 / 4.78 + 20 / 1.87)
    assert pv["Positive electrode active material volume fraction"] == pytest.approx(active)
    # 180 mAh/g of active material.
    assert pv["Nominal cell capacity [A.h]"] == pytest.approx(
        0.180 * active * 4.78e6 * 50e-6 * pv["Electrode area [m2]"]
    )
