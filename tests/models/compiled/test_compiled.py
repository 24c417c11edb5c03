import pickle
import threading

import numpy as np
import pybamm
import pytest

from assb.models.compiled import CompilerError, CompilerWarning, Protocol, compile_model
from assb.models.compiled.check import solve_with_idaklu

from .conftest import COARSE, INPUTS, NEGATIVE_D, POSITIVE_EPS


def difference(compiled, model, values, protocol, var_pts=None):
    """Largest |dV| [V] from IDAKLU at 1e-8, past t = 0."""
    ours = compiled.evaluate(protocol, compiled.vector())
    reference = solve_with_idaklu(
        model, values, protocol, compiled.defaults, compiled.output_names, var_pts, tolerance=1e-8
    )
    return np.abs(ours - reference)[int(protocol.emit_initial) :, 0].max()


def central_differences(compiled, protocol, p, relative=1e-4):
    columns = []
    for k in range(len(p)):
        step = np.zeros(len(p))
        step[k] = relative * p[k]
        rise = compiled.evaluate(protocol, p + step) - compiled.evaluate(protocol, p - step)
        columns.append(rise / (2.0 * step[k]))
    return np.stack(columns, axis=-1)


def test_spm_accuracy(spm, values, cycle):
    assert difference(spm, pybamm.lithium_ion.SPM(), values, cycle) < 1e-4


def test_spme_accuracy(values, cycle):
    model = pybamm.lithium_ion.SPMe()
    compiled = compile_model(model, values, [], ["Voltage [V]"], check=False)
    assert difference(compiled, model, values, cycle) < 1e-4


def test_algebraic_states_accuracy(dfn, values):
    protocol = Protocol.from_steps(
        [(1800.0, 5.0), (600.0, 0.0), (900.0, -2.5)], np.arange(10.0, 3301.0, 10.0)
    )
    assert difference(dfn, pybamm.lithium_ion.DFN(), values, protocol, COARSE) < 1e-4


@pytest.mark.slow
def test_dfn_accuracy_and_derivative(values, cycle):
    model = pybamm.lithium_ion.DFN()
    compiled = compile_model(model, values, INPUTS, ["Voltage [V]"])
    assert difference(compiled, model, values, cycle) < 1e-4
    short = Protocol.from_steps([(600.0, 5.0), (60.0, 0.0)], [1.0, 300.0, 600.0, 660.0])
    _, slopes = compiled.jacobian(short, compiled.vector())
    expected = central_differences(compiled, short, compiled.vector())
    scale = np.abs(expected).max(axis=0)
    np.testing.assert_allclose(slopes / scale, expected / scale, rtol=1e-5, atol=1e-6)


def test_refinement_converges_with_third_order(spm):
    """Error against a very fine grid falls eightfold when the steps are halved."""
    steps, times = [(1000.0, 5.0)], [250.0, 500.0, 1000.0]
    options = {"first_step": 12.5, "growth": 1.0000001, "max_step": 12.5}
    runs = {
        r: spm.evaluate(Protocol.from_steps(steps, times, refine=r, **options), spm.vector())[:, 0]
        for r in (1.0, 2.0, 4.0, 32.0)
    }
    errors = [np.abs(runs[r] - runs[32.0]).max() for r in (1.0, 2.0, 4.0)]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert (orders > 2.5).all()


@pytest.mark.parametrize("name", ["spm", "dfn"])
def test_derivative_agrees_with_central_differences(name, request, cycle):
    compiled = request.getfixturevalue(name)
    protocol = Protocol.from_steps(cycle.steps, np.concatenate([[0.0], cycle.output_times[::10]]))
    p = compiled.vector()
    values, slopes = compiled.jacobian(protocol, p)
    np.testing.assert_allclose(values, compiled.evaluate(protocol, p), rtol=0, atol=1e-12)
    assert slopes.shape == (*values.shape, len(p))
    expected = central_differences(compiled, protocol, p)
    scale = np.abs(expected).max(axis=0)
    np.testing.assert_allclose(slopes / (scale + 1e-30), expected / (scale + 1e-30), rtol=1e-5, atol=1e-6)


def test_derivative_of_input_dependent_initial_state(values):
    """The initial concentration enters through the initial condition alone."""
    name = "Initial concentration in positive electrode [mol.m-3]"
    compiled = compile_model(pybamm.lithium_ion.SPM(), values, [name], ["Voltage [V]"], check=False)
    protocol = Protocol.from_steps([(600.0, 5.0)], [0.0, 1.0, 600.0])
    _, slopes = compiled.jacobian(protocol, compiled.vector())
    expected = central_differences(compiled, protocol, compiled.vector())
    np.testing.assert_allclose(slopes, expected, rtol=1e-5)


@pytest.mark.parametrize("name", ["spm", "dfn"])
def test_ensemble_equals_one_by_one(name, request):
    """But for rounding; and bit for bit whatever the batch and the threads."""
    compiled = request.getfixturevalue(name)
    protocol = Protocol.from_steps([(600.0, 5.0), (60.0, 0.0)], [0.0, 1.0, 300.0, 600.0, 660.0])
    p = compiled.vector() * np.random.default_rng(0).uniform(0.8, 1.2, (23, len(INPUTS)))
    p[17] = np.nan
    one_by_one = np.stack([compiled.evaluate(protocol, row) for row in p])
    together, failed = compiled.evaluate_many(protocol, p, 1)
    np.testing.assert_allclose(together, one_by_one, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(np.flatnonzero(failed), [17])
    for threads in (2, 5, None):
        np.testing.assert_array_equal(compiled.evaluate_many(protocol, p, threads)[0], together)
    order = np.random.default_rng(1).permutation(len(p))
    np.testing.assert_array_equal(compiled.evaluate_many(protocol, p[order])[0], together[order])
    for rows in ([4], [17, 3], list(range(9))):
        np.testing.assert_array_equal(compiled.evaluate_many(protocol, p[rows])[0], together[rows])
    assert compiled.evaluate_many(protocol, p[:0])[0].shape == (0, *together.shape[1:])


def test_without_vector_extensions(spm, monkeypatch):
    """A compiler that rejects them leaves the scalar code."""
    from assb.models.compiled.store import SourceStore

    load = SourceStore.load

    def only_scalar(sources, kind, generate, macros=()):
        if macros:
            raise CompilerError("no vectors")
        return load(sources, kind, generate)

    monkeypatch.setattr(SourceStore, "load", only_scalar)
    copy = pickle.loads(pickle.dumps(spm))
    protocol = Protocol.from_steps([(60.0, 5.0)], [60.0])
    p = np.tile(copy.vector(), (3, 1))
    monkeypatch.setattr("assb.models.compiled.compiler._warned", set())
    with pytest.warns(CompilerWarning, match="one by one"):
        found = copy.evaluate_many(protocol, p)[0]
    np.testing.assert_array_equal(found[2], spm.evaluate(protocol, p[2]))


@pytest.mark.parametrize("name", ["spm", "dfn"])
@pytest.mark.parametrize("bad", [{NEGATIVE_D: np.nan}, {POSITIVE_EPS: 0.0}])
def test_a_failing_set_fails_alone(name, bad, request):
    compiled = request.getfixturevalue(name)
    protocol = Protocol.from_steps([(600.0, 5.0)], [1.0, 300.0, 600.0])
    inputs = {k: np.full(7, compiled.defaults[k]) for k in INPUTS}
    for k, v in bad.items():
        inputs[k][3] = v
    for tolerance in (None, 0.1):
        result = compiled.ensemble(protocol, inputs, threads=2, tolerance_mV=tolerance)
        assert result.attrs["failures"] == 1
        assert (result["reason"].values != "").tolist() == [i == 3 for i in range(7)]
        voltage = result["Voltage [V]"].values
        assert np.isnan(voltage[3]).all()
        two = {k: v[:2] for k, v in inputs.items()}
        good = compiled.ensemble(protocol, two, tolerance_mV=tolerance)["Voltage [V]"].values[0]
        np.testing.assert_array_equal(np.delete(voltage, 3, axis=0), np.tile(good, (6, 1)))
    alone = compiled.simulate(protocol, bad)
    assert alone.attrs["failures"] == 1
    assert np.isnan(alone["Voltage [V]"]).all()
    slopes = compiled.jacobian(protocol, compiled.vector(bad))[1]
    assert np.isnan(slopes).all()


def test_labels(spm):
    protocol = Protocol.from_steps([(60.0, 5.0), (60.0, 0.0)], [0.0, 60.0, 120.0])
    result = spm.simulate(protocol, {NEGATIVE_D: 3e-14})
    assert result["Voltage [V]"].dims == ("time",)
    assert result["Voltage [V]"].attrs["units"] == "V"
    assert result["Discharge capacity [A.h]"].attrs["units"] == "A.h"
    assert result["time"].attrs["units"] == "s"
    assert result[NEGATIVE_D] == 3e-14
    assert result[POSITIVE_EPS] == spm.defaults[POSITIVE_EPS]
    np.testing.assert_array_equal(result["Current [A]"], [0.0, 5.0, 0.0])
    # Before the switch: 60 s of 5 A on board, and the voltage still under load.
    assert result["Discharge capacity [A.h]"][1] == pytest.approx(5.0 * 60.0 / 3600.0)
    assert result["Voltage [V]"][1] < result["Voltage [V]"][2] < result["Voltage [V]"][0]
    many = spm.ensemble(protocol, {NEGATIVE_D: [3e-14, 4e-14], POSITIVE_EPS: 0.6})
    assert many["Voltage [V]"].dims == ("sample", "time")
    assert many[POSITIVE_EPS].dims == ("sample",)


def test_initial_current(dfn):
    at_rest = Protocol.from_steps([(10.0, 5.0)], [0.0, 1e-3])
    loaded = Protocol.from_steps([(10.0, 5.0)], [0.0, 1e-3], initial_current=5.0)
    v_rest, v_loaded = (dfn.evaluate(p, dfn.vector())[:, 0] for p in (at_rest, loaded))
    assert v_rest[0] - v_loaded[0] > 0.01
    assert v_loaded[0] == pytest.approx(v_rest[1], abs=1e-4)


def test_names_and_shapes_are_checked(spm):
    protocol = Protocol.from_steps([(60.0, 5.0)])
    with pytest.raises(ValueError, match="not inputs of this model"):
        spm.simulate(protocol, {"Porosity": 1.0})
    with pytest.raises(ValueError, match=r"p has shape \(3,\)"):
        spm.evaluate(protocol, np.ones(3))
    with pytest.raises(ValueError, match=r"give \(n, n_inputs\)"):
        spm.evaluate_many(protocol, np.ones(2))
    with pytest.raises(ValueError, match="one common length"):
        spm.ensemble(protocol, {NEGATIVE_D: [1e-14, 2e-14], POSITIVE_EPS: [0.6, 0.6, 0.6]})
    with pytest.raises(ValueError, match="threads=0"):
        spm.evaluate_many(protocol, np.ones((1, 2)), threads=0)


def test_repr(spm, dfn):
    assert "42 differential + 0 algebraic" in repr(spm)
    assert NEGATIVE_D in repr(spm)
    assert spm.n_states == 42
    assert dfn.input_names == tuple(INPUTS)
    assert dfn.output_names == ("Voltage [V]",)


def test_pickling(dfn):
    copy = pickle.loads(pickle.dumps(dfn))
    protocol = pickle.loads(pickle.dumps(Protocol.from_steps([(60.0, 5.0)], [1.0, 60.0])))
    np.testing.assert_array_equal(
        copy.evaluate(protocol, copy.vector()), dfn.evaluate(protocol, dfn.vector())
    )
    np.testing.assert_array_equal(
        copy.jacobian(protocol, copy.vector())[1], dfn.jacobian(protocol, dfn.vector())[1]
    )
    assert repr(copy) == repr(dfn)


def test_shared_between_threads(dfn):
    protocol = Protocol.from_steps([(600.0, 5.0)], [1.0, 300.0, 600.0])
    expected = dfn.evaluate(protocol, dfn.vector())
    results = []

    def work():
        results.extend(dfn.evaluate(protocol, dfn.vector()) for _ in range(20))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(results) == 80
    assert all(np.array_equal(result, expected) for result in results)


def test_check_reports_a_difference(values, monkeypatch, tmp_path):
    """A wrong integrator does not pass unnoticed, and is not remembered."""
    from assb.models.compiled import rosenbrock

    monkeypatch.setenv("ASSB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(rosenbrock, "WEIGHTS", (2.2, 0.0, 1.0, 1.0))
    with pytest.raises(RuntimeError, match="differs from IDAKLU by"):
        compile_model(pybamm.lithium_ion.SPM(), values, [], ["Discharge capacity [A.h]", "Voltage [V]"])
    assert not list((tmp_path / "cache").glob("*.json"))
