"""Pure functions of the physical laws.

Every closure is written with NumPy functions only, so that one expression serves NumPy arrays,
PyBaMM symbols and CasADi graphs. SI units throughout.
"""

from assb.models.closures.coatings import (
    coated_contact_conduction,
    coated_interface_potential,
    coating_electronic_ratio,
)
from assb.models.closures.contact import (
    apparent_diffusivity_ratio,
    constriction_factor,
    contact_pressure,
    damage_rate,
    diffusion_constriction_length,
    electrolyte_damage_rate,
    pressure_response,
    utilised_area_fraction,
)
from assb.models.closures.cracking import (
    blocked_diffusivity_ratio,
    crack_opening,
    cracking_rate,
    cracks_from_pressing,
    electrolyte_cushion,
    isolation_rate,
)
from assb.models.closures.depth_modes import DepthModes, depth_modes_for, field_moments, ohmic_correction
from assb.models.closures.dispersion import relaxation_time_ratio
from assb.models.closures.fracture import (
    fractured_share,
    gradient_fracture_ratio,
    grain_misfit_ratio,
    lithium_gradient_stress,
)
from assb.models.closures.hysteresis import hysteresis_rate
from assb.models.closures.interphase import (
    coating_resistance,
    contact_healing_rate,
    electronic_factor,
    formation_rate,
    growth_rate,
    healing_rate,
    incubation,
    oxidation_gate,
    squared_thickness_rate,
)
from assb.models.closures.kinetics import (
    butler_volmer_current,
    butler_volmer_overpotential,
    butler_volmer_slope,
    exchange_current_density,
)
from assb.models.closures.lithium_metal import (
    creep_current,
    intrusion_rate,
    lithium_coverage,
    plating_current,
    void_rate,
)
from assb.models.closures.negative import (
    forming_rate,
    forming_resistance_ratio,
    mixed_conduction_constant,
    stripping_resistance,
)
from assb.models.closures.network import (
    bruggeman,
    effective_medium,
    electrolyte_left,
    logarithmic_mixture,
    percolation,
    percolation_threshold,
    pressure_limited,
    size_ratio_exponent,
    size_ratio_percolation,
)
from assb.models.closures.obstacles import (
    coated_network_factor,
    cover_factor,
    pore_factor,
    pressed_porosity,
)
from assb.models.closures.particle_diffusion import (
    SphereModes,
    quartic_gradient_rate,
    quartic_profile,
    quartic_surface,
    sphere_modes_for,
)
from assb.models.closures.porous_electrode import (
    newman_tobias_resistance,
    relaxation_rate,
    thiele_number,
    uniform_resistance,
)
from assb.models.closures.pressure import layer_stiffness, stack_stiffness
from assb.models.closures.smooth import (
    arrhenius,
    clip_stoichiometry,
    smooth_abs,
    soft_clip_stoichiometry,
    softplus,
)
from assb.models.closures.space_charge import (
    debye_length,
    depletion_capacitance,
    depletion_resistance,
    mott_schottky_resistance,
    mott_schottky_width,
    poisson_boltzmann_resistance,
    potential_drop,
    relaxation_time,
)
from assb.models.closures.transmission_line import electrode_impedance, through_impedance

__all__ = [
    "DepthModes",
    "SphereModes",
    "apparent_diffusivity_ratio",
    "arrhenius",
    "blocked_diffusivity_ratio",
    "bruggeman",
    "butler_volmer_current",
    "butler_volmer_overpotential",
    "butler_volmer_slope",
    "clip_stoichiometry",
    "coated_contact_conduction",
    "coated_interface_potential",
    "coated_network_factor",
    "coating_electronic_ratio",
    "coating_resistance",
    "constriction_factor",
    "contact_healing_rate",
    "contact_pressure",
    "cover_factor",
    "crack_opening",
    "cracking_rate",
    "cracks_from_pressing",
    "creep_current",
    "damage_rate",
    "debye_length",
    "depletion_capacitance",
    "depletion_resistance",
    "depth_modes_for",
    "diffusion_constriction_length",
    "effective_medium",
    "electrode_impedance",
    "electrolyte_cushion",
    "electrolyte_damage_rate",
    "electrolyte_left",
    "electronic_factor",
    "exchange_current_density",
    "field_moments",
    "formation_rate",
    "forming_rate",
    "forming_resistance_ratio",
    "fractured_share",
    "gradient_fracture_ratio",
    "grain_misfit_ratio",
    "growth_rate",
    "healing_rate",
    "hysteresis_rate",
    "incubation",
    "intrusion_rate",
    "isolation_rate",
    "layer_stiffness",
    "lithium_coverage",
    "lithium_gradient_stress",
    "logarithmic_mixture",
    "mixed_conduction_constant",
    "mott_schottky_resistance",
    "mott_schottky_width",
    "newman_tobias_resistance",
    "ohmic_correction",
    "oxidation_gate",
    "percolation",
    "percolation_threshold",
    "plating_current",
    "poisson_boltzmann_resistance",
    "pore_factor",
    "potential_drop",
    "pressed_porosity",
    "pressure_limited",
    "pressure_response",
    "quartic_gradient_rate",
    "quartic_profile",
    "quartic_surface",
    "relaxation_rate",
    "relaxation_time",
    "relaxation_time_ratio",
    "size_ratio_exponent",
    "size_ratio_percolation",
    "smooth_abs",
    "soft_clip_stoichiometry",
    "softplus",
    "sphere_modes_for",
    "squared_thickness_rate",
    "stack_stiffness",
    "stripping_resistance",
    "thiele_number",
    "through_impedance",
    "uniform_resistance",
    "utilised_area_fraction",
    "void_rate",
]
