"""Stretches of a simulation, put together, are the simulation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from assb.models.compiled import CompilerError, CompilerWarning
from assb.models.compiled.segments import SegmentLibrary
from assb.models.compiled.store import SourceStore

P = np.array([3.3e-14, 0.665])


def chain(library, protocol, cuts):
    """Rows and slopes of all pieces, each from where the one before ended."""
    y, s, status = library.start(protocol, P, np.eye(2))
    rows, slopes = [], []
    for a, b in itertools.pairwise(cuts):
        assert status == 0
        y, s, values, derivatives, status = library.run(protocol, slice(a, b), P, y, s, np.eye(2))
        rows.append(values)
        slopes.append(derivatives)
    assert status == 0
    return np.concatenate(rows), np.concatenate(slopes)


def test_pieces_give_the_rows_and_derivatives_of_the_whole(spm, cycle):
    n = len(cycle.h)
    expected, expected_slopes = spm.jacobian(cycle, P)
    for cuts in ([0, n], [0, 1, n // 3, n // 2, n - 1, n]):
        rows, slopes = chain(spm.segments(), cycle, cuts)
        np.testing.assert_allclose(rows, expected, rtol=1e-10)
        np.testing.assert_allclose(slopes * P, expected_slopes * P, rtol=1e-8, atol=1e-10)


def test_directions_of_the_state_are_derivatives(spm, cycle):
    library, part = spm.segments(), slice(10, 40)
    y, _, _ = library.start(cycle, P, np.zeros((0, 2)))
    n, none = library.n_y, np.zeros((0, 2))
    _, ends, rows, slopes, status = library.run(cycle, part, P, y, np.eye(n), np.zeros((n, 2)))
    assert status == 0
    assert slopes.shape == (*rows.shape, n)
    along, step = np.random.default_rng(5).normal(size=n) * np.abs(y) * 1e-2, 1e-3
    up, down = (
        library.run(cycle, part, P, y + sign * step * along, np.zeros((0, n)), none) for sign in (1, -1)
    )
    numerical = (up[2] - down[2]) / (2 * step)
    np.testing.assert_allclose(slopes @ along, numerical, atol=1e-5 * np.abs(numerical).max())
    np.testing.assert_allclose(ends.T @ along, (up[0] - down[0]) / (2 * step), rtol=1e-5, atol=1e-9)


def test_a_state_that_is_not_a_number_has_a_status(spm, cycle):
    library = spm.segments()
    y = np.full(library.n_y, np.nan)
    assert library.run(cycle, slice(0, 5), P, y, np.zeros((0, library.n_y)), np.zeros((0, 2)))[-1] != 0


def test_without_vector_code_the_directions_follow_one_by_one(spm, cycle, monkeypatch):
    load = SourceStore.load

    def only_scalar(sources, kind, generate, macros=()):
        if macros:
            raise CompilerError("no vectors here")
        return load(sources, kind, generate)

    monkeypatch.setattr(SourceStore, "load", only_scalar)
    monkeypatch.setattr("assb.models.compiled.compiler._warned", set())
    with pytest.warns(CompilerWarning, match="directions are followed one by one"):
        library = SegmentLibrary(spm._sources)
    rows, slopes = chain(library, cycle, [0, 50, len(cycle.h)])
    expected, expected_slopes = spm.jacobian(cycle, P)
    np.testing.assert_allclose(rows, expected, rtol=1e-12)
    np.testing.assert_allclose(slopes * P, expected_slopes * P, rtol=1e-10, atol=1e-12)
