"""Finding a C compiler, compiling, and the cache of shared libraries."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .files import BUILD, digest, only_ours, read_own, sweep

__all__ = [
    "CompilerError",
    "CompilerWarning",
    "available_processors",
    "cache_directory",
    "compile_library",
    "find_compiler",
    "load_known",
    "load_library",
    "source_digest",
]

CACHE_VARIABLE = "ASSB_CACHE_DIR"
REMEDY = 'For the speed of the compiled model install gcc, or pip install "assb[compiler]".'
_warned: set[str] = set()
_SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


class CompilerError(RuntimeError):
    """No C compiler was found, or it rejected the generated source."""


class CompilerWarning(UserWarning):
    """Something could not be compiled, and something slower stands in."""


def warn_once(
    error: Exception,
    stacklevel: int = 3,
    instead: str = "the model runs on pybamm.IDAKLUSolver, one set after another and slowly",
) -> None:
    """Issue a `CompilerWarning`, once per process and cause."""
    cause = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if cause not in _warned:
        _warned.add(cause)
        warnings.warn(
            f"{instead}: {cause} {REMEDY}",
            CompilerWarning,
            stacklevel=stacklevel,
        )


@dataclass(frozen=True)
class Compiler:
    """A C compiler: the command, and what its `--version` prints."""

    command: tuple[str, ...]
    version: str


def _version(command: tuple[str, ...]) -> str | None:
    if "ziglang" in command:
        # Starting it takes longer than loading a model.
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            return f"ziglang {importlib.metadata.version('ziglang')}"
    status = Path(command[0]).stat()
    return _printed_version(command, (status.st_mtime_ns, status.st_size))


@functools.cache
def _printed_version(command: tuple[str, ...], state: tuple[int, int]) -> str | None:
    """Ask the compiler, once for each `state` of its file."""
    try:
        run = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return run.stdout


def find_compiler() -> Compiler:
    """First of ``$CC``, ``cc``, ``gcc``, ``clang`` and ``python -m ziglang cc`` that runs.

    Raises
    ------
    CompilerError
        If none does.
    """
    commands: list[tuple[str, ...]] = []
    for words in (shlex.split(os.environ.get("CC", "")), ["cc"], ["gcc"], ["clang"]):
        path = shutil.which(words[0]) if words else None
        if path:
            commands.append((path, *words[1:]))
    if importlib.util.find_spec("ziglang") is not None:
        commands.append((sys.executable, "-m", "ziglang", "cc"))
    for command in commands:
        version = _version(command)
        if version is not None:
            return Compiler(command, version)
    raise CompilerError(
        "no C compiler found (tried $CC, cc, gcc, clang and ziglang). Install one, for example with "
        "'pip install ziglang' or your system's gcc package; pybamm.IDAKLUSolver needs none."
    )


def _flags(compiler: Compiler) -> list[str]:
    # -O2, as on straight-line code -O3 takes longer and gains nothing.
    # NaN and infinity keep their meaning: they are how a failing parameter set is recognised.
    flags = ["-O2", "-std=gnu99", "-march=native", "-fno-math-errno", "-fno-trapping-math"]
    flags += [] if sys.platform == "win32" else ["-fPIC", "-fvisibility=hidden"]
    return flags + (["-fno-sanitize=undefined"] if "ziglang" in compiler.command else [])


@functools.cache
def _processor() -> str:
    """What -march=native looks at, so that a shared home folder serves several machines."""
    described = f"{platform.machine()} {platform.processor()}"
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return described
    wanted = ("model name", "flags", "Features", "CPU part")
    return described + "".join(sorted({line for line in lines if line.startswith(wanted)}))


def _is_private(folder: Path) -> bool:
    """Whether the folder is ours, writable, and closed to writing by others: we run code from it."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or not os.access(folder, os.W_OK | os.X_OK):
        return False
    return only_ours(status)


def cache_directory() -> Path:
    r"""Folder for compiled libraries, created with mode 0700.

    ``$ASSB_CACHE_DIR``, else ``$XDG_CACHE_HOME/assb`` or ``~/.cache/assb``
    (``%LOCALAPPDATA%\assb`` on Windows), else, where that cannot be used, a private temporary
    folder that belongs to the user.

    Raises
    ------
    CompilerError
        If ``$ASSB_CACHE_DIR`` is set but unusable.
    """
    chosen = os.environ.get(CACHE_VARIABLE)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        folder = Path(chosen) if chosen else (Path(base) if base else Path.home() / ".cache") / "assb"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_private(folder):
            return folder
    except (OSError, RuntimeError):
        pass
    if chosen:
        raise CompilerError(
            f"{CACHE_VARIABLE}={chosen!r} must be a folder that you own and only you can write to; "
            "correct it (chmod go-w) or unset the variable."
        )
    user = os.getuid() if hasattr(os, "getuid") else "user"
    folder = Path(tempfile.gettempdir()) / f"assb-{user}"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        if _is_private(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="assb-"))


def _run_all(commands: list[list[str]]) -> None:
    """Run compiler commands, as many at once as there are processors."""

    def run(command: list[str]) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CompilerError(
                f"{command[0]} failed on the generated source:\n{done.stderr[-2000:]}\n"
                "Try another compiler through the environment variable CC."
            )

    with ThreadPoolExecutor(min(len(commands), available_processors())) as pool:
        list(pool.map(run, commands))


def available_processors() -> int:
    """Number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def source_digest(units: Sequence[str]) -> str:
    """Hash of C translation units, by which `load_known` finds what was compiled from them."""
    return hashlib.sha256("\0".join(units).encode()).hexdigest()


def _all_flags(compiler: Compiler, macros: Sequence[str]) -> list[str]:
    return [*_flags(compiler), *(f"-D{name}" for name in macros)]


def _binary_name(source: str, compiler: Compiler, macros: Sequence[str]) -> str:
    """First half of a library's name: hash of all that enters it."""
    flags = " ".join(_all_flags(compiler, macros))
    parts = [source, flags, " ".join(compiler.command), compiler.version, _processor()]
    return digest("\0".join(parts).encode())


def _find(folder: Path, name: str) -> Path | None:
    """Find an intact library of this name; the second half of the file's name is its own hash."""
    for path in sorted(folder.glob(f"{name}-*{_SUFFIX}")):
        content = read_own(path)
        if content is not None and path.name == f"{name}-{digest(content)}{_SUFFIX}":
            return path
    return None


def compile_library(units: Sequence[str], macros: Sequence[str] = ()) -> Path:
    """Compile C translation units to a shared library, or find it in the cache.

    Safe for concurrent processes: each compiles under a name of its own and renames the result into
    place, which is atomic. Safe against damage: a file that does not match the hash in its name, or
    that others own or can write to, is compiled again.

    Parameters
    ----------
    units : sequence of str
    macros : sequence of str
        Names to define.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    CompilerError
        If there is no compiler or it fails.
    """
    compiler = find_compiler()
    flags = _all_flags(compiler, macros)
    name = _binary_name(source_digest(units), compiler, macros)
    folder = cache_directory()
    found = _find(folder, name)
    if found is not None:
        return found
    sweep(folder)
    with tempfile.TemporaryDirectory(prefix=BUILD, dir=folder) as build:
        made = Path(build) / ("model" + _SUFFIX)
        commands, objects = [], []
        for i, unit in enumerate(units):
            written, compiled = Path(build) / f"unit{i}.c", str(Path(build) / f"unit{i}.o")
            written.write_text(unit, encoding="utf-8")
            commands.append([*compiler.command, *flags, "-c", "-o", compiled, str(written)])
            objects.append(compiled)
        _run_all(commands)
        libraries = [] if sys.platform == "win32" else ["-lm"]
        _run_all([[*compiler.command, *flags, "-shared", "-o", str(made), *objects, *libraries]])
        # Whatever the umask: others must not be able to write to it.
        made.chmod(0o700)
        target = folder / f"{name}-{digest(made.read_bytes())}{_SUFFIX}"
        os.replace(made, target)
    return target


def load_library(units: Sequence[str], macros: Sequence[str] = ()) -> ctypes.CDLL:
    """Compile `units` if necessary and load the library.

    Raises
    ------
    CompilerError
        As `compile_library`, or if the operating system refuses to load the result.
    """
    return _open(compile_library(units, macros))


def load_known(source: str, macros: Sequence[str] = ()) -> ctypes.CDLL | None:
    """Load the library compiled from units with this `source_digest`; None if the cache lacks it.

    Raises
    ------
    CompilerError
        If there is no compiler, or the operating system refuses to load the library.
    """
    path = _find(cache_directory(), _binary_name(source, find_compiler(), macros))
    return None if path is None else _open(path)


def _open(path: Path) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(str(path))
    except OSError as error:
        raise CompilerError(
            f"the compiled library {path} cannot be loaded ({error}). Delete it, and if its folder is "
            f"mounted without permission to execute, set {CACHE_VARIABLE} to one that is not."
        ) from error
