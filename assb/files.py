"""Writing results so that a crash or a full disk leaves the old file or the new one, never half."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np


class OutputError(OSError):
    """A result cannot be written; the message names the folder and the remedy."""


def write_atomic(path: str | Path, write: Callable[[Path], object]) -> Path:
    """Let `write` fill a temporary file beside `path`, then rename it.

    Raises
    ------
    OutputError
        When the folder is read-only, missing or full.
    """
    path = Path(path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror}): choose a writable --out folder"
        ) from None
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        os.replace(temporary, path)
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}): free space or choose another --out"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
    return path


def write_text(path: str | Path, text: str) -> Path:
    """Write UTF-8 text atomically."""
    return write_atomic(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def write_json(path: str | Path, content: Any) -> Path:
    """Write JSON atomically; NaN and infinity become null."""
    return write_text(path, dump_json(content) + "\n")


def dump_json(content: Any) -> str:
    """JSON text with plain types only; NaN and infinity become null."""
    return json.dumps(plain(content), indent=2, allow_nan=False, ensure_ascii=False)


def plain(content: Any) -> Any:
    """Numbers, text, lists and dicts that JSON can hold."""
    if isinstance(content, Mapping):
        return {str(key): plain(value) for key, value in content.items()}
    if isinstance(content, np.ndarray):
        return plain(content.tolist())
    if isinstance(content, Sequence) and not isinstance(content, str):
        return [plain(value) for value in content]
    if isinstance(content, (bool, np.bool_)):
        return bool(content)
    if isinstance(content, (int, np.integer)):
        return int(content)
    if isinstance(content, (float, np.floating)):
        return float(content) if math.isfinite(content) else None
    return content if content is None or isinstance(content, str) else str(content)


def prepare_folder(path: str | Path) -> Path:
    """Make an output folder and make sure that it can be written, before anything is computed.

    Raises
    ------
    OutputError
        When it cannot be made or written.
    """
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"\0" * 4096)
            probe.flush()
    except OSError as error:
        raise OutputError(
            f"out = {path}: cannot be written ({error.strerror}): choose a writable folder"
        ) from None
    return path
