"""Calibration: data, priors, likelihood, gradient calibration, MCMC, identifiability."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assb.fitting.candidates import constant_rate, pulses, relaxation, titration, under
    from assb.fitting.dataset import DataError, Dataset
    from assb.fitting.drt import RELAXATION_WINDOWS, relaxation_times, resistance_between
    from assb.fitting.estimate import Estimate, calibrate
    from assb.fitting.experiments import design
    from assb.fitting.identifiable import Identifiability, identifiability
    from assb.fitting.information import MapFit, ellipse, ellipse_area, fit_map, laplace_covariance
    from assb.fitting.knowledge import JointPrior
    from assb.fitting.layout import PerCell, PerDataset, Pooled, Tied
    from assb.fitting.measurements import Measurement, SpectrumData, VoltageData
    from assb.fitting.mechanisms import (
        Evidence,
        MechanismComparison,
        compare_mechanisms,
        evidence,
        laplace_evidence,
    )
    from assb.fitting.noise import CorrelatedNoise, Noise, StudentNoise, WhiteNoise
    from assb.fitting.plan import Plan
    from assb.fitting.posterior import Posterior, sample
    from assb.fitting.priors import LogNormal, Normal, Prior, Uniform
    from assb.fitting.problem import Problem
    from assb.fitting.spectrum import Spectrum
    from assb.fitting.synthetic import synthesise
    from assb.fitting.table import Table

_WHERE = {
    "Evidence": "assb.fitting.mechanisms",
    "MechanismComparison": "assb.fitting.mechanisms",
    "compare_mechanisms": "assb.fitting.mechanisms",
    "evidence": "assb.fitting.mechanisms",
    "laplace_evidence": "assb.fitting.mechanisms",
    "JointPrior": "assb.fitting.knowledge",
    "Noise": "assb.fitting.noise",
    "StudentNoise": "assb.fitting.noise",
    "WhiteNoise": "assb.fitting.noise",
    "Table": "assb.fitting.table",
    "Spectrum": "assb.fitting.spectrum",
    "PerCell": "assb.fitting.layout",
    "PerDataset": "assb.fitting.layout",
    "Pooled": "assb.fitting.layout",
    "Tied": "assb.fitting.layout",
    "CorrelatedNoise": "assb.fitting.noise",
    "DataError": "assb.fitting.dataset",
    "Dataset": "assb.fitting.dataset",
    "Estimate": "assb.fitting.estimate",
    "Identifiability": "assb.fitting.identifiable",
    "LogNormal": "assb.fitting.priors",
    "MapFit": "assb.fitting.information",
    "Normal": "assb.fitting.priors",
    "Posterior": "assb.fitting.posterior",
    "Prior": "assb.fitting.priors",
    "Problem": "assb.fitting.problem",
    "RELAXATION_WINDOWS": "assb.fitting.drt",
    "Uniform": "assb.fitting.priors",
    "calibrate": "assb.fitting.estimate",
    "ellipse": "assb.fitting.information",
    "ellipse_area": "assb.fitting.information",
    "fit_map": "assb.fitting.information",
    "identifiability": "assb.fitting.identifiable",
    "relaxation_times": "assb.fitting.drt",
    "resistance_between": "assb.fitting.drt",
    "laplace_covariance": "assb.fitting.information",
    "Plan": "assb.fitting.plan",
    "constant_rate": "assb.fitting.candidates",
    "design": "assb.fitting.experiments",
    "pulses": "assb.fitting.candidates",
    "relaxation": "assb.fitting.candidates",
    "titration": "assb.fitting.candidates",
    "under": "assb.fitting.candidates",
    "synthesise": "assb.fitting.synthetic",
    "sample": "assb.fitting.posterior",
}

__all__ = [
    "RELAXATION_WINDOWS",
    "CorrelatedNoise",
    "DataError",
    "Dataset",
    "Estimate",
    "Evidence",
    "Identifiability",
    "JointPrior",
    "LogNormal",
    "MapFit",
    "Measurement",
    "MechanismComparison",
    "Noise",
    "Normal",
    "PerCell",
    "PerDataset",
    "Plan",
    "Pooled",
    "Posterior",
    "Prior",
    "Problem",
    "Spectrum",
    "StudentNoise",
    "Table",
    "Tied",
    "Uniform",
    "WhiteNoise",
    "calibrate",
    "compare_mechanisms",
    "constant_rate",
    "design",
    "ellipse",
    "ellipse_area",
    "evidence",
    "fit_map",
    "identifiability",
    "laplace_covariance",
    "laplace_evidence",
    "pulses",
    "relaxation",
    "relaxation_times",
    "resistance_between",
    "sample",
    "synthesise",
    "titration",
    "under",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'assb.fitting' has no attribute {name!r}; it has {', '.join(__all__)}")
