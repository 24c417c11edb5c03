"""Propositions E: the depleted layer of the electrolyte at the active material."""

from __future__ import annotations

from assb import parameters
from assb.validation.propositions.protocols import P, Pulse, changed
from assb.validation.propositions.registry import Finding, not_run, proposition
from assb.validation.propositions.runs import falls, rises

SONG_G = "000 song_g_review"
FENG = "004 feng_2025"
REFERENCE = "Solid electrolyte reference potential [V]"
SIGMA = "Solid electrolyte conductivity [S.m-1]"
INITIAL = "Initial stoichiometry in positive electrode"
#: No interphase, and contact that does not move: what is found is the layer's.
BARE = {"interphase": "none", "contact": "constant"}


class Layer:
    """Resistance that the layer adds to a cell [Ohm.cm2], for any inputs."""

    def __init__(self, values, free, law: str = "depletion"):
        self.cells = [Pulse(values, BARE | {"space charge": each}, free) for each in (law, "none")]

    def __call__(self, **inputs: float) -> float:
        """Difference of two cells [Ohm.cm2]."""
        with_layer, without = (cell(**inputs) for cell in self.cells)
        return with_layer - without


@proposition(
    "E1",
    "Li+ moves from sulfide to oxide: without any interphase a depleted layer adds resistance to"
    " charging, on the side of the"
    " electrolyte.",
    source=f"{SONG_G} Sec. 3.3 [104]; 002 argyrodite_review_2025 Sec. 2.2",
    control="electrolyte above the oxide (reference potential 5 V): nothing is depleted",
)
def depleted(control: bool) -> Finding:
    """LCO: resistance to charge that the layer adds, and its half with twice the conductivity of the electrolyte.

    No source gives a size; what the layer takes of the resistance of the cell is among the figures.
    """
    values = changed(parameters.build("LCO"), **{INITIAL: 0.7})
    added = Layer(values, [REFERENCE, SIGMA])
    state = {REFERENCE: 5.0} if control else {}
    found = added(**state)
    side = added(**state, **{SIGMA: 2 * values[SIGMA]}) / found if found else 1.0
    share = found / added.cells[1](**state)
    # A hundred times the relative tolerance of the solver (1e-6); as the inverse of the conductivity within a tenth.
    holds = share > 1e-4 and abs(side - 0.5) < 0.05
    return Finding(
        holds,
        {
            "added resistance [Ohm.cm2]": found,
            "added over the rest": share,
            "ratio with twice the conductivity": side,
        },
    )


@proposition(
    "E2",
    "The layer builds in the first charge: the impedance that it adds rises with potential.",
    source=f"{FENG} Sec. 2.2 [69]",
    control='"space charge": "constant"',
)
def first_charge(control: bool) -> Finding:
    """Added resistance at five states of a first charge; more than 5 % in all, or it would not be seen to build."""
    filling = (0.95, 0.8, 0.6, 0.4, 0.28)
    added = Layer(parameters.build("NCM811"), [INITIAL], "constant" if control else "depletion")
    found = [added(**{INITIAL: y}) for y in filling]
    holds = rises(found) and found[-1] > 1.05 * found[0]
    return Finding(
        holds, {f"added at stoichiometry {y:g} [Ohm.cm2]": r for y, r in zip(filling, found, strict=True)}
    )


@proposition(
    "E3",
    "A buffer on the oxide, or a Li3InCl6 mediator despite its lower conductivity, lowers the resistance"
    " of the layer.",
    source=f"{SONG_G} Sec. 3.3 [104,105]; {FENG} [77,106]",
    control='"space charge": "constant"',
)
def buffers(control: bool) -> Finding:
    """LCO bare, half and nearly coated; then the potential and the conductivity of the chloride."""
    coated = P + "coated fraction"
    values = changed(parameters.build("LCO", "Li5.5PS4.5Cl1.5"), **{INITIAL: 0.7})
    chloride = parameters.build("LCO", "Li3InCl6")
    added = Layer(values, [coated, REFERENCE, SIGMA], "constant" if control else "depletion")
    found = [added(**{coated: s}) for s in (0.0, 0.5, 0.95)]
    mediated = added(**{name: chloride[name] for name in (REFERENCE, SIGMA)})
    holds = falls(found) and mediated < found[0] and chloride[SIGMA] < values[SIGMA]
    return Finding(
        holds,
        {
            "bare [Ohm.cm2]": found[0],
            "half coated [Ohm.cm2]": found[1],
            "coated to 95 % [Ohm.cm2]": found[2],
            "chloride mediator [Ohm.cm2]": mediated,
        },
    )


not_run(
    "E4",
    "Thin Al2O3 on Li6PS5Cl raises its conductivity (0.9 to 1.7 mS/cm at 10 cycles) and lowers its"
    " activation energy, thick"
    " blocks (0.27 mS/cm at 100).",
    source="002 argyrodite_review_2025 Sec. 3.1.1 [226], s2_ald_table",
    verdict="not representable",
    reason="no law of grain boundaries that a film makes more conducting; space charge there is a"
    " hypothesis of the authors",
)
