"""Lost contact or a grown interphase? What tells them apart when the voltage cannot.

Run: python examples/contact_or_interphase.py [--plot FILE] [--model SPM|DFN] [--realisations N]

Assumptions and results are discussed in docs/contact_or_interphase.md.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

import assb
from assb.fitting import (
    CorrelatedNoise,
    Dataset,
    LogNormal,
    MapFit,
    Normal,
    Problem,
    Spectrum,
    Uniform,
    WhiteNoise,
    ellipse,
    ellipse_area,
    fit_map,
    laplace_covariance,
    synthesise,
)
from assb.models.compiled import Protocol

P = "Positive electrode "
DAMAGE = P + "initial contact damage"
OPENING = P + "residual contact pressure [MPa]"
THICKNESS = P + "initial interphase thickness [m]"
PRESSURE = "Stack pressure [MPa]"
START = "Initial stoichiometry in positive electrode"
EXCHANGE = P + "reference exchange-current density [A.m-2]"
CONTACT = "X-averaged positive electrode contact fraction"
DIFFUSIVITY = {
    f"Positive particle diffusivity at stoichiometry {knot} [m2.s-1]": value
    for knot, value in ((0.4, 5e-15), (0.65, 5e-15), (0.9, 2e-15))
}
CELL = "NCM811_LPSCl_InLi"
NM = 1e-9
CM2 = 1e4

#: Plenty of lithium in the foil. Everything else is the default of the models.
OPTIONS = {"stripping": "none"}
#: Where the cell departs from its parameter set: charged, fit for 1C, and limited by the film at its interface.
CHANGES = {START: 0.38, EXCHANGE: 3.0, **DIFFUSIVITY}

#: Discharges: C-rate and hours. Each starts charged and ends with half an hour of rest.
DISCHARGES = ((0.1, 6.0), (1 / 3, 1.6), (1.0, 0.45))
REST = 1800.0
#: Stack pressures [MPa].
BASE, OTHER = 50.0, 20.0
#: Noise of the voltage: correlated [V], its time [s], white [V]. Noise of the spectrum: share of |Z|.
VOLTAGE_NOISE = (2e-3, 600.0, 2e-4)
SPECTRUM_NOISE = 0.01
NOISE = {
    "voltage": CorrelatedNoise(*VOLTAGE_NOISE),
    "impedance": WhiteNoise(SPECTRUM_NOISE, label="Impedance", units="-"),
}
#: The spectrum follows a discharge by this much stoichiometry and a rest.
SHIFT = 0.2
#: Up to where the two networks still act as a series resistance, as the SPM has them.
FREQUENCIES = np.geomspace(1e-2, 500.0, 35)
#: Logarithm of the Bayes factor above which a mechanism counts as named (Kass and Raftery 1995: strong).
NAMED = 3.0

#: Names of the two hypotheses.
LOSS, GROWTH = "contact loss", "interphase growth"
#: What else a real analysis does not know exactly: the fit of the fresh cell, widened by what may have drifted.
NUISANCES = {
    START: Normal(mean=0.38, sd=0.01),
    P + "active fraction": Normal(mean=0.9, sd=0.02),
    **{name: LogNormal(median=value, factor=1.3) for name, value in DIFFUSIVITY.items()},
    **{P + f"OCP correction {k} [V]": Normal(mean=0.0, sd=0.005) for k in range(4)},
    P + "interface resistance [Ohm.m2]": LogNormal(median=0.02, factor=1.1),
    EXCHANGE: LogNormal(median=3.0, factor=1.2),
    P + "double-layer capacity [F.m-2]": LogNormal(median=0.1, factor=1.1),
    "Solid electrolyte conductivity [S.m-1]": LogNormal(median=0.19, factor=1.05),
    "Negative electrode exchange-current density [A.m-2]": LogNormal(median=20.0, factor=1.5),
    "Negative electrode double-layer capacity [F.m-2]": LogNormal(median=0.1, factor=2.0),
    OPENING: Normal(mean=8.0, sd=1.0),
    P + "local contact stiffness [GPa]": LogNormal(median=0.5, factor=1.1),
    P + "gap contact stiffness [GPa]": LogNormal(median=0.5, factor=2.0),
}


@dataclass(frozen=True)
class Loss:
    """A way to lose contact: its parameter, the value in cell A, and a flat prior."""

    parameter: str
    aged: float
    prior: Uniform


LOSSES = {
    "torn off for good": Loss(DAMAGE, 0.4, Uniform(lower=-0.3, upper=0.9)),
    "opened, pressed back by pressure": Loss(OPENING, -6.0, Uniform(lower=-40.0, upper=30.0)),
}


class Study:
    """Two cells aged in different ways to one voltage curve, and what each kind of data says of them.

    Parameters
    ----------
    loss : str
        Key of `LOSSES`.
    model : str
        "SPM" or "DFN".
    """

    def __init__(self, loss: str = "torn off for good", model: str = "SPM"):
        self.loss = LOSSES[loss]
        nuisances = {name: prior for name, prior in NUISANCES.items() if name != self.loss.parameter}
        ageing = {self.loss.parameter: self.loss.prior, THICKNESS: Uniform(lower=0.2 * NM, upper=80 * NM)}
        self.priors = {**ageing, **nuisances}
        #: Each hypothesis holds the parameter of the other at the value of the fresh cell.
        self.held = {LOSS: [THICKNESS], GROWTH: [self.loss.parameter]}
        values = assb.parameters.get(CELL)
        values.update({**CHANGES, PRESSURE: BASE})
        self.fresh = {name: float(values[name]) for name in self.priors}
        self.area = values["Electrode area [m2]"] * CM2
        self.capacity = values["Nominal cell capacity [A.h]"]
        kind = getattr(assb.models, model)
        self.discharges = {at: [self._discharge(*each, at) for each in DISCHARGES] for at in (BASE, OTHER)}
        spectrum = Spectrum.planned(
            FREQUENCIES, name="spectrum", settings={PRESSURE: BASE}, shifts={START: SHIFT}
        )
        every = [*self.discharges[BASE], *self.discharges[OTHER], spectrum]
        self.everything = Problem(
            kind({**OPTIONS, "surface form": "differential"}), values, every, self.priors, NOISE, threads=1
        )
        voltage, other = ([each.name for each in self.discharges[at]] for at in (BASE, OTHER))
        self.data = {
            "voltage": self.everything.subset(voltage),
            f"voltage + {OTHER:g} MPa": self.everything.subset([*voltage, *other]),
            "voltage + spectrum": self.everything.subset([*voltage, spectrum.name]),
            "all": self.everything,
        }
        self.interface = assb.models.compile(kind(OPTIONS), values, [DAMAGE, OPENING, THICKNESS], [CONTACT])
        self._start = {name: float(values[name]) for name in self.interface.input_names}
        self.cells = self._aged()
        self._rivals: dict[tuple[str, str], dict[str, MapFit]] = {}

    def _discharge(self, rate: float, hours: float, pressure: float) -> Dataset:
        end = 3600 * hours
        times = np.concatenate([np.linspace(end / 30, end, 30), end + np.geomspace(30, REST, 8)])
        steps = [(end, rate * self.capacity), (REST, 0.0)]
        name = f"{rate:.2g}C, {pressure:g} MPa"
        return Dataset.planned(steps, times, name=name, settings={PRESSURE: pressure})

    def rows(self, kind: str, values: dict[str, float]) -> list[np.ndarray]:
        """Predictions without noise, one vector for each data set."""
        problem = self.data[kind]
        z = problem.to_coordinates(np.array([values[name] for name in problem.names]))
        return [rows[0] for rows in problem.predict(z)]

    def impedance(self, frequencies: np.ndarray, values: dict[str, float]) -> np.ndarray:
        """Impedance [Ohm] at the state of the spectrum."""
        k = len(self.everything.datasets) - 1
        z = self.everything.to_coordinates(np.array([values[name] for name in self.everything.names]))
        inputs = self.everything.layout.values(z, k)
        return self.everything.observations[k].model.evaluate(frequencies, inputs[None])[0][0]

    def _aged(self) -> dict[str, dict[str, float]]:
        """Cell A, and cell B whose interphase is grown until its voltage matches that of A."""
        lost = {**self.fresh, self.loss.parameter: self.loss.aged}
        target = np.concatenate(self.rows("voltage", lost))

        def misfit(thickness):
            grown = {**self.fresh, THICKNESS: thickness[0] * NM}
            return 1e3 * (np.concatenate(self.rows("voltage", grown)) - target)

        grown = least_squares(misfit, [20.0], x_scale=10.0).x[0]
        return {LOSS: lost, GROWTH: {**self.fresh, THICKNESS: grown * NM}}

    def contact(self, values: dict[str, float]) -> float:
        """Contact fraction at the base pressure, over that of the fresh cell, as the discharge begins."""
        seconds = float(self.discharges[BASE][0].time[0])
        protocol = Protocol.from_steps([(seconds, DISCHARGES[0][0] * self.capacity)], [seconds])

        def fraction(given):
            p = [given.get(name, self._start[name]) for name in self.interface.input_names]
            return float(self.interface.evaluate(protocol, np.array(p))[0, 0])

        return fraction(values) / fraction(self.fresh)

    def mismatch(self) -> np.ndarray:
        """Voltage of cell B minus that of cell A [mV]."""
        a, b = (np.concatenate(self.rows("voltage", values)) for values in self.cells.values())
        return 1e3 * (b - a)

    def covariance(self, truth: str, kind: str) -> np.ndarray:
        """Covariance of contact fraction and interphase thickness [nm], marginal over the nuisances."""
        values = self.cells[truth]
        full = laplace_covariance(self.data[kind], values)
        step = 1e-3 * (self.loss.prior.upper - self.loss.prior.lower)
        above, below = (
            self.contact({**values, self.loss.parameter: values[self.loss.parameter] + sign * step})
            for sign in (1, -1)
        )
        units = np.array([(above - below) / (2 * step), 1 / NM])
        return full[:2, :2] * np.outer(units, units)

    def rivals(self, truth: str, kind: str) -> dict[str, MapFit]:
        """Best fit of each hypothesis to data without noise; a poor one is the mark of a wrong hypothesis."""
        if (truth, kind) not in self._rivals:
            exact = synthesise(self.data[kind], self.cells[truth])
            self._rivals[truth, kind] = {
                name: fit_map(exact, self.cells[name], held) for name, held in self.held.items()
            }
        return self._rivals[truth, kind]

    def naming(self, truth: str, kind: str, realisations: int, seed: int = 0) -> dict[str, int]:
        """Count how often noisy data name the right mechanism, the wrong one, or none."""
        kept = [each.name for each in self.data[kind].datasets]
        counts = {"right": 0, "wrong": 0, "undecided": 0}
        start = {name: fit.values for name, fit in self.rivals(truth, kind).items()}
        for number in range(realisations):
            # A kind of data has the same noise whatever it is combined with.
            noisy = synthesise(self.everything, self.cells[truth], np.random.default_rng([seed, number]))
            measured = noisy.subset(kept)
            fits = {n: fit_map(measured, start[n], held, tolerance=0.01) for n, held in self.held.items()}
            other = next(name for name in self.held if name != truth)
            evidence = fits[truth].log_evidence - fits[other].log_evidence
            verdict = "right" if evidence > NAMED else "wrong" if evidence < -NAMED else "undecided"
            counts[verdict] += 1
        return counts


def possible(covariance: np.ndarray, centre: tuple[float, float], points: int = 801) -> float:
    """Area of the 95 % region where contact has not grown and the thickness is not negative."""
    x, y = np.meshgrid(*2 * [np.linspace(-1, 1, points)])
    inside = x**2 + y**2 < 1
    # The ellipse is the image of the unit circle under its own half-axes.
    angle = np.linspace(0, 2 * np.pi, 5)[:-1]
    corner = ellipse(covariance, (0.0, 0.0), points=5)[:-1]
    axes = np.linalg.lstsq(np.column_stack([np.cos(angle), np.sin(angle)]), corner, rcond=None)[0]
    contact, thickness = (np.stack([x[inside], y[inside]], axis=-1) @ axes + centre).T
    return ellipse_area(covariance) * float(((contact <= 1) & (thickness >= 0)).mean())


def report(study: Study, realisations: int) -> None:
    """Print what the study shows."""
    cell_a, cell_b = study.cells.values()
    gap = study.mismatch()
    print(
        f"  cell A: contact {study.contact(cell_a):.0%} of fresh; cell B: interphase "
        f"{cell_b[THICKNESS] / NM:.1f} nm instead of {study.fresh[THICKNESS] / NM:.1f} nm"
    )
    print(
        f"  their voltages at {BASE:g} MPa differ by {np.sqrt((gap**2).mean()):.2f} mV rms, "
        f"at most {np.abs(gap).max():.2f} mV"
    )
    print(
        f"  {'truth':18s} {'data':20s} {'ellipse':>8s} {'shrinks':>8s} {'possible':>8s} {'d chi2':>7s} {'ln B':>6s}"
        "  right/wrong/undecided"
    )
    for truth in study.cells:
        first = None
        for kind in study.data:
            covariance, values = study.covariance(truth, kind), study.cells[truth]
            area = ellipse_area(covariance)
            allowed = possible(covariance, (study.contact(values), values[THICKNESS] / NM))
            first = first or area
            fits = study.rivals(truth, kind)
            other = next(name for name in fits if name != truth)
            chi2 = fits[other].chi2 - fits[truth].chi2
            evidence = fits[truth].log_evidence - fits[other].log_evidence
            line = f"  {truth:18s} {kind:20s} {area:8.2f} {first / area:7.1f}x {allowed:8.2f}"
            line += f" {chi2:7.1f} {evidence:6.1f}"
            if realisations:
                counts = study.naming(truth, kind, realisations)
                line += "  " + "/".join(str(counts[v]) for v in ("right", "wrong", "undecided"))
            print(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plot", metavar="FILE", help="save a figure")
    parser.add_argument("--model", choices=("SPM", "DFN"), default="SPM")
    parser.add_argument("--realisations", type=int, default=10, help="noisy data sets for each verdict")
    arguments = parser.parse_args()
    print(
        "Contact loss or interphase growth?\n"
        "ellipse: 95 % area of (contact over fresh, thickness) [nm]; possible: its part with contact <= 1,\n"
        "thickness >= 0; d chi2, ln B: against the wrong mechanism, data without noise; verdicts: noisy data"
    )
    for loss in LOSSES:
        print(f"contact {loss}")
        study = Study(loss, arguments.model)
        first = loss == next(iter(LOSSES))
        report(study, arguments.realisations if first else 0)
        if arguments.plot and first:
            from drawing.contact_or_interphase import plot

            plot(study, arguments.plot)


if __name__ == "__main__":
    main()
