"""Blocks of runs: kept in a folder, computed here or by a dask client, in order."""

from __future__ import annotations

import contextlib
import json
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assb import files

from .runners import Block, Runner

__all__ = ["Store", "compute", "connect", "progress_bar"]

Array = NDArray[np.float64]
# Blocks handed to a client ahead of the one waited for: bounds what it must hold.
AHEAD = 64


class Store:
    """Results of finished blocks in a folder, or in memory without one.

    Parameters
    ----------
    folder : Path or None
    fingerprint : str
        Of the sweep: a folder serves one sweep only.

    Raises
    ------
    ValueError
        If the folder holds the blocks of another sweep.
    """

    def __init__(self, folder: Path | None, fingerprint: str) -> None:
        self.folder = folder
        if folder is None:
            return
        files.prepare_folder(folder)
        mark = folder / "sweep-fingerprint.json"
        if mark.exists():
            if json.loads(mark.read_text(encoding="utf-8")).get("fingerprint") != fingerprint:
                raise ValueError(
                    f"checkpoint={str(folder)!r} holds another sweep (model, values, factors, protocol, outputs or "
                    "versions differ); choose another folder or delete it."
                )
        else:
            files.write_json(mark, {"fingerprint": fingerprint})

    def _path(self, index: int) -> Path | None:
        return None if self.folder is None else self.folder / f"block-{index:06d}.npz"

    def load(self, index: int, labels: list[str]) -> Block | None:
        """Result of block `index`, if it was finished earlier."""
        path = self._path(index)
        if path is None or not path.exists():
            return None
        try:
            with np.load(path) as content:
                kept = {label: content[f"kept{i}"] for i, label in enumerate(labels)}
                return Block(kept, content["reason"])
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None  # damaged after it was written: compute it again

    def save(self, index: int, block: Block) -> None:
        """Keep the result of block `index`; a crash leaves it whole or absent."""
        path = self._path(index)
        if path is not None:
            arrays = {f"kept{i}": values for i, values in enumerate(block.kept.values())}

            def write(temporary: Path) -> None:
                with temporary.open("wb") as stream:
                    np.savez(stream, reason=block.reason, **arrays)  # type: ignore[arg-type]

            files.write_atomic(path, write)


def _run_block(runner: Runner, points: Array) -> Block:
    """One block, on one thread: a cluster has its own idea of parallelism."""
    return runner.run(points, threads=1)


def connect(client: Any) -> tuple[Any, Callable[[], None]]:
    """Client to use, and how to close it if it was opened here.

    Raises
    ------
    ImportError
        If `client` is an address (or "local") and dask is not installed.
    ValueError
        If it is neither that nor an object with `submit` and `gather`.
    """
    if isinstance(client, str):
        try:
            from dask.distributed import Client
        except ImportError:
            raise ImportError(
                f"client={client!r} needs dask: pip install 'assb[cluster]', or leave client out for local threads."
            ) from None
        opened = Client() if client == "local" else Client(client)
        return opened, opened.close
    if client is not None and not (hasattr(client, "submit") and hasattr(client, "gather")):
        raise ValueError(
            f"client is a {type(client).__name__}; pass a dask.distributed.Client, the address of a scheduler, "
            '"local", or nothing for local threads.'
        )
    return client, lambda: None


def compute(
    runner: Runner, blocks: list[tuple[int, Array]], client: Any, threads: int | None
) -> Iterator[tuple[int, Block]]:
    """Results of `blocks`, in order, as they come."""
    if client is None:
        for index, points in blocks:
            yield index, runner.run(points, threads)
        return
    # The runner holds the generated source: send it once, not with every block.
    shared = client.scatter(runner, broadcast=True) if hasattr(client, "scatter") else runner
    waiting: deque[tuple[int, Any]] = deque()
    todo = iter(blocks)
    try:
        while True:
            for index, points in todo:
                waiting.append((index, client.submit(_run_block, shared, points)))
                if len(waiting) >= AHEAD:
                    break
            if not waiting:
                return
            index, future = waiting.popleft()
            yield index, client.gather(future)
    finally:
        for _, future in waiting:
            with contextlib.suppress(Exception):
                future.cancel()


@contextlib.contextmanager
def progress_bar(show: bool, total: int) -> Iterator[Callable[[int], None]]:
    """Progress on standard error, counted in runs."""
    if not show:
        yield lambda runs: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("sweep"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda runs: bar.update(task, advance=runs)
