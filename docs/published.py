"""Tables and figures of docs/published.md: every published figure against the library.

Run: python docs/published.py. Writes docs/published.json, docs/img/published_STUDY.png and the part of the page between
its marks.
"""

from __future__ import annotations

import json
from pathlib import Path

import assb.validation.studies  # noqa: F401  registers the studies
from assb.plotting.published import published_figures
from assb.plotting.style import DPI
from assb.validation.published import STUDIES, ValidationTable, frozen, leave_one_out, run
from assb.validation.published.page import constants, left_out_sentence, residual_pattern, summary

HERE = Path(__file__).parent
BEGIN, END = "<!-- made by published.py -->", "<!-- end -->"


def lines(table: ValidationTable, left_out: dict[str, ValidationTable]) -> list[str]:
    """The generated part of the page."""
    found = ["| | |", "|---|---|", *(f"| {label} | {value} |" for label, value in summary(table)), ""]
    for key in dict.fromkeys(row.study for row in table if row.evaluated):
        study, rows = STUDIES[key], [row for row in table if row.study == key and row.scored]
        found += [f"## {study.title}", "", f"{study.source}.", ""]
        if any(row.evaluated for row in rows):
            published_figures(rows).savefig(HERE / "img" / f"published_{key}.png", dpi=DPI)
            found += [f"![Distance of the model from each figure of {key}](img/published_{key}.png)", ""]
        if study.misses:
            found += [study.misses, ""]
        if key in left_out:
            found += [left_out_sentence(left_out[key]), ""]
        if residual_pattern(rows):
            found += [f"Errors in tolerances by quantity: {residual_pattern(rows)}.", ""]
        found += [f"- {line}" for line in constants(study, frozen(key))] + [""]
        found += ["| id | published | model | 90 % | tolerances | role |", "|---|---|---|---|---|---|"]
        for row in rows:
            model = row.reason if row.model is None else f"{row.model:.3g}"
            interval = "" if row.low is None or row.high is None else f"{row.low:.3g} to {row.high:.3g}"
            distance = "" if row.deviation_tol is None else f"{row.deviation_tol:+.2f}"
            distance = distance if row.within else f"**{distance}**"
            name = row.id.replace("|", "/")
            found.append(
                f"| `{name}` | {row.published:g} {row.unit} | {model} | {interval} | {distance} | {row.role} |"
            )
        found.append("")
    return found


def main() -> None:
    """Run, draw and write."""
    table = run(progress=print)
    left_out = {key: leave_one_out(key) for key, study in STUDIES.items() if study.samples}
    content = {
        "rows": table.to_dicts(),
        "leave_one_out": {key: each.to_dicts() for key, each in left_out.items()},
    }
    (HERE / "published.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    page = HERE / "published.md"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text("\n".join([before + BEGIN, "", *lines(table, left_out), END]) + after, encoding="utf-8")
    print(repr(table))


if __name__ == "__main__":
    main()
