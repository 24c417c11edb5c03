"""Files of the cache: what is read back must be ours, whole and unaltered."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

__all__ = ["BUILD", "digest", "only_ours", "read_own", "sweep", "write_own"]

# Prefix of whatever is being made; a finished file is renamed, so this is never read.
BUILD = "build-"
# Age [s] at which the remains of a killed build are removed: no compiler runs for a day.
_ABANDONED = 86400.0


def digest(content: bytes) -> str:
    """First 128 bits of the SHA-256 of `content`, as file names carry it."""
    return hashlib.sha256(content).hexdigest()[:32]


def only_ours(status: os.stat_result) -> bool:
    """Whether a file or folder belongs to us and is closed to writing by others."""
    return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)


def read_own(path: Path) -> bytes | None:
    """Content of a regular file that nobody else can have written; None for any other or none.

    A symbolic link counts as foreign: its target may lie where others write.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(path, flags), "rb") as file:
            # Of the open file, so that what is checked is what is read.
            status = os.fstat(file.fileno())
            return file.read() if stat.S_ISREG(status.st_mode) and only_ours(status) else None
    except OSError:
        return None


def write_own(path: Path, content: bytes) -> None:
    """Write a file with mode 0600 in one atomic step.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    handle, temporary = tempfile.mkstemp(prefix=BUILD, dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def sweep(folder: Path) -> None:
    """Remove what builds that were killed have left, once it is a day old."""
    oldest = time.time() - _ABANDONED
    for path in folder.glob(f"{BUILD}*"):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime > oldest:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
