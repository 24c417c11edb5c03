"""Which measurements tell lost contact from a grown interphase, in the time of a rate test?

Run: python examples/plan_experiment.py [--plot FILE] [--check N [--out FILE] [--calibrations FILE]]

Results and assumptions are discussed in docs/experiment_design.md.
"""

from __future__ import annotations

import argparse

import numpy as np
from contact_or_interphase import (
    CELL,
    CHANGES,
    DAMAGE,
    FREQUENCIES,
    LOSSES,
    NM,
    NOISE,
    NUISANCES,
    OPTIONS,
    PRESSURE,
    START,
    THICKNESS,
)

import assb
from assb.files import write_json
from assb.fitting import (
    Dataset,
    LogNormal,
    Normal,
    Plan,
    Problem,
    Spectrum,
    Uniform,
    calibrate,
    constant_rate,
    design,
    ellipse,
    ellipse_area,
    pulses,
    relaxation,
    synthesise,
    titration,
    under,
)

TEMPERATURE = "Ambient temperature [K]"
PAIR = (DAMAGE, THICKNESS)
CAPACITY = "Positive electrode double-layer capacity [F.m-2]"
HOUR = 3600.0
SEED = 5

#: The pair is open; of everything else a fit of the fresh cell leaves what the study of the pair assumes, and
#: activation energies are known to a tenth or so, which matters to whoever measures at other temperatures.
PRIORS = {
    DAMAGE: LOSSES["torn off for good"].prior,
    THICKNESS: Uniform(lower=0.2 * NM, upper=80 * NM),
    **NUISANCES,
    "Positive electrode exchange-current activation energy [J.mol-1]": Normal(mean=40e3, sd=5e3),
    "Positive particle diffusivity activation energy [J.mol-1]": Normal(mean=30e3, sd=5e3),
    "Solid electrolyte conductivity activation energy [J.mol-1]": Normal(mean=29.9e3, sd=2e3),
    "Negative electrode exchange-current activation energy [J.mol-1]": Normal(mean=40e3, sd=5e3),
}
#: The cell that is to be diagnosed has both. The plan is made about the fresh cell: it does not know.
TRUTH = {DAMAGE: 0.3, THICKNESS: 15 * NM}

#: Rate [1/h] and the share of the capacity that passes before the voltage falls too low.
RATES = ((0.1, 0.6), (1 / 3, 0.53), (1.0, 0.45))
PRESSURES, BASE = (20.0, 50.0, 80.0), 50.0
TEMPERATURES = (288.15, 318.15)
#: Lithium put in before pulses and spectra, as a change of the stoichiometry.
STATES = (0.0, 0.2, 0.35)


def parameter_values():
    """The cell of the study of the pair."""
    values = assb.parameters.get(CELL)
    values.update(CHANGES)
    return values


def problem(data, priors=None) -> Problem:
    """Posterior of the pair and of all nuisances."""
    model = assb.models.SPM({**OPTIONS, "surface form": "differential"})
    return Problem(model, parameter_values(), data, priors or PRIORS, NOISE, threads=1)


def cycles(pressures) -> list[Dataset]:
    """Discharge and charge at three rates and the pressures."""
    capacity = parameter_values()["Nominal cell capacity [A.h]"]
    made = [constant_rate(capacity, rate, share) for rate, share in RATES]
    return under(made, {PRESSURE: pressures})


def standard() -> list[Dataset]:
    """The rate test: C/10, C/3 and 1C at one pressure."""
    return cycles([BASE])


def candidates() -> list[Dataset | Spectrum]:
    """What the laboratory could do besides the rate test, which is among them."""
    capacity = parameter_values()["Nominal cell capacity [A.h]"]
    found: list[Dataset | Spectrum] = [*cycles(PRESSURES)]
    small: list[Dataset | Spectrum] = []
    for state in STATES:
        # There and back at C/3, with an hour of rest; a change of stoichiometry by one is about the capacity.
        about = {"shifts": {START: state}, "preparation": HOUR * (1 + 6 * state)}
        label = f"at y {parameter_values()[START] + state:.2f}"
        small.append(pulses(capacity, (0.25, 0.5, 1.0), name=f"pulses {label}", **about))
        small.append(Spectrum.planned(FREQUENCIES, name=f"spectrum {label}", **about))
    found += under(small, {PRESSURE: PRESSURES})
    long = [titration(capacity, 0.2, 0.05, 10, 0.5 * HOUR), relaxation(capacity, 1.0, 0.45)]
    found += under(long, {PRESSURE: [BASE]})
    warm = [constant_rate(capacity, *RATES[1]), *(each for each in small if isinstance(each, Spectrum))]
    found += under(warm, {PRESSURE: [BASE], TEMPERATURE: TEMPERATURES}, preparation=2 * HOUR)
    return found


def plans(criterion: str = "D") -> dict[str, Plan]:
    """The best plan, and the rate test as a plan, with the same time limit."""
    limit = sum(each.duration for each in standard())
    return {
        "best": design(problem(candidates()), (), criterion, limit, PAIR),
        "standard": design(problem(standard()), (), criterion, limit, PAIR),
    }


def forecast(data, **known) -> float:
    """Area of the 95 % ellipse [nm] that these measurements would leave at the truth, linearised."""
    plan = design(problem(data, {**PRIORS, **known}), parameters=PAIR, at=TRUTH, cut_offs=False)
    return ellipse_area(plan.covariance_) / NM


def trial(blank: Problem, number: int) -> dict[str, list[float]]:
    """Calibrate one realisation: nuisances as far off as their priors say, and noise."""
    rng = np.random.default_rng([SEED, number])
    truth = {name: float(prior.draw(rng, 1)[0]) for name, prior in PRIORS.items()} | TRUTH
    measured = synthesise(blank, truth, rng)
    estimate = calibrate(measured, seed=SEED, starts=1)
    units = np.array([1.0, 1 / NM])
    return {
        "pair": [estimate.parameters_[name] * unit for name, unit in zip(PAIR, units, strict=True)],
        "covariance": (estimate.covariance_[:2, :2] * np.outer(units, units)).tolist(),
        "status": estimate.status_,
    }


def check(made: dict[str, Plan], count: int, say=print) -> dict[str, list]:
    """Calibrate synthetic data of each plan; the same cells for all."""
    found = {}
    for name, plan in made.items():
        blank = problem(plan.data_)
        found[name] = [trial(blank, number) for number in range(count)]
        areas = [ellipse_area(each["covariance"]) for each in found[name]]
        say(f"{name}: median area of the 95 % ellipse {np.median(areas):.2f} nm over {count} calibrations")
    return found


COLOURS = {"best": "#0072b2", "standard": "#d55e00"}


def plot(found: dict[str, list], file: str) -> None:
    """Estimates of both plans with their 95 % ellipses, and the areas cell by cell."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(8.6, 3.7), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
        areas = {}
        for name in ("standard", "best"):
            trials, colour = found[name], COLOURS[name]
            areas[name] = np.array([ellipse_area(each["covariance"]) for each in trials])
            for each in trials:
                left.fill(*ellipse(each["covariance"], each["pair"]).T, color=colour, alpha=0.045, lw=0)
                left.plot(*ellipse(each["covariance"], each["pair"]).T, color=colour, alpha=0.45, lw=0.7)
            points = np.array([each["pair"] for each in trials])
            left.plot(*points.T, "o", color=colour, ms=3.5, label=f"{name} plan")
            right.plot(np.arange(1, len(trials) + 1), areas[name], "o", color=colour, ms=4.5)
            right.axhline(np.median(areas[name]), color=colour, lw=1.2, ls="--")
        left.plot(TRUTH[DAMAGE], TRUTH[THICKNESS] / NM, "k+", ms=13, mew=1.8, label="truth", zorder=5)
        left.set(xlim=(-0.6, 1.0), ylim=(-20, 75), xlabel="Contact damage [-]")
        left.set(ylabel="Interphase thickness [nm]", title="Calibrations and their 95 % ellipses")
        left.legend(frameon=False, loc="upper right")
        right.set(yscale="log", ylim=(1, 50), xlabel="Synthetic cell", ylabel="Area of the ellipse [nm]")
        right.set_yticks([1, 2, 5, 10, 20, 50], ["1", "2", "5", "10", "20", "50"])
        right.set(title=f"{np.median(areas['standard'] / areas['best']):.1f} times smaller (median)")
        figure.savefig(file, dpi=100)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", type=int, default=0, metavar="N", help="calibrate N synthetic cells")
    parser.add_argument("--out", metavar="FILE", help="save plans and calibrations as JSON")
    parser.add_argument("--plot", metavar="FILE", help="save a figure of the best plan")
    parser.add_argument("--calibrations", metavar="FILE", help="save a figure of the calibrations")
    arguments = parser.parse_args()
    made = plans()
    for plan in made.values():
        print(plan)
    best = made["best"].data_
    print(
        f"forecast at the truth: best plan {forecast(best):.2f} nm, rate test {forecast(standard()):.1f} nm,"
    )
    print(f"all {len(candidates())} candidates {forecast(candidates()):.2f} nm;", end=" ")
    exact = LogNormal(median=0.1, factor=1.0001)
    print(f"best plan with a known double-layer capacity {forecast(best, **{CAPACITY: exact}):.2f} nm")
    found = check(made, arguments.check) if arguments.check else {}
    if arguments.out:
        content = {
            "seed": SEED,
            "truth": [TRUTH[DAMAGE], TRUTH[THICKNESS] / NM],
            "plans": {name: {"chosen": p.chosen_, "duration_s": p.duration_} for name, p in made.items()},
            "trials": found,
        }
        write_json(arguments.out, content)
    if arguments.plot:
        assb.plotting.plan_contributions(made["best"]).savefig(arguments.plot)
    if arguments.calibrations and found:
        plot(found, arguments.calibrations)


if __name__ == "__main__":
    main()
