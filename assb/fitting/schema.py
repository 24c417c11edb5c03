"""Tables of CONFIG.toml that say what is measured, what is unknown and how it scatters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, model_validator

if TYPE_CHECKING:
    from assb.fitting.discrepancy import Discrepancy
    from assb.fitting.layout import Rule
    from assb.fitting.priors import Prior

Factor = Annotated[float, Field(gt=1)]


class Strict(BaseModel):
    """A table whose unknown keys are errors."""

    model_config = ConfigDict(extra="forbid")


class DataConfig(Strict):
    """One measured record."""

    file: str
    kind: Literal["auto", "series", "spectrum", "table"] = "auto"
    name: str = ""
    cell: str = ""
    settings: dict[str, float] = Field(default_factory=dict)
    shifts: dict[str, float] = Field(default_factory=dict)
    columns: dict[str, str] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)
    current_positive: Literal["discharge", "charge"] = "discharge"
    area: PositiveFloat | None = None
    where: dict[str, str | float] = Field(default_factory=dict)
    steps: list[tuple[PositiveFloat, float]] = Field(default_factory=list)
    noise: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fitting(self):
        if self.steps and self.kind in ("spectrum", "table"):
            raise ValueError(f"steps belong to a time series, not to kind = {self.kind!r}: remove them")
        if self.kind == "table" and self.reading:
            raise ValueError(
                f"{min(self.reading)} belongs to a time series or a spectrum, not to a table: remove it"
            )
        both = sorted(set(self.settings) & set(self.shifts))
        if both:
            raise ValueError(f"{both[0]!r} is in settings and in shifts: keep one")
        return self

    @property
    def reading(self) -> dict[str, Any]:
        """What the file does not say of itself: the arguments of `assb.fitting.read` that are given."""
        given = {name: getattr(self, name) for name in ("units", "area", "where") if getattr(self, name)}
        if self.current_positive == "charge":
            given["current_positive"] = self.current_positive
        return given


class ParameterConfig(Strict):
    """One calibrated parameter: its prior and its scope, or what it is tied to."""

    name: str
    prior: Literal["normal", "log-normal", "uniform"] | None = None
    mean: float | None = None
    sd: PositiveFloat | None = None
    median: PositiveFloat | None = None
    factor: float | None = None
    lower: float | None = None
    upper: float | None = None
    source: str = ""
    scope: Literal["shared", "per data set", "per cell", "pooled"] = "shared"
    spread_median: PositiveFloat | None = None
    spread_factor: Factor | None = None
    tied_to: str | None = None

    @model_validator(mode="after")
    def _complete(self):
        if self.tied_to is not None:
            return self._tied()
        if self.prior is None:
            raise ValueError("prior is missing: add normal, log-normal or uniform, or tied_to")
        needed = {"normal": ("mean", "sd"), "log-normal": ("median", "factor"), "uniform": ("lower", "upper")}
        allowed = {*needed[self.prior], "lower", "upper"}
        for key in needed[self.prior]:
            if getattr(self, key) is None:
                raise ValueError(
                    f"a {self.prior} prior needs {' and '.join(needed[self.prior])}: {key} is missing"
                )
        for key in ("mean", "sd", "median", "factor"):
            if getattr(self, key) is not None and key not in allowed:
                raise ValueError(f"a {self.prior} prior has no {key}: use {' and '.join(needed[self.prior])}")
        if self.factor is not None and not self.factor > 1:
            raise ValueError(
                f"factor = {self.factor:g}: one standard deviation up must be above 1, such as 2"
            )
        if self.scope == "pooled" and self.prior == "uniform":
            raise ValueError("a pooled parameter needs a normal or log-normal prior of its mean")
        for key in ("spread_median", "spread_factor"):
            if getattr(self, key) is not None and self.scope != "pooled":
                raise ValueError(f'{key} belongs to scope = "pooled", not to {self.scope!r}: remove it')
        return self

    def _tied(self):
        for key in ("prior", "mean", "sd", "median", "lower", "upper", "spread_median", "spread_factor"):
            if getattr(self, key) is not None:
                raise ValueError(f"tied to {self.tied_to!r}, so it has no {key}: remove it, or tied_to")
        if self.scope != "shared":
            raise ValueError(f"tied to {self.tied_to!r}, whose scope it takes over: remove scope")
        if self.factor == 0:
            raise ValueError("factor = 0: give the ratio to the parameter it is tied to")
        return self

    def to_prior(self) -> Prior:
        """Prior object."""
        from assb.fitting.priors import KINDS

        keys = ("mean", "sd", "median", "factor", "lower", "upper", "source")
        values = {key: getattr(self, key) for key in keys if getattr(self, key) is not None}
        return KINDS[str(self.prior)](**values)

    def to_rule(self) -> Rule:
        """What a problem takes: a prior, alone or with its scope, or a tie."""
        from assb.fitting.layout import PerCell, PerDataset, Pooled, Tied
        from assb.fitting.priors import LogNormal

        if self.tied_to is not None:
            return Tied(self.tied_to, 1.0 if self.factor is None else self.factor)
        prior = self.to_prior()
        if self.scope == "per data set":
            return PerDataset(prior)
        if self.scope == "per cell":
            return PerCell(prior)
        if self.scope == "shared":
            return prior
        if self.spread_median is None and self.spread_factor is None:
            return Pooled(prior)
        return Pooled(
            prior,
            LogNormal(
                median=self.spread_median or 0.2,
                factor=self.spread_factor or 2.5,
                source="spread between cells over the sd of the prior",
            ),
        )


class DiscrepancyConfig(Strict):
    """What the model may get wrong; see :class:`assb.fitting.Discrepancy`."""

    open_circuit_terms: Annotated[int, Field(ge=0, le=4)] = 1
    sd_mV: PositiveFloat = 40.0
    cell_spread: bool = False
    spread_median: PositiveFloat = 0.2
    spread_factor: Factor = 2.5

    def to_discrepancy(self) -> Discrepancy:
        """Discrepancy object."""
        from assb.fitting.discrepancy import Discrepancy

        return Discrepancy(
            self.open_circuit_terms,
            1e-3 * self.sd_mV,
            self.cell_spread,
            self.spread_median,
            self.spread_factor,
        )
