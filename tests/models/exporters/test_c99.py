"""The exported C module: builds without a warning, repeats the Python step, leaves memory alone."""

import ctypes
import hashlib
import json
import shutil
import subprocess

import numpy as np
import pybamm
import pytest

import assb
from assb.models.compiled import Protocol, compile_model

COARSE = {"x_n": 3, "x_s": 3, "x_p": 3, "r_n": 3, "r_p": 3}
FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1", "-g"]
RADIUS = "Positive particle radius [m]"

needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")


def gcc(folder, *arguments):
    done = subprocess.run(
        ["gcc", *FLAGS, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def spm():
    pv = assb.parameters.get("NCM811_LPSCl_InLi")
    return assb.models.compile(
        assb.models.SPM(), pv, [RADIUS], ["Voltage [V]", "Stack pressure [MPa]"], check=False
    )


@pytest.fixture(scope="module")
def liquid_spm():
    """No algebraic state and no input: every empty array at once."""
    values = pybamm.ParameterValues("Chen2020")
    return compile_model(pybamm.lithium_ion.SPM(), values, [], ["Voltage [V]"], check=False)


@pytest.fixture(scope="module")
def dfn():
    """Algebraic states matter, and the step is long enough to be cut into several functions."""
    return compile_model(
        pybamm.lithium_ion.DFN(),
        pybamm.ParameterValues("Chen2020"),
        ["Negative particle diffusivity [m2.s-1]"],
        ["Voltage [V]"],
        var_pts=COARSE,
        check=False,
    )


@pytest.fixture(scope="module", params=["spm", "liquid_spm", "dfn"])
def exported(request, tmp_path_factory):
    fast = request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    manifest = assb.models.export(fast, target="c", path=folder, name="cell")
    if shutil.which("gcc"):
        # Once with these flags is enough: every test links this object.
        gcc(folder, "-fPIC", "-c", "cell.c")
        gcc(folder, "-shared", "-o", "cell.so", "cell.o", "-lm")
    return fast, folder, manifest


@needs_gcc
def test_example_passes_and_valgrind_finds_nothing(exported):
    _, folder, _ = exported
    gcc(folder, "-o", "example", "example_main.c", "cell.o", "-lm")
    run = subprocess.run(["./example"], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert run.stdout.startswith("PASS")
    if shutil.which("valgrind") is None:
        pytest.skip("valgrind is not installed; the rest of the test passed")
    run = subprocess.run(
        ["valgrind", "--leak-check=full", "--error-exitcode=9", "./example"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "total heap usage: 1 allocs" in run.stderr  # the buffer of printf


class Module:
    """The exported functions through ctypes."""

    def __init__(self, folder, manifest):
        self.library = ctypes.CDLL(str(folder / "cell.so"))
        self.state = np.zeros(manifest["states"]["length"])
        self.out = np.full(len(manifest["outputs"]), np.nan)
        self.inputs = np.array(list(manifest["self_test"]["inputs"].values()))

    def init(self, current=0.0):
        return self.library.cell_init(
            ctypes.c_void_p(self.inputs.ctypes.data),
            ctypes.c_double(current),
            ctypes.c_void_p(self.state.ctypes.data),
        )

    def call(self, name, current, seconds):
        return getattr(self.library, name)(
            ctypes.c_void_p(self.inputs.ctypes.data),
            ctypes.c_double(current),
            ctypes.c_double(seconds),
            ctypes.c_void_p(self.state.ctypes.data),
            ctypes.c_void_p(self.out.ctypes.data),
        )


@needs_gcc
def test_steps_agree_with_python_on_another_profile(exported):
    fast, folder, manifest = exported
    module = Module(folder, manifest)
    scale = max(abs(item["current_A"]) for item in manifest["self_test"]["profile"])
    protocol = Protocol.from_steps([(200.0, 0.5 * scale), (50.0, 0.0), (300.0, -0.7 * scale)])
    expected = fast.evaluate(protocol, fast.vector())
    assert module.init() == 0
    for h, current, row in zip(protocol.h, protocol.current, expected[1:], strict=True):
        assert module.call("cell_step", current, h) == 0
        np.testing.assert_allclose(module.out, row, rtol=1e-9)


@needs_gcc
def test_advance_subdivides_and_agrees_with_a_fine_grid(exported):
    fast, folder, manifest = exported
    module = Module(folder, manifest)
    scale = max(abs(item["current_A"]) for item in manifest["self_test"]["profile"])
    steps = [(600.0, scale), (600.0, 0.0)]
    expected = fast.evaluate(Protocol.from_steps(steps, [600.0, 1200.0], refine=4.0), fast.vector())
    module.init()
    for (duration, current), row in zip(steps, expected, strict=True):
        assert module.call("cell_advance", current, duration) == 0
        np.testing.assert_allclose(module.out, row, rtol=2e-4)


@needs_gcc
def test_failures_have_a_code_and_leave_the_state(exported):
    fast, folder, manifest = exported
    module = Module(folder, manifest)
    codes = manifest["return_codes"]
    assert module.init() == codes["OK"]
    before = module.state.copy()
    assert module.call("cell_step", 0.0, 0.0) == codes["BAD_ARGUMENT"]
    assert module.call("cell_step", np.nan, 1.0) == codes["BAD_ARGUMENT"]
    assert module.call("cell_advance", 0.0, -1.0) == codes["BAD_ARGUMENT"]
    if fast.exported.n_z:  # the equations of the other stay finite, however empty the cell
        failed = module.call("cell_advance", 1e6, 3600.0)
        assert failed in {codes[key] for key in ("NO_CONSISTENT_STATE", "NOT_FINITE", "TOO_MANY_SUBSTEPS")}
    assert np.array_equal(module.state, before)
    assert module.init(np.inf) == codes["BAD_ARGUMENT"]


@needs_gcc
def test_no_global_mutable_state_and_only_own_names(exported):
    _, folder, _ = exported
    run = subprocess.run(["nm", "cell.o"], cwd=folder, capture_output=True, text=True, check=True)
    kinds = [line.split()[-2:] for line in run.stdout.splitlines()]
    assert not [name for kind, name in kinds if kind in "dDbBC"]
    public = {name for kind, name in kinds if kind == "T"}
    assert public == {f"cell_{word}" for word in ("init", "consistent", "outputs", "step", "advance")}
    foreign = {name for kind, name in kinds if kind == "U"}
    assert not foreign & {"malloc", "calloc", "printf", "fopen"}


def test_manifest_describes_the_files(exported):
    fast, folder, manifest = exported
    saved = json.loads((folder / "manifest.json").read_text())
    assert saved == manifest
    for file, digest in saved["sha256"].items():
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == digest
    assert [item["name"] for item in saved["inputs"]] == list(fast.input_names)
    assert saved["outputs"][0] == {"index": 0, "name": "Voltage [V]", "unit": "V"}
    assert {path.name for path in folder.iterdir()} >= {"Makefile", "example_main.c", "cell.h", "cell.c"}


def test_header_names_positions(spm, tmp_path):
    assb.models.export(spm, path=tmp_path)
    header = (tmp_path / "spm.h").read_text()
    assert "#define SPM_IN_POSITIVE_PARTICLE_RADIUS 0 /* Positive particle radius [m] */" in header
    assert "#define SPM_OUT_STACK_PRESSURE 1" in header


def test_errors_name_the_remedy(spm, tmp_path):
    with pytest.raises(ValueError, match=r"'rust' is not known; use one of \['c'"):
        assb.models.export(spm, target="rust", path=tmp_path)
    with pytest.raises(ValueError, match="letter"):
        assb.models.export(spm, path=tmp_path, name="2 cells")
    with pytest.raises(ValueError, match="not inputs of this model"):
        assb.models.export(spm, path=tmp_path, inputs={"Radius": 1.0})
    with pytest.raises(ValueError, match="smaller currents"):
        assb.models.export(spm, path=tmp_path, profile=[(3600.0, 10.0)])
    with pytest.raises(ValueError, match=r"assb\.models\.compile"):
        assb.models.export(pybamm.lithium_ion.SPM(), path=tmp_path)
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="choose a writable folder"):
        assb.models.export(spm, path=tmp_path / "file")
