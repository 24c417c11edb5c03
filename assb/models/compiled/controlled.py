"""A model whose applied current is an unknown, fixed by a condition on current, voltage or power."""

from __future__ import annotations

import casadi as ca

from .emitter import emit
from .export import ExportedModel
from .rosenbrock import AlgebraicProjection, Rodas3
from .source import SLOW, assemble

__all__ = ["VOLTAGE", "controlled", "cycle_source"]

VOLTAGE = "Voltage [V]"


def controlled(model: ExportedModel) -> ExportedModel:
    """Append the charge passed and the applied current to the state.

    ``y = [x, Q, z, I / scale]`` with ``dQ/dt = I / 3600`` [A.h] and the residual
    ``a I + b V + c V I - d``. The functions' argument `current` becomes ``(a, b, c, d, scale)``; its
    coefficients choose between control of current (1, 0, 0), voltage (0, 1, 0) and power (0, 0, 1). Values of
    the events follow the outputs.

    Raises
    ------
    ValueError
        If "Voltage [V]" is not an output of the model.
    """
    if VOLTAGE not in model.output_names:
        raise ValueError(f"outputs: cycling needs {VOLTAGE!r}; compile the model with it.")
    n_x, n_z = model.n_x, model.n_z
    y, p, u = ca.SX.sym("y", n_x + n_z + 2), ca.SX.sym("p", len(model.input_names)), ca.SX.sym("u", 5)
    state = ca.vertcat(y[:n_x], y[n_x + 1 : n_x + 1 + n_z])
    current = y[-1] * u[4]
    slope, outputs = model.dynamics(state, p, current), model.outputs(state, p, current)
    voltage = outputs[model.output_names.index(VOLTAGE)]
    # In multiples of the scale as well, so that the step matrix is as well conditioned as without.
    residual = (u[0] * current + u[2] * voltage * current - u[3] * (u[0] + u[2])) / u[4]
    residual += u[1] * (voltage - u[3])
    watched = ca.vertcat(outputs, model.events(state, p, current))
    dynamics = ca.vertcat(slope[:n_x], current / 3600.0, slope[n_x:], residual)
    start = model.initial(p, 0.0)
    initial = ca.vertcat(start[:n_x], 0.0, start[n_x:], 0.0)
    return ExportedModel(
        ca.Function("dynamics", [y, p, u], [ca.densify(dynamics)]),
        ca.Function("outputs", [y, p, u], [ca.densify(watched)]),
        ca.Function("initial", [p, u], [ca.densify(initial)]),
        ca.Function("events", [y, p, u], [ca.DM(0, 1)]),
        n_x + 1,
        n_z + 1,
        model.input_names,
        (*model.output_names, *model.event_names),
        (),
    )


def cycle_source(model: ExportedModel) -> tuple[str, ...]:
    """C translation units of `assb_cycle` for `model`, which is as exported, not `controlled`."""
    unknown = controlled(model)
    # Under voltage control the current need not appear in its own condition: it is eliminated last,
    # when the pivot is the total derivative of the voltage.
    projection = AlgebraicProjection.build(unknown, last=(unknown.n_z - 1,))
    method = Rodas3(unknown, last=(unknown.n_y - 1,))
    voltage = model.output_names.index(VOLTAGE)
    kernels = {
        "initial": emit(unknown.initial, "initial"),
        "outputs": emit(unknown.outputs, "outputs"),
        "alg_factor": emit(projection.factor, "alg_factor"),
        "alg_solve": emit(projection.correction, "alg_solve"),
        "advance": emit(method.advance_watching(voltage), "advance", SLOW),
    }
    extra = {"NFACTOR": projection.factor.numel_out(0), "VOLTAGE": voltage, "WITHOUT_SIMULATE": 1}
    extra["FIRST_EVENT"] = len(model.output_names)
    return assemble(
        unknown, kernels, extra, ["driver.c", "driver_lanes.c", "driver_cycle.c", "driver_cycle_steps.c"]
    )
