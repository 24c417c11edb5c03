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
    # One, unless the compiler writes something different each time.
    assert 1 <= len(list(folder.iterdir())) <= 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="file modes of POSIX")
def test_permissive_umask(folder):
    """Where groups may write by default, libraries are still ours alone, and found again."""
    before = os.umask(0o002)
    try:
        first = compiler.compile_library(SOURCE)
    finally:
        os.umask(before)
    made = first.stat().st_mtime_ns
    assert compiler.compile_library(SOURCE) == first
    assert first.stat().st_mtime_ns == made


def answer(source=SOURCE):
    function = compiler.load_library(source).answer
    function.restype = ctypes.c_double
    return function()


def truncate(path):
    path.write_bytes(path.read_bytes()[:1000])


def alter(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def open_to_all(path):
    path.chmod(0o777)


def link(path):
    target = path.with_name("elsewhere")
    path.rename(target)
    path.symlink_to(target)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="file modes of POSIX")
@pytest.mark.parametrize("damage", [truncate, alter, open_to_all, link])
def test_damaged_library_is_compiled_again(folder, damage):
    path = compiler.compile_library(SOURCE)
    good = path.read_bytes()
    damage(path)
    assert compiler.load_known(compiler.source_digest(SOURCE)) is None
    assert answer() == 42.0
    assert compiler.compile_library(SOURCE) == path
    assert path.read_bytes() == good
    assert not path.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners of POSIX")
def test_library_of_somebody_else_is_not_loaded(folder, monkeypatch):
    compiler.compile_library(SOURCE)
    assert compiler.load_known(compiler.source_digest(SOURCE)) is not None
    folder_is_ours = compiler._is_private(folder)
    monkeypatch.setattr(compiler, "_is_private", lambda path: folder_is_ours)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert compiler.load_known(compiler.source_digest(SOURCE)) is None


def test_remains_of_a_killed_build(folder):
    """Half a build does no harm, and is removed once no compiler can be at it any more."""
    path = compiler.compile_library(SOURCE)
    truncate(path)
    for name in ("build-old", "build-new"):
        (folder / name).mkdir()
        (folder / name / "unit0.c").write_text("double answ")
    (folder / "build-file").write_text("{")
    for name in ("build-old", "build-file"):
        os.utime(folder / name, (1.0, 1.0))
    assert answer() == 42.0
    assert {entry.name for entry in folder.iterdir()} == {path.name, "build-new"}


def test_killed_while_compiling(folder):
    """A process killed between compiling and renaming leaves nothing that is taken for a library."""
    code = (
        "import os; from assb.models.compiled import compiler\n"
        "compiler.os.replace = lambda *names: os._exit(9)\n"
        f"compiler.compile_library({SOURCE!r})\n"
    )
    environment = {**os.environ, "ASSB_CACHE_DIR": str(folder), "PYBAMM_DISABLE_TELEMETRY": "true"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 9
    assert [entry.name.startswith("build-") for entry in folder.iterdir()] == [True]
    assert compiler.load_known(compiler.source_digest(SOURCE)) is None
    assert answer() == 42.0


@pytest.mark.parametrize("name", ["_processor", "_flags", "_version"])
def test_what_a_library_depends_on(folder, monkeypatch, name):
    """Another processor, other flags, another compiler: another library."""
    first = compiler.compile_library(SOURCE)
    before = getattr(compiler, name)
    changed = {"_processor": lambda: before() + "!", "_flags": lambda c: [*before(c), "-O1"]}
    monkeypatch.setattr(compiler, name, changed.get(name, lambda command: f"{before(command)}!"))
    assert compiler.load_known(compiler.source_digest(SOURCE)) is None
    assert compiler.compile_library(SOURCE) != first


def test_replaced_compiler_is_asked_again(tmp_path, monkeypatch):
    script = tmp_path / "cc"
    monkeypatch.setenv("CC", str(script))
    for version in ("one", "number two"):
        script.write_text(f"#!/bin/sh\necho {version}\n")
        script.chmod(0o755)
        assert compiler.find_compiler().version == f"{version}\n"


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
