import ctypes
import importlib.util
import os
import stat
import subprocess
import sys

import casadi as ca
import numpy as np
import pytest

from assb.models.compiled import CompilerError, compiler
from assb.models.compiled.emitter import CHUNK, emit
from assb.models.compiled.source import LANES, preamble

SOURCE = ['__attribute__((visibility("default"))) double answer(void) { return 42.0; }\n']


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSB_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_cache_is_private_and_reused(folder):
    first = compiler.compile_library(SOURCE)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    made = first.stat().st_mtime_ns
    assert compiler.compile_library(SOURCE) == first
    assert first.stat().st_mtime_ns == made
    assert [path.name for path in folder.iterdir()] == [first.name]
    assert compiler.compile_library([SOURCE[0] + "\n"]) != first


def test_two_processes_build_at_once(folder):
    code = (
        "import ctypes; from assb.models.compiled.compiler import load_library\n"
        f"f = load_library({SOURCE!r}).answer; f.restype = ctypes.c_double; assert f() == 42.0\n"
    )
    environment = {**os.environ, "ASSB_CACHE_DIR": str(folder), "PYBAMM_DISABLE_TELEMETRY": "true"}
    running = [subprocess.Popen([sys.executable, "-c", code], env=environment) for _ in range(2)]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    assert len(list(folder.iterdir())) == 1


def test_no_compiler(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CompilerError, match="pip install ziglang"):
        compiler.compile_library(SOURCE)


def test_ziglang_is_the_last_resort(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(compiler, "_version", lambda command: "0.13")
    found = compiler.find_compiler()
    assert found.command == (sys.executable, "-m", "ziglang", "cc")
    assert "-fno-sanitize=undefined" in compiler._flags(found)


def test_broken_source(folder):
    with pytest.raises(CompilerError, match="failed on the generated source"):
        compiler.compile_library(["this is not C"])
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="file modes of POSIX")
def test_cache_others_can_write_to_is_refused(folder):
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(CompilerError, match="only you can write to"):
        compiler.cache_directory()


def test_unusable_home_falls_back_to_a_private_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("ASSB_CACHE_DIR", raising=False)
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setattr(compiler.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = compiler.cache_directory()
    assert folder.parent == tmp_path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert compiler.cache_directory() == folder


def run(function, arguments, folder, slow=(), macros=()):
    """Compile an emitted function and evaluate it; a second axis of the arguments runs over lanes."""
    kernel = emit(function, "kernel", slow)
    names = [f"a{i}" for i in range(function.n_in())]
    results = [f"r{i}" for i in range(function.n_out())]
    inputs = ", ".join(f"const real* {a}" for a in names)
    outputs = ", ".join(f"real* {r}" for r in results)
    given, wanted = ", ".join(names), ", ".join(results)
    prepare = f"kernel_prepare({given}, k, w);" if slow else ""
    kept = "k, " if slow else ""
    main = (
        f'{preamble()}\n{kernel.source}\n__attribute__((visibility("default"))) void entry('
        f"{inputs}, {outputs}, real* k, real* w) {{ {prepare} kernel({given}, {kept}{wanted}, w); }}\n"
        "EXPORT int width(void) { return sizeof(real) / sizeof(double); }\n"
    )
    library = compiler.load_library([main, *(preamble() + part for part in kernel.parts)], macros)
    width = library.width()
    sizes = [*map(len, arguments), *map(function.numel_out, range(function.n_out()))]
    sizes += [kernel.n_kept + 1, kernel.n_work + 1]
    arrays = [aligned(size, width) for size in sizes]
    for array, argument in zip(arrays, arguments, strict=False):
        array[:] = np.reshape(argument, (len(argument), -1))[:, :width]
    library.entry(*(ctypes.c_void_p(a.ctypes.data) for a in arrays))
    found = arrays[len(arguments) : len(arguments) + function.n_out()]
    return [r[:, 0] if np.ndim(arguments[0]) < 2 else r for r in found]


def aligned(size, width):
    """NaN, shape (size, width), where vector loads may read it."""
    raw = np.full(size * width + 8, np.nan)
    start = -raw.ctypes.data % 64 // 8
    return raw[start : start + size * width].reshape(size, width)


UNARY = (
    "exp log sqrt sin cos tan asin acos atan floor ceil fabs erf sinh cosh tanh asinh atanh log1p expm1 sign"
)


@pytest.mark.parametrize("macros", [(), (LANES,)])
@pytest.mark.parametrize("slow", [(), (1,)])
def test_every_operation(folder, slow, macros):
    x, y = ca.SX.sym("x", 2), ca.SX.sym("y")
    terms = [getattr(ca, name)(v) for name in UNARY.split() for v in (x[0], y)]
    a, b = x[0], x[1]
    terms += [a + b, a - b, a * b, a / b, a / 3.0, 1.0 / a, -a, a**b, a**1.5, b**2.5, a**-0.5, a**-1.5, a**3]
    terms += [a**0.3, 2 * a, ca.fmin(a, b), ca.fmax(a, b), ca.fmod(b, a), ca.atan2(a, b), ca.hypot(a, b)]
    terms += [
        ca.if_else(a < b, a * 3, b),
        ca.if_else(a >= y, y, b),
        ca.logic_and(a < b, b > y),
        ca.acosh(1 + b),
    ]
    terms += [ca.logic_not(a < b), ca.logic_or(a > b, y > b), a == b, a != b, ca.copysign(a, -b), ca.inf * a]
    function = ca.Function("f", [x, y], [ca.vertcat(*terms), ca.vertcat(y, 1.0, x)])
    arguments = ([0.37, 1.9], [0.61])
    results = run(function, arguments, folder, slow, macros)
    for result, expected in zip(results, function(*arguments), strict=True):
        np.testing.assert_allclose(result, np.array(expected).ravel(), rtol=1e-14)


@pytest.mark.parametrize("macros", [(), (LANES,)])
@pytest.mark.parametrize("slow", [(), (0,)])
def test_many_chunks(folder, slow, macros):
    """Values survive from any chunk to any later one, though scratch is reused."""
    x, y = ca.SX.sym("x", 5), ca.SX.sym("y", 5)
    values = [x[i] for i in range(5)] + [y[i] for i in range(5)]
    rng = np.random.default_rng(1)
    for _ in range(3 * CHUNK):
        i, j = rng.integers(0, len(values), 2)
        j = j if rng.random() < 0.2 else max(0, len(values) - 1 - int(rng.integers(0, 20)))
        values.append(0.5 * ca.sin(values[i]) + 0.3 * values[j])
    picked = [values[i] for i in rng.integers(0, len(values), 200)]
    function = ca.Function("f", [x, y], [ca.vertcat(*picked), ca.vertcat(*values[-50:])])
    arguments = (rng.standard_normal(5), rng.standard_normal(5))
    for result, expected in zip(
        run(function, arguments, folder, slow, macros), function(*arguments), strict=True
    ):
        np.testing.assert_allclose(result, np.array(expected).ravel(), rtol=1e-12, atol=1e-13)


def test_unknown_operation():
    x = ca.SX.sym("x")
    with pytest.raises(ValueError, match="no C counterpart"):
        emit(ca.Function("f", [x], [ca.erfinv(x)]), "kernel")


RANGES = {
    "exp": (-745.0, 709.7), "log": (1e-300, 1e300), "sinh": (-700.0, 700.0), "cosh": (-700.0, 700.0),
    "tanh": (-25.0, 25.0), "asinh": (-1e12, 1e12), "sqrt": (0.0, 1e10), "log1p": (-0.999, 1e6),
    "expm1": (-40.0, 700.0),
}  # fmt: skip


@pytest.mark.parametrize("name", RANGES)
def test_functions_by_lanes(name, folder):
    """Within 4 units in the last place of the C library, and special values as there."""
    low, high = RANGES[name]
    rng = np.random.default_rng(3)
    points = rng.uniform(low, high, (200, 8))
    near_one = rng.uniform(max(low, -2.0), 2.0, (200, 8))
    tiny = rng.uniform(-1.0, 1.0, (100, 8)) * 10.0 ** rng.uniform(-300, 0, (100, 8))
    points = np.concatenate([points, near_one, tiny])
    points = np.abs(points) if name in ("log", "sqrt") else points
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, -2.0, 800.0, -800.0])
    points = np.concatenate([points, np.repeat(special[:, None], 8, axis=1)])
    x = ca.SX.sym("x", len(points))
    function = ca.Function("f", [x], [getattr(ca, name)(x)])
    found = run(function, [points], folder, macros=(LANES,))[0]
    with np.errstate(all="ignore"):
        expected = getattr(np, {"asinh": "arcsinh"}.get(name, name))(points[:, : found.shape[1]])
    usual = np.isfinite(expected) & (np.abs(expected) > 1e-300)
    np.testing.assert_allclose(found[~usual], expected[~usual], rtol=0, atol=1e-300)
    error = np.abs(found[usual] - expected[usual]) / np.spacing(np.abs(expected[usual]))
    assert error.max() <= 4.0
