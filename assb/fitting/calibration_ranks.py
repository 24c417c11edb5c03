"""Result of a simulation-based calibration: ranks of the truths, their uniformity, coverage of intervals."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import chisquare

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Fewest truths expected in a bin of the chi-square test, and most bins.
EXPECTED, MOST_BINS = 5, 20


@dataclass
class CalibrationRanks:
    """Result of :func:`simulation_based_calibration`.

    Attributes
    ----------
    names : list of str
        Parameters, those of the noise last.
    draws : int
        Draws of each posterior; ranks run from 0 to `draws`.
    level : float
        Of the central intervals.
    seed : int
    fingerprint : str
        Of problem and settings.
    ranks_ : ndarray of int, shape (sets, parameters)
        Draws below the truth; -1 where what made the data has no such parameter.
    truths_ : ndarray, shape (sets, parameters)
        In the units of the parameters.
    inside_ : ndarray of bool, shape (sets, parameters)
        Whether the central interval holds the truth.
    ess_ : ndarray, shape (sets, parameters)
        Effective sample size behind each posterior.
    done_ : ndarray of bool, shape (sets,)
        Whether the chain was long enough.
    redrawn_ : ndarray of int, shape (sets,)
        Truths that could not be simulated and were drawn again.
    failures_ : ndarray of int, shape (sets,)
        Evaluations of the posterior that could not be simulated.
    """

    names: list[str]
    draws: int
    level: float
    seed: int
    fingerprint: str = ""
    _rows: list[dict[str, Any]] = field(default_factory=list, repr=False)

    def add(self, row: dict[str, Any]) -> None:
        """Append one set: truth, rank, inside, ess, done, redrawn, failures."""
        plain = {key: np.asarray(value).tolist() for key, value in row.items()}
        self._rows.append(plain)

    def first(self, n: int) -> CalibrationRanks:
        """The same with the first `n` sets only."""
        return CalibrationRanks(
            self.names, self.draws, self.level, self.seed, self.fingerprint, self._rows[:n]
        )

    def _column(self, key: str, kind: type, wide: bool = True) -> np.ndarray:
        shape = (len(self._rows), len(self.names)) if wide else (len(self._rows),)
        return np.array([row[key] for row in self._rows], dtype=kind).reshape(shape)

    @property
    def ranks_(self) -> np.ndarray:
        """See :class:`CalibrationRanks`."""
        return self._column("rank", int)

    @property
    def truths_(self) -> np.ndarray:
        """See :class:`CalibrationRanks`."""
        return self._column("truth", float)

    @property
    def inside_(self) -> np.ndarray:
        """See :class:`CalibrationRanks`."""
        return self._column("inside", bool)

    @property
    def ess_(self) -> np.ndarray:
        """See :class:`CalibrationRanks`."""
        return self._column("ess", float)

    @property
    def done_(self) -> np.ndarray:
        """See :class:`CalibrationRanks`."""
        return self._column("done", bool, wide=False)

    @property
    def redrawn_(self) -> np.ndarray:
        """See :class:`CalibrationRanks`."""
        return self._column("redrawn", int, wide=False)

    @property
    def failures_(self) -> np.ndarray:
        """See :class:`CalibrationRanks`."""
        return self._column("failures", int, wide=False)

    @property
    def bins(self) -> int:
        """Bins of equal width that the ranks are sorted into: at most 20, at least five truths expected in each."""
        n = len(self._rows)
        allowed = [b for b in range(2, MOST_BINS + 1) if (self.draws + 1) % b == 0 and n / b >= EXPECTED]
        return max(allowed, default=1)

    def counts(self, name: str) -> np.ndarray:
        """Truths in each bin of the ranks of one parameter, shape (bins,)."""
        ranks = self.ranks_[:, self.names.index(name)]
        return np.bincount(ranks[ranks >= 0] * self.bins // (self.draws + 1), minlength=self.bins)

    @property
    def p_values_(self) -> dict[str, float]:
        """Chi-square p value of uniform ranks by parameter; NaN with fewer than ten sets."""
        if self.bins < 2:
            return dict.fromkeys(self.names, float("nan"))
        return {
            name: float(chisquare(self.counts(name)).pvalue) if self.counts(name).sum() else float("nan")
            for name in self.names
        }

    @property
    def coverage_(self) -> dict[str, float]:
        """Share of the central intervals that hold the truth, by parameter."""
        known = self.ranks_ >= 0
        with np.errstate(invalid="ignore"):
            share = self.inside_.sum(axis=0) / known.sum(axis=0)
        return dict(zip(self.names, share.tolist(), strict=True))

    def table(self) -> list[dict[str, Any]]:
        """One row for each parameter: name, p value, coverage, smallest effective sample size."""
        p, covered = self.p_values_, self.coverage_
        smallest = self.ess_.min(axis=0) if self._rows else np.full(len(self.names), np.nan)
        return [
            {"name": name, "p_value": p[name], "coverage": covered[name], "ess_min": float(ess)}
            for name, ess in zip(self.names, smallest, strict=True)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and text."""
        return {
            "names": self.names,
            "draws": self.draws,
            "level": self.level,
            "seed": self.seed,
            "fingerprint": self.fingerprint,
            "bins": self.bins,
            "table": self.table(),
            "sets": self._rows,
        }

    def save(self, path: str | Path) -> None:
        """Write as JSON, atomically."""
        from assb.files import write_json

        write_json(path, self.to_dict())

    @classmethod
    def load(cls, path: str | Path) -> CalibrationRanks:
        """Read what :meth:`save` wrote."""
        d = json.loads(Path(path).read_text(encoding="utf-8"))
        rows = [{**row, "ess": [np.nan if e is None else e for e in row["ess"]]} for row in d["sets"]]
        return cls(d["names"], d["draws"], d["level"], d["seed"], d["fingerprint"], rows)

    def plot(self, path: str | Path | None = None) -> Figure:
        """Histograms of the ranks with the band of uniform ones; saved where a path is given."""
        from assb.plotting.ranks import rank_histograms

        figure = rank_histograms(self)
        if path is not None:
            figure.savefig(path, dpi=110)
        return figure

    def __repr__(self) -> str:
        late = len(self._rows) - int(self.done_.sum())
        head = f"CalibrationRanks: {len(self._rows)} sets, {self.draws} draws each, seed {self.seed}"
        lines = [f"{head}; {int(self.redrawn_.sum())} truths redrawn, {late} chains cut short"]
        for row in self.table():
            uniform = (
                f"p = {row['p_value']:.3g} ({self.bins} bins)"
                if self.bins > 1
                else "too few sets for a p value"
            )
            lines.append(
                f"  {row['name']}: {uniform}, {100 * self.level:g} % interval covers {100 * row['coverage']:.1f} %,"
                f" ESS at least {row['ess_min']:.0f}"
            )
        return "\n".join(lines)
