import os
import subprocess
import sys
import textwrap

import pybamm
import pytest

from assb import models, parameters
from assb.models.compiled.identity import check_key, model_key

VOLTAGE = ["Voltage [V]"]
PHI = "Positive electrode active material volume fraction"


@pytest.fixture(scope="module")
def ours():
    return parameters.get("NCM811_LPSCl_InLi")


def test_one_key_in_every_process(ours):
    """Whatever the order in which Python's sets iterate."""
    code = """
        from assb import models, parameters
        from assb.models.compiled.identity import model_key
        values = parameters.get("NCM811_LPSCl_InLi")
        for kind in (models.SPM, models.DFN):
            print(model_key(kind(), values, [], ["Voltage [V]"]))
    """
    expected = [model_key(kind(), ours, [], VOLTAGE) for kind in (models.SPM, models.DFN)]
    assert None not in expected
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYBAMM_DISABLE_TELEMETRY": "true"}
        command = [sys.executable, "-c", textwrap.dedent(code)]
        printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert printed.stdout.split() == expected


def test_every_parameter_changes_the_key(ours):
    """Unless the model does not contain it: then the equations are the same as well."""
    model = models.SPM()
    reference = model_key(model, ours, [], VOLTAGE)
    seen = {reference}
    without_effect = set()
    for i, (name, value) in enumerate(ours.items()):
        if not isinstance(value, float | int) or name == "Current function [A]":
            continue
        changed = ours.copy()
        # All by different factors, as some parameters enter in products only.
        changed[name] = (1.0 + 1e-5 * (i + 1)) * value if value else 1e-3
        key = model_key(model, changed, [], VOLTAGE)
        assert key is not None
        if key == reference:
            without_effect.add(name)
        else:
            assert key not in seen
            seen.add(key)
    assert len(seen) > 40
    processed = ours.process_model(model, inplace=False)
    used = {node.name for tree in (*processed.rhs.values(), *processed.algebraic.values())
            for node in tree.pre_order() if isinstance(node, pybamm.Scalar)}  # fmt: skip
    assert not without_effect & used
    # Given as an input, the number no longer matters, though other equations result.
    changed = ours.copy()
    changed[PHI] = 0.9 * ours[PHI]
    as_input = model_key(model, ours, [PHI], VOLTAGE)
    assert as_input == model_key(model, changed, [PHI], VOLTAGE)
    assert as_input not in seen


def test_everything_else_changes_the_key(monkeypatch):
    values = pybamm.ParameterValues("Chen2020")
    lithium = pybamm.lithium_ion
    thermal = {"thermal": "lumped"}
    points = {"x_n": 3, "x_s": 3, "x_p": 3, "r_n": 4, "r_p": 4}
    ocp = "Positive electrode OCP [V]"
    other = values.copy()
    other[ocp] = lambda sto: 4.2 - 0.8 * sto
    another = values.copy()
    another[ocp] = lambda sto: 4.2 - 0.8 * sto**2
    renamed = lithium.SPM()
    renamed.variables["Voltage [V]"] = 2.0 * renamed.variables["Voltage [V]"]
    shifted = lithium.SPM()
    variable = next(iter(shifted.rhs))
    shifted.rhs[variable] = 2.0 * shifted.rhs[variable]

    d, e = "Negative particle diffusivity [m2.s-1]", PHI
    spm = lithium.SPM()
    keys = [
        model_key(spm, values, [], VOLTAGE),
        model_key(lithium.SPMe(), values, [], VOLTAGE),
        model_key(lithium.DFN(), values, [], VOLTAGE),
        model_key(lithium.SPM(thermal), values, [], VOLTAGE),
        model_key(lithium.SPM({"SEI": "solvent-diffusion limited"}), values, [], VOLTAGE),
        model_key(lithium.SPM({"particle": "quadratic profile"}), values, [], VOLTAGE),
        model_key(spm, values, [], VOLTAGE, points),
        model_key(spm, values, [], VOLTAGE, {**points, "r_p": 5}),
        model_key(spm, values, [d], VOLTAGE),
        model_key(spm, values, [d, e], VOLTAGE),
        model_key(spm, values, [e, d], VOLTAGE),
        model_key(spm, values, [], ["Terminal voltage [V]", *VOLTAGE]),
        model_key(spm, values, [], [*VOLTAGE, "Discharge capacity [A.h]"]),
        model_key(spm, values, [], ["Discharge capacity [A.h]", *VOLTAGE]),
        model_key(spm, other, [], VOLTAGE),
        model_key(spm, another, [], VOLTAGE),
        model_key(renamed, values, [], VOLTAGE),
        model_key(shifted, values, [], VOLTAGE),
    ]
    for name, value in (
        ("_heaviside_smoothing", 10),
        ("tolerances", {**pybamm.settings.tolerances, "D__c_s": 1e-9}),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(pybamm.settings, name, value)
            keys.append(model_key(spm, values, [], VOLTAGE))
    exponential = pybamm.Exponential1DSubMesh
    replaced = [
        ("submesh_types", pybamm.MeshGenerator(exponential, {"side": "right"})),
        ("submesh_types", pybamm.MeshGenerator(exponential, {"side": "right", "stretch": 2.0})),
        ("spatial_methods", pybamm.FiniteVolume({"extrapolation": {"order": "quadratic"}})),
        ("spatial_methods", pybamm.SpectralVolume()),
    ]
    for name, value in replaced:
        before = getattr(spm, f"default_{name}")
        with monkeypatch.context() as patch:
            changed = {**before, "negative particle": value}
            patch.setattr(lithium.SPM, f"default_{name}", property(lambda self, c=changed: c))
            keys.append(model_key(spm, values, [], VOLTAGE))
    assert None not in keys
    assert len(set(keys)) == len(keys)
    assert model_key(lithium.SPM(), pybamm.ParameterValues("Chen2020"), [], VOLTAGE) == keys[0]


def test_what_cannot_be_identified_has_no_key():
    values = pybamm.ParameterValues("Chen2020")
    values["Positive electrode OCP [V]"] = lambda sto: pybamm.Function(lambda x: 4.2 - 0.8 * x, sto)
    assert model_key(pybamm.lithium_ion.SPM(), values, [], VOLTAGE) is None

    class Twice(pybamm.UnaryOperator):
        def __init__(self, child):
            super().__init__("twice", child)

        def _unary_new_copy(self, child, perform_simplifications=True):
            return Twice(child)

    values["Positive electrode OCP [V]"] = lambda sto: Twice(sto)
    assert model_key(pybamm.lithium_ion.SPM(), values, [], VOLTAGE) is None
    values = pybamm.ParameterValues("Chen2020")
    assert model_key(pybamm.lithium_ion.SPM(), values, [], ["Volts [V]"]) is None
    processed = values.process_model(pybamm.lithium_ion.SPM(), inplace=False)
    assert model_key(processed, values, [], VOLTAGE) is None


def test_check_key():
    keys = [({}, 5.0), ({"a": 1.0}, 5.0), ({"a": 2.0}, 5.0), ({"b": 1.0}, 5.0), ({}, 4.0), ({}, None)]
    assert len({check_key(*key) for key in keys}) == len(keys)
