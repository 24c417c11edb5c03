"""What a check is, how it is registered, and the table that a run of all of them gives."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Measured:
    """What a check found.

    Attributes
    ----------
    expected, found : float
        Closed form and model, where they differ most.
    deviation : float
        What is compared with the limit.
    """

    expected: float
    found: float
    deviation: float


@dataclass(frozen=True)
class Check:
    """Outcome of one check.

    Attributes
    ----------
    name : str
    statement : str
        What must hold, with the unit of `expected` and `found`.
    expected, found : float
        Closed form and model, where they differ most.
    deviation, limit : float
        What was found and what is allowed: relative unless the statement names a unit.
    passed : bool
    source : str
        Origin of the closed form.
    seconds : float
        Wall time.
    """

    name: str
    statement: str
    expected: float
    found: float
    deviation: float
    limit: float
    passed: bool
    source: str
    seconds: float


@dataclass(frozen=True)
class Registered:
    """A check that can be run: a function without arguments that returns :class:`Measured`."""

    name: str
    statement: str
    limit: float
    source: str
    measure: Callable[[], Measured]

    def run(self) -> Check:
        """Measure and judge; a deviation that is not a number fails."""
        start = time.perf_counter()
        found = self.measure()
        seconds = time.perf_counter() - start
        passed = bool(found.deviation <= self.limit)
        return Check(
            self.name,
            self.statement,
            found.expected,
            found.found,
            found.deviation,
            self.limit,
            passed,
            self.source,
            seconds,
        )


#: Checks by name, in the order of their modules.
CHECKS: dict[str, Registered] = {}


def check(name: str, statement: str, limit: float, source: str) -> Callable:
    """Register the decorated function as the check `name`."""

    def register(measure: Callable[[], Measured]) -> Callable[[], Measured]:
        if name in CHECKS:
            raise ValueError(f"name = {name!r}: a check of this name exists, choose another")
        CHECKS[name] = Registered(name, statement, limit, source, measure)
        return measure

    return register


def relative(expected: ArrayLike, found: ArrayLike, scale: ArrayLike | None = None) -> Measured:
    """Largest deviation relative to `scale` (the magnitude of `expected` unless given)."""
    wanted, have = np.atleast_1d(np.asarray(expected)), np.atleast_1d(np.asarray(found))
    if wanted.shape != have.shape:
        raise ValueError(f"found has shape {have.shape}, expected {wanted.shape}: give equal shapes")
    error = np.abs(have - wanted) / (np.abs(wanted) if scale is None else np.asarray(scale))
    worst = int(np.argmax(error))
    first, second = (float(np.abs(a[worst]) if np.iscomplexobj(a) else a[worst]) for a in (wanted, have))
    return Measured(first, second, float(error[worst]))


def at_least(expected: float, found: Iterable[float]) -> Measured:
    """By how much the smallest of `found` falls short of `expected`; 0 when none does."""
    smallest = float(min(found))
    return Measured(expected, smallest, max(0.0, expected - smallest) if np.isfinite(smallest) else np.inf)


class Verification(Sequence):
    """Outcomes of the checks, as a table.

    Parameters
    ----------
    checks : iterable of Check

    Attributes
    ----------
    passed : bool
        Whether every check passed.
    """

    def __init__(self, checks: Iterable[Check]):
        self._checks = tuple(checks)

    def __len__(self) -> int:
        return len(self._checks)

    def __iter__(self) -> Iterator[Check]:
        return iter(self._checks)

    def __getitem__(self, key):
        """Check by position or by name."""
        if not isinstance(key, str):
            return self._checks[key]
        for each in self._checks:
            if each.name == key:
                return each
        raise KeyError(f"{key!r} was not run; this table has {', '.join(c.name for c in self._checks)}")

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(each.passed for each in self._checks)

    def rows(self) -> list[dict[str, object]]:
        """One dict per check, for a data frame or JSON."""
        return [dict(vars(each)) for each in self._checks]

    def markdown(self) -> str:
        """Table of statement, closed form, model, deviation and limit."""
        lines = [
            "| Check | Statement | Closed form | Model | Deviation | Limit |",
            "|---|---|---|---|---|---|",
        ]
        for each in self._checks:
            values = f"{each.expected:.6g} | {each.found:.6g} | {each.deviation:.1e} | {each.limit:.1e}"
            lines.append(f"| `{each.name}` | {each.statement} | {values} |")
        return "\n".join(lines)

    def __repr__(self) -> str:
        head = f"{'check':<34} {'expected':>12} {'found':>12} {'deviation':>10} {'limit':>8}  "
        lines = [head]
        for each in self._checks:
            mark = "ok" if each.passed else "FAILED"
            lines.append(
                f"{each.name[:34]:<34} {each.expected:>12.6g} {each.found:>12.6g} "
                f"{each.deviation:>10.1e} {each.limit:>8.0e}  {mark}"
            )
        failed = sum(not each.passed for each in self._checks)
        total = sum(each.seconds for each in self._checks)
        lines.append(f"{len(self._checks) - failed} of {len(self._checks)} checks passed in {total:.1f} s")
        return "\n".join(lines)
