"""Command line: ``assb init``, ``calibrate``, ``sample``, ``simulate``, ``check``, ``validate``, ``list``,
``export``.

Nothing heavy is imported before a command runs, so that ``assb --help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assb.cli_check import check
from assb.cli_tools import read_pairs, register
from assb.cli_validate import validate

#: PyBaMM must not ask, or report, from a command line.
os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

app = typer.Typer(
    name="assb",
    help="Reduced-order models of all-solid-state batteries and their calibration to data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Units stand in square brackets, which Rich would take for markup.
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]


class UserError(Exception):
    """Bad input; its message is the whole answer."""


class Stopped(Exception):
    """Interrupted by the user; its message says how to go on."""


def main() -> None:
    """Run the command line; bad input ends in one line on standard error and exit code 2."""
    try:
        app(standalone_mode=True)
    except Stopped as error:
        print(f"interrupted: {error}", file=sys.stderr)
        sys.exit(130)
    except (UserError, ValueError, OSError) as error:
        print(f"error: {_first_line(error)}", file=sys.stderr)
        sys.exit(2)


def _first_line(error: Exception) -> str:
    return str(error).strip() or type(error).__name__


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _emit(content: Any, as_json: bool, text: str) -> None:
    from assb.files import dump_json

    print(dump_json(content) if as_json else text)


@app.command()
def calibrate(
    config: Annotated[
        Path | None, typer.Argument(help="CONFIG.toml; the embedded measured cycle without it.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("assb-calibration"),
    seed: Annotated[int | None, typer.Option(help="Replaces the seed of the configuration.")] = None,
    sampling: Annotated[
        bool | None,
        typer.Option("--sample/--no-sample", help="Sample the posterior, or stop at the estimate."),
    ] = None,
    max_steps: Annotated[int | None, typer.Option(help="Most sampling steps.")] = None,
    check_only: Annotated[
        bool,
        typer.Option(
            "--check-only", help="Fit nothing: say what the data can tell, and write OUT/check.json."
        ),
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Calibrate a model to measured data and write estimate, posterior and report."""
    from assb.fitting.job import check_calibration, run_calibration

    if check_only:
        found = check_calibration(config, out)
        _emit(found, as_json, f"{found['text']}\nWrote {out / 'check.json'}")
        return
    _positive("max-steps", max_steps)
    try:
        content = run_calibration(
            config,
            out,
            seed,
            sampling,
            max_steps,
            progress=not quiet,
            say=(lambda _: None) if quiet else _say,
        )
    except KeyboardInterrupt as error:
        raise Stopped(
            f"{error or 'nothing was sampled yet'}. Go on with: assb sample --resume {out}"
        ) from None
    _emit(content, as_json, _summary(content, out))


@app.command()
def sample(
    out: Annotated[Path, typer.Argument(help="Folder of an earlier 'assb calibrate'.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the chain in the folder.")] = False,
    max_steps: Annotated[int | None, typer.Option(help="Most sampling steps, in all.")] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Sample the posterior of a calibration; --resume ends in the chain of an uninterrupted run."""
    from assb.fitting.job import resume_sampling

    _positive("max-steps", max_steps)
    if not resume and (out / "chain.h5").exists():
        raise UserError(f"out = {out}: holds a chain already: add --resume to go on, or remove chain.h5")
    try:
        content = resume_sampling(out, max_steps, progress=not quiet, say=(lambda _: None) if quiet else _say)
    except KeyboardInterrupt as error:
        raise Stopped(
            f"{error or 'nothing was sampled yet'}. Go on with: assb sample --resume {out}"
        ) from None
    _emit(content, as_json, _summary(content, out))


def _positive(name: str, value: int | None) -> None:
    if value is not None and value < 1:
        raise UserError(f"--{name} = {value}: give a positive number")


def _summary(content: dict[str, Any], out: Path) -> str:
    lines = [content["title"], *content["summary"]]
    sampling = content["sampling"]
    if sampling is not None:
        lines.append(
            f"Sampling: {sampling['status']}, {sampling['steps']} steps, smallest effective sample size"
            f" {sampling['ess_min']:.0f}, R-hat {sampling['rhat_max']:.3f}."
        )
    return "\n".join([*lines, f"Report: {out / 'report.html'}"])


@app.command()
def init(
    data: Annotated[
        list[Path],
        typer.Argument(
            help="CSV files: time, current (discharge positive), voltage, perhaps pressure; or an impedance"
            " spectrum."
        ),
    ],
    positive: Annotated[str, typer.Option(help="Active material; see 'assb list materials'.")] = "NCM811",
    electrolyte: Annotated[str, typer.Option(help="Solid electrolyte.")] = "Li6PS5Cl",
    negative: Annotated[str, typer.Option(help="Negative electrode.")] = "InLi",
    area: Annotated[float, typer.Option(help="Electrode area [cm2].")] = 0.785,
    thickness: Annotated[
        float | None, typer.Option(help="Cathode thickness [um]; guessed without it.")
    ] = None,
    separator: Annotated[float, typer.Option(help="Separator thickness [um].")] = 600.0,
    radius: Annotated[float, typer.Option(help="Particle radius [um].")] = 2.5,
    composition: Annotated[str, typer.Option(help="Masses active:electrolyte:carbon.")] = "70:27:3",
    void: Annotated[float, typer.Option(help="Void fraction of the cathode.")] = 0.12,
    temperature: Annotated[float, typer.Option(help="Temperature [C].")] = 25.0,
    pressure: Annotated[float, typer.Option(help="Stack pressure [MPa].")] = 50.0,
    time_column: Annotated[str, typer.Option(help="Name of the time column [s].")] = "Time [s]",
    current_column: Annotated[str, typer.Option(help="Name of the current column [A].")] = "Current [A]",
    voltage_column: Annotated[str, typer.Option(help="Name of the voltage column [V].")] = "Voltage [V]",
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; CONFIG.toml beside the data.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    as_json: Json = False,
) -> None:
    """Write a commented CONFIG.toml for one's own cell, which runs as it is."""
    from assb.files import write_text
    from assb.fitting.config import parse_config
    from assb.fitting.template import CellSketch, write_template

    target = out or data[0].parent / "CONFIG.toml"
    if target.exists() and not force:
        raise UserError(f"out = {target}: exists already: choose another --out, or add --force")
    for each in data:
        if target.resolve().parent != each.resolve().parent:
            raise UserError(f"out = {target}: must lie beside {each}, which it names by a relative path")
    sketch = CellSketch(
        positive=positive,
        electrolyte=electrolyte,
        negative=negative,
        area=area,
        thickness=thickness,
        separator=separator,
        radius=radius,
        composition=_masses(composition),
        void=void,
        temperature=temperature,
        pressure=pressure,
        columns={"time": time_column, "current": current_column, "voltage": voltage_column},
    )
    text = write_template(data, sketch)
    import tomllib

    parse_config(tomllib.loads(text), str(target))
    write_text(target, text)
    _emit({"config": str(target)}, as_json, f"Wrote {target}. Next: assb calibrate {target} --out results")


def _masses(text: str) -> tuple[float, float, float]:
    try:
        masses = [float(part) for part in text.split(":")]
    except ValueError:
        raise UserError(f"composition = {text!r}: give masses like 70:27:3") from None
    if len(masses) == 2:
        masses.append(0.0)
    if len(masses) != 3:
        raise UserError(f"composition = {text!r}: give masses active:electrolyte:carbon, like 70:27:3")
    return masses[0], masses[1], masses[2]


app.command()(check)
app.command()(validate)


@app.command()
def simulate(
    protocol: Annotated[
        list[str] | None, typer.Argument(help='Steps, e.g. "Charge at 0.1C until 3.7 V" "Rest for 1 hour".')
    ] = None,
    cell: Annotated[str, typer.Option(help="Parameter set; see 'assb list cells'.")] = "NCM811_LPSCl_InLi",
    model: Annotated[str, typer.Option(help="SPM or DFN.")] = "SPM",
    option: Annotated[list[str] | None, typer.Option(help="Model option, NAME=VALUE; repeat.")] = None,
    value: Annotated[list[str] | None, typer.Option("--set", help="Parameter, NAME=NUMBER; repeat.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for simulation.nc and simulation.png.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Simulate a protocol; prints a summary, and writes data and a plot with --out."""
    from assb.simulation_job import run_simulation

    content = run_simulation(
        protocol or ["Charge at 0.1C until 3.7 V", "Rest for 1 hour", "Discharge at 0.1C until 2.1 V"],
        cell,
        model,
        read_pairs("option", option),
        read_pairs("set", value),
        out,
    )
    for warning in content["warnings"]:
        _say(f"warning: {warning}")
    lines = [
        f"{content['model']} of {content['cell']}: {' | '.join(content['protocol'])}",
        f"ended after {content['duration_s']:.0f} s: {content['termination']}",
        *(f"  {name} = {number:.5g}" for name, number in content["final"].items()),
    ]
    _emit(content, as_json, "\n".join(lines))


@app.command(name="list")
def list_(
    what: Annotated[str, typer.Argument(help="cells, parameters, models, options, materials or systems.")],
    cell: Annotated[str, typer.Option(help="Cell whose parameters are listed.")] = "NCM811_LPSCl_InLi",
    out: Annotated[Path | None, typer.Option("--out", help="JSON file to write as well.")] = None,
    as_json: Json = False,
) -> None:
    """List cells, parameters with their sources, models, options, materials or systems of the literature."""
    from assb.files import write_json
    from assb.listing import LISTINGS

    if what not in LISTINGS:
        raise UserError(f"list {what!r} is not known: use one of {', '.join(LISTINGS)}")
    content, text = LISTINGS[what](cell)
    if out is not None:
        write_json(out, content)
    _emit(content, as_json, text)


register(app)

if __name__ == "__main__":
    main()
