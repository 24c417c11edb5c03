"""Plain C from scalar CasADi functions.

CasADi's own generator writes one function with a null test per argument access. For models of some
hundred states compilers then spend minutes. Here the operations are numbered by value (equal
subexpressions computed once), cut into short functions of one basic block each, and split in two:
what depends only on quantities that rarely change (inputs, current, step size) goes to a separate
`prepare` function, so that for example the factors of a constant diffusion block are computed once
per step size and not once per step.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field

import casadi as ca

__all__ = ["Kernel", "emit"]

CHUNK = 600

_INFIX = {ca.OP_ADD: "+", ca.OP_SUB: "-", ca.OP_MUL: "*"}
_UNARY = {
    ca.OP_EXP: "exp", ca.OP_LOG: "log", ca.OP_SQRT: "sqrt", ca.OP_SIN: "sin", ca.OP_COS: "cos",
    ca.OP_TAN: "tan", ca.OP_ASIN: "asin", ca.OP_ACOS: "acos", ca.OP_ATAN: "atan", ca.OP_FLOOR: "floor",
    ca.OP_CEIL: "ceil", ca.OP_FABS: "fabs", ca.OP_ERF: "erf", ca.OP_SINH: "sinh", ca.OP_COSH: "cosh",
    ca.OP_TANH: "tanh", ca.OP_ASINH: "asinh", ca.OP_ACOSH: "acosh", ca.OP_ATANH: "atanh",
    ca.OP_LOG1P: "log1p", ca.OP_EXPM1: "expm1",
}  # fmt: skip
_BINARY = {
    ca.OP_POW: "pow", ca.OP_CONSTPOW: "pow", ca.OP_FMOD: "fmod", ca.OP_COPYSIGN: "copysign",
    ca.OP_ATAN2: "atan2",
}  # fmt: skip
_TEMPLATES = {
    ca.OP_NEG: "-{0}", ca.OP_SQ: "{0} * {0}", ca.OP_TWICE: "2.0 * {0}", ca.OP_INV: "1.0 / {0}",
    ca.OP_NOT: "NOT({0})", ca.OP_IF_ELSE_ZERO: "IF({0}, {1})", ca.OP_SIGN: "SIGN({0})",
    ca.OP_FMIN: "SMALLER({0}, {1})", ca.OP_FMAX: "LARGER({0}, {1})",
    ca.OP_LT: "LESS({0}, {1})", ca.OP_LE: "LESS_EQUAL({0}, {1})", ca.OP_EQ: "EQUAL({0}, {1})",
    ca.OP_NE: "NOT_EQUAL({0}, {1})", ca.OP_AND: "AND({0}, {1})", ca.OP_OR: "OR({0}, {1})",
    # Where hypot is a call.
    ca.OP_HYPOT: "sqrt({0} * {0} + {1} * {1})",
}  # fmt: skip
# pow is some ten times dearer than a square root; these exponents come from Bruggeman factors.
_POWERS = {
    1.5: "{0} * sqrt({0})", 2.5: "{0} * {0} * sqrt({0})", -0.5: "1.0 / sqrt({0})",
    -1.5: "1.0 / ({0} * sqrt({0}))", 3.0: "{0} * {0} * {0}",
}  # fmt: skip
_COMMUTES = {ca.OP_ADD, ca.OP_MUL, ca.OP_FMIN, ca.OP_FMAX, ca.OP_EQ, ca.OP_NE, ca.OP_AND, ca.OP_OR}


def _literal(value: float) -> str:
    if math.isnan(value):
        return "NAN"
    if math.isinf(value):
        return "INFINITY" if value > 0 else "(-INFINITY)"
    return f"({value!r})" if value < 0 else repr(value)


@dataclass
class _Program:
    """Operations in static single assignment form, equal ones merged.

    ``ops[v]`` is (operation, operands, constant or (argument, element)).
    """

    ops: list[tuple] = field(default_factory=list)
    outputs: list[tuple[int, int, int]] = field(default_factory=list)
    _seen: dict[tuple, int] = field(default_factory=dict)

    def add(self, op: int, operands: tuple[int, ...], extra: object = None) -> int:
        if op in _COMMUTES:
            operands = tuple(sorted(operands))
        key = (op, operands, repr(extra))
        if key not in self._seen:
            self._seen[key] = len(self.ops)
            self.ops.append((op, operands, extra))
        return self._seen[key]

    @classmethod
    def read(cls, function: ca.Function) -> _Program:
        program = cls()
        last: dict[int, int] = {}
        for k in range(function.n_instructions()):
            op, source, target = (
                function.instruction_id(k),
                function.instruction_input(k),
                function.instruction_output(k),
            )
            if op == ca.OP_OUTPUT:
                program.outputs.append((target[0], target[1], last[source[0]]))
            elif op == ca.OP_INPUT:
                last[target[0]] = program.add(op, (), (source[0], source[1]))
            elif op == ca.OP_CONST:
                last[target[0]] = program.add(op, (), float(function.instruction_constant(k)))
            elif op == ca.OP_ASSIGN:
                last[target[0]] = last[source[0]]
            elif op == ca.OP_DIV:
                last[target[0]] = program.divide(last[source[0]], last[source[1]])
            else:
                last[target[0]] = program.add(op, tuple(last[i] for i in source))
        return program

    def divide(self, a: int, b: int) -> int:
        """Write a / b as a * (1 / b): divisors are often shared, constant or rarely changing."""
        op, _, constant = self.ops[b]
        if op == ca.OP_CONST and constant:
            return self.add(ca.OP_MUL, (a, self.add(ca.OP_CONST, (), 1.0 / constant)))
        inverse = self.add(ca.OP_INV, (b,))
        return inverse if self.ops[a][::2] == (ca.OP_CONST, 1.0) else self.add(ca.OP_MUL, (a, inverse))

    def is_leaf(self, value: int) -> bool:
        return self.ops[value][0] in (ca.OP_CONST, ca.OP_INPUT)

    def expression(self, value: int, names: list[str]) -> str:
        """C expression of an operation whose operands are called `names`."""
        op, operands, _ = self.ops[value]
        if op in _INFIX:
            return f"{names[0]} {_INFIX[op]} {names[1]}"
        if op in _TEMPLATES:
            return _TEMPLATES[op].format(*names)
        if op in _UNARY:
            return f"{_UNARY[op]}({names[0]})"
        if op in (ca.OP_POW, ca.OP_CONSTPOW) and self.ops[operands[1]][2] in _POWERS:
            return _POWERS[self.ops[operands[1]][2]].format(names[0])
        if op in _BINARY:
            return f"{_BINARY[op]}({names[0]}, {names[1]})"
        raise ValueError(
            f"the model uses CasADi operation number {op}, for which there is no C counterpart here; "
            "rewrite the expression with elementary functions."
        )


@dataclass(frozen=True)
class Kernel:
    """C source of one function, and the memory it wants.

    Attributes
    ----------
    source : str
        ``name(arguments..., kept, results..., work)``, and ``name_prepare(arguments..., kept, work)``.
    parts : tuple of str
        Functions that `source` calls, to be compiled with it or apart.
    n_work, n_kept : int
        Lengths, in doubles, of the scratch array and of the array `prepare` fills.
    n_operations : int
    """

    source: str
    parts: tuple[str, ...]
    n_work: int
    n_kept: int
    n_operations: int


def _live(program: _Program, roots: Collection[int]) -> list[int]:
    """Values needed for `roots`, in order of computation, without leaves."""
    needed: set[int] = set()
    stack = list(roots)
    while stack:
        value = stack.pop()
        if value not in needed:
            needed.add(value)
            stack.extend(program.ops[value][1])
    return sorted(v for v in needed if not program.is_leaf(v))


def _write(
    program: _Program,
    name: str,
    parameters: str,
    arguments: list[str],
    todo: list[int],
    known: dict[int, str],
    results: list[tuple[str, int]],
) -> tuple[str, list[str], int]:
    """Function computing `todo`: its source, the chunks it calls, and the length of its scratch."""

    def leaf(value: int) -> str | None:
        op, _, extra = program.ops[value]
        if op == ca.OP_CONST:
            return f"LITERAL({_literal(extra)})"
        if op == ca.OP_INPUT:
            return f"{arguments[extra[0]]}[{extra[1]}]"
        return known.get(value)

    chunk_of = {v: i // CHUNK for i, v in enumerate(todo)}
    n_chunks = max(1, -(-len(todo) // CHUNK))
    last_use: dict[int, int] = {}
    for v in todo:
        for u in program.ops[v][1]:
            last_use[u] = max(last_use.get(u, 0), chunk_of[v])
    by_chunk: list[list[tuple[str, int]]] = [[] for _ in range(n_chunks)]
    for target, value in results:
        by_chunk[chunk_of.get(value, 0)].append((target, value))

    slots: dict[int, int] = {}
    free: list[int] = []
    expiring: dict[int, list[int]] = {}
    n_slots = 0
    bodies = []
    for chunk in range(n_chunks):
        lines: list[str] = []
        local: set[int] = set()
        for v in todo[chunk * CHUNK : (chunk + 1) * CHUNK]:
            names = []
            for u in program.ops[v][1]:
                text = leaf(u)
                if text is None:
                    if u not in local:
                        local.add(u)
                        lines.append(f"const real t{u} = w[{slots[u]}];")
                    text = f"t{u}"
                names.append(text)
            local.add(v)
            lines.append(f"const real t{v} = {program.expression(v, names)};")
            if last_use.get(v, chunk) > chunk:
                if free:
                    slots[v] = free.pop()
                else:
                    slots[v], n_slots = n_slots, n_slots + 1
                expiring.setdefault(last_use[v], []).append(slots[v])
                lines.append(f"w[{slots[v]}] = t{v};")
        lines += [f"{target} = {leaf(value) or f't{value}'};" for target, value in by_chunk[chunk]]
        # Released only between chunks: within one, a load may be written after the store.
        free += expiring.pop(chunk, [])
        bodies.append("\n".join(lines))
    signature = f"({parameters}, real* restrict w)"
    call = ", ".join(part.split()[-1] for part in [*parameters.split(", "), "w"])
    unused = "".join(f"(void){part};" for part in call.split(", "))
    if n_chunks == 1:
        return f"static void {name}{signature}\n{{\n{unused}\n{bodies[0]}\n}}\n", [], n_slots
    parts = [f"void {name}_{i}{signature}\n{{\n{unused}\n{body}\n}}\n" for i, body in enumerate(bodies)]
    declared = "".join(f"void {name}_{i}{signature};\n" for i in range(n_chunks))
    calls = "".join(f"{name}_{i}({call});\n" for i in range(n_chunks))
    return f"{declared}static void {name}{signature}\n{{\n{calls}}}\n", parts, n_slots


def emit(function: ca.Function, name: str, slow: Collection[int] = ()) -> Kernel:
    """Write `function` as C.

    Parameters
    ----------
    function : casadi.Function
        Of scalar (SX) operations, dense results.
    name : str
        Name in C.
    slow : collection of int
        Arguments that rarely change. What depends on them alone is moved to ``<name>_prepare``, to be
        called before the first use and whenever one of them has changed.

    Returns
    -------
    Kernel
    """
    program = _Program.read(function)
    for i in range(function.n_out()):
        if not function.sparsity_out(i).is_dense():
            raise ValueError(f"result {i} of {function.name()} is sparse; densify it before emitting.")
    slowly = set(slow)
    rare: list[bool] = []
    for op, operands, extra in program.ops:
        if op == ca.OP_INPUT:
            rare.append(extra[0] in slowly)
        else:
            rare.append(bool(slowly) and all(rare[u] for u in operands))
    todo = _live(program, [value for _, _, value in program.outputs])
    often = [v for v in todo if not rare[v]]
    wanted = {u for v in often for u in program.ops[v][1]} | {v for _, _, v in program.outputs}
    kept = sorted(v for v in wanted if rare[v] and not program.is_leaf(v))
    arguments = [f"a{i}" for i in range(function.n_in())]
    inputs = ", ".join(f"const real* restrict {a}" for a in arguments)
    outputs = ", ".join(f"real* restrict r{i}" for i in range(function.n_out()))
    results = [(f"r{i}[{k}]", value) for i, k, value in program.outputs]
    known = {v: f"k[{i}]" for i, v in enumerate(kept)}
    parameters = f"{inputs}, const real* restrict k, {outputs}" if slowly else f"{inputs}, {outputs}"
    source, parts, n_work = _write(program, name, parameters, arguments, often, known, results)
    if slowly:
        first, more, n_first = _write(
            program,
            f"{name}_prepare",
            f"{inputs}, real* restrict k",
            arguments,
            _live(program, kept),
            {},
            [(f"k[{i}]", value) for i, value in enumerate(kept)],
        )
        source, parts, n_work = first + source, parts + more, max(n_work, n_first)
    return Kernel(source, tuple(parts), n_work, len(kept), len(todo))
