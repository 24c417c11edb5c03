"""Materials: what belongs to a substance and not to a cell, each value with its source."""

from assb.parameters.materials import (
    carbon,
    electrolytes,
    graphite,
    indium_lithium,
    layered_oxides,
    lithium_metal,
    lto,
    other_positives,
    oxide_series,
    silicon,
    tin,
)

POSITIVE = {**layered_oxides.MATERIALS, **oxide_series.MATERIALS, **other_positives.MATERIALS}
NEGATIVE = {
    "InLi": indium_lithium.MATERIAL,
    "Li": lithium_metal.MATERIAL,
    "LTO": lto.MATERIAL,
    "graphite": graphite.MATERIAL,
    "anode-free": lithium_metal.ANODE_FREE,
    "Si": silicon.MATERIAL,
    "Sn": tin.MATERIAL,
}
#: Negatives that are porous composites, option "negative": "composite".
COMPOSITE_NEGATIVES = ("LTO", "graphite", "Si", "Sn")
#: Potential against lithium that turns a voltage window against lithium into one of the cell [V].
PLATEAU = {"InLi": 0.62, "Li": 0.0, "anode-free": 0.0, "LTO": 1.571, "graphite": 0.1, "Si": 0.1, "Sn": 0.4}
ELECTROLYTE = {**electrolytes.MATERIALS}
CARBON = carbon.MATERIAL

__all__ = ["CARBON", "COMPOSITE_NEGATIVES", "ELECTROLYTE", "NEGATIVE", "PLATEAU", "POSITIVE"]
