"""Materials: what belongs to a substance and not to a cell, each value with its source."""

from assb.parameters.materials import carbon, electrolytes, indium_lithium, layered_oxides, lto

POSITIVE = {**layered_oxides.MATERIALS}
NEGATIVE = {"InLi": indium_lithium.MATERIAL, "LTO": lto.MATERIAL}
ELECTROLYTE = {**electrolytes.MATERIALS}
CARBON = carbon.MATERIAL

__all__ = ["CARBON", "ELECTROLYTE", "NEGATIVE", "POSITIVE"]
