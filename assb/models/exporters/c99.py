"""A compiled model as a C99 module for embedding, with a self-test and a manifest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import casadi as ca
import numpy as np

import assb
from assb.files import dump_json, prepare_folder, write_text
from assb.models.compiled import CompiledModel
from assb.models.compiled.emitter import Kernel, emit
from assb.models.compiled.export import ExportedModel
from assb.models.compiled.labels import unit
from assb.models.compiled.rosenbrock import AlgebraicProjection, Rodas3
from assb.models.compiled.source import scalar_arithmetic

from .selftest import ADVANCE_TOLERANCE, SelfTest, make_self_test

__all__ = ["export_c99"]

_MAKEFILE = """\
# make check: builds the example and runs the self-test against the Python simulator.
CC ?= cc
CFLAGS ?= -O2 -std=c99 -Wall -Wextra -Wpedantic -Werror

example: example_main.c ${name}.o
	$$(CC) $$(CFLAGS) -o $$@ example_main.c ${name}.o -lm

${name}.o: ${name}.c ${name}.h
	$$(CC) $$(CFLAGS) -c -o $$@ ${name}.c

check: example
	./example

clean:
	rm -f example ${name}.o

.PHONY: check clean
"""
_RETURN_CODES = {
    "OK": 0,
    "BAD_START": 1,
    "NO_CONSISTENT_STATE": 2,
    "NOT_FINITE": 3,
    "TOO_MANY_SUBSTEPS": 4,
    "BAD_ARGUMENT": 5,
}


def export_c99(
    fast: CompiledModel,
    path: Path,
    name: str | None = None,
    inputs: Mapping[str, float] | None = None,
    profile: Sequence[tuple[float, float]] | None = None,
) -> dict[str, Any]:
    """Write header, source, example with self-test, Makefile and manifest; see `export`."""
    name = _identifier(name, fast.name)
    model = fast.exported
    test = make_self_test(fast, inputs, profile)
    kernels = _kernels(model, name)
    words = _words(fast, name, kernels, test)
    written = {
        f"{name}.h": _fill("header.h", words),
        f"{name}.c": _source(name, kernels, words),
        "example_main.c": _fill("example_main.c", words),
        "Makefile": Template(_MAKEFILE).substitute(words),
    }
    prepare_folder(path)
    for file, text in written.items():
        write_text(path / file, text)
    manifest = _manifest(fast, name, words, test) | {
        "sha256": {file: hashlib.sha256(text.encode()).hexdigest() for file, text in written.items()}
    }
    # Last, so that a manifest means that the folder is complete.
    write_text(path / "manifest.json", dump_json(manifest) + "\n")
    return manifest


def _identifier(name: str | None, model: str) -> str:
    if name is None:
        return re.sub(r"[^a-z0-9]+", "_", model.lower()).strip("_").lstrip("0123456789_") or "cell"
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,40}", name):
        raise ValueError(
            f"name={name!r} cannot prefix C names; use a letter, then at most 40 letters, digits, underscores."
        )
    return name


def _kernels(model: ExportedModel, name: str) -> dict[str, Kernel]:
    full = Rodas3(model).step()
    arguments = full.sx_in()
    after, _, error = full.call(arguments)
    # Step sizes vary from call to call, so nothing is worth preparing: one function, less memory.
    step = ca.Function("rodas", arguments, [ca.densify(after), ca.densify(error)])
    functions = {"initial": model.initial, "output_values": model.outputs, "rodas": step}
    if model.n_z:
        projection = AlgebraicProjection.build(model)
        functions |= {"alg_factor": projection.factor, "alg_solve": projection.correction}
    return {key: emit(function, f"{name}_{key}") for key, function in functions.items()}


def _words(fast: CompiledModel, name: str, kernels: dict[str, Kernel], test: SelfTest) -> dict[str, Any]:
    """What the templates are filled with."""
    model = fast.exported
    n_y, upper = model.n_y, name.upper()
    n_work = max(1, *(kernel.n_work for kernel in kernels.values()))
    n_factors = max(1, _count_factors(model))
    # step or advance: work, y, next, error; within it the projection: work, factors, two states, two
    # corrections; within the longest chain once more the work of outputs.
    doubles = 2 * n_work + 5 * n_y + n_factors + 2 * model.n_z
    sizes = {
        "N_INPUTS": len(model.input_names),
        "N_OUTPUTS": len(model.output_names),
        "N_DIFFERENTIAL": model.n_x,
        "N_ALGEBRAIC": model.n_z,
        "N_EQUATIONS": n_y,
        "N_STATES": n_y + 2,
        "N_WORK": n_work,
        "N_FACTORS": n_factors,
    }
    comment = {"N_STATES": " /* length of `state`: equations, present current, wanted substep */"}
    ends = list(test.protocol.steps)
    return {
        "name": name,
        "NAME": upper,
        "title": fast.name.replace("*/", ""),
        "version": assb.__version__,
        "sizes": "\n".join(f"#define {upper}_{k} {v}{comment.get(k, '')}" for k, v in sizes.items()),
        "stack": 8 * doubles,
        "indices": _indices(model, upper),
        "n_steps": test.protocol.h.size,
        "n_segments": len(ends),
        "inputs": _row(test.p if test.p.size else [0.0]),
        "scale": _row(test.scale),
        "step_h": _row(test.protocol.h),
        "step_current": _row(test.protocol.current),
        "expected": _table(test.expected),
        "segment_h": _row([duration for duration, _ in ends]),
        "segment_current": _row([current for _, current in ends]),
        "segment_expected": _table(test.segment_expected),
        "initial_current": repr(float(test.protocol.initial_current)),
        "advance_tolerance": repr(ADVANCE_TOLERANCE),
    }


def _count_factors(model: ExportedModel) -> int:
    return AlgebraicProjection.build(model).factor.numel_out(0) if model.n_z else 0


def _indices(model: ExportedModel, upper: str) -> str:
    """Positions of inputs and outputs as macros, with the full name and unit beside each."""
    lines, seen = [], set()
    for kind, names in (("IN", model.input_names), ("OUT", model.output_names)):
        for i, full in enumerate(names):
            short = re.sub(r"[^A-Z0-9]+", "_", re.sub(r"\[[^\]]*\]", "", full).upper()).strip("_")
            macro = f"{upper}_{kind}_{short}"
            macro = f"{macro}_{i}" if macro in seen else macro
            seen.add(macro)
            lines.append(f"#define {macro} {i} /* {full.replace('*/', '')} */")
    return "\n".join(lines)


def _row(values: Iterable[Any]) -> str:
    return "{" + ", ".join(repr(float(v)) for v in values) + "}"


def _table(values: np.ndarray) -> str:
    return "{\n    " + ",\n    ".join(_row(row) for row in values) + "}"


def _fill(template: str, words: Mapping[str, Any]) -> str:
    return Template((files(__package__) / template).read_text(encoding="utf-8")).substitute(words)


def _source(name: str, kernels: dict[str, Kernel], words: Mapping[str, Any]) -> str:
    generated = [text for kernel in kernels.values() for text in (kernel.source, *kernel.parts)]
    # The compiled back end spreads parts over translation units; here all is one file and private.
    private = re.sub(rf"^void (?={name}_)", "static void ", "\n".join(generated), flags=re.MULTILINE)
    head = f'/* {words["title"]}. Generated by assb {words["version"]}; see {name}.h. */\n\n#include "{name}.h"\n'
    headers = "#include <math.h>\n#include <string.h>\n"
    return "\n".join([head, headers, scalar_arithmetic(), private, _fill("runtime.c", words)])


def _manifest(fast: CompiledModel, name: str, words: Mapping[str, Any], test: SelfTest) -> dict[str, Any]:
    model = fast.exported
    return {
        "format": "assb-c99/1",
        "name": name,
        "model": fast.name,
        "inputs": [
            {"index": i, "name": full, "unit": unit(full), "default": fast.defaults.get(full)}
            for i, full in enumerate(model.input_names)
        ],
        "current": {"unit": "A", "sign": "positive on discharge"},
        "outputs": [
            {"index": i, "name": full, "unit": unit(full)} for i, full in enumerate(model.output_names)
        ],
        "states": {
            "length": model.n_y + 2,
            "differential": model.n_x,
            "algebraic": model.n_z,
            "layout": "differential, algebraic (scaled), present current [A], wanted substep [s]",
        },
        "stack_bytes": words["stack"],
        "method": "RODAS3, order 3; substeps of advance by error control",
        "return_codes": _RETURN_CODES,
        "self_test": {
            "inputs": dict(zip(model.input_names, test.p.tolist(), strict=True)),
            "profile": [{"duration_s": d, "current_A": c} for d, c in test.protocol.steps],
            "step_tolerance": 1e-9,
            "advance_tolerance": ADVANCE_TOLERANCE,
        },
        "versions": {"assb": assb.__version__, "pybamm": version("pybamm"), "casadi": version("casadi")},
    }
