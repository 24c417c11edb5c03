"""Propositions K: levers against degradation."""

from __future__ import annotations

from assb import parameters
from assb.validation.propositions.protocols import (
    LTO,
    BlendRun,
    P,
    Q,
    accelerated,
    changed,
    cycle,
    discharged,
)
from assb.validation.propositions.registry import Finding, proposition

#: Structure of Oh2026 that packing sets: what the end members alone would give is the control.
STRUCTURE = (
    P + "active material volume fraction",
    P + "solid electrolyte volume fraction",
    P + "void fraction",
    P + "electronic network volume fraction",
    P + "dense-limit relative ionic conductivity",
    P + "dense-limit relative electronic conductivity",
    P + "thickness [m]",
    P + "ionic tortuosity factor",
    P + "electronic tortuosity factor",
)


@proposition(
    "K4",
    "A blend of large and small particles has its optimum inside, at 7:3, in capacity at C/2 and in retention.",
    source="003 oh_2026, s3_capacity_order, s3_retention_order",
    control="porosity and thickness of the blends as between the end members, without denser packing",
)
def blends(control: bool) -> Finding:
    """Capacity per mass at C/2 and retention of 200 cycles (4 at fifty times the rates) of the five blends."""
    shares = (1.0, 0.8, 0.7, 0.6, 0.0)
    ends = [parameters.get("Oh2026_LTO", blend=share) for share in (1.0, 0.0)]

    def edit(values, share):
        mean = {name: share * ends[0][name] + (1 - share) * ends[1][name] for name in STRUCTURE}
        return changed(accelerated(values, 50.0), **(mean if control else {}))

    run = BlendRun(shares, LTO, lambda values: cycle(values, 0.5), cycles=4, edit=edit)
    found = {share: discharged(run(share)) / run.values[share][Q] for share in shares}
    first_ = {share: float(q[0]) for share, q in found.items()}
    kept = {share: float(q[-1] / q[0]) for share, q in found.items()}
    holds = max(first_, key=first_.__getitem__) == 0.7 and max(kept, key=kept.__getitem__) == 0.7
    figures = {f"capacity over nominal at share {s:g}": q for s, q in first_.items()}
    return Finding(holds, figures | {f"retention at share {s:g}": r for s, r in kept.items()})
