"""Pure functions of the physical laws.

Every closure is written with NumPy functions only, so that one expression serves NumPy arrays,
PyBaMM symbols and CasADi graphs. SI units throughout.
"""

from assb.models.closures.contact import (
    contact_pressure,
    damage_rate,
    pressure_response,
    utilised_area_fraction,
)
from assb.models.closures.cracking import (
    blocked_diffusivity_ratio,
    crack_opening,
    cracking_rate,
    cracks_from_pressing,
    electrolyte_cushion,
)
from assb.models.closures.interphase import (
    growth_rate,
    oxidation_gate,
    squared_thickness_rate,
)
from assb.models.closures.kinetics import (
    butler_volmer_overpotential,
    butler_volmer_slope,
    exchange_current_density,
)
from assb.models.closures.negative import stripping_resistance
from assb.models.closures.network import (
    bruggeman,
    logarithmic_mixture,
    percolation,
    percolation_threshold,
    pressure_limited,
    size_ratio_percolation,
)
from assb.models.closures.porous_electrode import (
    newman_tobias_resistance,
    relaxation_rate,
    thiele_number,
    uniform_resistance,
)
from assb.models.closures.pressure import layer_stiffness, stack_stiffness
from assb.models.closures.smooth import arrhenius, clip_stoichiometry, smooth_abs, softplus
from assb.models.closures.space_charge import (
    debye_length,
    depletion_capacitance,
    depletion_resistance,
    mott_schottky_resistance,
    potential_drop,
)

__all__ = [
    "arrhenius",
    "blocked_diffusivity_ratio",
    "bruggeman",
    "butler_volmer_overpotential",
    "butler_volmer_slope",
    "clip_stoichiometry",
    "contact_pressure",
    "crack_opening",
    "cracking_rate",
    "cracks_from_pressing",
    "damage_rate",
    "debye_length",
    "depletion_capacitance",
    "depletion_resistance",
    "electrolyte_cushion",
    "exchange_current_density",
    "growth_rate",
    "layer_stiffness",
    "logarithmic_mixture",
    "mott_schottky_resistance",
    "newman_tobias_resistance",
    "oxidation_gate",
    "percolation",
    "percolation_threshold",
    "potential_drop",
    "pressure_limited",
    "pressure_response",
    "relaxation_rate",
    "size_ratio_percolation",
    "smooth_abs",
    "softplus",
    "squared_thickness_rate",
    "stack_stiffness",
    "stripping_resistance",
    "thiele_number",
    "uniform_resistance",
    "utilised_area_fraction",
]
