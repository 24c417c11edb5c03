"""Every benchmark in one process, on one core, written to benchmarks/results.json.

Each key holds three ratios, above 1 when the compiled back end is faster: `same_model`, this library's model
compiled against itself in PyBaMM's solver; `peer_model`, PyBaMM's model through the same compiler against itself
in PyBaMM's solver; `product`, this library's compiled model against PyBaMM's in its solver (states of both are
given). Agreement of the results is asserted in the same run. Machines differ and are noisy: compare ratios, not
times. ``python benchmarks/table.py`` then turns the results into docs/benchmarks.md.

Run: python benchmarks/run.py [--quick] [--only MODULE ...]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy is imported

import ageing  # noqa: E402
import builds  # noqa: E402
import common  # noqa: E402
import ensembles  # noqa: E402
import fits  # noqa: E402
import impedances  # noqa: E402
import pybamm  # noqa: E402
import scalars  # noqa: E402
import sweeps  # noqa: E402

from assb.models.compiled.compiler import available_processors, find_compiler  # noqa: E402

MODULES = {"scalars": scalars, "ensembles": ensembles, "ageing": ageing, "impedances": impedances}


def machine() -> dict:
    """Class of the machine; nothing that names it."""
    return {
        "architecture": platform.machine(),
        "cores": available_processors(),
        "compiler": find_compiler().version.splitlines()[0],
        "python": platform.python_version(),
        "pybamm": pybamm.__version__,
    }


def show(key: str, row: dict) -> None:
    details = row["details"]
    parts = []
    for name in ("same_model", "peer_model", "product"):
        paired = details[name]["paired"]
        parts.append(f"{name} {row[name]:.1f}x ({paired['min']:.1f} to {paired['max']:.1f})")
    states = row["states"]
    print(f"{key}: {', '.join(parts)}; states {states['ours']} against {states['peer']}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="two repeats, to see that it runs; writes nothing"
    )
    parser.add_argument(
        "--only", nargs="+", choices=MODULES, default=None, help="these alone; writes nothing"
    )
    arguments = parser.parse_args()
    repeats = 2 if arguments.quick else common.REPEATS
    results = {}
    for module in arguments.only or MODULES:
        for key, row in MODULES[module].measure(repeats).items():
            results[key] = row
            show(key, row)
    if arguments.only:
        return
    results["compile"] = builds.measure()
    results["sweep_20000"] = sweeps.measure(200 if arguments.quick else 20_000)
    results |= fits.measure(300 if arguments.quick else 3000)
    results["machine"] = machine()
    print(json.dumps({name: results[name] for name in ("compile", "sweep_20000", "machine")}, indent=2))
    if not arguments.quick:
        target = Path(__file__).with_name("results.json")
        target.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
