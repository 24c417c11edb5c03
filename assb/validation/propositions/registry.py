"""What a proposition is, how its test is registered, and what a run of it says."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal

Verdict = Literal["holds", "fails", "representable", "not representable"]


@dataclass(frozen=True)
class Finding:
    """What one run of a test found.

    Attributes
    ----------
    holds : bool
        Whether direction and, where the source gives one, size are as stated.
    figures : mapping of str to float
        Measured in the simulation; the unit stands in the name.
    """

    holds: bool
    figures: Mapping[str, float]


@dataclass(frozen=True)
class Proposition:
    """A statement of the literature and the simulation that tests it.

    Attributes
    ----------
    id : str
        Group and number, "A1".
    statement : str
        What must be seen.
    source : str
        Where it is stated.
    control : str
        What the control run changes: the responsible option off, or its law reversed.
    test : callable or None
        ``test(control)`` with `control` False or True gives a :class:`Finding`; None where nothing is run.
    verdict : str
        Of a proposition that is not run: "representable" (its answer is an input) or "not representable".
    reason : str
        Why nothing is run.
    """

    id: str
    statement: str
    source: str
    control: str = ""
    test: Callable[[bool], Finding] | None = None
    verdict: Verdict = "holds"
    reason: str = ""

    def run(self) -> Trend:
        """Run the test and its control; a failure of either is a verdict "fails" with its reason, never a crash."""
        if self.test is None:
            return Trend(self.id, self.statement, False, self.verdict, None, self.reason)
        start = time.perf_counter()
        try:
            found, other = self.test(False), self.test(True)
        except Exception as error:  # a solver failure is an event to report
            reason = f"{type(error).__name__}: {error}"
            return Trend(self.id, self.statement, False, "fails", None, reason, {}, {}, _since(start))
        if found.holds and other.holds:
            verdict, reason = "fails", f"the control holds as well ({self.control}): the test shows nothing"
        elif found.holds:
            verdict, reason = "holds", f"control: {self.control}"
        else:
            verdict, reason = "fails", "direction or size is not as stated"
        return Trend(
            self.id,
            self.statement,
            True,
            verdict,
            "holds" if other.holds else "fails",
            reason,
            dict(found.figures),
            dict(other.figures),
            _since(start),
        )


@dataclass(frozen=True)
class Trend:
    """Outcome of one proposition.

    Attributes
    ----------
    id, statement : str
    run : bool
        Whether it was simulated.
    verdict : str
        "holds", "fails", "representable" or "not representable".
    control_verdict : str or None
        What the same test says of the control run; "fails" where the test discriminates.
    reason : str
    figures, control_figures : dict of str to float
    seconds : float
        Wall time of test and control.
    """

    id: str
    statement: str
    run: bool
    verdict: str
    control_verdict: str | None
    reason: str
    figures: dict[str, float] = field(default_factory=dict)
    control_figures: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """For JSON: figures that are no finite numbers become None."""
        found = asdict(self)
        for key in ("figures", "control_figures"):
            found[key] = {k: float(v) if math.isfinite(v) else None for k, v in found[key].items()}
        return found


#: Propositions by id, of the modules imported so far; :func:`load` imports all.
PROPOSITIONS: dict[str, Proposition] = {}


def proposition(id: str, statement: str, *, source: str, control: str) -> Callable:
    """Register the decorated ``test(control: bool) -> Finding`` as the test of proposition `id`."""

    def register(test: Callable[[bool], Finding]) -> Callable[[bool], Finding]:
        _add(Proposition(id, statement, source, control, test))
        return test

    return register


def not_run(id: str, statement: str, *, source: str, verdict: Verdict, reason: str) -> None:
    """Register a proposition that is "representable" (its answer is an input) or "not representable"."""
    _add(Proposition(id, statement, source, verdict=verdict, reason=reason))


def _add(entry: Proposition) -> None:
    if entry.id in PROPOSITIONS:
        raise ValueError(f"id = {entry.id!r}: a proposition of this id exists, choose another")
    PROPOSITIONS[entry.id] = entry


def load() -> dict[str, Proposition]:
    """Import every group of propositions and return all, sorted by id: A1, A2, ..., A10, ..., K5."""
    package = import_module("assb.validation.propositions")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return {each: PROPOSITIONS[each] for each in sorted(PROPOSITIONS, key=lambda id: (id[0], int(id[1:])))}


def run_trends(
    ids: Iterable[str] | None = None, progress: Callable[[str], None] | None = None
) -> list[Trend]:
    """Run propositions and their controls.

    Parameters
    ----------
    ids : iterable of str, optional
        Which; all by default.
    progress : callable, optional
        Called with the id of each before it runs.

    Returns
    -------
    list of Trend

    Raises
    ------
    ValueError
        For an id that is not registered.
    """
    known = load()
    wanted = list(known) if ids is None else list(ids)
    unknown = [each for each in wanted if each not in known]
    if unknown:
        raise ValueError(f"ids = {unknown}: not known; use some of {', '.join(known)}")
    found = []
    for each in wanted:
        if progress is not None:
            progress(each)
        found.append(known[each].run())
    return found


def _since(start: float) -> float:
    return round(time.perf_counter() - start, 3)
