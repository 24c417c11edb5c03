"""Without a C compiler: the same interface on IDAKLU, and the same numbers."""

import pickle
import warnings

import numpy as np
import pybamm
import pytest

from assb.models.compiled import (
    CompilerError,
    CompilerWarning,
    Cutoff,
    Protocol,
    ReferenceModel,
    Step,
    compile_model,
    compiler,
)

from .conftest import COARSE, INPUTS, NEGATIVE_D, POSITIVE_EPS

VOLTAGE = "Voltage [V]"
PROTOCOL = Protocol.from_steps(
    [(600.0, 5.0), (120.0, 0.0), (300.0, -2.5)], [0.0, 1.0, 300.0, 600.0, 601.0, 720.0, 1020.0]
)


@pytest.fixture
def no_compiler(monkeypatch):
    def refuse():
        raise CompilerError("no C compiler found.")

    monkeypatch.setattr(compiler, "find_compiler", refuse)
    monkeypatch.setattr("assb.models.compiled.compiler._warned", set())


@pytest.fixture(scope="module")
def slow(values):
    return ReferenceModel(pybamm.lithium_ion.DFN(), values, INPUTS, [VOLTAGE], COARSE)


def test_takes_over_with_one_warning(values, no_compiler):
    arguments = (pybamm.lithium_ion.SPM(), values, INPUTS, [VOLTAGE])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        models = [compile_model(*arguments) for _ in range(2)]
    assert all(isinstance(model, ReferenceModel) for model in models)
    ours = [w for w in caught if issubclass(w.category, CompilerWarning)]
    assert len(ours) == 1
    assert 'pip install "assb[compiler]"' in str(ours[0].message)
    assert ours[0].filename == __file__
    with pytest.raises(CompilerError, match="no C compiler"):
        compile_model(*arguments, fallback=False)
    with pytest.raises(CompilerError, match=r"assb\[compiler\]"):
        _ = models[0].exported


@pytest.mark.parametrize("initial", [0.0, 5.0])
def test_same_simulation(dfn, slow, initial):
    """Outputs at t = 0, at rest or under load, included."""
    steps, times = PROTOCOL.steps, PROTOCOL.output_times
    protocol = Protocol.from_steps(steps, times, initial_current=initial)
    ours, theirs = (m.simulate(protocol, {NEGATIVE_D: 3e-14}) for m in (slow, dfn))
    np.testing.assert_allclose(ours[VOLTAGE], theirs[VOLTAGE], rtol=0, atol=1e-4)
    np.testing.assert_array_equal(ours["Current [A]"], theirs["Current [A]"])
    assert ours[VOLTAGE].attrs == theirs[VOLTAGE].attrs
    assert (slow.n_states, slow.input_names, slow.output_names) == (
        dfn.n_states, dfn.input_names, dfn.output_names
    )  # fmt: skip
    assert slow.defaults == dfn.defaults


@pytest.mark.parametrize("bad", [{NEGATIVE_D: np.nan}, {POSITIVE_EPS: 0.0}])
def test_a_failing_set_fails_alone(slow, bad):
    sets = {name: np.full(3, slow.defaults[name]) for name in INPUTS}
    for name, value in bad.items():
        sets[name][1] = value
    result = slow.ensemble(PROTOCOL, sets, threads=2)
    assert result.attrs["failures"] == 1
    assert np.isnan(result[VOLTAGE][1]).all()
    assert np.isfinite(result[VOLTAGE][[0, 2]]).all()
    np.testing.assert_array_equal(result["reason"].values != "", [False, True, False])
    np.testing.assert_array_equal(slow.evaluate_many(PROTOCOL, slow._sets(sets))[1], [False, True, False])
    assert np.isnan(slow.jacobian(PROTOCOL, slow.vector(bad))[1]).all()


def test_same_derivatives(dfn, slow):
    values, slopes = slow.jacobian(PROTOCOL, slow.vector())
    theirs, expected = dfn.jacobian(PROTOCOL, dfn.vector())
    np.testing.assert_allclose(values, theirs, rtol=0, atol=1e-4)
    scale = np.abs(expected).max(axis=0)
    np.testing.assert_allclose(slopes / scale, expected / scale, rtol=0, atol=1e-2)


@pytest.fixture(scope="module")
def slow_spm(values):
    outputs = [VOLTAGE, "Discharge capacity [A.h]"]
    return ReferenceModel(pybamm.lithium_ion.SPM(), values, INPUTS, outputs)


def test_same_cycle(spm, slow_spm):
    steps = [
        Step.current(5.0, until=2.5),
        Step.current(-2.5, until=[Cutoff(VOLTAGE, above=4.2), Cutoff("Step capacity [A.h]", above=9.0)]),
        Step.voltage(4.2, until_current=0.25),
        Step.rest(60.0),
    ]
    ours, theirs = (m.cycle(steps, 2, {NEGATIVE_D: 3e-14}, tolerance_mV=0.1) for m in (slow_spm, spm))
    assert set(ours.variables) == set(theirs.variables)
    np.testing.assert_array_equal(ours["Ended by"], theirs["Ended by"])
    for name in ("Charge [A.h]", "Duration [s]"):
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-3, atol=1e-9)
    np.testing.assert_allclose(ours[VOLTAGE], theirs[VOLTAGE], atol=2e-4)
    # The same steps with other inputs, without a rebuild.
    built = slow_spm._experiment
    again = slow_spm.cycle(steps, 2, trace=True)
    assert slow_spm._experiment is built
    assert again["Voltage trace"].size == again.sizes["point"]


def test_cycle_cutoffs(slow_spm):
    capacity = Cutoff("Step capacity [A.h]", above=0.5)
    run = slow_spm.cycle([Step.current(2.0, until=[capacity, Cutoff(VOLTAGE, below=2.5)])])
    assert run["Duration [s]"].item() == pytest.approx(900.0)
    assert run["Ended by"].item() == "Step capacity [A.h]"
    with pytest.raises(ValueError, match="needs the compiled model"):
        slow_spm.cycle([Step.power(5.0, until=capacity)])
    with pytest.raises(ValueError, match="neither an output"):
        slow_spm.cycle([Step.current(1.0, until=Cutoff("Pressure", above=1.0))])
    with pytest.raises(RuntimeError, match="cycle 1, step 1"):
        slow_spm.cycle([Step.rest(10.0)], inputs={NEGATIVE_D: np.nan})


def test_pickling(slow):
    copy = pickle.loads(pickle.dumps(slow))
    np.testing.assert_array_equal(
        copy.evaluate(PROTOCOL, copy.vector()), slow.evaluate(PROTOCOL, slow.vector())
    )
    assert repr(copy) == repr(slow)


def test_names_are_checked(values):
    model = pybamm.lithium_ion.SPM()
    for inputs, outputs, message in [
        (["Upper voltage cut-off [V]"], [VOLTAGE], "no effect"),
        ([], ["Voltage"], "not a variable"),
        ([], ["Negative particle concentration [mol.m-3]"], "ask for a scalar"),
    ]:
        with pytest.raises(ValueError, match=message):
            ReferenceModel(model, values, inputs, outputs)
