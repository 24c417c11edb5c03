"""Options of the models: a choice is checked and resolved."""

from __future__ import annotations

from collections.abc import Mapping

import pybamm

from assb.models import _compat
from assb.models.option_table import NO_MECHANISMS, OPTIONS, REFINEMENTS, Option

#: What holds for both electrodes alike.
_OF_BOTH = ("reaction distribution", "particle diffusion")
#: What belongs to the negative electrode, whatever its name says to the positive one.
_OF_NEGATIVE = ("negative hysteresis",)

#: What a composite negative electrode has not.
_OF_FOIL = (
    "negative interphase",
    "negative interphase growth",
    "negative interface dispersion",
    "negative voids",
    "negative fracture",
    "negative lithium",
)
_DISPERSIONS = ("positive interface dispersion", "negative interface dispersion")
#: Options of PyBaMM that these models follow; the others would be ignored.
_FOLLOWED = (
    "calculate discharge energy",
    "contact resistance",
    "intercalation kinetics",
    "operating mode",
    "surface form",
    "thermal",
    "voltage as a state",
    "working electrode",
    # PyBaMM's SPM writes it into the dictionary that it is given, which may then be given to a model of ours.
    "x-average side reactions",
)
_SURFACE_FORMS = ("false", "differential")
_KINETICS = ("symmetric Butler-Volmer", "asymmetric Butler-Volmer")


class Options(_compat.BatteryModelOptions):
    """Resolved options of a model: those of this library and PyBaMM's own.

    A refinement of a mechanism that is off is off as well.

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
        # A copy of a model gets all options, as PyBaMM resolved them; they were looked at once.
        if not OPTIONS.keys() <= extra.keys():
            _refuse_what_would_be_ignored(extra)
        own = {name: option.default for name, option in OPTIONS.items()}
        for name in [name for name in extra if name in OPTIONS]:
            value = extra.pop(name)
            if value not in OPTIONS[name].values:
                allowed = ", ".join(repr(v) for v in OPTIONS[name].values)
                raise pybamm.OptionError(f"option {name!r} = {value!r} is not known: use one of {allowed}")
            own[name] = str(value)
        for name, (refined, idle) in REFINEMENTS.items():
            if own[refined] in idle:
                own[name] = OPTIONS[name].default
        composite = own["negative"] == "composite"
        for name in _OF_FOIL:
            if composite and own[name] != OPTIONS[name].default:
                raise pybamm.OptionError(
                    f"option {name!r} = {own[name]!r} belongs to a foil: leave it"
                    f" {OPTIONS[name].default!r} with 'negative' = 'composite'"
                )
        if not composite and own["negative hysteresis"] != "none":
            raise pybamm.OptionError(
                f"option 'negative hysteresis' = {own['negative hysteresis']!r} belongs to a composite, whose potential"
                " depends on its lithium: leave it 'none' with 'negative' = 'foil'"
            )
        extra.setdefault("working electrode", "both" if composite else "positive")
        surface_form = extra.get("surface form", "false")
        if surface_form not in _SURFACE_FORMS:
            raise pybamm.OptionError(
                f"option 'surface form' = {surface_form!r} is not known: use one of "
                + ", ".join(repr(v) for v in _SURFACE_FORMS)
            )
        kinetics = extra.get("intercalation kinetics", _KINETICS[0])
        for each in kinetics if isinstance(kinetics, tuple) else (kinetics,):
            if each not in _KINETICS:
                raise pybamm.OptionError(
                    f"option 'intercalation kinetics' = {each!r} is not known: use one of "
                    + ", ".join(repr(v) for v in _KINETICS)
                )
        if surface_form == "false":  # no double layer that could disperse
            own.update(dict.fromkeys(_DISPERSIONS, "none"))
        try:
            super().__init__(extra)
        except pybamm.OptionError as error:
            raise pybamm.OptionError(f"{error} Options of assb: {', '.join(OPTIONS)}.") from None
        _compat.extend_possible_options(self, {name: option.values for name, option in OPTIONS.items()})
        self.update(own)

    def of(self, domain: str, name: str) -> str:
        """Value of an option in one electrode.

        The mechanisms act at the positive electrode; a composite negative electrode keeps full
        contact, a constant interface and fixed conductivities, through the same submodels. How the
        reaction spreads and how diffusion is solved are no mechanisms of one electrode: they hold for
        both.
        """
        if name in _OF_NEGATIVE:
            return str(self[name]) if domain == "negative" else OPTIONS[name].default
        if domain == "positive" or name not in NO_MECHANISMS or name in _OF_BOTH:
            return str(self[name])
        return {"interphase": "constant", "contact": "constant"}.get(name, NO_MECHANISMS[name])


def _refuse_what_would_be_ignored(extra: Mapping[str, object]) -> None:
    """Raise for an option of PyBaMM that says what these models do not do."""
    unused = [name for name in extra if name not in OPTIONS and name not in _FOLLOWED]
    if not unused:
        return
    defaults = _compat.BatteryModelOptions({})
    for name in unused:
        if name in defaults and extra[name] != defaults[name]:
            raise pybamm.OptionError(
                f"option {name!r} = {extra[name]!r} of PyBaMM has no effect in these models: leave it"
                f" {defaults[name]!r}. Options of assb: {', '.join(OPTIONS)}."
            )


def require_current_control(model: pybamm.BaseModel, user: str) -> None:
    """Refuse a model that controls its own current: what sets the current itself would have no effect.

    Parameters
    ----------
    model : pybamm.BaseModel
    user : str
        What sets the current, as the subject of the message.

    Raises
    ------
    ValueError
        For any option "operating mode" but "current".
    """
    mode = getattr(model, "options", {}).get("operating mode", "current")
    if mode != "current":
        raise ValueError(
            f'option "operating mode" = {mode!r}: {user} sets the current and would be ignored. Leave the option '
            'at "current", or run this model over a time with pybamm.Simulation(model, ...).solve([0, time]).'
        )


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
