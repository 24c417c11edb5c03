"""Seconds to compile a model, and to load it from the cache, each in a fresh process.

``build_s`` is all of `compile_model` without its check: discretisation, derivatives, code and C compiler,
into an empty cache. ``lanes_s`` is the second library, for ensembles. ``cached_build_s`` is `compile_model`
with a full cache. ``cached_load_s`` unpickles a compiled model, which loads its library from the cache.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def _build(name):
    from assb import models, parameters
    from assb.models.compiled import compile_model

    values = parameters.get("NCM811_LPSCl_InLi")
    model = {"spm": models.SPM, "dfn": models.DFN}[name]()
    clock = time.perf_counter()
    compiled = compile_model(model, values, [], ["Voltage [V]"], check=False)
    return time.perf_counter() - clock, compiled


def _fresh(name, pickled) -> dict:
    from assb.models.compiled import Protocol

    taken, compiled = _build(name)
    pickled.write_bytes(pickle.dumps(compiled))
    protocol = Protocol.from_steps([(10.0, 0.0)])
    clock = time.perf_counter()
    compiled.evaluate_many(protocol, compiled.vector()[None], 1)
    lanes = time.perf_counter() - clock
    return {"build_s": taken, "lanes_s": lanes, "states": compiled.n_states}


def _cached(name, pickled) -> dict:
    import assb.models.compiled  # noqa: F401 - importing is not loading

    content = pickled.read_bytes()
    clock = time.perf_counter()
    pickle.loads(content)
    load = time.perf_counter() - clock
    return {"cached_load_s": load, "cached_build_s": _build(name)[0]}


def _run(task, name, pickled, environment) -> dict:
    command = [sys.executable, __file__, task, name, str(pickled)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _times(name, compiler) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        environment = {**os.environ, "CC": compiler, "ASSB_CACHE_DIR": str(cache)}
        pickled = Path(folder) / "model"
        return {
            **_run("fresh", name, pickled, environment),
            **_run("cached", name, pickled, environment),
        }


def measure() -> dict:
    """The row "compile": by model and compiler; ziglang is null where it is not installed."""
    zig = importlib.util.find_spec("ziglang") is not None
    return {
        name: {
            "gcc": _times(name, "gcc"),
            "ziglang": _times(name, f"{sys.executable} -m ziglang cc") if zig else None,
        }
        for name in ("spm", "dfn")
    }


if __name__ == "__main__":
    print(json.dumps({"fresh": _fresh, "cached": _cached}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))))
