"""The command ``assb validate``: published figures, the propositions of the literature, or closed forms."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from assb.validation import Trend

__all__ = ["validate"]


def validate(
    trends: Annotated[
        bool, typer.Option("--trends", help="Propositions of the literature, each with its control.")
    ] = False,
    forms: Annotated[bool, typer.Option("--forms", help="Closed forms and PyBaMM's own models.")] = False,
    targets: Annotated[
        Path | None, typer.Option("--targets", help="CSV of figures, with the columns of the published ones.")
    ] = None,
    only: Annotated[
        str | None, typer.Option(help="Ids, studies or names, separated by commas: A1,F4. All without it.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the JSON; with published figures also a page with plots."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON on standard output.")
    ] = False,
) -> None:
    """Compare with published figures, what the literature reports (--trends) or closed forms (--forms)."""
    import warnings

    from assb.files import dump_json, prepare_folder, write_json

    if trends + forms + (targets is not None) > 1:
        raise ValueError("--trends, --forms and --targets ask for different comparisons: give one of them")
    if out is not None:
        prepare_folder(out)
    wanted = None if only is None else [part.strip() for part in only.split(",") if part.strip()]
    with warnings.catch_warnings():
        # Runs leave the validity of the SPM on purpose, and say so a hundred times.
        warnings.simplefilter("ignore")
        if trends:
            name, (content, text, failed) = "trends", _trends(wanted, quiet)
        elif forms:
            name, (content, text, failed) = "verification", _verification(wanted, quiet)
        else:
            name, (content, text, failed) = "published", _published(wanted, quiet, targets, out)
    if out is not None:
        write_json(out / f"{name}.json", content)
    print(dump_json(content) if as_json else text)
    if failed:
        raise typer.Exit(1)


def _trends(wanted: list[str] | None, quiet: bool) -> tuple[list[dict[str, Any]], str, bool]:
    """Rows, a table, and whether a check failed; no proposition is one."""
    from assb.validation.propositions import load, run_trends

    known = load()
    number = len(known) if wanted is None else len(wanted)
    with _progress(number, quiet) as step:
        found = run_trends(wanted, progress=step)
    return [each.to_dict() for each in found], _table(found), False


def _published(
    wanted: list[str] | None, quiet: bool, path: Path | None, out: Path | None
) -> tuple[list[dict[str, Any]], str, bool]:
    """Rows, a table, and whether a check failed; a figure out of tolerance is none."""
    from assb.validation.published import STUDIES, leave_one_out, read_targets, run
    from assb.validation.published.page import table_text, write_page

    rows = read_targets(path)
    if wanted is not None:
        known = {row.id for row in rows} | {row.study for row in rows}
        unknown = [each for each in wanted if each not in known]
        if unknown:
            raise ValueError(
                f"--only {','.join(unknown)}: no such ids or studies in the file: use some of its own"
            )
        rows = [row for row in rows if row.id in wanted or row.study in wanted]
    with _progress(len(rows), quiet) as step:
        table = run(rows, progress=step)
    if out is not None:
        keys = {row.study for row in table if row.evaluated}
        samples = [key for key, study in STUDIES.items() if key in keys and study.samples]
        with _progress(len(samples), quiet) as step:
            left_out = {}
            for key in samples:
                step(f"{key} without each sample")
                left_out[key] = leave_one_out(key)
        write_page(out / "published.html", table, left_out)
    return table.to_dicts(), table_text(table), False


def _table(found: list[Trend]) -> str:
    lines = [f"{'id':<4} {'verdict':<18} {'control':<8} {'s':>6}  statement"]
    for each in found:
        control = each.control_verdict or "-"
        lines.append(f"{each.id:<4} {each.verdict:<18} {control:<8} {each.seconds:>6.1f}  {each.statement}")
        if each.verdict != "holds":
            lines.append(f"{'':<40}({each.reason})")
    run, hold = sum(each.run for each in found), sum(each.verdict == "holds" for each in found)
    seconds = sum(each.seconds for each in found)
    return "\n".join([*lines, f"{len(found)} propositions: {run} run, {hold} hold; {seconds:.0f} s"])


def _verification(wanted: list[str] | None, quiet: bool) -> tuple[list[dict[str, Any]], str, bool]:
    from assb.validation.verification import CHECKS, Verification, verify

    names = list(CHECKS) if wanted is None else wanted
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        raise ValueError(f"--only {','.join(unknown)}: no such checks; choose from {', '.join(CHECKS)}")
    done = []
    with _progress(len(names), quiet) as step:
        for name in names:
            step(name)
            done += list(verify(name))
    table = Verification(done)
    return table.rows(), repr(table), not table.passed


@contextmanager
def _progress(number: int, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Progress on standard error: call with the name of what begins."""
    if quiet or not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=number)
        begun = 0

        def step(name: str) -> None:
            nonlocal begun
            bar.update(task, completed=begun, description=name)
            begun += 1

        yield step
