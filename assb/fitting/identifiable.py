"""What the data can and cannot see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Entries of a direction below this share are left out of its description.
SMALL = 0.25


@dataclass(frozen=True)
class Identifiability:
    """Singular value decomposition of the Jacobian, whitened by the noise and scaled by the prior.

    A singular value is the ratio of what the data say to what the prior says about a combination of
    parameters: far above one it is measured, below one it is the prior's.

    Attributes
    ----------
    names : list of str
        Parameters.
    singular_values : ndarray, shape (n,)
        Decreasing.
    vectors : ndarray, shape (n, n)
        Row k is the k-th combination, in units of prior standard deviations.
    covariance : ndarray, shape (n, n)
        Laplace covariance of the coordinates.
    """

    names: list[str]
    singular_values: np.ndarray
    vectors: np.ndarray
    covariance: np.ndarray

    @property
    def correlation(self) -> np.ndarray:
        """Posterior correlation, shape (n, n)."""
        sd = np.sqrt(np.diag(self.covariance))
        return self.covariance / np.outer(sd, sd)

    @property
    def shrinkage(self) -> dict[str, float]:
        """Posterior over prior standard deviation of each parameter; one means nothing was learnt."""
        return dict(zip(self.names, np.sqrt(np.diag(self.covariance)), strict=True))

    def combinations(self) -> list[dict]:
        """Each combination in words: its main members, its singular value, and whether the data see it."""
        rows = []
        for value, vector in zip(self.singular_values, self.vectors, strict=True):
            order = np.argsort(-np.abs(vector))
            kept = [k for k in order if abs(vector[k]) >= SMALL] or [order[0]]
            sign = np.sign(vector[kept[0]])
            text = " ".join(
                f"{'+' if sign * vector[k] > 0 else '-'}{abs(vector[k]):.2f} {self.names[k]}" for k in kept
            )
            rows.append(
                {"text": text.removeprefix("+"), "singular_value": float(value), "seen": bool(value > 1)}
            )
        return rows

    def to_dict(self) -> dict:
        """Plain numbers and lists."""
        return {
            "names": list(self.names),
            "singular_values": self.singular_values.tolist(),
            "vectors": self.vectors.tolist(),
            "correlation": self.correlation.tolist(),
            "combinations": self.combinations(),
            "shrinkage": self.shrinkage,
        }

    def __repr__(self) -> str:
        lines = ["Identifiability (combination in prior standard deviations, what the data add):"]
        for row in self.combinations():
            lines.append(
                f"  {row['singular_value']:10.3g}  {'seen  ' if row['seen'] else 'UNSEEN'}  {row['text']}"
            )
        return "\n".join(lines)


def identifiability(
    names: Sequence[str], jacobian: np.ndarray, weights: np.ndarray | None = None
) -> Identifiability:
    """Identifiability from a whitened, prior-scaled Jacobian.

    Parameters
    ----------
    names : sequence of str, length n
    jacobian : ndarray, shape (rows, n)
        d(white residual)/d(prior-scaled coordinate).
    weights : ndarray, shape (n,) or (n, n), optional
        Precision of the prior in each coordinate: 1 for normal, 0 for uniform; or its matrix.

    Returns
    -------
    Identifiability
    """
    n = len(names)
    # All n rows of `vectors` also where there are fewer rows of data; never a matrix of rows by rows.
    _, values, vectors = np.linalg.svd(jacobian, full_matrices=len(jacobian) < n)
    values = np.concatenate([values, np.zeros(n - len(values))])
    known = np.ones(n) if weights is None else np.asarray(weights)
    precision = jacobian.T @ jacobian + (np.diag(known) if known.ndim == 1 else known)
    # A flat direction under a uniform prior has no finite Laplace variance: the pseudo-inverse keeps it finite.
    covariance = np.linalg.pinv(precision, hermitian=True)
    return Identifiability(list(names), values, vectors, covariance)
