"""Table of the options: what can be chosen, what is the default, what belongs together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One choice: its allowed values (the first is the default) and what it decides."""

    values: tuple[str, ...]
    meaning: str

    @property
    def default(self) -> str:
        """Value used when nothing is said."""
        return self.values[0]


#: Options of this library, on top of PyBaMM's own.
OPTIONS: dict[str, Option] = {
    "negative": Option(
        ("foil", "composite"),
        "negative electrode: a foil with a constant potential (In-Li, Li) or a composite (LTO, graphite, Si, Sn)",
    ),
    "positive populations": Option(
        ("one", "two"),
        "particle populations in the positive electrode: two sizes, or two materials, in one composite",
    ),
    "composition": Option(
        ("uniform", "graded"),
        "volume fractions of the positive electrode: the same at every depth, or functions of it (DFN only)",
    ),
    "particle diffusion": Option(
        ("Fickian", "spectral", "polynomial"),
        "diffusion in the particles: a radial mesh, six polynomials in place of it, or a quartic profile",
    ),
    "ionic network": Option(
        ("size-ratio percolation", "percolation", "effective medium", "Bruggeman", "measured"),
        "effective Li+ conductivity of the solid-electrolyte network in a composite electrode",
    ),
    "electronic network": Option(
        ("percolation", "effective medium", "Bruggeman", "measured"),
        "effective electronic conductivity of the active-material and carbon network",
    ),
    "network pressure": Option(
        ("power law", "none"),
        "dependence of both networks on stack pressure",
    ),
    "network obstacles": Option(
        ("none", "pores, binder and carbon"),
        "what pores, binder and carbon cost the networks beyond the volume they take",
    ),
    "carbon network": Option(
        ("with active material", "parallel"),
        "carbon counted with the active material, or a network of its own beside it",
    ),
    "electronic coating": Option(
        ("none", "insulating", "resistive"),
        "whether a coating of the active material interrupts its electronic network, or resists by its thickness",
    ),
    "network damage": Option(
        ("none", "strain and pressure"),
        "cracks of the solid-electrolyte network by breathing and pressure",
    ),
    "network consumption": Option(
        ("none", "oxidised electrolyte"),
        "whether electrolyte that is oxidised is lost to its network, where the interphase grows",
    ),
    "reaction distribution": Option(
        ("relaxing mode", "nonlinear modes", "uniform"),
        "SPM only: linearised porous electrode that relaxes, three nonlinear modes, or a uniform reaction",
    ),
    "space charge": Option(
        ("depletion", "Poisson-Boltzmann", "Mott-Schottky", "constant", "none"),
        "depleted layer in the solid electrolyte at the positive active material",
    ),
    "space-charge capacitance": Option(
        ("none", "relaxing"),
        "whether the overpotential of the depleted layer is a state that its capacitance delays",
    ),
    "interphase": Option(
        ("mixed", "reaction-limited", "diffusion-limited", "constant", "none"),
        "oxidised interphase at the positive active material and what limits its growth",
    ),
    "carbon interphase": Option(
        ("none", "growing"),
        "oxidised interphase on the carbon of the positive electrode, where the interphase grows",
    ),
    "interphase incubation": Option(
        ("none", "time above oxidation"),
        "delay of growth by the time spent above the oxidation onset, where the interphase grows",
    ),
    "interphase formation": Option(
        ("none", "first charge"),
        "layer that forms once, as the cell first passes the oxidation onset, where the interphase grows",
    ),
    "interphase healing": Option(
        ("none", "below cut-off"),
        "recovery of the interphase by deep discharge, and of contact with it, where the interphase grows",
    ),
    "coating protection": Option(
        ("complete", "electronic"),
        "what a coating keeps from growing: all, or as its electronic resistance says, where the interphase grows",
    ),
    "contact": Option(
        ("pressure and damage", "pressure", "constant", "full"),
        "contact area between the positive active material and the solid electrolyte",
    ),
    "contact packing": Option(
        ("coverage", "touched particles"),
        "what electrolyte of limited share or fineness leaves out: surface of every particle, or whole particles;"
        " where contact follows pressure",
    ),
    "contact constriction": Option(
        ("none", "flux tube"),
        "series resistance of the current that converges on the contacts left, seen as an arc of its own",
    ),
    "diffusion constriction": Option(
        ("none", "patches"),
        "diffusion in the particles that converges on the contact patches left, where contact is not full",
    ),
    "cracking": Option(
        ("none", "intergranular", "fracture energy"),
        "cracks of the active material, which block its diffusion: by strain, or by grain misfit and lithium gradients",
    ),
    "stack pressure": Option(
        ("spring", "constant volume", "constant pressure"),
        "fixture of the cell",
    ),
    "pressure drift": Option(
        ("none", "logarithmic"),
        "loss of pressure by creep of the stack, whether or not the cell is cycled; not at constant pressure",
    ),
    "stripping": Option(
        ("depletion", "none"),
        "resistance of a foil as its accessible lithium is used up on discharge",
    ),
    "positive interface dispersion": Option(
        ("none", "distributed"),
        "double layer of the positive electrode, where there is one: ideal, or with its exponent in time as well",
    ),
    "negative interface dispersion": Option(
        ("none", "distributed"),
        "double layer of a foil, where there is one: ideal, or with its exponent in time as well",
    ),
    "negative hysteresis": Option(
        ("none", "one-state"),
        "potential of a composite negative: one curve, or two that the direction chooses (Si, Sn)",
    ),
    "negative interphase": Option(
        ("none", "growing", "growing and forming"),
        "interphase of reduced electrolyte on a foil; forming: it comes to conduct as lithium is plated",
    ),
    "negative interphase growth": Option(
        ("constant", "mixed conduction"),
        "what limits the interphase of a foil: a constant, or the electrons and ions that its products conduct",
    ),
    "negative voids": Option(
        ("none", "creep refill"),
        "voids that stripping opens at a foil where creep under pressure does not keep up",
    ),
    "negative fracture": Option(
        ("none", "plating under pressure"),
        "lithium of a foil that works its way through the electrolyte as it is plated under pressure",
    ),
    "negative lithium": Option(
        ("unlimited", "finite"),
        "lithium of a foil: never used up, or a layer that may run out, from none in an anode-free cell",
    ),
    "thermal": Option(
        ("isothermal", "lumped"),
        "temperature of the cell: that of its surroundings, or a state that follows its heat",
    ),
    "electronic leakage": Option(
        ("none", "separator"),
        "electrons that leak through the separator and discharge the cell",
    ),
}

#: Every solid-state mechanism off: full contact, no interphase, no space charge, constant pressure,
#: fixed conductivities, no stripping term. The models then equal PyBaMM's half-cell models with a
#: constant electrolyte concentration and a transference number of one.
NO_MECHANISMS: dict[str, str] = {
    "positive populations": "one",
    "composition": "uniform",
    "particle diffusion": "Fickian",
    "ionic network": "Bruggeman",
    "electronic network": "Bruggeman",
    "network pressure": "none",
    "network obstacles": "none",
    "carbon network": "with active material",
    "electronic coating": "none",
    "network damage": "none",
    "network consumption": "none",
    "reaction distribution": "uniform",
    "space charge": "none",
    "space-charge capacitance": "none",
    "interphase": "none",
    "carbon interphase": "none",
    "interphase incubation": "none",
    "interphase formation": "none",
    "interphase healing": "none",
    "coating protection": "complete",
    "contact": "full",
    "contact packing": "coverage",
    "contact constriction": "none",
    "diffusion constriction": "none",
    "cracking": "none",
    "stack pressure": "constant pressure",
    "pressure drift": "none",
    "stripping": "none",
    "positive interface dispersion": "none",
    "negative interface dispersion": "none",
    "negative interphase": "none",
    "negative interphase growth": "constant",
    "negative voids": "none",
    "negative fracture": "none",
    "negative lithium": "unlimited",
    "electronic leakage": "none",
    "thermal": "isothermal",
    "negative hysteresis": "none",
}

#: Refinements: option -> the option it refines and the values where it has nothing to refine.
REFINEMENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "network consumption": ("interphase", ("none", "constant")),
    "carbon interphase": ("interphase", ("none", "constant")),
    "interphase incubation": ("interphase", ("none", "constant")),
    "interphase formation": ("interphase", ("none", "constant")),
    "interphase healing": ("interphase", ("none", "constant")),
    "coating protection": ("interphase", ("none", "constant")),
    "space-charge capacitance": ("space charge", ("none",)),
    "negative interphase growth": ("negative interphase", ("none",)),
    "pressure drift": ("stack pressure", ("constant pressure",)),
    "diffusion constriction": ("contact", ("full",)),
    "contact packing": ("contact", ("full", "constant")),
}
