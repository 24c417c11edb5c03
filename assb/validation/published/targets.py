"""Rows of a file of published figures."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

#: Columns that a file must have.
NEEDED = ("id", "value", "unit", "tol", "kind", "role")
FORMS = ("abs", "rel", "factor")
#: Magnitude that stands for a value of the other sign where a tolerance is a factor.
OTHER_SIGN = 1e-12


class TargetError(ValueError):
    """A file of published figures that cannot be read."""


@dataclass(frozen=True)
class Tolerance:
    """How far a model may be from a published figure.

    Attributes
    ----------
    form : {"abs", "rel", "factor"}
        In the unit of the figure, as a share of it, or as a factor either way.
    size : float
    """

    form: str
    size: float

    @classmethod
    def parse(cls, text: str) -> Tolerance:
        """Of "abs x", "rel x" or "factor x".

        Raises
        ------
        ValueError
            For anything else.
        """
        form, _, size = text.strip().partition(" ")
        number = float(size) if size else math.nan
        if form not in FORMS or not number > (1.0 if form == "factor" else 0.0):
            raise ValueError(f"tol = {text!r}: give 'abs x', 'rel x' or 'factor x' (x above 1)")
        return cls(form, number)

    def coordinate(self, value: float, published: float) -> float:
        """`value` in units of the tolerance, on the scale on which the tolerance is symmetric.

        A factor compares magnitudes; a value of the other sign is as far away as :data:`OTHER_SIGN`.
        """
        if self.form == "factor":
            return math.log(max(math.copysign(1.0, published) * value, OTHER_SIGN)) / math.log(self.size)
        return value / (self.size * (abs(published) if self.form == "rel" else 1.0))

    def deviation(self, value: float, published: float) -> float:
        """Distance of `value` from the published figure in tolerances, signed."""
        return self.coordinate(value, published) - self.coordinate(published, published)


@dataclass(frozen=True)
class Target:
    """One published figure.

    Attributes
    ----------
    id : str
        ``<study>_<quantity>_<sample>[_<condition>]``.
    quantity, unit, conditions, source, evidence : str
    value : float or None
        None where the row holds words.
    tol : Tolerance or None
    kind : str
        "observable" rows are scored, others shown.
    role : {"calibrate", "predict", ""}
    """

    id: str
    quantity: str
    value: float | None
    unit: str
    tol: Tolerance | None
    kind: str
    role: str
    conditions: str
    source: str
    evidence: str

    @property
    def study(self) -> str:
        """First part of the id."""
        return self.id.partition("_")[0]

    @property
    def scored(self) -> bool:
        """Whether the row counts: an observable with a number and a tolerance."""
        return self.kind == "observable" and self.value is not None and self.tol is not None


def read_targets(path: str | Path | None = None) -> list[Target]:
    """Read published figures.

    Parameters
    ----------
    path : str or Path, optional
        CSV with at least the columns id, value, unit, tol, kind, role; the figures that ship with the package by
        default.

    Returns
    -------
    list of Target

    Raises
    ------
    TargetError
        For a file that is missing or lacks columns, an id given twice, or an observable without number or
        tolerance.
    """
    if path is None:
        text, name = files("assb.validation").joinpath("data/targets.csv").read_text("utf-8"), "targets.csv"
    else:
        name = Path(path).name
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except OSError as error:
            raise TargetError(f"{path}: cannot be read ({error.strerror}): give a CSV file") from None
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in NEEDED if column not in (reader.fieldnames or ())]
    if missing:
        raise TargetError(f"{name}: has no column {missing[0]!r}: give {', '.join(NEEDED)}")
    found: dict[str, Target] = {}
    for number, row in enumerate(reader, start=2):
        target = _target(name, number, row)
        if target.id in found:
            raise TargetError(f"{name}: line {number}: id = {target.id!r} is given twice: keep one")
        found[target.id] = target
    return list(found.values())


def _target(name: str, line: int, row: dict[str, str]) -> Target:
    kept = {
        key: (row.get(key) or "").strip() for key in (*NEEDED, "quantity", "conditions", "source", "evidence")
    }
    observable = kept["kind"] == "observable"
    value: float | None
    try:
        value = float(kept["value"])
    except ValueError:
        value = None
        if observable:
            raise TargetError(f"{name}: line {line}: value = {kept['value']!r}: give a number") from None
    tol = None
    if kept["tol"] or observable:
        try:
            tol = Tolerance.parse(kept["tol"])
        except ValueError as error:
            if observable:
                raise TargetError(f"{name}: line {line}: {error}") from None
    if observable and kept["role"] not in ("calibrate", "predict"):
        raise TargetError(f"{name}: line {line}: role = {kept['role']!r}: give 'calibrate' or 'predict'")
    return Target(
        kept["id"],
        kept["quantity"],
        value,
        kept["unit"],
        tol,
        kept["kind"],
        kept["role"],
        kept["conditions"],
        kept["source"],
        kept["evidence"],
    )
