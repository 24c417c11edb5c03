"""Commands for engineers: ``assb export``, ``assb sweep``, ``assb design``.

A module of its own so that each stays short; :func:`register` adds the commands to the application.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

if TYPE_CHECKING:
    from assb.models.compiled import CompiledModel

__all__ = ["read_pairs", "register"]

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command()(export)
    app.command()(sweep)
    app.command()(design)


def _emit(content: Any, as_json: bool, text: str) -> None:
    from assb.files import dump_json

    print(dump_json(content) if as_json else text)


def read_pairs(name: str, items: list[str] | None) -> dict[str, str]:
    """Read NAME=VALUE options.

    Raises
    ------
    ValueError
        If an item has no name or no equals sign.
    """
    pairs = {}
    for item in items or []:
        key, sign, text = item.rpartition("=")
        if not sign or not key:
            raise ValueError(f"--{name} {item!r}: write NAME=VALUE")
        pairs[key.strip()] = text.strip()
    return pairs


def export(
    cell: Annotated[str, typer.Option(help="Parameter set; see 'assb list cells'.")] = "NCM811_LPSCl_InLi",
    model: Annotated[str, typer.Option(help="SPM or DFN.")] = "SPM",
    option: Annotated[list[str] | None, typer.Option(help="Model option, NAME=VALUE; repeat.")] = None,
    value: Annotated[list[str] | None, typer.Option("--set", help="Parameter, NAME=NUMBER; repeat.")] = None,
    input_: Annotated[
        list[str] | None, typer.Option("--input", help="Parameter that stays free; repeat.")
    ] = None,
    output: Annotated[
        list[str] | None, typer.Option(help="Variable to return; repeat. Voltage [V] without it.")
    ] = None,
    target: Annotated[str, typer.Option(help="c: C99 for embedding.")] = "c",
    name: Annotated[str | None, typer.Option(help="Prefix of the C names; the model's by default.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder to write.")] = Path("assb-export"),
    as_json: Json = False,
) -> None:
    """Write a model as source code for another program, with a self-test."""
    from assb import models
    from assb.cell_choice import choose_cell
    from assb.files import prepare_folder
    from assb.models.exporters.targets import TARGETS

    if target not in TARGETS:
        raise ValueError(f"--target {target!r} is not known: use {', '.join(sorted(TARGETS))}")
    built, values = choose_cell(model, cell, read_pairs("option", option), read_pairs("set", value))
    prepare_folder(out)
    # The files carry a self-test of their own, so the check against IDAKLU is worth its seconds here.
    fast = models.compile(
        built, values, inputs=input_ or [], outputs=output or ["Voltage [V]"], fallback=False
    )
    manifest = models.export(cast("CompiledModel", fast), target=target, path=out, name=name)
    _emit(
        manifest | {"path": str(out)},
        as_json,
        f"Wrote {out}: {len(manifest['inputs'])} inputs, {len(manifest['outputs'])} outputs, "
        f"{manifest['states']['length']} states, {manifest['stack_bytes']} bytes of stack.\n"
        f"Check it with: make -C {out} check",
    )


def sweep(
    study: Annotated[Path, typer.Argument(help="STUDY.toml: protocol, factors, design, outputs.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for sweep.nc and sweep.json.")] = Path(
        "assb-sweep"
    ),
    client: Annotated[
        str | None, typer.Option(help='Address of a dask scheduler, or "local"; threads without it.')
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Local threads; all processors.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
    as_json: Json = False,
) -> None:
    """Run a protocol at many parameter values; the same command goes on after an interruption."""
    from assb.sweep_job import run_study

    try:
        content = run_study(study, out, client, threads, progress=not quiet)
    except ImportError as error:
        raise ValueError(str(error)) from None
    except KeyboardInterrupt:
        print(
            f"interrupted: finished blocks are kept. Go on with: assb sweep {study} --out {out}",
            file=sys.stderr,
        )
        raise typer.Exit(130) from None
    lines = [f"{content['title']}: {content['runs']} runs, {content['failures']} failed"]
    lines += [f"  {count} x {reason}" for reason, count in content["reasons"].items()]
    lines += [
        f"  {name}: {row['min']:.5g} to {row['max']:.5g} {row['unit']}"
        for name, row in content["outputs"].items()
        if row["min"] is not None
    ]
    _emit(content, as_json, "\n".join([*lines, f"Data: {content['file']}"]))


def design(
    plan: Annotated[Path, typer.Argument(help="PLAN.toml: parameters, time limit, candidates.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for plan.json, plan.csv and plan.png.")] = Path(
        "assb-plan"
    ),
    as_json: Json = False,
) -> None:
    """Choose the measurements that say most about the parameters within a time limit."""
    from assb.design_job import run_design

    content, found = run_design(plan, out)
    _emit(content, as_json, f"{content['title']}\n{found}\nAll candidates: {out / 'plan.csv'}")
