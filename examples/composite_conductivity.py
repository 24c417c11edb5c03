"""Conductivity of both carriers against composition and pressure: six parameters, twelve measured rows.

Run: python examples/composite_conductivity.py [--plot FILE]

Each composition is also predicted from the others. Rows: Song et al. 2022, Table 3 (see the header of the file).
"""

from __future__ import annotations

import argparse
from importlib.resources import files

import numpy as np
import pandas as pd
import pybamm

from assb.fitting import Estimate, LogNormal, Normal, Problem, Table, WhiteNoise, calibrate
from assb.models.closures import percolation, pressure_limited

#: Pores of the pressed composite (assumption); exponent of coarse composites (Minnmann 2021).
VOID, EXPONENT = 0.15, 1.94
REFERENCE = 20e6
CARRIERS = ("Ionic", "Electronic")
CONDUCTIVITY = "{} network conductivity [S.m-1]"
THRESHOLD = "{} network percolation threshold"
PRESSURE = "{} network pressure exponent"
#: Of coarse composites: P. Minnmann et al., J. Electrochem. Soc. 2021, 168, 040537.
MEASURED = Normal(mean=0.217, sd=0.01, lower=0.0, source="Minnmann 2021: coarse particles")
FINE = Normal(mean=0.11, sd=0.06, lower=0.0, source="between fine particles, none, and coarse ones, 0.22")
PRIORS = {
    # The paper states 0.19 and 4.1 S/m of the phases; the network as a whole must be free of them.
    CONDUCTIVITY.format("Ionic"): LogNormal(median=0.19, factor=3.0, source="stated for Li6PS5Cl"),
    CONDUCTIVITY.format("Electronic"): LogNormal(median=4.1, factor=3.0, source="stated for NCM88"),
    THRESHOLD.format("Ionic"): FINE,
    THRESHOLD.format("Electronic"): MEASURED,
    PRESSURE.format("Ionic"): Normal(
        mean=0.1, sd=0.1, lower=0.0, source="assumption: ductile, flows when pressed"
    ),
    PRESSURE.format("Electronic"): Normal(mean=0.6, sd=0.3, lower=0.0, source="assumption: brittle contacts"),
}
NOISE = WhiteNoise(
    LogNormal(median=0.05, factor=2.0, source="assumption: 12 % from pellet to pellet"), "Table", "-"
)


def rows() -> pd.DataFrame:
    """The measured table."""
    with files("assb.fitting").joinpath("data", "song2022_conductivity.csv").open("rb") as stream:
        return pd.read_csv(stream, comment="#")


def logarithm(carrier: str, share: np.ndarray, pressure: np.ndarray, p) -> np.ndarray:
    """Decadic logarithm of the conductivity [S/cm] at shares of active material by volume and pressures [MPa]."""
    conducting = share if carrier == "Electronic" else 1 - share
    # Pressure can at most close the pores.
    network, dense = (
        percolation(fraction, p[THRESHOLD.format(carrier)], EXPONENT)
        for fraction in ((1 - VOID) * conducting, conducting)
    )
    pressed = pressure_limited(network, dense, 1e6 * pressure, REFERENCE, p[PRESSURE.format(carrier)])
    return np.log10(0.01 * p[CONDUCTIVITY.format(carrier)] * pressed)


def problem(table: pd.DataFrame) -> Problem:
    """Both carriers at the rows of a table."""
    share, pressure = table.iloc[:, 0].to_numpy() / 100, table.iloc[:, 1].to_numpy()
    data = [
        Table(
            np.log10(table[f"{carrier} conductivity [S.cm-1]"].to_numpy()),
            lambda p, carrier=carrier: logarithm(carrier, share, pressure, p),
            name=carrier,
            quantity="log10 conductivity [S.cm-1]",
        )
        for carrier in CARRIERS
    ]
    start = pybamm.ParameterValues({name: float(prior.to_value(0.0)) for name, prior in PRIORS.items()})
    return Problem(None, start, data, PRIORS, {"table": NOISE})


def errors(estimate: Estimate, table: pd.DataFrame) -> np.ndarray:
    """Predicted minus measured, in decades, shape (carriers, rows)."""
    there = problem(table)
    values = estimate.z_[: len(there.names)]
    return np.array([p[0] - d.values for p, d in zip(there.predict(values), there.datasets, strict=True)])


def left_out(seed: int = 0) -> dict[float, np.ndarray]:
    """Errors of each composition as predicted from the others [decades]."""
    table, found = rows(), {}
    for share in table.iloc[:, 0].unique():
        out = table.iloc[:, 0] == share
        found[float(share)] = errors(calibrate(problem(table[~out]), seed=seed), table[out])
    return found


def draw(estimate: Estimate, file: str) -> None:
    """Both carriers against composition at both pressures."""
    import matplotlib.pyplot as plt

    table, share = rows(), np.linspace(0.2, 0.8, 200)
    figure, axes = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True, layout="constrained")
    for axis, carrier in zip(axes, CARRIERS, strict=True):
        for pressure, colour in ((20.0, "#0072b2"), (3.0, "#d55e00")):
            here = table[table.iloc[:, 1] == pressure]
            model = 10 ** logarithm(carrier, share, np.full(200, pressure), estimate.parameters_)
            axis.semilogy(100 * share, model, color=colour, label=f"{pressure:g} MPa")
            axis.semilogy(here.iloc[:, 0], here[f"{carrier} conductivity [S.cm-1]"], "o", color=colour)
        axis.set(title=f"{carrier} network", xlabel="Active material [vol%]", ylim=(1e-6, 1e-2))
    axes[0].set_ylabel("Conductivity [S cm$^{-1}$]")
    axes[0].legend(frameon=False)
    figure.savefig(file, dpi=150)


def main() -> None:
    """Fit, predict, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plot", metavar="FILE")
    arguments = parser.parse_args()
    estimate = calibrate(problem(rows()), seed=0)
    print(estimate)
    print(f"log10 rms over the twelve rows: {np.sqrt(np.mean(errors(estimate, rows()) ** 2)):.3f}")
    outside = left_out()
    for share, found in outside.items():
        print(f"left out {share:g} vol%: ionic {np.round(found[0], 2)}, electronic {np.round(found[1], 2)}")
    together = np.concatenate([found.ravel() for found in outside.values()])
    print(f"log10 rms of what was left out: {np.sqrt(np.mean(together**2)):.3f}")
    if arguments.plot:
        draw(estimate, arguments.plot)


if __name__ == "__main__":
    main()
