"""Level-wise elimination against dense solves, over random patterns and batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assb.models.level_lu import LevelLU


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 30), st.integers(0, 2**32 - 1), st.floats(0.0, 0.4))
def test_solves(n, seed, density):
    rng = np.random.default_rng(seed)
    pattern = rng.random((n, n)) < density
    np.fill_diagonal(pattern, True)
    rows, cols = np.nonzero(pattern)
    values = rng.normal(size=(len(rows), 3)) + 1j * rng.normal(size=(len(rows), 3))
    values[rows == cols] += 10.0 + n
    right = rng.normal(size=(n, 3))
    x = LevelLU(n, rows.tolist(), cols.tolist()).solve(values, right)
    for k in range(3):
        dense = np.zeros((n, n), dtype=complex)
        dense[rows, cols] = values[:, k]
        np.testing.assert_allclose(dense @ x[:, k], right[:, k], atol=1e-10)


def test_many_particles_share_levels():
    """Chains that all end in one border row are eliminated together, one level per link."""
    chains, links = 20, 6
    n = chains * links + 1
    entries = {(i, i) for i in range(n)}
    for c in range(chains):
        first = c * links
        for i in range(first, first + links - 1):
            entries |= {(i, i + 1), (i + 1, i)}
        entries |= {(first + links - 1, n - 1), (n - 1, first + links - 1)}
    rows, cols = zip(*sorted(entries), strict=True)
    lu = LevelLU(n, rows, cols)
    assert len(lu._groups) <= links + 2
    values = np.where(np.equal(rows, cols), 4.0 + chains, -1.0)[:, None]
    x = lu.solve(values, np.ones((n, 1)))[:, 0]
    dense = np.zeros((n, n))
    dense[rows, cols] = values[:, 0]
    np.testing.assert_allclose(x, np.linalg.solve(dense, np.ones(n)), rtol=1e-12)


def test_singular_pattern():
    with pytest.raises(ValueError, match="structurally singular"):
        LevelLU(2, [0, 1], [0, 0])
