"""Every benchmark in one process, written to benchmarks/results.json.

Each key holds three ratios, above 1 when the compiled back end is faster: `same_model`, this library's model
compiled against itself in PyBaMM's solver; `peer_model`, PyBaMM's model through the same compiler against itself
in PyBaMM's solver; `product`, this library's compiled model against PyBaMM's in its solver (states of both are
given). Machines differ and are noisy: compare ratios, not times.
"""

from __future__ import annotations

import json
from pathlib import Path

import ensembles
import pybamm
import scalars
import tools

#: Key of the results -> (module that measures it, row of our model, row of the peer model).
KEYS = {
    "spm_scalar": ("scalars", "spm_scalar", "peer_spm_scalar"),
    "dfn_scalar": ("scalars", "dfn_scalar", "peer_dfn_scalar"),
    "spm_ensemble": ("ensembles", "spm_ensemble", "peer_spm_ensemble"),
    "dfn_ensemble": ("ensembles", "dfn_ensemble", "peer_dfn_ensemble"),
    "spm_ageing_1000": ("ensembles", "spm_cycling", "peer_spm_cycling"),
    "spm_eis": ("tools", "spm_impedance", "liquid_spm_impedance"),
    "dfn_eis": ("tools", "dfn_impedance", "liquid_dfn_impedance"),
}


def main() -> None:
    measured = {"scalars": scalars.measure(), "ensembles": ensembles.measure(), "tools": tools.measure()}
    results = {}
    for key, (module, own, peer) in KEYS.items():
        ours, theirs = measured[module][own], measured[module][peer]
        results[key] = {
            "same_model": ours["ratio"],
            "peer_model": theirs["ratio"],
            "product": theirs["reference_ms"] / ours["ours_ms"],
            "ours_ms": ours["ours_ms"],
            "peer_ms": theirs["reference_ms"],
            "peer": f"PyBaMM {pybamm.__version__}",
            "states": {"ours": ours.get("states"), "peer": theirs.get("states")},
            "details": {"same_model": ours, "peer_model": theirs},
        }
        row = results[key]
        print(
            f"{key}: same model {row['same_model']:.1f}x, peer model {row['peer_model']:.1f}x,"
            f" product {row['product']:.1f}x"
        )
    results["sweep_20000"] = measured["tools"]["sweep"]
    target = Path(__file__).with_name("results.json")
    target.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
