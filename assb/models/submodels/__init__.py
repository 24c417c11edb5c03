"""Submodels: one mechanism a file, assembled by the full-cell models."""

from assb.models.submodels.carbon_interphase import CarbonInterphase
from assb.models.submodels.constriction import ContactConstriction
from assb.models.submodels.contact import ContactArea
from assb.models.submodels.cracking import Cracking
from assb.models.submodels.diffusion_constriction import DiffusionConstriction
from assb.models.submodels.dispersed_double_layer import DispersedDoubleLayer
from assb.models.submodels.dispersed_foil import DispersedFoil
from assb.models.submodels.foil import FoilElectrode
from assb.models.submodels.hysteresis import Hysteresis
from assb.models.submodels.interphase import Interphase
from assb.models.submodels.intrusion import LithiumIntrusion
from assb.models.submodels.inventory import LithiumInventory
from assb.models.submodels.isolation import Isolation
from assb.models.submodels.kinetics import Kinetics
from assb.models.submodels.leakage import ElectronicLeakage
from assb.models.submodels.lithium_reservoir import LithiumReservoir
from assb.models.submodels.negative_interphase import NegativeInterphase
from assb.models.submodels.network import Network
from assb.models.submodels.particle import Particle
from assb.models.submodels.polynomial_particle import PolynomialParticle
from assb.models.submodels.populations import Populations
from assb.models.submodels.pressure import StackPressure
from assb.models.submodels.pressure_slope import PressureSlope
from assb.models.submodels.reaction import AveragedReaction, ResolvedReaction
from assb.models.submodels.reaction_modes import ModalReaction
from assb.models.submodels.series_resistance import SeriesResistance
from assb.models.submodels.space_charge import SpaceCharge
from assb.models.submodels.spectral_particle import SpectralParticle
from assb.models.submodels.thermal import Temperature
from assb.models.submodels.voids import Voids

__all__ = [
    "AveragedReaction",
    "CarbonInterphase",
    "ContactArea",
    "ContactConstriction",
    "Cracking",
    "DiffusionConstriction",
    "DispersedDoubleLayer",
    "DispersedFoil",
    "ElectronicLeakage",
    "FoilElectrode",
    "Hysteresis",
    "Interphase",
    "Isolation",
    "Kinetics",
    "LithiumIntrusion",
    "LithiumInventory",
    "LithiumReservoir",
    "ModalReaction",
    "NegativeInterphase",
    "Network",
    "Particle",
    "PolynomialParticle",
    "Populations",
    "PressureSlope",
    "ResolvedReaction",
    "SeriesResistance",
    "SpaceCharge",
    "SpectralParticle",
    "StackPressure",
    "Temperature",
    "Voids",
]
