"""Conductivities of NCM88 | Li6PS5Cl composites against composition and stack pressure."""

from __future__ import annotations

from collections.abc import Mapping

from assb.fitting import LogNormal
from assb.models.closures import percolation, pressure_limited, size_ratio_percolation
from assb.models.submodels.network import PERCOLATION_EXPONENT, PERCOLATION_THRESHOLD
from assb.parameters import VolumeFractions, volume_fractions
from assb.validation.published.study import Quantity, Study, register

#: [g.cm-3], as the paper gives them.
DENSITIES = {"active material": 4.8, "solid electrolyte": 1.87, "carbon": 2.0, "binder": 1.8}
#: Pores: those of composites of the same kind pressed at 380 MPa (Minnmann 2021). What Table 3 implies for
#: them is not usable: 0.23 to 0.38, not monotonic, the same at all pressures.
VOID = 0.14
#: Active over electrolyte diameter. The paper does not say; this is half-way between coarse electrolyte,
#: threshold 0.22, and fine one without threshold.
SIZE_RATIO = 3.0
REFERENCE_PRESSURE = 20e6
#: Sulfide flows as it is pressed at 370 MPa and does not feel a few MPa. Oxide touches oxide elastically
#: through surface films: conductance goes as the area of Hertz, P**(2/3) (K. L. Johnson, Contact Mechanics,
#: 1985, ch. 4).
IONIC_EXPONENT, ELECTRONIC_EXPONENT = 0.0, 2 / 3
IONIC, ELECTRONIC = "Ionic network conductivity [S.m-1]", "Electronic network conductivity [S.m-1]"


def composite(percent: float) -> VolumeFractions:
    """Volume fractions at a mass percentage of active material."""
    recipe = {"active material": percent, "solid electrolyte": 100 - percent}
    return volume_fractions(recipe, DENSITIES, VOID)


def ionic(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    """Effective ionic conductivity [S.cm-1]."""
    dense = composite(float(parts["percent"])).solid_electrolyte
    network = size_ratio_percolation(dense, SIZE_RATIO)
    return 0.01 * constants[IONIC] * _pressed(network, dense, parts, IONIC_EXPONENT)


def electronic(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    """Effective electronic conductivity [S.cm-1]."""
    dense = composite(float(parts["percent"])).active_material
    network = percolation(dense, PERCOLATION_THRESHOLD, PERCOLATION_EXPONENT)
    return 0.01 * constants[ELECTRONIC] * _pressed(network, dense, parts, ELECTRONIC_EXPONENT)


def _pressed(network: float, dense: float, parts: Mapping[str, str], exponent: float) -> float:
    pressure = 1e6 * float(parts["pressure"])
    return float(pressure_limited(network, dense, pressure, REFERENCE_PRESSURE, exponent))


SAMPLE = r"(?P<percent>[\d.]+)_(?P<pressure>[\d.]+)"
STUDY = register(
    Study(
        key="song",
        title="Ionic and electronic conductivity against composition and stack pressure",
        source="Y. B. Song et al., Curr. Opin. Solid State Mater. Sci. 2022, doi 10.1016/j.cossms.2021.100977, Table 3",
        quantities=(
            Quantity(f"sion_{SAMPLE}", "S/cm", ionic),
            Quantity(f"sel_{SAMPLE}", "S/cm", electronic),
        ),
        constants={
            IONIC: LogNormal(median=0.19, factor=3.0, source="stated for Li6PS5Cl"),
            ELECTRONIC: LogNormal(median=4.1, factor=3.0, source="stated for NCM88"),
        },
        misses=(
            "The ratio of the electronic conductivities at 20 and 3 MPa is one number in the model, 3.5, and"
            " 3.0, 4.3 and 4.2 in the table (85, 70, 50 % by mass): the exponent is that of elastic contacts and"
            " not fitted. The electronic network of the poorest composite lies just above its threshold, so that"
            " its conductivity follows the pores, which are not known: one percent more of them costs a fifth."
            " Predicted from the richer composites alone it comes out too low by a quarter to two fifths. Both"
            " networks conduct worse than their phases by a factor that the study decides; why is open. Pores and"
            " the ratio of particle sizes are not stated and taken from elsewhere. Of the contradiction between"
            " prose and table for 70:30, the table is taken: conductivity falls with the pressure."
        ),
        samples="percent",
    )
)
