"""Checkpoints of a running chain: emcee's HDF5 layout, replaced as a whole.

The chain lives in memory and the file is rewritten beside the old one and renamed, so a process that
is killed at any moment leaves a readable file. ``emcee.backends.HDFBackend`` opens it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import emcee
import h5py
import numpy as np

from assb.files import write_atomic

GROUP = "mcmc"


class CheckpointError(ValueError):
    """A checkpoint that cannot be used; the message says why and what to do."""


def write(path: str | Path, backend: emcee.backends.Backend, meta: dict[str, Any]) -> None:
    """Write the chain of an in-memory backend and what it belongs to."""

    def fill(temporary: Path) -> None:
        n = backend.iteration
        walkers, dimensions = backend.shape
        with h5py.File(temporary, "w") as stream:
            group = stream.create_group(GROUP)
            group.attrs["version"] = emcee.__version__
            group.attrs["nwalkers"], group.attrs["ndim"] = walkers, dimensions
            group.attrs["has_blobs"], group.attrs["iteration"] = False, n
            group.create_dataset("accepted", data=backend.accepted)
            group.create_dataset("chain", data=backend.chain[:n], maxshape=(None, walkers, dimensions))
            group.create_dataset("log_prob", data=backend.log_prob[:n], maxshape=(None, walkers))
            for k, part in enumerate(backend.random_state or ()):
                group.attrs[f"random_state_{k}"] = part
            group.attrs["assb"] = json.dumps(meta)

    write_atomic(path, fill)


def read(path: str | Path) -> tuple[emcee.backends.Backend, dict[str, Any]]:
    """Read a checkpoint back into memory.

    Raises
    ------
    CheckpointError
        When the file is missing or is not a checkpoint.
    """
    path = Path(path)
    if not path.exists():
        raise CheckpointError(
            f"{path}: no checkpoint there: run 'assb calibrate' first, or give its --out folder"
        )
    try:
        with h5py.File(path, "r") as stream:
            group = stream[GROUP]
            attributes = dict(group.attrs)
            n = int(attributes["iteration"])
            backend = emcee.backends.Backend()
            backend.reset(int(attributes["nwalkers"]), int(attributes["ndim"]))
            backend.grow(0, None)
            backend.chain = np.array(group["chain"][:n])
            backend.log_prob = np.array(group["log_prob"][:n])
            backend.accepted = np.array(group["accepted"])
            backend.iteration = n
            state = [
                attributes[key] for key in sorted(k for k in attributes if k.startswith("random_state_"))
            ]
            backend.random_state = _random_state(state)
            meta = json.loads(attributes["assb"])
    except (OSError, KeyError) as error:
        raise CheckpointError(
            f"{path}: not a checkpoint of assb ({error}): remove it to start again"
        ) from None
    return backend, meta


def _random_state(parts: list[Any]) -> tuple | None:
    """NumPy's legacy generator state with the types that it insists on."""
    if not parts:
        return None
    name, keys, position, has_gauss, cached = parts
    if isinstance(name, bytes):
        name = name.decode()
    return str(name), np.asarray(keys, dtype=np.uint32), int(position), int(has_gauss), float(cached)
