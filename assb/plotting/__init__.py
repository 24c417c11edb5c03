"""Figures of a calibration, each a function from report data to a matplotlib figure.

Nothing here touches ``pyplot``: the figures are plain objects that save themselves
(``fig.savefig("fit.pdf")``) with or without a display.
"""

from assb.plotting.chains import autocorrelation, trace
from assb.plotting.corner import corner
from assb.plotting.gallery import FIGURES, build_figures, save_figures
from assb.plotting.identifiability import identifiability_heatmap
from assb.plotting.intervals import prior_posterior
from assb.plotting.overpotentials import overpotential_breakdown
from assb.plotting.plan import plan_contributions
from assb.plotting.predictive import posterior_predictive
from assb.plotting.pressure import pressure_and_contact
from assb.plotting.spectrum import relaxation_spectrum
from assb.plotting.voltage_fit import voltage_fit

__all__ = [
    "FIGURES",
    "autocorrelation",
    "build_figures",
    "corner",
    "identifiability_heatmap",
    "overpotential_breakdown",
    "plan_contributions",
    "posterior_predictive",
    "pressure_and_contact",
    "prior_posterior",
    "relaxation_spectrum",
    "save_figures",
    "trace",
    "voltage_fit",
]
