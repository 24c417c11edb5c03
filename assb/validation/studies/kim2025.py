"""Kim 2025: charge transfer of coated and bare NCM811 against its share and the temperature."""

from __future__ import annotations

from collections.abc import Mapping

from assb.fitting import LogNormal
from assb.models.closures import arrhenius
from assb.parameters.materials import POSITIVE
from assb.validation.published.fit import frozen
from assb.validation.published.study import Quantity, Study, register
from assb.validation.studies.cathodes import (
    CM2,
    REFERENCE_TEMPERATURE,
    cathode,
)
from assb.validation.studies.kang2025 import COATED

#: Conditions of the rows: NCM811 and Li6PS5Cl, 40-47 um thick, 30 C; fabrication pressure and size are not in them.
THICKNESS, FABRICATION, TEMPERATURE, SHARE = 43.5e-6, 375.0, 303.15, 72.0

BARE = "Resistance of bare interface at 25 C [Ohm.cm2]"

Constants = Mapping[str, float]
Parts = Mapping[str, str]


def transfer(constants: Constants, share: float, temperature: float, bare: bool) -> float:
    """Charge-transfer resistance [Ohm.cm2] at a share of active material [% by mass] and a temperature [K].

    A bare interface adds its resistance to the library's charge transfer, with the activation energy of the
    transfer (assumption). A coating takes it away but for what it leaves bare: the share that LZO left in
    the study of Kang 2025, as a wet coating of LiNbO3 is no denser. The rows of this study do not decide it.
    """
    recipe = {"active material": share, "solid electrolyte": 100 - share}
    electrode = cathode("NCM811", recipe, FABRICATION, temperature, thickness=THICKNESS)
    left = 1.0 if bare else 1 - frozen("k25").mapping()[COATED]
    energy = POSITIVE["NCM811"]["Positive electrode exchange-current activation energy [J.mol-1]"].value
    added = left * constants[BARE] / CM2 / arrhenius(energy, temperature, REFERENCE_TEMPERATURE)
    return float(CM2 * (electrode.charge_transfer + added) / electrode.contact)


def at_share(constants: Constants, parts: Parts) -> float:
    """Coated or bare, at a share of active material, 30 C [Ohm.cm2]."""
    return transfer(constants, float(parts["share"]), TEMPERATURE, parts["surface"] == "bare")


def at_temperature(constants: Constants, parts: Parts) -> float:
    """Bare, 72 % by mass, at a temperature [Ohm.cm2]."""
    return transfer(constants, SHARE, 273.15 + float(parts["celsius"]), bare=True)


register(
    Study(
        key="kt",
        title="Charge transfer of coated and bare NCM811 against its share and temperature",
        source="Kim, Kang, Park, Lee 2025, Electrochim. Acta 542, 147413",
        quantities=(
            Quantity(r"Rct_(?P<surface>LNO|bare)_(?P<share>[\d.]+)", "Ohm cm2", at_share),
            Quantity(r"RctT_(?P<celsius>[\d.]+)", "Ohm cm2", at_temperature),
        ),
        constants={
            BARE: LogNormal(
                median=1000.0,
                factor=5.0,
                source="bare oxide on sulfide 1e2-1e3 ohm cm2 beyond charge transfer",
            )
        },
        misses=(
            "The resistance of the bare interface rises again from 72 to 82 % of active material, by more"
            " than the contact that the library's coverage loses there; its area alone would make it fall,"
            " as it does for coated particles. Transport of ions, which is poorest at 82 %, may have"
            " entered the fitted arc. The coated rows rest on the library's exchange current density and"
            " on the coated share calibrated on Kang 2025, which is uncertain to a tenth, more than their"
            " tolerance: without any bare share they would come out at half of what was measured."
        ),
    )
)
