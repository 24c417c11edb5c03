"""Truong 2025: capacity lost to holding and to cycling at three upper potentials."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assb.fitting import LogNormal
from assb.models.closures import growth_rate
from assb.parameters.materials import PLATEAU
from assb.parameters.materials.potentials import nmc811_potential
from assb.validation.published.study import Quantity, Study, register
from assb.validation.studies.ageing_laws import (
    grown_layer,
    value,
)
from assb.validation.studies.cathodes import (
    DISCHARGED,
    window,
)

#: Conditions of the rows: NCM83 and Li6PS5Cl against In-Li, about 50 MPa, 25 C, 48 h.
TEMPERATURE, SECONDS = 298.15, 48 * 3600.0

LOSS = "Capacity lost per interphase [%.nm-1]"

Constants = Mapping[str, float]
Parts = Mapping[str, str]


def equivalent_potential(upper: float) -> float:
    """Potential that grows as much in the same time as cycling up to a cut-off does [V vs Li].

    The rate is averaged over a slow cycle, along the open-circuit law at constant current. The rates of
    the library go with ``exp(b F V/(R T))``, so that the average is that of this exponential.
    """
    charged, discharged = window(nmc811_potential, 0.0, (2.7, upper), (0.05, DISCHARGED))
    way = nmc811_potential(np.linspace(charged, discharged, 201))
    transfer = value("INTERPHASE", "interphase transfer coefficient")
    scale = growth_rate(1.0, 1.0, 0.0, transfer, TEMPERATURE)  # of one volt
    return float(upper + np.log(np.mean(scale ** (way - upper))) / np.log(scale))


def loss(constants: Constants, parts: Parts) -> float:
    """Capacity lost in 48 h [%]: each nanometre of interphase cuts off a share of what is still connected."""
    upper = float(parts["volts"]) + PLATEAU["InLi"]
    potential = upper if parts["mode"] == "cal" else equivalent_potential(upper)
    # No layer at the start: an initial one of the library's 2 nm would hold growth at 3.7 V back, against its row.
    grown = 1e9 * grown_layer(SECONDS, potential, TEMPERATURE)
    return float(100 * (1 - np.exp(-constants[LOSS] / 100 * grown)))


register(
    Study(
        key="tr",
        title="Capacity lost in 48 h at upper potentials of 3.7 to 4.1 V against In-Li, held and cycled",
        source="Truong et al. 2025, J. Mater. Chem. A 13, 17261 (data doi 10.17879/14908422666)",
        quantities=(Quantity(r"Q_(?P<mode>cal|cyc)_(?P<volts>[\d.]+)", "%", loss),),
        constants={
            LOSS: LogNormal(
                median=3.0,
                factor=3.0,
                source="an interphase of 2-20 nm (XPS, ToF-SIMS of aged cells) and losses of 10-40 %",
            )
        },
        misses=(
            "Growth limited by diffusion through the interphase, with the library's dependence on"
            " potential, gives the steps between holding and cycling. It is convex in the potential: the"
            " measured loss on holding rises most between 3.7 and 3.9 V and levels off, so that the hold"
            " at 3.9 V is missed by some 10 %. The digest that the rows come from disputes the baseline of"
            " some points, and whether a hold keeps the potential or rests from it, which would level the"
            " loss at 4.1 V off, is not in the rows. The loss per nanometre is empirical: the resistance"
            " of a layer of some nanometres with the library's conductivity would cost no capacity at"
            " C/10. The library's initial layer of 2 nm is left out, as it would hold the growth at 3.7 V"
            " back against its calibrating row."
        ),
    )
)
