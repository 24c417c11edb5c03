"""Table of the propositions in docs/trends.md, from docs/trends.json.

Run: assb validate --trends --out docs && python docs/trends.py
"""

from __future__ import annotations

import json
from pathlib import Path

HERE = Path(__file__).parent
BEGIN, END = "<!-- table of trends.json, by trends.py -->", "<!-- end of table -->"
GROUPS = {
    "A": "Ionic and electronic transport, percolation",
    "B": "Diffusion in the active material, cracking",
    "C": "Loss of contact",
    "D": "Interphase, oxidation of the electrolyte",
    "E": "Space charge",
    "F": "Pressure and fixture",
    "G": "Negative electrodes",
    "H": "Cross-talk in full cells",
    "I": "Diagnostics",
    "J": "Temperature",
    "K": "Levers",
}


def number(value: float | None) -> str:
    """Four digits; a dash for what is not finite."""
    return "–" if value is None else f"{value:.4g}"


def figures(row: dict) -> str:
    """Figures of the run, those of the control in brackets."""
    parts = []
    for name, value in row["figures"].items():
        control = row["control_figures"].get(name)
        parts.append(f"{name.replace('|', '/')}: {number(value)} ({number(control)})")
    return "; ".join(parts)


def table(rows: list[dict]) -> str:
    """Markdown: a summary, then one table per group."""
    run = sum(row["run"] for row in rows)
    holds = sum(row["verdict"] == "holds" for row in rows)
    seconds = sum(row["seconds"] for row in rows)
    lines = [
        f"{len(rows)} propositions: {run} are run, {holds} hold, in {seconds / 60:.0f} minutes on one busy core.",
        "",
    ]
    for letter, title in GROUPS.items():
        group = [row for row in rows if row["id"][0] == letter]
        if not group:
            continue
        lines += [
            f"## {letter}. {title}",
            "",
            "| | Statement | Verdict | Control: what changes | Found (control) |",
        ]
        lines.append("|---|---|---|---|---|")
        for row in group:
            cells = (
                row["statement"].replace("|", "/"),
                row["verdict"],
                row["reason"].replace("|", "/"),
                figures(row),
            )
            lines.append(f"| {row['id']} | {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Replace what stands between the marks."""
    page = HERE / "trends.md"
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    rows = json.loads((HERE / "trends.json").read_text(encoding="utf-8"))
    page.write_text(f"{before}{BEGIN}\n\n{table(rows)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
