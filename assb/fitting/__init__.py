"""Calibration: data, priors, likelihood, gradient calibration, MCMC, identifiability."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assb.fitting.calibration_ranks import CalibrationRanks
    from assb.fitting.candidates import constant_rate, pulses, relaxation, titration, under
    from assb.fitting.circuits import Circuit, fit_circuit
    from assb.fitting.dataset import DataError, Dataset
    from assb.fitting.discrepancy import Discrepancy
    from assb.fitting.drt import RELAXATION_WINDOWS, relaxation_times, resistance_between
    from assb.fitting.estimate import Estimate, calibrate
    from assb.fitting.examination import Examination, examine
    from assb.fitting.experiments import design
    from assb.fitting.identifiable import Identifiability, identifiability, identifiability_of
    from assb.fitting.information import MapFit, ellipse, ellipse_area, fit_map, laplace_covariance
    from assb.fitting.knowledge import JointPrior
    from assb.fitting.kramers_kronig import KramersKronig, lin_kk
    from assb.fitting.layout import PerCell, PerDataset, Pooled, Tied
    from assb.fitting.mechanisms import (
        Evidence,
        MechanismComparison,
        compare_mechanisms,
        evidence,
        laplace_evidence,
    )
    from assb.fitting.nlp import calibrate_nlp
    from assb.fitting.noise import CorrelatedNoise, Noise, StudentNoise, WhiteNoise
    from assb.fitting.plan import Plan
    from assb.fitting.posterior import Posterior, sample
    from assb.fitting.pressiometry import pressure_derivative
    from assb.fitting.priors import LogNormal, Normal, Prior, Uniform
    from assb.fitting.problem import Problem
    from assb.fitting.profiles import Profile, profile
    from assb.fitting.reading import DataWarning, read
    from assb.fitting.sbc import simulation_based_calibration
    from assb.fitting.spectrum import Spectrum
    from assb.fitting.synthetic import synthesise
    from assb.fitting.table import Table
    from assb.fitting.table_rows import TableRows
    from assb.fitting.tables import AgeingPredictor, NetworkConductivity

_WHERE = {
    "RELAXATION_WINDOWS": "assb.fitting.drt",
    "AgeingPredictor": "assb.fitting.tables",
    "CalibrationRanks": "assb.fitting.calibration_ranks",
    "Circuit": "assb.fitting.circuits",
    "CorrelatedNoise": "assb.fitting.noise",
    "DataError": "assb.fitting.dataset",
    "DataWarning": "assb.fitting.reading",
    "Dataset": "assb.fitting.dataset",
    "Discrepancy": "assb.fitting.discrepancy",
    "Estimate": "assb.fitting.estimate",
    "Evidence": "assb.fitting.mechanisms",
    "Examination": "assb.fitting.examination",
    "Identifiability": "assb.fitting.identifiable",
    "JointPrior": "assb.fitting.knowledge",
    "KramersKronig": "assb.fitting.kramers_kronig",
    "LogNormal": "assb.fitting.priors",
    "MapFit": "assb.fitting.information",
    "MechanismComparison": "assb.fitting.mechanisms",
    "NetworkConductivity": "assb.fitting.tables",
    "Noise": "assb.fitting.noise",
    "Normal": "assb.fitting.priors",
    "PerCell": "assb.fitting.layout",
    "PerDataset": "assb.fitting.layout",
    "Plan": "assb.fitting.plan",
    "Pooled": "assb.fitting.layout",
    "Posterior": "assb.fitting.posterior",
    "Prior": "assb.fitting.priors",
    "Problem": "assb.fitting.problem",
    "Profile": "assb.fitting.profiles",
    "Spectrum": "assb.fitting.spectrum",
    "StudentNoise": "assb.fitting.noise",
    "Table": "assb.fitting.table",
    "TableRows": "assb.fitting.table_rows",
    "Tied": "assb.fitting.layout",
    "Uniform": "assb.fitting.priors",
    "WhiteNoise": "assb.fitting.noise",
    "calibrate": "assb.fitting.estimate",
    "calibrate_nlp": "assb.fitting.nlp",
    "compare_mechanisms": "assb.fitting.mechanisms",
    "constant_rate": "assb.fitting.candidates",
    "design": "assb.fitting.experiments",
    "ellipse": "assb.fitting.information",
    "ellipse_area": "assb.fitting.information",
    "evidence": "assb.fitting.mechanisms",
    "examine": "assb.fitting.examination",
    "fit_circuit": "assb.fitting.circuits",
    "fit_map": "assb.fitting.information",
    "identifiability": "assb.fitting.identifiable",
    "identifiability_of": "assb.fitting.identifiable",
    "laplace_covariance": "assb.fitting.information",
    "laplace_evidence": "assb.fitting.mechanisms",
    "lin_kk": "assb.fitting.kramers_kronig",
    "pressure_derivative": "assb.fitting.pressiometry",
    "profile": "assb.fitting.profiles",
    "pulses": "assb.fitting.candidates",
    "read": "assb.fitting.reading",
    "relaxation": "assb.fitting.candidates",
    "relaxation_times": "assb.fitting.drt",
    "resistance_between": "assb.fitting.drt",
    "sample": "assb.fitting.posterior",
    "simulation_based_calibration": "assb.fitting.sbc",
    "synthesise": "assb.fitting.synthetic",
    "titration": "assb.fitting.candidates",
    "under": "assb.fitting.candidates",
}

__all__ = [
    "RELAXATION_WINDOWS",
    "AgeingPredictor",
    "CalibrationRanks",
    "Circuit",
    "CorrelatedNoise",
    "DataError",
    "DataWarning",
    "Dataset",
    "Discrepancy",
    "Estimate",
    "Evidence",
    "Examination",
    "Identifiability",
    "JointPrior",
    "KramersKronig",
    "LogNormal",
    "MapFit",
    "MechanismComparison",
    "NetworkConductivity",
    "Noise",
    "Normal",
    "PerCell",
    "PerDataset",
    "Plan",
    "Pooled",
    "Posterior",
    "Prior",
    "Problem",
    "Profile",
    "Spectrum",
    "StudentNoise",
    "Table",
    "TableRows",
    "Tied",
    "Uniform",
    "WhiteNoise",
    "calibrate",
    "calibrate_nlp",
    "compare_mechanisms",
    "constant_rate",
    "design",
    "ellipse",
    "ellipse_area",
    "evidence",
    "examine",
    "fit_circuit",
    "fit_map",
    "identifiability",
    "identifiability_of",
    "laplace_covariance",
    "laplace_evidence",
    "lin_kk",
    "pressure_derivative",
    "profile",
    "pulses",
    "read",
    "relaxation",
    "relaxation_times",
    "resistance_between",
    "sample",
    "simulation_based_calibration",
    "synthesise",
    "titration",
    "under",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'assb.fitting' has no attribute {name!r}; it has {', '.join(__all__)}")
