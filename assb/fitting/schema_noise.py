"""The [noise] tables of CONFIG.toml: how each kind of data scatters, with sizes that are known or sampled."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, PositiveFloat, model_validator

from assb.fitting.schema import Factor, Strict

if TYPE_CHECKING:
    from assb.fitting.noise import CorrelatedNoise, Noise
    from assb.fitting.priors import Prior

#: Degrees of freedom of Student's distribution unless given.
DEGREES = 4.0


class NoiseTable(Strict):
    """What all noise tables share."""

    #: Key of a known size -> keys of its prior, which exclude it.
    known: ClassVar[dict[str, tuple[str, str]]] = {}
    degrees_of_freedom: PositiveFloat | None = None

    @model_validator(mode="after")
    def _consistent(self):
        given = self.model_fields_set
        for fixed, prior in self.known.items():
            for key in prior:
                if fixed in given and key in given:
                    raise ValueError(f"{fixed} is a known size, so {key} has no meaning: keep one of them")
        chosen = self.distribution  # type: ignore[attr-defined]
        if self.degrees_of_freedom is not None and chosen != "student":
            raise ValueError(
                f'degrees_of_freedom belongs to distribution = "student", not to {chosen!r}: remove it'
            )
        for key in sorted(given):
            if chosen != "correlated" and key.startswith(("correlation_time", "white")):
                raise ValueError(
                    f'{key} belongs to distribution = "correlated", not to {chosen!r}: remove it'
                )
        return self

    def _size(self, fixed: str, scale: float, source: str) -> Prior | float:
        """Known value or log-normal prior of a size, in the unit of the data."""
        from assb.fitting.priors import LogNormal

        value = getattr(self, fixed)
        if value is not None:
            return scale * value
        median, factor = (getattr(self, key) for key in self.known[fixed])
        return LogNormal(median=scale * median, factor=factor, source=source)

    def _independent(self, sd: Prior | float, label: str, units: str) -> Noise:
        from assb.fitting.noise import StudentNoise, WhiteNoise

        if self.distribution == "student":  # type: ignore[attr-defined]
            return StudentNoise(sd, label, units, self.degrees_of_freedom or DEGREES)
        return WhiteNoise(sd, label, units)

    @abstractmethod
    def to_noise(self, label: str = "") -> Noise:
        """Noise model; data sets with the same label share its sizes."""


class VoltageNoise(NoiseTable):
    """Residuals of voltages: an Ornstein-Uhlenbeck process, if asked plus white noise; or independent rows."""

    known: ClassVar[dict[str, tuple[str, str]]] = {
        "sd_mV": ("sd_median_mV", "sd_factor"),
        "correlation_time_s": ("correlation_time_median_s", "correlation_time_factor"),
        "white_sd_mV": ("white_sd_median_mV", "white_sd_factor"),
    }
    distribution: Literal["correlated", "normal", "student"] = "correlated"
    sd_mV: PositiveFloat | None = None
    sd_median_mV: PositiveFloat = 5.0
    sd_factor: Factor = 2.5
    correlation_time_s: PositiveFloat | None = None
    correlation_time_median_s: PositiveFloat = 300.0
    correlation_time_factor: Factor = 3.0
    white: bool = False
    white_sd_mV: PositiveFloat | None = None
    white_sd_median_mV: PositiveFloat = 1.0
    white_sd_factor: Factor = 3.0

    def to_noise(self, label: str = "") -> Noise:
        """See :class:`NoiseTable`."""
        sd = self._size("sd_mV", 1e-3, "a few mV of model error above 0.1 mV of instrument noise")
        if self.distribution != "correlated":
            return self._independent(sd, label, "V")
        white = None
        if self.white or self.white_sd_mV is not None:
            white = self._size("white_sd_mV", 1e-3, "between 0.1 mV of resolution and the correlated part")
        return _correlated(self, sd, white, label, "V")


class PressureNoise(NoiseTable):
    """Residuals of the stack pressure."""

    known: ClassVar[dict[str, tuple[str, str]]] = {
        "sd_MPa": ("sd_median_MPa", "sd_factor"),
        "correlation_time_s": ("correlation_time_median_s", "correlation_time_factor"),
    }
    distribution: Literal["correlated", "normal", "student"] = "correlated"
    sd_MPa: PositiveFloat | None = None
    sd_median_MPa: PositiveFloat = 0.02
    sd_factor: Factor = 3.0
    correlation_time_s: PositiveFloat | None = None
    correlation_time_median_s: PositiveFloat = 300.0
    correlation_time_factor: Factor = 3.0

    def to_noise(self, label: str = "Pressure") -> Noise:
        """See :class:`NoiseTable`."""
        sd = self._size("sd_MPa", 1.0, "assumption: resolution and drift of a load cell")
        if self.distribution != "correlated":
            return self._independent(sd, label, "MPa")
        return _correlated(self, sd, None, label, "MPa")


class ImpedanceNoise(NoiseTable):
    """Residuals of an impedance over the magnitude measured."""

    known: ClassVar[dict[str, tuple[str, str]]] = {"sd_percent": ("sd_median_percent", "sd_factor")}
    distribution: Literal["normal", "student"] = "normal"
    sd_percent: PositiveFloat | None = None
    sd_median_percent: PositiveFloat = 1.0
    sd_factor: Factor = 2.5

    def to_noise(self, label: str = "Impedance") -> Noise:
        """See :class:`NoiseTable`."""
        sd = self._size("sd_percent", 1e-2, "assumption: 1 % of the magnitude")
        return self._independent(sd, label, "-")


class TableNoise(NoiseTable):
    """Residuals of a table over the scale of each row."""

    known: ClassVar[dict[str, tuple[str, str]]] = {"sd": ("sd_median", "sd_factor")}
    distribution: Literal["normal", "student"] = "normal"
    sd: PositiveFloat | None = None
    sd_median: PositiveFloat = 1.0
    sd_factor: Factor = 3.0

    def to_noise(self, label: str = "Table") -> Noise:
        """See :class:`NoiseTable`."""
        sd = self._size("sd", 1.0, "assumption: of the order of the scales stated")
        return self._independent(sd, label, "-")


class NoiseConfig(VoltageNoise):
    """Noise of the voltages, and in tables of their own that of the other kinds."""

    pressure: PressureNoise = Field(default_factory=PressureNoise)
    impedance: ImpedanceNoise = Field(default_factory=ImpedanceNoise)
    table: TableNoise = Field(default_factory=TableNoise)

    def by_kind(self) -> dict[str, Noise]:
        """Noise models by kind of data."""
        return {
            "voltage": self.to_noise(),
            "pressure": self.pressure.to_noise(),
            "impedance": self.impedance.to_noise(),
            "table": self.table.to_noise(),
        }


#: Kind of data -> table of the noise of one data set.
TABLES: dict[str, type[NoiseTable]] = {
    "series": VoltageNoise,
    "spectrum": ImpedanceNoise,
    "table": TableNoise,
}


def _correlated(table: VoltageNoise | PressureNoise, sd, white, label: str, units: str) -> CorrelatedNoise:
    from assb.fitting.noise import CorrelatedNoise

    time = table._size("correlation_time_s", 1.0, "minutes, between the sampling and the length of a step")
    return CorrelatedNoise(sd=sd, correlation_time=time, white_sd=white, label=label, units=units)
