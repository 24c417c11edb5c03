"""The complete C source of a model: generated functions, sizes, hand-written time loop."""

from __future__ import annotations

from importlib.resources import files

import casadi as ca

from .emitter import Kernel, emit
from .export import ExportedModel
from .rosenbrock import AlgebraicProjection, Rodas3, directional

__all__ = ["LANES", "SLOW", "assemble", "preamble", "sensitivity_source", "simulation_source"]

# Compiled with this macro, a simulation source works on several parameter sets at once.
LANES = "ASSB_LANES"

_PREAMBLE = """\
#include <math.h>
#include <string.h>

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif
"""


def preamble() -> str:
    """What every translation unit begins with."""
    one, many = (_read(name) for name in ("scalar.h", "lanes.h"))
    return f"{_PREAMBLE}\n#ifdef {LANES}\n{many}#else\n{one}#endif\n"


def scalar_arithmetic() -> str:
    """Definitions of the generated functions' arithmetic on one parameter set, for code that stands alone."""
    return _read("scalar.h")


def _read(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


# Positions of (p, current, h) among the arguments of a step: what depends on these alone is prepared.
SLOW = (1, 2, 3)
# Of the tangent, all but (s, dp): what the directions have in common is computed once per step.
_COMMON = (0, 1, 2, 3, 4, 5)
# Characters per translation unit. Several compile at once, and each in less memory.
UNIT = 400_000


def assemble(
    model: ExportedModel, kernels: dict[str, Kernel], extra: dict[str, int], drivers: list[str]
) -> tuple[str, ...]:
    """Translation units; all but the first hold only chunks of generated functions."""
    sizes = {
        "NX": model.n_x,
        "NZ": model.n_z,
        "NY": model.n_y,
        "NP": len(model.input_names),
        "NOUT": len(model.output_names),
        "NWORK": max(kernel.n_work for kernel in kernels.values()),
        "NKEPT": kernels["advance"].n_kept,
        "NFACTOR": 0,
        **extra,
    }
    first = preamble()
    main = "\n".join(
        [
            first,
            *(f"#define {name} {value}" for name, value in sizes.items()),
            *(kernel.source for kernel in kernels.values()),
            *(_read(name) for name in drivers),
        ]
    )
    units, length = [[main]], len(main)
    for part in (part for kernel in kernels.values() for part in kernel.parts):
        if length + len(part) > UNIT:
            units.append([first])
            length = 0
        units[-1].append(part)
        length += len(part)
    return tuple("\n".join(unit) for unit in units)


def _common(model: ExportedModel) -> tuple[dict[str, Kernel], dict[str, int]]:
    kernels = {"initial": emit(model.initial, "initial"), "outputs": emit(model.outputs, "outputs")}
    if not model.n_z:
        return kernels, {}
    projection = AlgebraicProjection.build(model)
    kernels["alg_factor"] = emit(projection.factor, "alg_factor")
    kernels["alg_solve"] = emit(projection.correction, "alg_solve")
    return kernels, {"NFACTOR": projection.factor.numel_out(0)}


def simulation_source(model: ExportedModel) -> tuple[str, ...]:
    """C translation units of `assb_simulate` for `model`; see also `LANES`."""
    kernels, extra = _common(model)
    kernels["advance"] = emit(Rodas3(model).advance(), "advance", SLOW)
    return assemble(model, kernels, extra, ["driver.c", "driver_lanes.c"])


def sensitivity_source(model: ExportedModel) -> tuple[str, ...]:
    """C translation units of `assb_sensitivities` and `assb_segment` for `model`; with `LANES` of the latter."""
    kernels, extra = _common(model)
    drivers = ["driver.c", "driver_lanes.c", "driver_sensitivities.c", "driver_segments.c"]
    method = Rodas3(model)
    kernels["advance"] = emit(method.advance_keeping(), "advance", SLOW)
    kernels["tangent"] = emit(method.tangent(), "tangent", _COMMON)
    kernels["outputs_tangent"] = emit(directional(model.outputs, "outputs_tangent"), "outputs_tangent")
    kernels["initial_tangent"] = emit(_initial_tangent(model), "initial_tangent")
    if model.n_z:
        kernels["alg_tangent"] = emit(AlgebraicProjection.build(model).tangent, "alg_tangent")
    extra |= {"NLU": method.lu.n_factors, "NKEPT_TANGENT": kernels["tangent"].n_kept, "WITHOUT_SIMULATE": 1}
    return assemble(model, kernels, extra, drivers)


def _initial_tangent(model: ExportedModel) -> ca.Function:
    """(p, current, dp) -> derivative of the initial state along dp."""
    p, current = model.initial.sx_in()
    dp = ca.SX.sym("dp", p.numel())
    slope = ca.jtimes(model.initial(p, current), p, dp)
    return ca.Function("initial_tangent", [p, current, dp], [ca.densify(slope)])
