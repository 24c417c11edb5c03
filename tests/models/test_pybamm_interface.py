"""Plots, pickles, entry points, citations and options."""

from __future__ import annotations

import pickle

import numpy as np
import pybamm
import pytest

from assb import parameters
from assb.models import DFN, NO_MECHANISMS, SPM
from assb.models.option_table import OPTIONS
from tests.models.runs import CASES, COARSE, LTO, scalars, slow, solve, spm_first, values

# Plots, pickles, entry points, citations ------------------------------------------------------------


@spm_first
def test_quick_plot(model_class):
    import matplotlib

    matplotlib.use("Agg")
    solution = solve(model_class(), values(rate=-0.3), 900, tolerances={})
    plot = pybamm.QuickPlot(solution, model_class().default_quick_plot_variables)
    plot.plot(100.0)
    plot.slider_update(600.0)
    matplotlib.pyplot.close("all")


def test_pickles(model_class):
    model = pickle.loads(pickle.dumps(model_class({"contact": "pressure"})))
    assert model.options["contact"] == "pressure"
    sim = pybamm.Simulation(model, parameter_values=values(rate=-0.3), var_pts=COARSE)
    expected = sim.solve([0, 600])["Voltage [V]"].data
    again = pickle.loads(pickle.dumps(sim))
    np.testing.assert_array_equal(again.solution["Voltage [V]"].data, expected)
    solution = pickle.loads(pickle.dumps(sim.solution))
    np.testing.assert_array_equal(solution["Voltage [V]"].data, expected)
    np.testing.assert_allclose(again.solve([0, 600])["Voltage [V]"].data, expected, atol=1e-9)


@pytest.mark.parametrize("cell", CASES)
def test_parameter_values_pickle_and_copy(cell):
    pv = pickle.loads(pickle.dumps(parameters.get(cell)))
    voltage = solve(SPM(CASES[cell]), pv, 60, points=3)["Voltage [V]"].data
    np.testing.assert_array_equal(
        voltage, solve(SPM(CASES[cell]), parameters.get(cell), 60, points=3)["Voltage [V]"].data
    )


def test_entry_points():
    assert type(pybamm.Model("ASSB_SPM")) is SPM
    model = pybamm.Model("ASSB_DFN")
    assert type(model) is DFN
    for cell in parameters.list():
        found = pybamm.ParameterValues(cell)
        own = parameters.get(cell)
        assert scalars(found) == scalars(own)
    solution = solve(model, pybamm.ParameterValues("NCM811_LPSCl_InLi"), 60, points=3)
    assert np.isfinite(solution["Voltage [V]"].data).all()


def test_citations_are_registered(model_class):
    pybamm.citations._reset()
    model_class()
    registered = "".join(pybamm.citations._unknown_citations)  # printing them needs pybtex
    for words in ("Doyle", "Minnmann", "Deal", "Klerk", "Santhosha", "doi"):
        assert words in registered


# Options --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"contact": "presure"},
            "'contact' = 'presure'.*'pressure and damage', 'pressure', 'constant', 'full'",
        ),
        ({"interface": "mixed"}, "interface.*space charge"),
        ({"surface form": "algebraic"}, "'surface form' = 'algebraic'.*'false', 'differential'"),
        # PyBaMM's own that these models would ignore.
        ({"SEI": "reaction limited"}, "'SEI' = 'reaction limited' of PyBaMM has no effect.*leave it 'none'"),
        ({"particle": "uniform profile"}, "'particle' = 'uniform profile' of PyBaMM has no effect"),
    ],
)
def test_unknown_options_say_what_there_is(options, message, model_class):
    with pytest.raises(pybamm.OptionError, match=message):
        model_class(options)


@pytest.mark.parametrize(
    "name",
    [
        name if name.endswith("network") else pytest.param(name, marks=slow)
        for name in OPTIONS
        if name != "negative"
    ],
)
@spm_first
def test_every_value_of_every_option_runs(name, model_class):
    for value in OPTIONS[name].values:
        pv = values(rate=-0.3)
        if value == "two":  # parameters of each population; the mesh is the model's own
            pv = parameters.build(parameters.Blend(("NCM811", "NCM811"), (60, 40), (5e-6, 2e-6)))
        coarse = value != "two"
        options = {name: value}
        if name == "negative hysteresis":  # of a composite
            pv, options = values("Oh2026_LTO", rate=-0.3), {**LTO, name: value}
        if value == "graded" and not model_class.resolved:
            with pytest.raises(pybamm.OptionError, match="use the DFN"):
                model_class(options)
            continue
        solution = solve(model_class(options), pv, 300, points=3, tolerances={}, coarse=coarse)
        assert np.isfinite(solution["Voltage [V]"].data).all()


def test_options_table_and_defaults(capsys):
    from assb import models

    table = models.options()
    printed = capsys.readouterr().out
    for name, option in table.items():
        assert name in printed
        assert all(value in printed for value in option.values)
        assert SPM().options[name] == option.default
    assert set(NO_MECHANISMS) == set(OPTIONS) - {"negative"}


@spm_first
def test_defaults_are_complete(model_class):
    for options in ({}, LTO):
        solution = pybamm.Simulation(model_class(options)).solve([0, 60])
        assert np.isfinite(solution["Voltage [V]"].data).all()
