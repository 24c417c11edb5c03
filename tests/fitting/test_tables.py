"""Predictors of tables: ageing over cycles, conductivities of composites; rows of a table by unit."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from assb.fitting import AgeingPredictor, DataError, NetworkConductivity, Table, TableRows
from assb.models.compiled import Step

R_INT = "Positive electrode interface resistance [Ohm.m2]"
EXPONENT = "Positive electrode electronic conductivity pressure exponent"
SIGMA = "Solid electrolyte conductivity [S.m-1]"
PRESSURE = "Stack pressure [MPa]"


# Rows ----------------------------------------------------------------------------------------------


def rows():
    columns = {
        "P": np.array([3.0, 20.0]),
        "sigma": np.array([0.12, 0.51]),
        "note": np.array(["a", "b"], object),
    }
    return TableRows(columns, {"P": "MPa", "sigma": "mS/cm"}, "song")


def test_a_column_becomes_a_table_in_the_unit_of_its_predictor():
    table = rows().table("sigma", lambda p: np.zeros((1, 2)), unit="S.m-1", sd=0.3, share=True)
    assert isinstance(table, Table)
    np.testing.assert_allclose(table.values, [0.012, 0.051])
    np.testing.assert_allclose(table.sd, [0.0036, 0.0153])
    assert (table.name, table.quantity) == ("song", "sigma [S.m-1]")
    decades = rows().table("sigma", lambda p: np.zeros((1, 2)), unit="S.m-1", sd=0.1, decades=True)
    np.testing.assert_allclose(decades.values, np.log10([0.012, 0.051]))
    np.testing.assert_allclose(decades.sd, 0.1)


def test_errors_of_rows():
    with pytest.raises(DataError, match="no column 'kappa': it has P, sigma, note"):
        rows().column("kappa")
    with pytest.raises(DataError, match="column 'note' holds text"):
        rows().column("note")
    with pytest.raises(DataError, match="does not convert to MPa"):
        rows().column("sigma", "MPa")
    with pytest.raises(DataError, match="states no unit: give units"):
        TableRows({"n": np.ones(2)}).column("n", "A")
    with pytest.raises(DataError, match=r"\[1, 2\] rows: give one value per row"):
        TableRows({"n": np.ones(2), "m": np.ones(1)})
    with pytest.raises(DataError, match="share and decades need positive values"):
        TableRows({"n": np.array([1.0, 0.0])}).table("n", lambda p: np.zeros((1, 2)), share=True)


# Ageing --------------------------------------------------------------------------------------------

STEPS = [
    Step.current(-1e-3, until=3.6),
    Step.rest(600.0),
    Step.current(1e-3, duration=10.0),
    Step.current(1e-3, until=2.5),
]


class Fading:
    """A cell of 2 mA.h that loses `loss` of it each cycle, with a resistance of `r` that doubles in 100."""

    def cycle(self, steps, n_cycles, inputs, tolerance_mV=0.5, threads=None):
        self.inputs = inputs
        sets = len(next(iter(inputs.values())))
        n = np.arange(n_cycles)[:, None]
        r = np.asarray(inputs[R_INT])[:, None, None]
        capacity = np.broadcast_to(2e-3 * (1 - 0.01 * n), (sets, n_cycles, 1))
        resistance = r * (1 + n / 100)
        flat = np.ones((sets, n_cycles, 1))
        charge = np.concatenate([-capacity, 0 * flat, 0.1 * capacity, 0.9 * capacity], axis=2)
        voltage = np.concatenate([3.6 * flat, 3.5 * flat, 3.5 - 1e-3 * resistance, 2.5 * flat], axis=2)
        current = np.concatenate([-1e-3 * flat, 0 * flat, 1e-3 * flat, 1e-3 * flat], axis=2)
        names = {"Charge [A.h]": charge, "Voltage [V]": voltage, "Current [A]": current}
        names[PRESSURE] = np.broadcast_to(0.5, charge.shape)
        return xr.Dataset(
            {name: (("sample", "cycle", "step"), v) for name, v in names.items()}
            | {"reason": ("sample", np.array(["", "cycle 3, step 1: empty"][:sets]))}
        )


@pytest.fixture(scope="module")
def model_and_cell():
    from assb import models, parameters

    return models.SPM(), parameters.get("NCM811_LPSCl_InLi")


@pytest.fixture
def ageing(monkeypatch, model_and_cell):
    model, cell = model_and_cell
    fading = Fading()
    seen = {}

    def compile_model(model, values, inputs, outputs):
        seen.update(inputs=inputs, outputs=outputs)
        return fading

    monkeypatch.setattr("assb.fitting.tables.compile_model", compile_model)

    def make(quantity, cycles=(1, 11, 51), **more):
        return AgeingPredictor(model, cell, STEPS, cycles, quantity, **more)

    make.seen, make.fading = seen, fading
    return make


VALUES = {R_INT: np.array([[10.0], [20.0]]), "Something else": np.array([[1.0], [1.0]])}


def test_capacity_and_retention(ageing):
    fade = np.array([1.0, 0.9, 0.5])
    both = ageing("capacity [mA.h]", step=[2, 3], inputs=[R_INT])
    np.testing.assert_allclose(both(VALUES), [2 * fade] * 2)
    # Only what the ageing model depends on is passed on.
    assert list(ageing.fading.inputs) == ageing.seen["inputs"] == [R_INT]
    assert both.reasons_ == ["", "cycle 3, step 1: empty"]
    np.testing.assert_allclose(ageing("retention", inputs=[R_INT])(VALUES), [fade] * 2)
    later = ageing("retention", reference_cycle=11, inputs=[R_INT])
    np.testing.assert_allclose(later(VALUES), [fade / 0.9] * 2)
    np.testing.assert_allclose(ageing("retention", inputs=[R_INT], decades=True)(VALUES)[0], np.log10(fade))


def test_resistance_and_other_variables(ageing):
    growth = np.array([1.0, 1.1, 1.5])
    found = ageing("resistance [Ohm]", step=2, inputs=[R_INT])(VALUES)
    np.testing.assert_allclose(found, [10 * growth, 20 * growth])
    area = ageing("area resistance [Ohm.cm2]", step=2, inputs=[R_INT])(VALUES)
    np.testing.assert_allclose(area, 0.785 * found)
    np.testing.assert_allclose(ageing(PRESSURE, step=3, inputs=[R_INT])(VALUES), 0.5)
    assert ageing.seen["outputs"] == ["Voltage [V]", PRESSURE]


def test_inputs_are_those_of_the_first_call_unless_said(ageing):
    predictor = ageing("retention")
    predictor({R_INT: np.array([[10.0]])})
    assert ageing.seen["inputs"] == [R_INT]
    with pytest.raises(ValueError, match="is an input of the ageing model: calibrate it"):
        predictor({"Other": np.array([[10.0]])})


def test_without_a_compiler_sets_are_cycled_one_by_one(ageing, monkeypatch):
    from assb.models.compiled.reference import ReferenceModel

    class Single(ReferenceModel):
        def cycle(self, steps, n_cycles, inputs, tolerance_mV=0.5):
            run = Fading().cycle(steps, n_cycles, {name: [value] for name, value in inputs.items()})
            return run.isel(sample=0)

    single = object.__new__(Single)
    monkeypatch.setattr("assb.fitting.tables.compile_model", lambda *_: single)
    found = ageing("resistance [Ohm]", step=2, inputs=[R_INT])(VALUES)
    np.testing.assert_allclose(found, np.outer([10.0, 20.0], [1.0, 1.1, 1.5]))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"cycles": [0, 1]}, "whole numbers from 1 on"),
        ({"cycles": [1.5]}, "whole numbers from 1 on"),
        ({"cycles": []}, "whole numbers from 1 on"),
        ({"reference_cycle": 0}, "reference_cycle = 0"),
        ({"step": 4}, "step = 4: the cycle has 4 steps"),
        ({"quantity": "resistance [Ohm]", "step": 0}, "needs a step before it"),
        ({"quantity": "weight"}, "quantity = 'weight'"),
    ],
)
def test_errors_of_ageing(ageing, arguments, words):
    with pytest.raises(ValueError, match=words):
        ageing(**{"quantity": "retention", **arguments})


@pytest.mark.slow
def test_ageing_of_a_real_model_is_that_of_its_cycles():
    """Against the cycles themselves: fade by growth of the interphase."""
    from assb import models, parameters

    model, cell = models.SPM({"interphase": "mixed"}), parameters.get("NCM811_LPSCl_InLi")
    steps = [Step.current(-0.33e-3, until=3.6), Step.rest(600), Step.current(0.33e-3, duration=10)]
    steps += [Step.current(0.33e-3, until=2.9)]
    predictor = AgeingPredictor(model, cell, steps, [1, 2, 10], "resistance [Ohm]", 2, inputs=[R_INT])
    found = predictor({R_INT: np.array([[0.02], [0.04]])})
    run = models.compile(model, cell, [R_INT], ["Voltage [V]"]).cycle(steps, 10, {R_INT: 0.02})
    drop = run["Voltage [V]"].values[:, 1] - run["Voltage [V]"].values[:, 2]
    np.testing.assert_allclose(found[0], drop[[0, 1, 9]] / 0.33e-3, rtol=1e-3)
    # More interface resistance by 0.02 Ohm.m2 of contact area is more resistance.
    assert (found[1] > found[0] + 10).all()


# Conductivities ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def composites():
    from assb import parameters

    return [
        parameters.build(
            "NCM82", composition={"active material": a, "solid electrolyte": 100 - a}, void_fraction=v
        )
        for a, v in ((85, 0.2), (70, 0.15), (85, 0.2))
    ]


CARRIERS = ["ionic", "electronic", "electronic"]
PRESSURES = [20.0, 3.0, 3.0]


def test_conductivities_are_those_of_the_specimens(composites):
    from assb.models.specimens import BlockingCell

    predictor = NetworkConductivity(composites, CARRIERS, {PRESSURE: PRESSURES})
    base = composites[0]
    values = {EXPONENT: [[base[EXPONENT]], [0.1]], SIGMA: [[base[SIGMA]], [2 * base[SIGMA]]]}
    found = predictor({name: np.array(v) for name, v in values.items()})
    for k, (cell, carrier, pressure) in enumerate(zip(composites, CARRIERS, PRESSURES, strict=True)):
        kind = "electron-blocking" if carrier == "ionic" else "ion-blocking"
        assert found[0, k] == pytest.approx(
            BlockingCell(cell, kind, pressure=pressure).conductivity, rel=1e-9
        )
        changed = cell.copy()
        changed.update({name: v[1][0] for name, v in values.items()})
        assert found[1, k] == pytest.approx(
            BlockingCell(changed, kind, pressure=pressure).conductivity, rel=1e-9
        )


def test_units_and_decades_of_conductivities(composites):
    values = {SIGMA: np.array([[0.19]])}
    base = NetworkConductivity(composites[0], "ionic", {PRESSURE: PRESSURES})(values)
    assert base.shape == (1, 3)
    for unit, factor in (("mS.cm-1", 10.0), ("S.cm-1", 0.01)):
        scaled = NetworkConductivity(composites[0], "ionic", {PRESSURE: PRESSURES}, unit=unit)(values)
        np.testing.assert_allclose(scaled, factor * base)
    decades = NetworkConductivity(composites[0], "ionic", {PRESSURE: PRESSURES}, decades=True)(values)
    np.testing.assert_allclose(decades, np.log10(base))


def test_options_reach_the_networks(composites):
    values = {SIGMA: np.array([[0.19]])}
    options = {"ionic network": "Bruggeman", "network pressure": "none"}
    found = NetworkConductivity(composites[0], "ionic", options=options)(values)
    cell = composites[0]
    fraction = cell["Positive electrode solid electrolyte volume fraction"]
    exponent = cell["Positive electrode Bruggeman coefficient (electrolyte)"]
    assert cell["Ambient temperature [K]"] == cell["Reference temperature [K]"]
    assert found[0, 0] == pytest.approx(0.19 * fraction**exponent)


def test_errors_of_conductivities(composites):
    with pytest.raises(ValueError, match="carrier = 'spin': use 'ionic' or 'electronic'"):
        NetworkConductivity(composites[0], "spin")
    with pytest.raises(ValueError, match="have \\[3, 2\\] rows"):
        NetworkConductivity(composites, ["ionic"] * 2)
    with pytest.raises(ValueError, match="domain = 'middle'"):
        NetworkConductivity(composites[0], "ionic", domain="middle")
    with pytest.raises(ValueError, match="unit = 'S'"):
        NetworkConductivity(composites[0], "ionic", unit="S")
    with pytest.raises(ValueError, match="'Weather' is no parameter"):
        NetworkConductivity(composites[0], "ionic", {"Weather": [1.0]})
    other = composites[1].copy()
    other.update({"Positive electrode void fraction": "[input]"})
    with pytest.raises(ValueError, match="is not a number in every one"):
        NetworkConductivity([composites[0], other], "ionic")
    predictor = NetworkConductivity(composites[0], "ionic", {PRESSURE: PRESSURES})
    with pytest.raises(ValueError, match="is calibrated and a condition of the rows"):
        predictor({PRESSURE: np.array([[3.0]])})


def test_conductivities_calibrate(composites):
    """A pressure exponent and a conductivity from rows that they made."""
    from assb import models
    from assb.fitting import LogNormal, Normal, Problem, WhiteNoise, calibrate

    carriers = ["ionic", "electronic"] * 4
    conditions = {PRESSURE: np.repeat([3.0, 20.0, 50.0, 100.0], 2)}
    predictor = NetworkConductivity(composites[0], carriers, conditions, unit="mS.cm-1", decades=True)
    truth = {SIGMA: np.array([[0.25]]), EXPONENT: np.array([[0.4]])}
    rng = np.random.default_rng(5)
    measured = TableRows(
        {"sigma": 10 ** predictor(truth)[0] * 10 ** (0.02 * rng.normal(size=8))}, {"sigma": "mS/cm"}
    )
    table = measured.table("sigma", predictor, unit="mS.cm-1", sd=0.02, decades=True)
    priors = {SIGMA: LogNormal(median=0.19, factor=2.0), EXPONENT: Normal(mean=0.6, sd=0.3)}
    problem = Problem(models.SPM(), composites[0], [table], priors, noise={"table": WhiteNoise(1.0)})
    estimate = calibrate(problem, starts=2, seed=5)
    for name, (value,) in truth.items():
        assert abs(estimate.parameters_[name] - value) < 4 * estimate.sd_[name]
