"""Write docs/systems.md, the table of the systems, from the registry.

Run: python docs/systems.py
"""

from __future__ import annotations

from pathlib import Path

from assb.validation.systems import SYSTEMS, System

PAGE = Path(__file__).resolve().parent / "systems.md"

COLUMNS = (
    "#",
    "Cell or specimen",
    "Positive; electrolyte; negative",
    "Conditions and protocol",
    "Measured",
    "Status",
    "Source",
)

HEAD = """\
# Systems of the literature

Forty cells and specimens that the reviews and studies behind this package name. `python docs/systems.py` writes this
page from the registry; a test keeps the two equal.

```python
from assb.validation import SYSTEMS

system = SYSTEMS[9]
print(system.name, list(system.cases), system.all_borrowed())
outcome = system.simulate()  # a dictionary, the measured quantity among it
outcome[system.quantity_of()]
model, values, protocol = system.build()  # to change anything before it runs
```

`assb list systems --json` gives the same table with everything that is borrowed and a hash of the parameters of every
case; no two systems share one. A system shows that what its paper measured can be computed, with the materials and the
conditions of that paper as far as they are known. It is no calibration: contact, interphase, network and kinetics have
the starting values of sulfide cells, and what else another material lends is in `all_borrowed()`.

An oxide starts at a lithium content of 0.95. A discharge ends at the lower cut-off, or where the surface of the oxide
is full: the potentials of the oxides lack the drop towards full lithiation.

"""

TAIL = """\
## Sulfides that react

![Potential and pressure of an electrolyte oxidised on a host, and as the active material](img/sulfides.png)

*All other mechanisms but the contact are off. Left: RuO2 with Li6PS5Cl0.5Br0.5 against LTO, which does not breathe.
Right: one cycle of the electrolyte as active material against In-Li; dashed and dotted, what each electrode does to the
pressure.*

**A host without lithium** (9). RuO2 conducts electrons, does not breathe and holds no lithium. It is a positive
material, `RuO2`, whose lithium is its double layer, 0.5 mAh per gram on a straight line from 1.6 to 4.8 V, so that the
potential is defined at any current. What the cell delivers is the growth of the interphase, by the law of the
[interphase](mechanisms/interphase.md): its current is in the charge balance and its loss of volume in the pressure. In
the simulated charge 93 % of the capacity is oxidation of the electrolyte, and the pressure falls in proportion to it.
Without growth the pressure stays.

**The electrolyte as active material** (10). `LPSCB` is Li6PS5Cl0.5Br0.5 that gives up two lithium between 0.6 and 3.6 V
and shrinks by 12.8 %: 9.5 cm3 per mole of lithium, more than the 7.89 of In-Li, so that the pressure falls on charge
against In-Li too. Its oxidation is the reaction of the active material; the interphase beside it is constant. The shape
of the potential is an assumption, one curve for both directions: conversion has a hysteresis that the model lacks.
`Li2S` (34) is of the same kind.
"""


def _row(system: System) -> str:
    cells = (
        str(system.n),
        system.name,
        f"{system.positive}; {system.electrolyte}; {system.negative}",
        f"{system.fixture}; {system.protocol}",
        f"`{system.quantity}`",
        system.status,
        system.source,
    )
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def page() -> str:
    """Text of the page."""
    count = sum(system.status == "simulated" for system in SYSTEMS.values())
    lines = [
        f"{count} of {len(SYSTEMS)} are simulated in the tests.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|---" * len(COLUMNS) + "|",
        *(_row(system) for system in SYSTEMS.values()),
        "",
        "## What is missing",
        "",
        *(f"- **{system.n}**: {system.missing}." for system in SYSTEMS.values() if system.missing),
        "",
        "",
    ]
    return HEAD + "\n".join(lines) + TAIL


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
