"""Share of active material from which electrons find a way, against the size of its particles."""

from __future__ import annotations

from collections.abc import Mapping

from assb.models.submodels.network import PERCOLATION_THRESHOLD
from assb.validation.published.study import Quantity, Study, register

ELECTROLYTE_DIAMETER = 3.0  # um
#: Pores of the structures; the threshold of the models counts the volume of the electrode, the rows that of
#: the solids.
VOID = 0.20


def threshold(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    """Percolation threshold of the active material [vol% of the solids].

    Spheres of a kind connect once each has a certain number of neighbours of its own kind. That number goes as the
    share of the kind in the surface of all spheres, not in their volume (M. Suzuki, T. Oshima, Powder Technol. 1983,
    35, 159; D. Bouvard, F. F. Lange, Acta Metall. Mater. 1991, 39, 3083): at the threshold the share in the surface is
    the same whatever the sizes, and equal to that in the volume where they are equal.
    """
    surface = PERCOLATION_THRESHOLD / (1 - VOID)
    volumes = surface * float(parts["diameter"]) / ELECTROLYTE_DIAMETER
    return 100 * volumes / (volumes + 1 - surface)


STUDY = register(
    Study(
        key="bi",
        title="Electronic percolation threshold against the diameter of the active material",
        source="A. Bielefeld et al., J. Phys. Chem. C 2019, 123, 1626, doi 10.1021/acs.jpcc.8b11043",
        quantities=(Quantity(r"pc_(?P<diameter>[\d.]+)", "vol% CAM", threshold),),
        misses=(
            "Nothing is calibrated. The threshold of the models, 21.7 % of the electrode and 27 % of its"
            " solids, comes from measured conductivities and knows no size; with the rule of constant surface"
            " shares it rises from 27 to 65 % as the particles grow from 3 to 15 um, where the simulated"
            " packings of spheres rise from 45 to 58 %. They need far more active material at equal sizes than"
            " composites that are pressed, whose particles flatten against each other: measured ones still"
            " conduct at 28 % of the solids (Song 2022). The two numbers cannot both be right for one electrode,"
            " and the models side with the measured one. The steep rise with the size is a fault of the rule,"
            " which leaves out that large spheres crowd into contact however small the others are."
        ),
    )
)
