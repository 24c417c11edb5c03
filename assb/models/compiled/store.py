"""Equations and libraries of one model, found again by a later process."""

from __future__ import annotations

import contextlib
import ctypes
import json
import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import casadi as ca

from .compiler import CompilerError, cache_directory, load_known, load_library, source_digest
from .export import ExportedModel
from .files import digest, read_own, write_own
from .identity import generator_key

__all__ = ["SourceStore"]

_FUNCTIONS = ("dynamics", "outputs", "initial", "events")


class SourceStore:
    """Equations of one model and the libraries made from them.

    The cache folder holds one index for each `model_key`: sizes, digests of the generated C and the
    checks passed. With it, libraries are loaded without equations, which are read on demand.

    Parameters
    ----------
    exported : ExportedModel
    key : str, optional
        Of the model; without one, nothing is remembered beyond the life of the object.

    Attributes
    ----------
    input_names, output_names, event_names : tuple of str
    n_x, n_z : int
        Numbers of differential and algebraic states.
    """

    def __init__(self, exported: ExportedModel, key: str | None = None) -> None:
        self.input_names, self.output_names = exported.input_names, exported.output_names
        self.event_names = exported.event_names
        self.n_x, self.n_z = exported.n_x, exported.n_z
        self._key = key
        self._exported: ExportedModel | None = exported
        self._equations: bytes | None = None
        self._sources: dict[str, str] = {}
        self._checks: set[str] = set()
        self._saved = False
        self._text: dict[str, bytes] = {}
        self._lock = threading.RLock()

    @classmethod
    def find(cls, key: str | None) -> SourceStore | None:
        """Return what the cache holds under `key`, or None if that is nothing or damaged.

        Raises
        ------
        CompilerError
            If the cache folder is unusable, as `cache_directory`.
        """
        entry = _read_index(cache_directory(), key) if key else None
        if entry is None:
            return None
        equations = read_own(_equations_path(cache_directory(), entry["equations"]))
        if equations is None or digest(equations) != entry["equations"]:
            return None
        store = cls.__new__(cls)
        names = (tuple(entry["inputs"]), tuple(entry["outputs"]))
        store.__setstate__(
            {
                "input_names": names[0],
                "output_names": names[1],
                "event_names": tuple(entry["events"]),
                "n_x": entry["n_x"],
                "n_z": entry["n_z"],
                "key": key,
                "equations": equations,
                "sources": entry["sources"],
                "checks": entry["checks"],
                "saved": True,
                "generator": generator_key(),
            }
        )
        return store

    def __getstate__(self) -> dict[str, Any]:
        return {
            "input_names": self.input_names,
            "output_names": self.output_names,
            "event_names": self.event_names,
            "n_x": self.n_x,
            "n_z": self.n_z,
            "key": self._key,
            "equations": self._packed(),
            "sources": dict(self._sources),
            "checks": sorted(self._checks),
            "saved": self._saved,
            "generator": generator_key(),
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.input_names, self.output_names = state["input_names"], state["output_names"]
        self.event_names = state["event_names"]
        self.n_x, self.n_z = state["n_x"], state["n_z"]
        self._exported = None
        self._equations = state["equations"]
        # Another version of this package, which a pickle may meet, writes other C.
        same = state["generator"] == generator_key()
        self._key = state["key"] if same else None
        self._sources = dict(state["sources"]) if same else {}
        self._checks = set(state["checks"])
        self._saved = state["saved"]
        self._text = {}
        self._lock = threading.RLock()

    @property
    def exported(self) -> ExportedModel:
        """The CasADi functions."""
        with self._lock:
            if self._exported is None:
                assert self._equations is not None
                texts = json.loads(zlib.decompress(self._equations))
                functions: dict[str, Any] = dict(
                    zip(_FUNCTIONS, map(ca.Function.deserialize, texts), strict=True)
                )
                self._exported = ExportedModel(
                    **functions,
                    n_x=self.n_x,
                    n_z=self.n_z,
                    input_names=self.input_names,
                    output_names=self.output_names,
                    event_names=self.event_names,
                )
            return self._exported

    def _packed(self) -> bytes:
        with self._lock:
            if self._equations is None:
                texts = [getattr(self.exported, name).serialize() for name in _FUNCTIONS]
                self._equations = zlib.compress(json.dumps(texts).encode(), 1)
            return self._equations

    def load(
        self, kind: str, generate: Callable[[ExportedModel], Sequence[str]], macros: Sequence[str] = ()
    ) -> ctypes.CDLL:
        """Load a library, with as little work as the cache allows.

        Parameters
        ----------
        kind : str
            Name of the source, such as "simulate"; several libraries differ by `macros`.
        generate : callable
            Gives the C translation units of `exported`; called if the cache lacks the library.
        macros : sequence of str

        Returns
        -------
        ctypes.CDLL

        Raises
        ------
        CompilerError
            As `load_library`.
        """
        with self._lock:
            if kind in self._sources:
                library = load_known(self._sources[kind], macros)
                if library is not None:
                    return library
            if kind not in self._text:
                # Megabytes for a large model, which compress twentyfold.
                self._text[kind] = zlib.compress("\0".join(generate(self.exported)).encode(), 1)
            units = zlib.decompress(self._text[kind]).decode().split("\0")
            library = load_library(units, macros)
            found = source_digest(units)
            if self._sources.get(kind) != found:
                self._sources[kind] = found
                if self._saved:
                    self.save()
            return library

    def has_passed(self, check: str) -> bool:
        """Whether the model has passed the check with this `check_key`."""
        return check in self._checks

    def save(self, passed: Iterable[str] = ()) -> None:
        """Write the index and the equations, so that other processes find them; add checks `passed`.

        A cache that cannot be written to costs time later, and nothing else.
        """
        with self._lock:
            self._checks |= set(passed)
            if self._key is None:
                return
            with contextlib.suppress(OSError, CompilerError):
                folder, equations = cache_directory(), self._packed()
                # Others may have added to it. What they add at this moment they do once more later.
                before = _read_index(folder, self._key) or {"sources": {}, "checks": []}
                path = _equations_path(folder, digest(equations))
                if read_own(path) != equations:
                    write_own(path, equations)
                entry = {
                    "inputs": self.input_names,
                    "outputs": self.output_names,
                    "events": self.event_names,
                    "n_x": self.n_x,
                    "n_z": self.n_z,
                    "equations": digest(equations),
                    "sources": {**before["sources"], **self._sources},
                    "checks": sorted({*before["checks"], *self._checks}),
                }
                _write_index(folder, self._key, entry)
                self._saved = True


def _equations_path(folder: Path, name: str) -> Path:
    return folder / f"{name}.equations"


def _read_index(folder: Path, key: str) -> dict[str, Any] | None:
    content = read_own(folder / f"{key}.json")
    if content is None:
        return None
    try:
        outer = json.loads(content)
        intact = outer["digest"] == _seal(key, outer["entry"])
    except (ValueError, TypeError, KeyError):
        return None
    return outer["entry"] if intact else None


def _write_index(folder: Path, key: str, entry: dict[str, Any]) -> None:
    content = json.dumps({"digest": _seal(key, entry), "entry": entry}, indent=1)
    write_own(folder / f"{key}.json", content.encode())


def _seal(key: str, entry: dict[str, Any]) -> str:
    """Hash of an entry and of the name it is filed under."""
    return digest((key + json.dumps(entry, sort_keys=True)).encode())
