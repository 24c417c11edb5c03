"""Propositions I and J: what measurements read from a cell, and temperature."""

from __future__ import annotations

import numpy as np
import pybamm

from assb import models, parameters
from assb.fitting import RELAXATION_WINDOWS, relaxation_times, resistance_between
from assb.validation.propositions.protocols import (
    COARSE,
    LTO,
    N,
    P,
    Pulse,
    Q,
    Run,
    changed,
    first,
    last,
    passed,
)
from assb.validation.propositions.registry import Finding, proposition
from assb.validation.propositions.runs import falls, rises

OH = "003 oh_2026"
REVIEW = "002 argyrodite_review_2025"
SONG_YB = "001 song_yb_2022"
PRESSURE = "Stack pressure [MPa]"
TEMPERATURE = "Ambient temperature [K]"
#: What each window is read as, and the parameter that makes more of it.
PROCESSES = {
    "contact": (P + "contact constriction resistance [Ohm.m2]", 1.5),
    "interface": (P + "interface resistance [Ohm.m2]", 1.5),
    "negative": (N + "interface resistance [Ohm.m2]", 1.5),
    "diffusion": ("Positive particle diffusivity at stoichiometry 0.65 [m2.s-1]", 1 / 1.5),
}


@proposition(
    "I1",
    "Relaxation times: contact 1e-6 to 1e-4 s, cathode interface 1e-4 to 0.1 s, anode 0.1 to 10 s,"
    " diffusion 10 to 100 s, the last"
    " only with data below 0.01 Hz; Q of grain boundaries about 1e-6, of anode film 1e-4 to 1e-2 F s^(a-1).",
    source=f"{OH} main text, s3_drt_windows; {REVIEW} Sec. 2, s2_eis_capacitance",
    control="capacitances of contact and double layer exchanged",
)
def relaxation(control: bool) -> Finding:
    """Spectra of one cell with each process enlarged by half: the window that grows most is that of the process."""
    options = {"surface form": "differential", "contact constriction": "flux tube"}
    values = changed(parameters.build("NCM811"), **{"Initial stoichiometry in positive electrode": 0.65})
    if control:
        names = (P + "contact constriction capacitance [F.m-2]", P + "double-layer capacity [F.m-2]")
        values = changed(values, **dict(zip(names, (values[names[1]], values[names[0]]), strict=True)))
    free = [name for name, _ in PROCESSES.values()]
    frequencies = np.logspace(6.5, -3, 77)
    model = models.ImpedanceModel(models.SPM(options), values, free, var_pts=COARSE, arcs="all")

    def areas(lowest: float = 0.0, **changes: float) -> dict[str, float]:
        inputs = {name: values[name] for name in free} | changes
        seen = frequencies[frequencies >= lowest]
        spectrum = np.asarray(model.solve(seen, inputs)["Impedance [Ohm]"]).ravel()
        found = relaxation_times(seen, spectrum)
        return {key: float(resistance_between(found, *w)) for key, w in RELAXATION_WINDOWS.items()}

    base = areas()
    figures, right = {}, True
    for process, (name, factor) in PROCESSES.items():
        grown = areas(**{name: factor * values[name]})
        more = {key: grown[key] - base[key] for key in base}
        where = max(more, key=lambda key: more[key])
        figures[f"{process}: share of the growth in its window"] = more[process] / sum(
            abs(value) for value in more.values()
        )
        right = right and where == process
    blind = areas(lowest=0.1)["diffusion"]
    figures["diffusion seen down to 0.1 Hz over 1 mHz"] = blind / base["diffusion"]
    q_grain, q_film = _coefficients(values)
    figures |= {"Q of grain boundaries [F.s^(a-1)]": q_grain, "Q of anode film [F.s^(a-1)]": q_film}
    # Orders of magnitude: a factor of ten about 1e-6; the range for the film.
    holds = right and abs(figures["diffusion seen down to 0.1 Hz over 1 mHz"] - 1) > 0.5
    holds = holds and 1e-7 < q_grain < 1e-5 and 1e-4 < q_film < 1e-2
    return Finding(bool(holds), figures)


def _coefficients(values) -> tuple[float, float]:
    """Q = tau**a/R of grain boundaries and of the film of the foil, as a cell shows them."""
    found = Pulse(values).solution()
    area = values["Electrode area [m2]"]
    result = []
    for kind in ("Separator", "Negative electrode film"):
        tau, exponent = (
            first(found, f"{kind} {what}") for what in ("relaxation time [s]", "dispersion exponent")
        )
        result.append(tau**exponent / (first(found, f"{kind} resistance [Ohm.m2]") / area))
    return result[0], result[1]


@proposition(
    "I2",
    "The slope of the pressure of NCM|graphite has a minimum on charge that marks a state of the"
    " graphite: its time grows with n/p,"
    " 1.2, 1.4, 1.7.",
    source=f"{SONG_YB} Fig. 11 [45], s1_dep_soc_np",
    control="graphite that expands evenly",
)
def marker(control: bool) -> Finding:
    """Charges at C/10; the minimum is a third or less of the median slope; its time goes as n/p within a tenth."""
    thickness = N + "thickness [m]"
    values = parameters.build("NCM811", negative="graphite")
    if control:
        values = changed(values, **{N + "volume strain": lambda y: 0.132 * y})
    run = Run(values, LTO, ["Charge at 0.1C for 9 hours"], free=[thickness])
    still = parameters.build("NCM811", negative="LTO")
    reference = Run(still, LTO, ["Charge at 0.1C for 9 hours"])()
    times = np.linspace(0.3, 8.7, 169) * 3600
    found, depth = [], []
    for ratio in (1.2, 1.4, 1.7):
        solution = run(**{thickness: values[thickness] * ratio / 1.2})
        slope = np.gradient(solution[PRESSURE](times) - reference[PRESSURE](times), times)
        where = int(np.argmin(slope))
        inside = 0 < where < len(times) - 1
        found.append(times[where] / 3600 if inside else np.nan)
        depth.append(float(slope[where] / np.median(slope)))
    holds = rises(found) and max(depth) < 1 / 3 and abs(found[2] / found[0] / (1.7 / 1.2) - 1) < 0.1
    figures = {f"time of the minimum, n/p {r:g} [h]": t for r, t in zip((1.2, 1.4, 1.7), found, strict=True)}
    return Finding(bool(holds), figures | {"minimum over median slope": max(depth)})


@proposition(
    "I3",
    "Titration reads contact as diffusivity: the apparent value falls with contact while the true one stays.",
    source=f"{SONG_YB} Sec. 4.1",
    control='"diffusion constriction": "none"',
)
def titration(control: bool) -> Finding:
    """Ten minutes at C/20 and two hours of rest, evaluated with the whole surface (Weppner and Huggins)."""
    options = {"contact": "constant", "interphase": "none", "space charge": "none", "stripping": "none"}
    options |= {"diffusion constriction": "none" if control else "patches"}
    name = P + "largest contact fraction"
    values = changed(parameters.build("NCM811"), **{"Initial stoichiometry in positive electrode": 0.7})
    pulse = pybamm.step.string("Charge at C/20 for 10 minutes", period="1 second")
    run = Run(values, options, [pulse, "Rest for 2 hours"], free=[name])
    contacts = (1.0, 0.5, 0.25)
    before = first(Pulse(values).solution(), "Open-circuit voltage [V]")
    apparent = []
    for contact in contacts:
        step, rest = run(**{name: contact}).cycles[0].steps
        moved = abs(last(rest, "Voltage [V]") - before)
        during = abs(last(step, "Voltage [V]") - float(step["Voltage [V]"].data[1]))
        radius = values["Positive particle radius [m]"]
        apparent.append(4 / (9 * np.pi) * radius**2 / 600 * (moved / during) ** 2)
    true = values["Positive particle diffusivity at stoichiometry 0.65 [m2.s-1]"]
    ratio = apparent[-1] / apparent[0]
    figures = {
        f"apparent over true at contact {c:g}": d / true for c, d in zip(contacts, apparent, strict=True)
    }
    # Diffusivities by titration scatter by some 20 %; the source gives no size.
    return Finding(falls(apparent) and ratio < 0.8, figures | {"ratio": ratio})


@proposition(
    "J1",
    "Area resistance falls clearly from 25 to 65 C and capacity rises; below 0 C the interface of an"
    " aged cathode limits, a thin"
    " separator helps, poor contact and fast charge hurt.",
    source=f"{REVIEW} Sec. 2 [72,73,75,77], s2_asr_temperature",
    control="no activation energies",
)
def temperature(control: bool) -> Finding:
    """Resistance and capacity at 25 and 65 C; then what limits at -20 C. Clearly: by a third.

    The 99.5 % of capacity from 3C to 8C belong to a cell whose cathode is not given; the direction is tested.
    """
    values = parameters.build("NCM811")
    if control:
        energies = [name for name in values.keys() if name.endswith("activation energy [J.mol-1]")]
        values = changed(values, **dict.fromkeys(energies, 0.0))
    contact, separator = P + "largest contact fraction", "Separator thickness [m]"
    grown = P + "initial interphase thickness [m]"
    pulse = Pulse(values, None, [TEMPERATURE, grown])
    warm = [pulse(**{TEMPERATURE: t}) for t in (298.15, 338.15)]
    capacity = [
        passed(Run(changed(values, **{TEMPERATURE: t}))().cycles[0].steps[-1]) / values[Q]
        for t in (298.15, 338.15)
    ]
    solution = pulse.solution(**{TEMPERATURE: 253.15, grown: 10e-9})
    at_cathode = sum(
        abs(last(solution, f"{kind} overpotential [V]")) for kind in ("Charge-transfer", "Interface film")
    )
    elsewhere = sum(
        abs(last(solution, f"{kind} overpotential [V]"))
        for kind in ("Ionic network", "Electronic network", "Separator", "Diffusion")
    )
    # Slow enough for the cold cell to take charge at all.
    cold = changed(values, **{TEMPERATURE: 253.15})
    end = f"C until {values['Upper voltage cut-off [V]']} V"
    taken = [Run(cold, None, [f"Charge at {rate}{end}"], free=[contact, separator]) for rate in (0.1, 0.3)]

    def charge(run: Run, **state: float) -> float:
        return -passed(run(**state).cycles[0].steps[0]) / values[Q]

    slow, fast, poor = charge(taken[0]), charge(taken[1]), charge(taken[0], **{contact: 0.5})
    thin = [charge(run, **{separator: 0.6e-6}) for run in taken]
    holds = (
        warm[1] < warm[0] / 1.5
        and capacity[1] > capacity[0] + 1e-3
        and at_cathode > elsewhere
        and fast < slow
        and poor < slow
        and thin[1] / thin[0] > fast / slow
    )
    return Finding(
        bool(holds),
        {
            "resistance at 25 C [Ohm.cm2]": warm[0],
            "resistance at 65 C [Ohm.cm2]": warm[1],
            "capacity over nominal at 25 C": capacity[0],
            "capacity over nominal at 65 C": capacity[1],
            "cathode interface over the rest at -20 C": at_cathode / elsewhere,
            "charge over nominal at -20 C, 0.1C": slow,
            "charge over nominal at -20 C, 0.3C": fast,
            "charge over nominal at -20 C, 0.1C, half the contact": poor,
            "kept from 0.1C to 0.3C, 600 um": fast / slow,
            "kept from 0.1C to 0.3C, 0.6 um": thin[1] / thin[0],
        },
    )
