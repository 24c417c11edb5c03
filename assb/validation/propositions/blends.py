"""Propositions on the blends of Oh2026: capacity, contact and life over the share of large particles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pybamm

from assb import parameters
from assb.parameters.cells.oh2026_lto import ONE_C
from assb.validation.propositions.protocols import (
    AREA,
    LTO,
    SERIES,
    BlendRun,
    P,
    Q,
    accelerated,
    changed,
    cycle,
    discharged,
    last,
)
from assb.validation.propositions.registry import Finding, proposition
from assb.validation.propositions.runs import Array, falls

#: Mass shares of the large polycrystals; the end members are one population, the others two.
BLENDS = (1.0, 0.8, 0.7, 0.6, 0.0)
ACTIVE = P + "active material volume fraction"
#: What packing sets.
STRUCTURE = (
    ACTIVE,
    P + "solid electrolyte volume fraction",
    P + "void fraction",
    P + "electronic network volume fraction",
    P + "dense-limit relative ionic conductivity",
    P + "dense-limit relative electronic conductivity",
    P + "thickness [m]",
    P + "ionic tortuosity factor",
    P + "electronic tortuosity factor",
)
#: The ohmic drop that goes with the ionic path through the composite.
DROP = {"contact resistance": "true"}


def _structure(share: float) -> dict[str, float]:
    """What packing sets in a blend, with the resistance of unit area under the name of the resistance."""
    values = parameters.get("Oh2026_LTO", blend=share)
    return {name: values[name] for name in (*STRUCTURE, Q)} | {SERIES: values[SERIES] * values[AREA]}


def _packed(
    values: pybamm.ParameterValues, share: float, structure: Mapping[str, float]
) -> pybamm.ParameterValues:
    """Cell of a blend in another structure."""
    changes = {name: value for name, value in structure.items() if name in values.keys()}
    for phase, part in (("Primary: ", share), ("Secondary: ", 1 - share)):
        if phase + ACTIVE in values.keys():
            changes[phase + ACTIVE] = part * structure[ACTIVE]
    return changed(values, **(changes | {SERIES: structure[SERIES] / values[AREA]}))


def _capacities(
    rate: float,
    edit: Callable[[pybamm.ParameterValues, float], pybamm.ParameterValues],
    cycles: int = 1,
    shares: Sequence[float] = BLENDS,
) -> dict[float, Array]:
    """Discharge of each cycle [mA.h.g-1] of the blends."""
    found = {}
    for populations, group in (
        ("one", [k for k in shares if k in (0, 1)]),
        ("two", [k for k in shares if 0 < k < 1]),
    ):
        run = BlendRun(group, LTO | DROP, lambda values: cycle(values, rate), cycles, populations, edit)
        for share in group:
            found[share] = 1e3 * ONE_C * discharged(run(share)) / run.values[share][Q]
    return {share: found[share] for share in shares}


@proposition(
    "B12",
    "At 0.1C capacity follows the oxide (all large, blends, all small); at 0.5C and above it follows porosity and ionic"
    " conductivity: 7:3 first, at 0.5C 8:2 and 6:4 before all large and all small",
    source="Oh2026, Fig. 2, s3_capacity_order",
    control="one packing for all blends",
)
def rank_reversal(control: bool) -> Finding:
    """First cycles of the five blends at 0.1, 0.5 and 1C; above 0.5C the source names the best only.

    Beyond 1C the ohmic drop, linear in the current, leaves nothing to rank: the study `oh` says so of its constants.
    """
    same = _structure(0.7)

    def edit(values: pybamm.ParameterValues, share: float) -> pybamm.ParameterValues:
        return _packed(values, share, same) if control else values

    found = {
        rate: {share: float(q[0]) for share, q in _capacities(rate, edit).items()} for rate in (0.1, 0.5, 1.0)
    }
    half = found[0.5]
    holds = falls([found[0.1][share] for share in BLENDS])
    holds = holds and min(half[0.8], half[0.6]) > max(half[1.0], half[0.0])
    holds = holds and all(max(q, key=q.__getitem__) == 0.7 for rate, q in found.items() if rate > 0.1)
    figures = {
        f"share {share:g} at {rate:g}C [mA.h.g-1]": q[share] for rate, q in found.items() for share in BLENDS
    }
    return Finding(bool(holds), figures)


@proposition(
    "K4",
    "A blend of large and small particles has its optimum inside, at 7:3, in capacity at C/2 and in"
    " retention.",
    source="003 oh_2026, s3_capacity_order, s3_retention_order",
    control="porosity and thickness of the blends as between the end members, without denser packing",
)
def optimum(control: bool) -> Finding:
    """Capacity per mass at C/2 and retention of 200 cycles (4 at fifty times the rates) of the five blends."""
    large, small = _structure(1.0), _structure(0.0)

    def edit(values: pybamm.ParameterValues, share: float) -> pybamm.ParameterValues:
        mean = {name: share * large[name] + (1 - share) * small[name] for name in large}
        return accelerated(_packed(values, share, mean) if control else values, 50.0)

    found = _capacities(0.5, edit, cycles=4)
    first_ = {share: float(q[0]) for share, q in found.items()}
    kept = {share: float(q[-1] / q[0]) for share, q in found.items()}
    holds = max(first_, key=first_.__getitem__) == 0.7 and max(kept, key=kept.__getitem__) == 0.7
    figures = {f"capacity at share {s:g} [mA.h.g-1]": q for s, q in first_.items()}
    return Finding(holds, figures | {f"retention at share {s:g}": r for s, r in kept.items()})


@proposition(
    "C4",
    "The contact peak D1 after 200 cycles is largest for large polycrystals, smallest for 7:3 and small"
    " single crystals, 8:2 and"
    " 6:4 lie between.",
    source="003 oh_2026 main text, s3_d1_order",
    control='"contact": "constant"',
)
def contact_peaks(control: bool) -> Finding:
    """Resistance of the arc of the contacts after 200 cycles (2 at a hundred times the rates); I1 finds it in D1."""
    options = LTO | {"contact constriction": "flux tube"} | ({"contact": "constant"} if control else {})

    def edit(values: pybamm.ParameterValues, share: float) -> pybamm.ParameterValues:
        return accelerated(
            changed(values, **({P + "largest contact fraction": 0.3} if control else {})), 100.0
        )

    run = BlendRun(BLENDS, options, lambda values: cycle(values, 0.5), cycles=2, edit=edit)
    peaks = {share: 1e4 * last(run(share), "Contact constriction resistance [Ohm.m2]") for share in BLENDS}
    middle = (peaks[0.8], peaks[0.6])
    holds = peaks[1.0] > max(middle) and min(middle) > max(peaks[0.7], peaks[0.0])
    return Finding(holds, {f"D1 at share {blend:g} [Ohm.cm2]": peaks[blend] for blend in BLENDS})
