import casadi as ca
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assb.models.compiled.sparse_lu import SparseLU


def matrix(seed, n, density):
    rng = np.random.default_rng(seed)
    a = np.where(rng.random((n, n)) < density, rng.standard_normal((n, n)), 0.0)
    # Diagonally dominant, as M / (gamma h) - J is for small h: no pivoting for size is needed.
    a[np.diag_indices(n)] = 1.0 + np.abs(a).sum(axis=1)
    return a, rng.standard_normal(n)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 30), st.floats(0.0, 0.5))
def test_solves_as_numpy(seed, n, density):
    a, b = matrix(seed, n, density)
    rows, cols = np.nonzero(a)
    lu = SparseLU(n, rows.tolist(), cols.tolist())
    factors = lu.factor(a[rows, cols].tolist())
    assert len(factors) == lu.n_factors
    np.testing.assert_allclose(lu.solve(factors, b.tolist()), np.linalg.solve(a, b), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_rows_in_any_order(seed):
    a, b = matrix(seed, 12, 0.2)
    shuffle = np.random.default_rng(seed).permutation(12)
    a, b = a[shuffle], b[shuffle]
    a[a == 0.0] = 0.0
    keep = np.abs(a) > 1.0  # the dominant entries, now off the diagonal
    np.fill_diagonal(a, np.where(np.diag(keep), np.diag(a), 0.0))
    rows, cols = np.nonzero(a)
    lu = SparseLU(12, rows.tolist(), cols.tolist())
    solution = lu.solve(lu.factor(a[rows, cols].tolist()), b.tolist())
    np.testing.assert_allclose(solution, np.linalg.solve(a, b), rtol=1e-7, atol=1e-9)


def test_tridiagonal_has_no_fill_in():
    n = 40
    entries = [(i, j) for i in range(n) for j in range(max(i - 1, 0), min(i + 2, n))]
    lu = SparseLU(n, [r for r, _ in entries], [c for _, c in entries])
    assert lu.n_factors == len(entries)


def test_arrow_is_eliminated_tip_last():
    n = 30
    entries = sorted({(i, i) for i in range(n)} | {(0, i) for i in range(n)} | {(i, 0) for i in range(n)})
    lu = SparseLU(n, [r for r, _ in entries], [c for _, c in entries])
    assert lu.n_factors == len(entries)


def test_symbols():
    a, b = matrix(3, 8, 0.3)
    rows, cols = np.nonzero(a)
    lu = SparseLU(8, rows.tolist(), cols.tolist())
    v, r = ca.SX.sym("v", len(rows)), ca.SX.sym("r", 8)
    x = lu.solve(lu.factor([v[i] for i in range(len(rows))]), [r[i] for i in range(8)])
    solved = ca.Function("solve", [v, r], [ca.vertcat(*x)])(a[rows, cols], b)
    np.testing.assert_allclose(np.array(solved).ravel(), np.linalg.solve(a, b), rtol=1e-12)


def test_structurally_singular():
    with pytest.raises(ValueError, match="structurally singular"):
        SparseLU(2, [0, 0], [0, 1])


def test_duplicate_entries():
    with pytest.raises(ValueError, match="twice"):
        SparseLU(1, [0, 0], [0, 0])
