"""Figures of the documentation: each mechanism acting alone.

Run from anywhere: python docs/figures.py [NAME ...]. Writes docs/img/NAME.png; the same inputs give
the same curves. Everything but the mechanism shown is switched off (`NO_MECHANISMS`).
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

import matplotlib as mpl
import numpy as np
import pybamm
from matplotlib.figure import Figure
from PIL import Image

import assb
from assb.models import closures
from assb.models.specimens import SymmetricCell
from assb.models.submodels.network import PERCOLATION_EXPONENT, PERCOLATION_THRESHOLD

FOLDER = Path(__file__).parent / "img"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00")
GREY = "#8a949e"
STYLE = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": mpl.cycler(color=COLOURS),
    "axes.grid": True,
    "grid.color": "#e6eaee",
    "legend.frameon": False,
    "lines.linewidth": 1.6,
}
CELL = "NCM811_LPSCl_InLi"
P = "Positive electrode "


def two_panels() -> tuple[Figure, np.ndarray]:
    """Figure of two panels side by side."""
    figure = Figure(figsize=(7.6, 3.1), layout="constrained")
    return figure, figure.subplots(1, 2)


def run(
    options: dict[str, str],
    changes: dict[str, float],
    steps: list[str],
    model: type = assb.models.SPM,
) -> pybamm.Solution:
    """Simulation with one mechanism on top of `NO_MECHANISMS`, with wide voltage limits."""
    values = assb.parameters.get(CELL)
    values.update({"Lower voltage cut-off [V]": 0.5, "Upper voltage cut-off [V]": 4.5, **changes})
    experiment = [pybamm.step.string(step, period="20 seconds") for step in steps]
    return assb.simulate(model({**assb.models.NO_MECHANISMS, **options}), values, experiment)


def network() -> Figure:
    """Relative conductivity against composition and against pressure."""
    figure, (left, right) = two_panels()
    fraction = np.linspace(0.05, 0.6, 200)
    for ratio in (1, 3, 8):
        value = closures.size_ratio_percolation(fraction, ratio)
        left.semilogy(fraction, value, label=rf"size ratio $\lambda$ = {ratio}")
    percolation = closures.percolation(fraction, PERCOLATION_THRESHOLD, PERCOLATION_EXPONENT)
    left.semilogy(fraction, percolation, "k:", label="percolation")
    left.semilogy(fraction, closures.bruggeman(fraction, 1.5), "--", color=GREY, label="Bruggeman 1.5")
    left.set(xlabel="Electrolyte volume fraction [-]", ylabel="Relative conductivity f [-]", ylim=(1e-5, 1))
    left.legend(fontsize=7.5)
    pressure = np.logspace(-1, 3, 200) * 1e6
    cases = (("ionic", 0.3, 0.05, 0.05), ("electronic", 0.5, 0.05, 0.66))
    for carrier, dense, reference, exponent in cases:
        value = closures.pressure_limited(reference, dense, pressure, 20e6, exponent)
        right.loglog(pressure / 1e6, value, label=f"{carrier}, m = {exponent}")
        right.axhline(dense, color=GREY, lw=0.8, ls=":")
    right.axvline(20, color=GREY, lw=0.8)
    right.set(xlabel="Stack pressure [MPa]", ylabel="Relative conductivity f [-]")
    right.legend(fontsize=7.5)
    return figure


def contact() -> Figure:
    """Reversible response, and what it does to a charge."""
    figure, (left, right) = two_panels()
    pressure = np.logspace(-1, 4, 300) * 1e6
    for closing in (0.6, 1.0, 3.0):
        g = closures.pressure_response(pressure, closing * 1e9)
        left.loglog(pressure / 1e6, g, label=f"p* = {closing:g} GPa")
    left.set(xlabel="Contact pressure [MPa]", ylabel="Reversible response g [-]")
    left.legend(fontsize=7.5)
    steps = ["Charge at 0.4C for 60 minutes"]
    off = run({}, {}, steps)
    right.plot(off["Time [min]"].entries, off["Voltage [V]"].entries, "--", color=GREY, label="full contact")
    for stack in (2.0, 20.0, 200.0):
        on = run({"contact": "pressure"}, {"Stack pressure [MPa]": stack}, steps)
        right.plot(on["Time [min]"].entries, on["Voltage [V]"].entries, label=f"{stack:g} MPa")
    right.set(xlabel="Time [min]", ylabel="Voltage on charge [V]")
    right.legend(fontsize=7.5)
    return figure


def interphase() -> Figure:
    """Growth at a held potential, and the rate against potential."""
    figure, (left, right) = two_panels()
    reference, velocity, parabolic = 5e-9, 1e-13, 1e-21
    time = np.logspace(0, 6, 400)
    for mode in ("reaction-limited", "diffusion-limited", "mixed"):
        squared = np.empty_like(time)
        squared[0] = (2e-9 / reference) ** 2
        for k in range(1, len(time)):  # midpoint rule in u
            step = time[k] - time[k - 1]
            rate = closures.squared_thickness_rate(squared[k - 1], reference, velocity, parabolic, mode)
            middle = squared[k - 1] + 0.5 * step * rate
            squared[k] = squared[k - 1] + step * closures.squared_thickness_rate(
                middle, reference, velocity, parabolic, mode
            )
        left.loglog(time / 3600, 1e9 * reference * np.sqrt(squared), label=mode)
    left.set(xlabel="Time [h]", ylabel="Interphase thickness [nm]")
    left.legend(fontsize=7.5)
    potential = np.linspace(1.8, 4.6, 300)
    gate = closures.oxidation_gate(potential, 2.2)
    for transfer in (0.0, 0.2, 0.4):
        rate = closures.growth_rate(1.0, potential, 4.2, transfer, 298.15) * gate
        right.semilogy(potential, np.maximum(rate, 1e-12), label=f"b = {transfer:g}")
    right.set(xlabel="Potential [V vs Li]", ylabel="Rate over its value at 4.2 V [-]", ylim=(1e-8, 1e2))
    right.legend(fontsize=7.5)
    return figure


def space_charge() -> Figure:
    """Resistance against the drop, and its effect on a charge."""
    figure, (left, right) = two_panels()
    temperature, permittivity, mobile, kappa = 298.15, 15.0, 100.0, 0.19
    drop = np.linspace(0.01, 2.5, 200)
    psi = 96485.33212 * drop / (8.314462618 * temperature)
    length = closures.debye_length(permittivity, mobile, temperature)
    for k, floor in enumerate((1e-2, 1e-3, 1e-4)):
        value = closures.depletion_resistance(psi, length, kappa, floor)
        left.semilogy(drop, 1e4 * value, color=COLOURS[k], label=rf"depletion, $f_{{min}}$ = {floor:g}")
        limit = closures.mott_schottky_resistance(drop, permittivity, mobile, kappa * floor)
        left.semilogy(drop, 1e4 * limit, ":", color=COLOURS[k])
    left.set(xlabel="Drop over the layer [V]", ylabel=r"$r_{scl}$ [$\Omega$ cm$^2$]")
    left.legend(fontsize=7.5, title="dotted: Mott-Schottky", title_fontsize=7.5)
    steps = ["Charge at 0.4C for 60 minutes"]
    off = run({}, {}, steps)
    for k, floor in enumerate((1e-4, 1e-5, 1e-6)):
        on = run({"space charge": "depletion"}, {P + "space-charge conductivity floor": floor}, steps)
        minutes = on["Time [min]"].entries
        rise = on["Voltage [V]"].entries - np.interp(
            minutes, off["Time [min]"].entries, off["Voltage [V]"].entries
        )
        right.semilogy(minutes, 1e3 * rise, color=COLOURS[2 + k], label=rf"$f_{{min}}$ = {floor:g}")
    right.set(xlabel="Time [min]", ylabel="Rise of the charge voltage [mV]", ylim=(1e-2, 1e2))
    right.legend(fontsize=7.5, loc="upper left")
    return figure


def stack_pressure() -> Figure:
    """Pressure of one charge and discharge in four fixtures; the voltage does not change."""
    figure, (left, right) = two_panels()
    steps = ["Charge at 0.3C for 90 minutes", "Rest for 30 minutes", "Discharge at 0.3C for 80 minutes"]
    cases = {
        "constant pressure": ("constant pressure", 0.7),
        r"spring, 0.7 MPa/$\mu$m": ("spring", 0.7),
        r"spring, 5 MPa/$\mu$m": ("spring", 5.0),
        "constant volume": ("constant volume", 0.7),
    }
    stiffness = "Fixture stiffness [MPa.um-1]"
    for label, (option, value) in cases.items():
        on = run({"stack pressure": option}, {stiffness: value}, steps)
        left.plot(on["Time [h]"].entries, on["Stack pressure [MPa]"].entries, label=label)
    left.set(xlabel="Time [h]", ylabel="Stack pressure [MPa]", ylim=(45, 130))
    left.legend(fontsize=7.5, loc="upper left")
    on = run({"stack pressure": "spring"}, {}, steps)
    for layer in ("positive electrode", "negative electrode", "solid electrolyte"):
        right.plot(on["Time [h]"].entries, on[f"Pressure contribution: {layer} [MPa]"].entries, label=layer)
    pressure = on["Stack pressure [MPa]"].entries
    right.plot(on["Time [h]"].entries, pressure - pressure[0], "k--", label="total, with relaxation")
    right.set(xlabel="Time [h]", ylabel="Pressure change [MPa]", ylim=(-0.2, 1.6))
    right.legend(fontsize=7.5, loc="upper left")
    return figure


def stripping() -> Figure:
    """Resistance against accessible lithium, and a cycle with and without it."""
    figure, (left, right) = two_panels()
    charge = np.linspace(0.0, 0.5, 200)  # mAh/cm2
    for scale in (0.05, 0.1, 0.2):
        value = closures.stripping_resistance(charge, 1.0, 0.05, scale, 0.1)
        left.plot(charge, 1e4 * value, label=rf"$q_w$ = {scale:g} mAh cm$^{{-2}}$")
    left.set(
        xlabel=r"Lithium plated since the start [mAh cm$^{-2}$]",
        ylabel=r"$r_{strip}$ on discharge [$\Omega$ cm$^2$]",
    )
    left.legend(fontsize=7.5)
    steps = ["Charge at 0.4C for 60 minutes", "Rest for 15 minutes", "Discharge at 0.4C for 55 minutes"]
    for option, style in (("none", "--"), ("depletion", "-")):
        on = run({"stripping": option}, {"Negative electrode stripping resistance [Ohm.m2]": 0.15}, steps)
        colour = GREY if option == "none" else COLOURS[0]
        right.plot(on["Time [h]"].entries, on["Voltage [V]"].entries, style, color=colour, label=option)
    right.set(xlabel="Time [h]", ylabel="Voltage [V]")
    right.legend(fontsize=7.5, title='"stripping"', title_fontsize=7.5)
    return figure


def lithium_voids() -> Figure:
    """Contact of a symmetric cell through its cycles, and the overpotentials of both sides."""
    figure, (left, right) = two_panels()
    values = assb.parameters.build(negative="Li")
    for pressure, current, style in ((3, 1, "-"), (7, 1, "--"), (7, 2, "-.")):
        lost = SymmetricCell(values, pressure=pressure).cycle(10 * current, 1.8e4, 6)
        label = f"{pressure} MPa, {current} mA cm$^{{-2}}$"
        left.plot(lost.time / lost.time[20] * 0.5, lost.contact[:, 0], style, label=label)
    left.set(xlabel="Cycle", ylabel="Contact fraction of the first foil [-]", ylim=(0, 1.05))
    left.legend(fontsize=7.5)
    lost = SymmetricCell(values, pressure=3).cycle(10.0, 1.8e4, 6)
    hours = lost.time / 3600
    right.semilogy(hours, 1e3 * lost.stripping_overpotential, label="stripped side")
    right.semilogy(hours, 1e3 * lost.plating_overpotential, label="plated side")
    right.set(xlabel="Time [h]", ylabel="Overpotential of the interface [mV]")
    right.legend(fontsize=7.5, title=r"3 MPa, 1 mA cm$^{-2}$", title_fontsize=7.5)
    return figure


def lithium_limits() -> Figure:
    """Time to a short against pressure, and an anode-free cell."""
    figure, (left, right) = two_panels()
    values = assb.parameters.build(negative="Li")
    pressures = np.logspace(np.log10(4), np.log10(100), 40)
    per_charge = closures.intrusion_rate(
        -0.75,
        pressures * 1e6,
        values["Negative electrode intrusion charge [mA.h.cm-2]"] * 3.6e4,
        values["Negative electrode intrusion reference pressure [MPa]"] * 1e6,
        values["Negative electrode intrusion pressure exponent"],
    )
    left.loglog(pressures, 2 / per_charge / 3600, label="law")
    left.loglog([15, 25], [272, 48], "o", color=COLOURS[1], label="measured")
    left.loglog([5], [1000], "^", color=COLOURS[1], label="measured, longer than")
    left.set(xlabel="Stack pressure [MPa]", ylabel=r"Hours to a short at 0.075 mA cm$^{-2}$")
    left.legend(fontsize=7.5)
    values = assb.parameters.build(negative="anode-free", stack_pressure=5.0, initial_stoichiometry=0.85)
    options = {**assb.models.NO_MECHANISMS, "negative lithium": "finite"}
    steps = ["Charge at 0.2C for 60 minutes", "Rest for 5 minutes", "Discharge at 0.2C for 59.99 minutes"]
    on = assb.simulate(
        assb.models.SPM(options), values, [pybamm.step.string(s, period="10 s") for s in steps]
    )
    hours = on["Time [h]"].entries
    right.plot(
        hours, on["Negative electrode potential [V]"].entries * 1e3, label="potential of the foil [mV]"
    )
    thickness = on["Negative electrode lithium thickness [m]"].entries
    right.plot(hours, thickness * 1e8, label=r"lithium [10 nm]")
    right.set(xlabel="Time [h]", ylim=(-50, 120))
    right.legend(fontsize=7.5)
    return figure


def self_discharge() -> Figure:
    """Leak of a resting cell and the capacity that it costs."""
    figure, (left, right) = two_panels()
    for conductivity in (6.3e-7, 3e-6, 1e-5):
        changes = {
            "Solid electrolyte electronic conductivity [S.m-1]": conductivity,
            "Initial stoichiometry in positive electrode": 0.4,
        }
        on = run({"electronic leakage": "separator"}, changes, ["Rest for 240 hours"])
        days = on["Time [h]"].entries / 24
        left.plot(days, on["Voltage [V]"].entries, label=f"{conductivity * 10:.1e} mS/cm")
        right.plot(days, 1e3 * on["Leaked capacity [A.h]"].entries)
    left.set(xlabel="Time at rest [d]", ylabel="Voltage [V]")
    left.legend(fontsize=7.5, title=r"$\sigma_e$", title_fontsize=7.5)
    right.set(xlabel="Time at rest [d]", ylabel="Capacity lost [mAh]")
    return figure


def temperature() -> Figure:
    """A cell that warms up, and where the heat comes from."""
    figure, (left, right) = two_panels()
    values = assb.parameters.build(negative="Li", initial_stoichiometry=0.45)
    values["Lower voltage cut-off [V]"] = 0.5
    steps = [
        pybamm.step.string(s, period="10 s")
        for s in ("Discharge at 2C for 10 minutes", "Rest for 50 minutes")
    ]
    for exchange in (0.0, 10.0, 100.0):
        values["Total heat transfer coefficient [W.m-2.K-1]"] = exchange
        on = assb.simulate(assb.models.DFN({**assb.models.NO_MECHANISMS, "thermal": "lumped"}), values, steps)
        left.plot(on["Time [min]"].entries, on["Cell temperature [C]"].entries, label=f"h = {exchange:g}")
    left.set(xlabel="Time [min]", ylabel="Cell temperature [°C]")
    left.legend(fontsize=7.5, title=r"W m$^{-2}$ K$^{-1}$", title_fontsize=7.5)
    minutes = on["Time [min]"].entries
    for name in ("Ohmic", "Irreversible electrochemical", "Reversible"):
        heat = on[f"{name} heating per unit electrode-pair area [W.m-2]"].entries
        right.plot(minutes[minutes < 10], heat[minutes < 10], label=name.lower())
    right.set(xlabel="Time [min]", ylabel=r"Heat [W m$^{-2}$]")
    right.legend(fontsize=7.5)
    return figure


def porous_electrode() -> Figure:
    """Resistance against the Thiele number, and a thick electrode after a step."""
    figure, (left, right) = two_panels()
    thickness, kappa, sigma = 100e-6, 0.01, 1.0
    nu = np.logspace(-1, 1.3, 200)
    ohmic = thickness * (1 / kappa + 1 / sigma)
    area_resistance = ohmic / nu**2  # r_ct/(a theta L)
    stepped = closures.newman_tobias_resistance(thickness, kappa, sigma, nu)
    uniform = closures.uniform_resistance(thickness, kappa, sigma, 1 / thickness, area_resistance)
    left.loglog(nu, stepped / ohmic, label=r"$R_{NT}$, just after a step")
    left.loglog(nu, uniform / ohmic, label=r"$R_{uni}$, uniform reaction")
    left.axvline(2.5, color=GREY, lw=0.8, ls=":")
    left.set(xlabel=r"Thiele number $\nu$ [-]", ylabel=r"Resistance over $L(1/\kappa + 1/\sigma)$ [-]")
    left.legend(fontsize=7.5)
    thick = {
        P + "thickness [m]": thickness,
        "Nominal cell capacity [A.h]": 2.5e-3,
        "Initial stoichiometry in positive electrode": 0.45,
        "Solid electrolyte conductivity [S.m-1]": 0.08,
        "Positive particle diffusivity [m2.s-1]": 1e-13,
        P + "reference exchange-current density [A.m-2]": 10.0,
        "Separator relative conductivity": 100.0,
    }
    steps = ["Discharge at 0.5C for 20 minutes"]
    models = {
        "DFN": (assb.models.DFN, "uniform", "k-"),
        "SPM, relaxing mode": (assb.models.SPM, "relaxing mode", "-"),
        "SPM, uniform": (assb.models.SPM, "uniform", "--"),
    }
    for label, (model, option, style) in models.items():
        on = run({"reaction distribution": option}, thick, steps, model)
        right.plot(on["Time [min]"].entries, on["Voltage [V]"].entries, style, label=label)
    right.set(xlabel="Time [min]", ylabel="Voltage on discharge [V]")
    right.legend(fontsize=7.5)
    return figure


#: An aged cell with a coated cathode; tests/models/test_arcs.py says where the values come from.
AGED = {
    "Initial stoichiometry in positive electrode": 0.5,
    P + "reference exchange-current density [A.m-2]": 10.0,
    P + "interface resistance [Ohm.m2]": 2e-3,
    P + "initial interphase thickness [m]": 10e-9,
    P + "initial contact damage": 0.3,
    "Negative electrode interface resistance [Ohm.m2]": 5e-3,
    **{f"Positive particle diffusivity at stoichiometry {y} [m2.s-1]": 5e-15 for y in (0.4, 0.65, 0.9)},
}
#: What is raised by a half -> parameters, and the window in which that shows.
RAISED = {
    "contact damage": ({P + "initial contact damage": 1.5}, "contact"),
    "interphase": ({P + "initial interphase thickness [m]": 1.5}, "interface"),
    "film of the foil": ({"Negative electrode interface resistance [Ohm.m2]": 1.5}, "negative"),
    "diffusion time": ({name: 1 / 1.5 for name in AGED if "diffusivity" in name}, "diffusion"),
}


def impedance() -> Figure:
    """Spectrum of an aged cell and its relaxation times, with one mechanism at a time raised by a half."""
    figure = Figure(figsize=(7.6, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.25))
    model = assb.models.DFN({"surface form": "differential", "contact constriction": "flux tube"})
    names = [name for factors, _ in RAISED.values() for name in factors]
    values = assb.parameters.get(CELL)
    values.update(AGED)
    points = {"x_n": 8, "x_p": 12, "r_n": 8, "r_p": 40}
    prepared = assb.models.ImpedanceModel(model, values, names, points, arcs="all")
    frequencies = np.geomspace(1e-3, 1e7, 101)
    windows = assb.fitting.RELAXATION_WINDOWS
    for k, (name, (low, high)) in enumerate(windows.items()):
        right.axvspan(low, high, color="#eef1f4" if k % 2 == 0 else "#f8f9fa", lw=0)
        where = {"xycoords": ("data", "axes fraction"), "ha": "center", "fontsize": 7, "color": GREY}
        right.annotate(name, (float(np.sqrt(low * high)), 1.015 + 0.05 * (k % 2)), **where)
    for label, (factors, window) in ({"aged cell": ({}, "")} | RAISED).items():
        inputs = {name: AGED[name] * factors.get(name, 1.0) for name in names}
        found = prepared.solve(frequencies, inputs)["Area-specific impedance [Ohm.cm2]"].values
        times = assb.fitting.relaxation_times(frequencies, found, capacitance=True, unit="Ohm.cm2")
        style = {"color": "#1f2a37", "lw": 2.2} if not window else {"lw": 1.3, "ls": "--"}
        line = left.plot(found.real, -found.imag, **style)
        tau = times["tau"].values
        # Outside their windows the curves coincide, but for the contact, which the reaction needs too.
        low, high = windows[window] if window not in ("", "contact") else (0.0, np.inf)
        show = (tau > low / 3) & (tau < high * 3)
        gamma = times["Distribution [Ohm.cm2]"].values
        right.semilogx(tau[show], gamma[show], **(style | {"color": line[0].get_color()}), label=label)
    left.set(xlabel="Re Z [Ω cm²]", ylabel="−Im Z [Ω cm²]", xlim=(100, 400), ylim=(0, 60))
    right.set(xlabel="Relaxation time [s]", ylabel="Distribution γ [Ω cm²]", xlim=(1e-8, 1e3), ylim=(0, 125))
    right.legend(fontsize=7, loc="upper left", ncols=3)
    return figure


def materials() -> Figure:
    """Open-circuit potential and volume strain of the positive materials up to their cut-off."""
    from assb.parameters.materials import POSITIVE

    figure, (left, right) = two_panels()
    styles = {
        "NCM811": (COLOURS[0], "-"),
        "NCWA88": (COLOURS[0], "--"),
        "NCM82": (COLOURS[0], ":"),
        "NCM622": (COLOURS[2], "-"),
        "NCA": (COLOURS[4], "-"),
        "LCO": (COLOURS[1], "-"),
    }
    for name, (colour, style) in styles.items():
        material = POSITIVE[name]
        y = np.linspace(material["charged stoichiometry"].value, 0.96, 400)
        left.plot(y, material[P + "OCP [V]"].value.law(y), style, color=colour, label=name)
        y = np.linspace(material["charged stoichiometry"].value, 1, 400)
        right.plot(y, 100 * material[P + "volume strain"].value(y), style, color=colour, label=name)
    left.set(xlabel="Stoichiometry y [-]", ylabel="Open-circuit potential [V vs Li]", xlim=(1, 0.15))
    right.axhline(0, color=GREY, lw=0.8)
    right.set(xlabel="Stoichiometry y [-]", ylabel="Volume strain [%]", xlim=(1, 0.15))
    left.legend(fontsize=7.5)
    right.legend(fontsize=7.5, loc="lower left")
    return figure


def sulfides() -> Figure:
    """Electrolyte oxidised on a host without lithium, and as active material: potential and pressure."""
    from dataclasses import replace

    from assb.models.option_table import NO_MECHANISMS
    from assb.validation import SYSTEMS

    pressure, charge = "Stack pressure [MPa]", "Discharge capacity [A.h]"
    figure, panels = two_panels()
    for n, growth, plateau, axis in ((9, "mixed", 1.571, panels[0]), (10, "constant", 0.62, panels[1])):
        case = SYSTEMS[n].case()
        alone = {**NO_MECHANISMS, "contact": "pressure", "interphase": growth, "stack pressure": "spring"}
        layers = tuple(
            f"Pressure contribution: {layer} electrode [MPa]" for layer in ("positive", "negative")
        )
        found = replace(case, options=alone, outputs=(pressure, charge, *layers)).simulate()
        passed = -1e3 * found[charge] / case.parameter_values()["Electrode area [m2]"] / 1e4
        (line,) = axis.plot(passed, found["Voltage [V]"] + plateau, color=COLOURS[0])
        axis.set(xlabel="Charge [mAh/cm2]", ylabel="Potential [V vs Li]")
        axis.yaxis.label.set_color(line.get_color())
        other = axis.twinx()
        other.grid(visible=False)
        other.spines["right"].set_visible(True)
        change = 1e3 * (found[pressure] - found[pressure][0])
        other.plot(passed, change, color=COLOURS[1], label="stack pressure")
        if n == 10:
            for name, style, label in zip(layers, ("--", ":"), ("electrolyte", "In-Li"), strict=True):
                other.plot(passed, 1e3 * found[name], style, color=COLOURS[1], label=label)
            other.legend(fontsize=7.5, loc="upper center")
        other.set_ylabel("Change of pressure [kPa]", color=COLOURS[1])
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {
    "network": network,
    "contact": contact,
    "interphase": interphase,
    "space_charge": space_charge,
    "stack_pressure": stack_pressure,
    "stripping": stripping,
    "lithium_voids": lithium_voids,
    "lithium_limits": lithium_limits,
    "self_discharge": self_discharge,
    "temperature": temperature,
    "porous_electrode": porous_electrode,
    "impedance": impedance,
    "materials": materials,
    "sulfides": sulfides,
}


def save(figure: Figure, path: Path) -> None:
    """Write a PNG with 64 colours: lines and text lose nothing, the file shrinks to a third."""
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=130, metadata={"Software": None})
    image = Image.open(buffer).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    image.save(path, optimize=True)


def main(names: list[str]) -> None:
    """Draw the named figures, or all."""
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        raise SystemExit(f"figure {unknown[0]!r} is not known: use one of {', '.join(FIGURES)}")
    FOLDER.mkdir(exist_ok=True)
    with mpl.rc_context(STYLE):
        for name in names or FIGURES:
            save(FIGURES[name](), FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
