"""Turn benchmarks/results.json into docs/benchmarks.md.

Run: python benchmarks/table.py
"""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Key -> (what is measured, ratio required of same_model and peer_model, goal of product).
KEYS = {
    "spm_scalar": ("One 1C discharge, SPM", 6, 20),
    "dfn_scalar": ("One 1C discharge, DFN", 3, 10),
    "spm_ensemble": ("1,024 discharges, SPM, per set and core", 60, 300),
    "dfn_ensemble": ("64 discharges, DFN, per set and core", 10, 60),
    "spm_ageing_1000": ("CC-CV cycles with ageing, SPM, per cycle", 15, 100),
    "spm_eis": ("Impedance at 60 frequencies, SPM", 5, 12),
    "dfn_eis": ("Impedance at 60 frequencies, DFN", 2, 6),
}
#: Model -> largest seconds to compile; largest seconds to load from the cache.
COMPILE, LOAD = {"spm": 3, "dfn": 40}, 0.1

HEAD = """\
# Benchmarks

This page is written by `make bench`, which measures and asserts in one process and stores all numbers in
`benchmarks/results.json`. Ratios above 1 mean that the compiled back end is faster.

## What is compared

| Ratio | Time of | over time of |
|---|---|---|
| `same_model` | this library's model, all mechanisms on, in PyBaMM's solver | the same model compiled |
| `peer_model` | PyBaMM's model in PyBaMM's solver | the same model through the same compiler |
| `product` | PyBaMM's model in PyBaMM's solver | this library's model compiled |

The first two tell what the compiler is worth, the third compares what users would run; the two models then
differ in physics, cell and number of states, which are given. PyBaMM's models are `lithium_ion.SPM` and
`lithium_ion.DFN` with the parameters `Chen2020`, for ageing with the option SEI "solvent-diffusion limited".
PyBaMM's solver is `IDAKLUSolver` at a relative and absolute tolerance of 10⁻⁶ on one thread, without events,
computing the voltage alone at the times wanted; for ageing `Experiment`, for impedance `EISSimulation`, both
without their setting up.

Every ratio is one of medians over 20 repeats in which the tasks run in turn, on one core. In the same run the
voltages are asserted to agree within 0.1 mV, impedances within 10⁻⁶, and the capacities of all 1,000 cycles
within 0.1 %.
"""

CAVEATS = """\
## What to keep in mind

- Machines differ and are noisy. Ratios move less than times, but they do move: the range over the single
  repeats stands beside each ratio.
- The compiled simulator runs discharges on a fixed grid. The grid is the coarsest of a list that stays within
  0.05 mV of IDAKLU for this very discharge. Whoever does not know the solution beforehand will take a finer
  one: the default grid has about 110 steps. Cycling adapts its steps to its default tolerance of
  0.5 mV instead, which is looser than that of IDAKLU; there the capacities are what is compared.
- IDAKLU at 10⁻⁶ is more accurate than our grids are. At 10⁻⁵ its error is still at most theirs; where
  the table "At the accuracy of the grids" is shown, it gives the ratios to that.
- Compiling is not part of the ratios. For one discharge it does not pay; it pays for ensembles, fits and ageing.
"""


def _number(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _ratio(row: dict, name: str) -> str:
    paired = row["details"].get(name, {}).get("paired")
    spread = f" ({_number(paired['min'])} to {_number(paired['max'])})" if paired else ""
    return _number(row[name]) + spread


def _verdict(row: dict, names: tuple[str, ...], limit: float) -> str:
    short = [f"`{name}`" for name in names if row[name] < limit]
    return "pass" if not short else f"**falls short**: {', '.join(short)}"


def _ratios(results: dict) -> list[str]:
    old = "These numbers are older than the method described above; the notes below say how they were taken."
    lines = [
        "## Ratios",
        "",
        "In brackets the range over single repeats." if results["machine"] else old,
        "",
        "| | `same_model` | `peer_model` | required of both | `product` | goal |",
        "|---|---|---|---|---|---|",
    ]
    for key, (what, required, goal) in KEYS.items():
        row = results[key]
        cells = [
            f"`{key}`: {what}",
            _ratio(row, "same_model"),
            _ratio(row, "peer_model"),
            f"{required}: {_verdict(row, ('same_model', 'peer_model'), required)}",
            _ratio(row, "product"),
            f"{goal}: {_verdict(row, ('product',), goal).replace(': `product`', '')}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _times(results: dict) -> list[str]:
    lines = [
        "## Behind `product`",
        "",
        "| Key | compiled [ms] | peer [ms] | peer | states, compiled | states, peer | Note |",
        "|---|---|---|---|---|---|---|",
    ]
    for key in KEYS:
        row = results[key]
        states = [row["states"][side] or "not recorded" for side in ("ours", "peer")]
        lines.append(
            f"| `{key}` | {row['ours_ms']:.3g} | {row['peer_ms']:.3g} | {row['peer']} | {states[0]} | "
            f"{states[1]} | {row['note']} |"
        )
    return lines


def _looser(results: dict) -> list[str]:
    lines = []
    for key in ("spm_scalar", "dfn_scalar"):
        for side in ("same_model", "peer_model"):
            found = results[key]["details"][side]
            if "ratio_to_1e-5" not in found:
                continue
            errors = found["error_against_1e-9_mV"]
            cells = [errors["ours"], errors["IDAKLU 1e-5"], errors["IDAKLU 1e-6"]]
            shown = " | ".join(f"{value:.3f}" for value in cells)
            lines.append(f"| `{key}`, `{side}` | {found['ratio_to_1e-5']:.3g} | {shown} |")
    if not lines:
        return []
    return [
        "## At the accuracy of the grids",
        "",
        "Ratio against IDAKLU at 10⁻⁵, and errors against IDAKLU at 10⁻⁹ [mV].",
        "",
        "| | Ratio | error, compiled | IDAKLU at 10⁻⁵ | IDAKLU at 10⁻⁶ |",
        "|---|---|---|---|---|",
        *lines,
        "",
    ]


def _compile(results: dict) -> list[str]:
    lines = ["## Compiling", ""]
    if results["compile"] is None:
        return [*lines, "Not measured yet."]
    lines += [
        "Seconds of `compile` without its check, into an empty cache and from a full one; of the second library,",
        "which ensembles need; and of loading a pickled model, whose library is in the cache. Fresh processes.",
        f"Required with gcc: at most {COMPILE['spm']} s for the SPM and {COMPILE['dfn']} s for the DFN,"
        f" and {LOAD} s to load.",
        "",
        "| Model | Compiler | empty cache | | ensembles | full cache | load | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for model, compilers in results["compile"].items():
        for compiler, found in compilers.items():
            if found is None:
                lines.append(f"| {model.upper()} | {compiler} | not installed | | | | | |")
                continue
            verdicts = ["", ""]
            if compiler == "gcc":
                limits = ((found["build_s"], COMPILE[model]), (found["cached_load_s"], LOAD))
                verdicts = ["pass" if value <= limit else "**falls short**" for value, limit in limits]
            lines.append(
                f"| {model.upper()} | {compiler} | {found['build_s']:.2g} | {verdicts[0]} | "
                f"{found['lanes_s']:.2g} | {found['cached_build_s']:.2g} | {found['cached_load_s']:.2g} | "
                f"{verdicts[1]} |"
            )
    return lines


def _machine(results: dict) -> list[str]:
    sweep, machine = results["sweep_20000"], results["machine"]
    cores = f" on {sweep['cores']} cores" if "cores" in sweep else ""
    lines = [
        "## Sweep",
        "",
        f"`assb.sweep` over {sweep['runs']:,} runs of the SPM, compilation included, took {sweep['seconds']:.1f} s"
        f"{cores} and {sweep['peak_MB']:.0f} MB of memory at most.",
        "",
        "## Machine",
        "",
    ]
    if machine is None:
        return [*lines, "Not recorded with these numbers."]
    return [
        *lines,
        f"{machine['architecture']}, {machine['cores']} cores, {machine['compiler']}, Python {machine['python']}, "
        f"PyBaMM {machine['pybamm']}.",
    ]


def _pybop(results: dict) -> list[str]:
    fit, chain = results.get("map_vs_pybop"), results.get("posterior_vs_pybop")
    if not fit or not chain:
        return []
    lines = [
        "## Fits and posteriors against PyBOP",
        "",
        f"PyBaMM's SPM (Chen2020), three unknowns, {fit['peer']} in its own environment, one core each, ours before",
        f"and after. Fits: {fit['note']}; six starts.",
        f"Ours: {fit['ours_ms']:.0f} ms, {fit['ours_reached']} reach it; its model is compiled once, in",
        f"{fit['build_s']:.1f} s, which is not counted.",
        "",
        "| Method of PyBOP | reaches the cost | ms to the cost | over ours |",
        "|---|---|---|---|",
    ]
    for method, found in fit["fits"].items():
        time = found["ms_reached"]
        shown = "-" if time is None else f"{time:.0f}"
        ratio = "-" if time is None else f"{time / fit['ours_ms']:.1f}"
        lines.append(f"| {method} | {found['reached']} | {shown} | {ratio} |")
    lines += [
        "",
        "| Sampler | samples a minute | effective samples a minute |",
        "|---|---|---|",
        f"| ours | {chain['ours']['samples_per_min']:,.0f} | {chain['ours']['ess_per_min']:,.0f} |",
    ]
    for method, found in chain["theirs"].items():
        effective = "-" if found["ess_per_min"] is None else f"{found['ess_per_min']:,.0f}"
        lines.append(f"| PyBOP {method} | {found['samples_per_min']:,.0f} | {effective} |")
    return [
        *lines,
        "",
        f"Ratios: {chain['ratio']:.1f} in samples, {chain['ratio_effective']:.0f} in effective ones.",
    ]


def page(results: dict) -> str:
    """Text of docs/benchmarks.md."""
    parts = [
        HEAD.rstrip("\n").split("\n"),
        _ratios(results),
        _times(results),
        _looser(results),
        _compile(results),
        _pybop(results),
        _machine(results),
        CAVEATS.rstrip("\n").split("\n"),
    ]
    return "\n\n".join("\n".join(lines).strip("\n") for lines in parts if lines) + "\n"


def main() -> None:
    results = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    (ROOT / "docs" / "benchmarks.md").write_text(page(results), encoding="utf-8")


if __name__ == "__main__":
    main()
