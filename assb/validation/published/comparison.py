"""Every row of a file of published figures against the library."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assb.validation.published.baselines import interpolation, study_mean
from assb.validation.published.fit import Constants, calibrate_study, frozen
from assb.validation.published.study import STUDIES, Study
from assb.validation.published.targets import Target, read_targets

if TYPE_CHECKING:
    import pandas as pd

#: 90 % of a normal distribution.
Z90 = 1.6449


@dataclass(frozen=True)
class Row:
    """A published figure beside the model's.

    Attributes
    ----------
    id, quantity, unit, source : str
    published, model, low, high : float or None
        `low` and `high` bound 90 % of what the constants of the study and its scatter allow.
    deviation : float or None
        Model less published, in the unit of the row.
    deviation_tol, low_tol, high_tol : float or None
        The same in tolerances, on the scale of the tolerance, and so the ends of the interval.
    within : bool
    role : {"calibrated", "predicted", ""}
    scored : bool
        Whether the row is an observable with a number.
    evaluated : bool
    reason : str
        Why it was not evaluated.
    interpolated, study_mean : float or None
        What two baselines without a model say, from the rows marked "calibrate", in tolerances from the figure.
    """

    id: str
    quantity: str
    unit: str
    source: str
    published: float | None
    model: float | None
    low: float | None
    high: float | None
    deviation: float | None
    deviation_tol: float | None
    within: bool
    role: str
    scored: bool
    evaluated: bool
    reason: str
    interpolated: float | None = None
    study_mean: float | None = None
    low_tol: float | None = None
    high_tol: float | None = None

    @property
    def study(self) -> str:
        """First part of the id."""
        return self.id.partition("_")[0]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        found = dict(vars(self))
        return {k: (None if isinstance(v, float) and not math.isfinite(v) else v) for k, v in found.items()}


class ValidationTable(Sequence):
    """Outcome of :func:`run`: rows, and what they amount to.

    Parameters
    ----------
    rows : sequence of Row
    """

    def __init__(self, rows: Sequence[Row]):
        self.rows = list(rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def share(self, role: str = "") -> float:
        """Share of the evaluated observables within tolerance, of one role or of all."""
        rows = [r for r in self if r.scored and r.evaluated and role in ("", r.role)]
        return float(np.mean([r.within for r in rows])) if rows else math.nan

    @property
    def evaluated(self) -> float:
        """Share of the observables that were evaluated."""
        rows = [r for r in self if r.scored]
        return float(np.mean([r.evaluated for r in rows])) if rows else math.nan

    def medians(self) -> dict[str, float]:
        """Median distance of the predicted rows in tolerances: the model and the two baselines, on the same rows."""
        rows = [r for r in self if r.scored and r.evaluated and r.role == "predicted"]
        columns = {
            "model": [r.deviation_tol for r in rows],
            "interpolation": [r.study_mean if r.interpolated is None else r.interpolated for r in rows],
            "study mean": [r.study_mean for r in rows],
        }
        known = [all(column[k] is not None for column in columns.values()) for k in range(len(rows))]
        return {
            name: float(
                np.median([abs(v) for v, ok in zip(column, known, strict=True) if ok and v is not None])
            )
            if any(known)
            else math.nan
            for name, column in columns.items()
        }

    def to_dicts(self) -> list[dict[str, Any]]:
        """Rows for JSON."""
        return [row.to_dict() for row in self]

    def to_pandas(self) -> pd.DataFrame:
        """As a frame, one row each."""
        import pandas as pd

        return pd.DataFrame(self.to_dicts())

    def __repr__(self) -> str:
        medians = self.medians()
        return (
            f"<{len(self)} published figures: {100 * self.evaluated:.0f} % of the observables evaluated;"
            f" within tolerance {100 * self.share('calibrated'):.0f} % of the calibrated and"
            f" {100 * self.share('predicted'):.0f} % of the predicted; median distance of the predicted"
            f" {medians['model']:.2f} tolerances (interpolation {medians['interpolation']:.2f}, study mean"
            f" {medians['study mean']:.2f})>"
        )


def run(
    targets: str | Path | Sequence[Target] | None = None,
    *,
    constants: dict[str, Constants] | None = None,
    progress: Callable[[str], None] | None = None,
) -> ValidationTable:
    """Evaluate published figures with the frozen constants of their studies.

    Parameters
    ----------
    targets : str, Path or sequence of Target, optional
        A CSV file with the columns of the one that ships with the package, which is the default. Samples and
        conditions need not be published ones.
    constants : dict, optional
        Study -> constants in place of the frozen ones.
    progress : callable, optional
        Called with each id.

    Returns
    -------
    ValidationTable

    Raises
    ------
    TargetError
        For a file that cannot be read.
    """
    import assb.validation.studies  # noqa: F401  registers the studies

    rows = read_targets(targets) if targets is None or isinstance(targets, str | Path) else list(targets)
    known = [row for row in read_targets() if row.scored and row.role == "calibrate"]
    given, found = dict(constants or {}), []
    for row in rows:
        if progress is not None:
            progress(row.id)
        study = STUDIES.get(row.study)
        if study is not None and study.key not in given:
            given[study.key] = frozen(study.key)
        found.append(_row(row, study, given.get(row.study), known))
    return ValidationTable(found)


def _row(row: Target, study: Study | None, constants: Constants | None, known: Sequence[Target]) -> Row:
    about: dict[str, Any] = {
        "id": row.id,
        "quantity": row.quantity,
        "unit": row.unit,
        "source": row.source,
        "published": row.value,
        "role": {"calibrate": "calibrated", "predict": "predicted"}.get(row.role, ""),
        "scored": row.scored,
    }
    model, low, high, reason = None, None, None, ""
    match = None if study is None else study.find(row.id)
    if match is None:
        reason = "no study of this key" if study is None else "no evaluator for this quantity"
    elif row.unit != match[0].unit:
        reason = f"unit {row.unit!r} is not {match[0].unit!r}"
    else:
        assert study is not None
        assert constants is not None
        try:
            model = study.value(row.id, constants.mapping())
            low, high = _interval(row, study, constants, model)
        except Exception as error:  # a solver failure is an event to report
            model, reason = None, f"{type(error).__name__}: {error}"
        if model is not None and not math.isfinite(model):
            model, reason = None, "the model gives no number"
    deviation = distance = None
    if model is not None and row.value is not None:
        deviation = model - row.value
        if row.tol is not None:
            distance = row.tol.deviation(model, row.value)
    baselines = [_distance(row, method(row, known)) for method in (interpolation, study_mean)]
    return Row(
        **about,
        model=model,
        low=low,
        high=high,
        deviation=deviation,
        deviation_tol=distance,
        within=distance is not None and abs(distance) <= 1.0,
        evaluated=model is not None,
        reason=reason,
        interpolated=baselines[0],
        study_mean=baselines[1],
        low_tol=None if distance is None else _distance(row, low),
        high_tol=None if distance is None else _distance(row, high),
    )


def _distance(row: Target, value: float | None) -> float | None:
    if value is None or not row.scored or row.tol is None or row.value is None:
        return None
    return row.tol.deviation(value, row.value)


def _interval(row: Target, study: Study, constants: Constants, model: float) -> tuple[float, float]:
    """90 % interval: posterior of the constants and scatter of the study, on the scale of the tolerance."""
    factor = row.tol is not None and row.tol.form == "factor" and model != 0
    sign = math.copysign(1.0, model)  # a factor compares magnitudes

    def scale(value: float) -> float:
        return math.log(max(sign * value, 1e-300)) if factor else value

    width = 1.0
    if row.tol is not None:
        width = math.log(row.tol.size) if factor else row.tol.size
        if row.tol.form == "rel":
            width *= abs(row.value if row.value is not None else model)
    sd = math.hypot(constants.spread(study, row.id, scale), constants.scatter * width)
    ends = scale(model) - Z90 * sd, scale(model) + Z90 * sd
    low, high = sorted(sign * math.exp(end) if factor else end for end in ends)
    return low, high


def leave_one_out(key: str, targets: Sequence[Target] | None = None) -> ValidationTable:
    """Predict each sample of a study from the others: its rows are left out of the calibration.

    Parameters
    ----------
    key : str
        Study whose `samples` names a group of its patterns.
    targets : sequence of Target, optional
        Those of the package by default.

    Returns
    -------
    ValidationTable
        The scored rows of the study, each predicted without its sample.

    Raises
    ------
    ValueError
        For a study without samples.
    """
    import assb.validation.studies  # noqa: F401  registers the studies

    study = STUDIES[key]
    if not study.samples:
        raise ValueError(f"study {key!r} has no samples to leave out: use one of those with samples")
    rows = [row for row in (targets or read_targets()) if row.scored and study.find(row.id)]
    by_sample: dict[str, list[Target]] = {}
    for row in rows:
        match = study.find(row.id)
        assert match is not None
        by_sample.setdefault(match[1].get(study.samples, ""), []).append(row)
    found: list[Row] = []
    for left in by_sample.values():
        # All other rows calibrate, whatever their role: the question is what a sample adds.
        others = [Target(**{**vars(row), "role": "calibrate"}) for row in rows if row not in left]
        constants = calibrate_study(study, others, few=False)
        found += [_row(row, study, constants, others) for row in left]
    return ValidationTable(found)
