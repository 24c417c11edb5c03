import os
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pybamm
import pytest

from assb.models.compiled import CompiledModel, Protocol, Step, build, compile_model, store
from assb.models.compiled.export import export_model

from .conftest import INPUTS, NEGATIVE_D, POSITIVE_EPS

VOLTAGE = "Voltage [V]"
PROTOCOL = Protocol.from_steps([(60.0, 5.0)], [0.0, 1.0, 60.0])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSB_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def work(monkeypatch):
    """Counts of what a cached load does without."""
    counts = dict.fromkeys(("exports", "checks", "generated", "compiled"), 0)

    def counted(where, name, field):
        function = getattr(where, name)

        def wrapper(*args, **kwargs):
            counts[field] += 1
            return function(*args, **kwargs)

        monkeypatch.setattr(where, name, wrapper)

    from assb.models.compiled import compiler, library

    counted(build, "export_model", "exports")
    counted(build, "check_against_idaklu", "checks")
    counted(library, "simulation_source", "generated")
    counted(compiler, "_run_all", "compiled")
    return counts


def make(values, inputs=(), outputs=(VOLTAGE,), check=False):
    return compile_model(pybamm.lithium_ion.SPM(), values, list(inputs), list(outputs), check=check)


def result(compiled, **inputs):
    return compiled.evaluate(PROTOCOL, compiled.vector(inputs))


def test_second_compile_is_a_load(folder, work, values):
    first = make(values, INPUTS, check=True)
    assert work == {"exports": 1, "checks": 1, "generated": 1, "compiled": 2}
    for check in (True, False):
        second = make(values, INPUTS, check=check)
        np.testing.assert_array_equal(result(second), result(first))
        assert repr(second) == repr(first)
        assert second.n_states == first.n_states
        assert second.defaults == first.defaults
    assert work == {"exports": 1, "checks": 1, "generated": 1, "compiled": 2}
    np.testing.assert_array_equal(
        second.jacobian(PROTOCOL, second.vector())[1], first.jacobian(PROTOCOL, first.vector())[1]
    )
    assert second.cycle([Step.current(5.0, duration=60.0)]).equals(
        first.cycle([Step.current(5.0, duration=60.0)])
    )
    state = np.array(first.exported.initial(first.vector(), 5.0))
    for name in ("dynamics", "outputs"):
        one, two = (getattr(m.exported, name)(state, m.vector(), 5.0) for m in (first, second))
        np.testing.assert_array_equal(np.array(one), np.array(two))


def test_changed_values_are_not_mixed_up(folder, work, values):
    """The number of an input is no part of the equations; any other is."""
    first = make(values, [NEGATIVE_D])
    changed = values.copy()
    changed[NEGATIVE_D] = 2.0 * values[NEGATIVE_D]
    other = make(changed, [NEGATIVE_D])
    assert work["exports"] == 1
    assert other.defaults[NEGATIVE_D] == 2.0 * first.defaults[NEGATIVE_D]
    changed[POSITIVE_EPS] = 0.9 * values[POSITIVE_EPS]
    another = make(changed, [NEGATIVE_D])
    assert work["exports"] == 2
    assert np.abs(result(another) - result(other)).max() > 1e-6


def test_the_check_is_made_up_for(folder, work, values):
    """Once for each set of defaults."""
    make(values, INPUTS, check=False)
    assert work["checks"] == 0
    for _ in range(2):
        make(values, INPUTS, check=True)
        assert (work["exports"], work["checks"]) == (1, 1)
    changed = values.copy()
    changed[POSITIVE_EPS] = 0.9 * values[POSITIVE_EPS]
    for _ in range(2):
        make(changed, INPUTS, check=True)
        assert (work["exports"], work["checks"]) == (1, 2)


@pytest.mark.parametrize("suffix", [".json", ".equations", ".so"])
@pytest.mark.parametrize("damage", ["missing", "truncated", "altered", "writable"])
@pytest.mark.skipif(sys.platform != "linux", reason="name of libraries")
def test_damage_is_repaired(folder, work, values, suffix, damage):
    expected = result(make(values))
    [path] = folder.glob(f"*{suffix}")
    content = path.read_bytes()
    # Another file of that name: the old one is mapped into this process.
    path.unlink()
    if damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "altered":
        path.write_bytes(content.replace(b"1", b"2", 1) if suffix == ".json" else content[:-1] + b"?")
    elif damage == "writable":
        path.write_bytes(content)
        path.chmod(0o777)
    for _ in range(2):
        np.testing.assert_array_equal(result(make(values)), expected)
    assert work["exports"] == (1 if suffix == ".so" else 2)
    assert len(list(folder.glob(f"*{suffix}"))) == 1
    assert not path.stat().st_mode & 0o022


def test_same_errors_whether_or_not_cached(folder, values):
    make(values, INPUTS)
    bad = [
        ([*INPUTS, NEGATIVE_D], [VOLTAGE], "something twice"),
        (INPUTS, [VOLTAGE, VOLTAGE], "something twice"),
        (INPUTS, VOLTAGE, "is a string"),
        (INPUTS, [], "asks for nothing"),
        (INPUTS, ["Volts [V]"], "not a variable of"),
        ([*INPUTS, "Cation transference number"], [VOLTAGE], "has no effect"),
        (["Positive electrode thickness [m]"], [VOLTAGE], "cannot mesh"),
    ]
    for _ in range(2):
        for inputs, outputs, message in bad:
            with pytest.raises(ValueError, match=message):
                compile_model(pybamm.lithium_ion.SPM(), values, inputs, outputs)


def test_without_key(folder, work, values):
    """Of a function that Python alone knows nothing is remembered but the library, by its content."""
    opaque = values.copy()
    opaque["Positive electrode OCP [V]"] = lambda sto: pybamm.Function(lambda x: 4.2 - 0.8 * x, sto)
    expected = result(make(opaque))
    assert not list(folder.glob("*.json"))
    np.testing.assert_array_equal(result(make(opaque)), expected)
    assert work == {"exports": 2, "checks": 0, "generated": 2, "compiled": 2}


def test_copy_meets_an_empty_cache(folder, values, tmp_path, monkeypatch):
    """As on another machine: it compiles from the equations it carries."""
    for compiled in (make(values, INPUTS), make(values, INPUTS)):
        packed = pickle.dumps(compiled)
        monkeypatch.setenv("ASSB_CACHE_DIR", str(tmp_path / "elsewhere"))
        copy = pickle.loads(packed)
        np.testing.assert_array_equal(result(copy), result(compiled))
        again = pickle.loads(pickle.dumps(copy))
        np.testing.assert_array_equal(again.jacobian(PROTOCOL, again.vector())[0], result(compiled))
        monkeypatch.setenv("ASSB_CACHE_DIR", str(folder))


def test_copy_made_by_another_version(folder, work, values, monkeypatch):
    """Its digests name what that version generated; here the C is generated anew."""
    compiled = make(values)
    with monkeypatch.context() as patch:
        patch.setattr(store, "generator_key", lambda: "another")
        packed = pickle.dumps(compiled)
    copy = pickle.loads(packed)
    assert work["generated"] == 2
    np.testing.assert_array_equal(result(copy), result(compiled))


def test_cache_that_cannot_be_written(folder, values, monkeypatch):
    def refuse(path, content):
        raise PermissionError("read-only")

    monkeypatch.setattr(store, "write_own", refuse)
    assert np.isfinite(result(make(values))).all()
    assert not list(folder.glob("*.json"))


def test_indices_of_several_processes_are_merged(folder, values):
    exported = export_model(pybamm.lithium_ion.SPM(), values, [], [VOLTAGE])
    one, two = (store.SourceStore(exported, "0" * 64) for _ in range(2))
    one._sources["simulate"] = "a"
    two._sources["cycle"] = "b"
    one.save(["x"])
    two.save(["y"])
    found = store.SourceStore.find("0" * 64)
    assert found._sources == {"simulate": "a", "cycle": "b"}
    assert found.has_passed("x")
    assert found.has_passed("y")
    assert not found.has_passed("z")
    assert store.SourceStore.find("1" * 64) is None
    (folder / f"{'0' * 64}.json").rename(folder / f"{'1' * 64}.json")
    assert store.SourceStore.find("1" * 64) is None


def test_two_processes_compile_at_once(folder, work, values):
    code = """
        import sys
        import pybamm
        from assb.models.compiled import Protocol, compile_model
        values = pybamm.ParameterValues("Chen2020")
        fast = compile_model(pybamm.lithium_ion.SPM(), values, [], ["Voltage [V]"], check=False)
        print(fast.evaluate(Protocol.from_steps([(60.0, 5.0)], [0.0, 1.0, 60.0]), []).tobytes().hex())
    """
    environment = {**os.environ, "ASSB_CACHE_DIR": str(folder), "PYBAMM_DISABLE_TELEMETRY": "true"}
    command = [sys.executable, "-c", textwrap.dedent(code)]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    printed = {process.communicate(timeout=120)[0].strip() for process in running}
    compiled = make(values)
    assert isinstance(compiled, CompiledModel)
    assert printed == {result(compiled).tobytes().hex()}
    assert work["exports"] == 0
