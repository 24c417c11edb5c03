"""Options of the models: what can be chosen, what is the default, what belongs together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pybamm

from assb.models import _compat


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
        "negative electrode: a foil with a constant potential (In-Li, Li) or a porous composite (LTO)",
    ),
    "positive populations": Option(
        ("one", "two"),
        "particle populations in the positive electrode: two sizes, or two materials, in one composite",
    ),
    "ionic network": Option(
        ("size-ratio percolation", "percolation", "Bruggeman", "measured"),
        "effective Li+ conductivity of the solid-electrolyte network in a composite electrode",
    ),
    "electronic network": Option(
        ("percolation", "Bruggeman", "measured"),
        "effective electronic conductivity of the active-material and carbon network",
    ),
    "network pressure": Option(
        ("power law", "none"),
        "dependence of both networks on stack pressure",
    ),
    "reaction distribution": Option(
        ("relaxing mode", "uniform"),
        "SPM only: linearised porous electrode that relaxes, or a uniform reaction",
    ),
    "space charge": Option(
        ("depletion", "Mott-Schottky", "constant", "none"),
        "depleted layer in the solid electrolyte at the positive active material",
    ),
    "interphase": Option(
        ("mixed", "reaction-limited", "diffusion-limited", "constant", "none"),
        "oxidised interphase at the positive active material and what limits its growth",
    ),
    "contact": Option(
        ("pressure and damage", "pressure", "constant", "full"),
        "contact area between the positive active material and the solid electrolyte",
    ),
    "cracking": Option(
        ("none", "intergranular"),
        "cracks between the grains of polycrystalline active material, which block its diffusion",
    ),
    "stack pressure": Option(
        ("spring", "constant volume", "constant pressure"),
        "fixture of the cell",
    ),
    "stripping": Option(
        ("depletion", "none"),
        "resistance of a foil as its accessible lithium is used up on discharge",
    ),
}

#: Every solid-state mechanism off: full contact, no interphase, no space charge, constant pressure,
#: fixed conductivities, no stripping term. The models then equal PyBaMM's half-cell models with a
#: constant electrolyte concentration and a transference number of one.
NO_MECHANISMS: dict[str, str] = {
    "positive populations": "one",
    "ionic network": "Bruggeman",
    "electronic network": "Bruggeman",
    "network pressure": "none",
    "reaction distribution": "uniform",
    "space charge": "none",
    "interphase": "none",
    "contact": "full",
    "cracking": "none",
    "stack pressure": "constant pressure",
    "stripping": "none",
}

_SURFACE_FORMS = ("false", "differential")


class Options(_compat.BatteryModelOptions):
    """Resolved options of a model: those of this library and PyBaMM's own.

    Parameters
    ----------
    extra : mapping, optional
        Choices that differ from the defaults.

    Raises
    ------
    pybamm.OptionError
        For an unknown option or value, naming what is allowed.
    """

    def __init__(self, extra: Mapping[str, object] | None = None):
        extra = dict(extra or {})
        own = {name: option.default for name, option in OPTIONS.items()}
        for name in [name for name in extra if name in OPTIONS]:
            value = extra.pop(name)
            if value not in OPTIONS[name].values:
                allowed = ", ".join(repr(v) for v in OPTIONS[name].values)
                raise pybamm.OptionError(f"option {name!r} = {value!r} is not known: use one of {allowed}")
            own[name] = str(value)
        composite = own["negative"] == "composite"
        extra.setdefault("working electrode", "both" if composite else "positive")
        surface_form = extra.get("surface form", "false")
        if surface_form not in _SURFACE_FORMS:
            raise pybamm.OptionError(
                f"option 'surface form' = {surface_form!r} is not known: use one of "
                + ", ".join(repr(v) for v in _SURFACE_FORMS)
            )
        try:
            super().__init__(extra)
        except pybamm.OptionError as error:
            raise pybamm.OptionError(f"{error} Options of assb: {', '.join(OPTIONS)}.") from None
        _compat.extend_possible_options(self, {name: option.values for name, option in OPTIONS.items()})
        self.update(own)

    def of(self, domain: str, name: str) -> str:
        """Value of an option in one electrode.

        The mechanisms act at the positive electrode; a composite negative electrode keeps full
        contact, a constant interface and fixed conductivities, through the same submodels.
        """
        if domain == "positive" or name not in NO_MECHANISMS:
            return str(self[name])
        return {"interphase": "constant", "contact": "constant"}.get(name, NO_MECHANISMS[name])


def options() -> dict[str, Option]:
    """Print the table of options and return it.

    Returns
    -------
    dict
        Name -> :class:`Option`; the first value of each is the default.
    """
    for name, option in OPTIONS.items():
        values = ", ".join([f"{option.default} (D)", *option.values[1:]])
        print(f"{name}: {values}\n    {option.meaning}")
    return dict(OPTIONS)
