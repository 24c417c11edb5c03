import numpy as np
import pybamm
import pytest

from assb.models.compiled import compile_model
from assb.models.compiled.export import export_model

D = "Negative particle diffusivity [m2.s-1]"


@pytest.mark.parametrize(
    ("inputs", "outputs", "message"),
    [
        (["Current function [A]"], ["Voltage [V]"], "the protocol supplies"),
        ([D, D], ["Voltage [V]"], "something twice"),
        (D, ["Voltage [V]"], "is a string"),
        ([], [], "asks for nothing"),
        (["Cation transference number"], ["Voltage [V]"], "has no effect on the model"),
        ([], ["Volts [V]"], "not a variable of"),
        ([], ["X-averaged negative particle concentration [mol.m-3]"], "20 values; ask for a scalar"),
        (["Lower voltage cutoff [V]"], ["Voltage [V]"], "has no effect on the model"),
        (["Positive electrode thickness [m]"], ["Voltage [V]"], "cannot mesh"),
        ([], ["Time [s]"], "explicitly on time"),
    ],
)
def test_rejects(inputs, outputs, message, values):
    with pytest.raises(ValueError, match=message):
        export_model(pybamm.lithium_ion.SPM(), values, inputs, outputs)


def test_interpolant(values):
    x = np.linspace(0.0, 1.0, 20)

    def ocp(sto):
        return pybamm.Interpolant(x, 4.3 - 0.8 * x, sto, name="table of the OCP")

    tabulated = values.copy()
    tabulated["Positive electrode OCP [V]"] = ocp
    with pytest.raises(ValueError, match=r"interpolant 'table of the OCP'.*closed-form"):
        export_model(pybamm.lithium_ion.SPM(), tabulated, [], ["Voltage [V]"])


def test_time_dependence(values):
    moving = values.copy()
    moving["Ambient temperature [K]"] = lambda y, z, t: 298.15 + 1e-3 * t
    with pytest.raises(ValueError, match="explicitly on time"):
        export_model(pybamm.lithium_ion.SPM(), moving, [], ["Voltage [V]"])


def test_open_inputs(values):
    opened = values.copy()
    opened[D] = "[input]"
    with pytest.raises(ValueError, match="has open inputs"):
        export_model(pybamm.lithium_ion.SPM(), opened, [], ["Voltage [V]"])


def test_input_without_default(values):
    opened = values.copy()
    opened[D] = "[input]"
    compiled = compile_model(pybamm.lithium_ion.SPM(), opened, [D], ["Voltage [V]"], check=False)
    assert "no default" in repr(compiled)
    with pytest.raises(ValueError, match="have no default"):
        compiled.vector()
    with pytest.raises(RuntimeError, match="no numeric default"):
        compile_model(pybamm.lithium_ion.SPM(), opened, [D], ["Voltage [V]"])


def test_arguments_are_left_alone(values):
    model = pybamm.lithium_ion.SPM()
    export_model(model, values, [D], ["Voltage [V]"])
    assert values[D] == pytest.approx(3.3e-14)
    assert not model.is_discretised
