"""Blocks of parameter sets on threads."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from .compiler import available_processors

__all__ = ["in_blocks"]

T = TypeVar("T")


def in_blocks(n: int, lanes: int, threads: int | None, run: Callable[[slice], T]) -> list[T]:
    """Call `run` with slices that cover ``range(n)``, on several threads; returns what it returned.

    Parameters
    ----------
    n : int
    lanes : int
        Sets that advance together; all slices but the last are multiples of it.
    threads : int or None
        One per available processor if None.

    Raises
    ------
    ValueError
        If `threads` is below 1.
    """
    if threads is not None and threads < 1:
        raise ValueError(f"threads={threads!r} must be at least 1; leave it out for all processors.")
    threads = min(threads or available_processors(), max(n, 1))
    groups = -(-n // lanes)
    # Four blocks a thread: sets that fail stop early, so equal blocks need not take equal time.
    bounds = np.linspace(0, groups, min(groups, 4 * threads) + 1 if threads > 1 else 2).astype(int)
    blocks = [slice(lanes * a, min(lanes * b, n)) for a, b in itertools.pairwise(bounds) if b > a]
    if threads == 1:
        return [run(block) for block in blocks]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, blocks))
