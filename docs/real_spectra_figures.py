"""Figures of docs/real_spectra.md from docs/real_spectra.json and docs/real_pulses.json.

Run: python docs/real_spectra_figures.py. The numbers are made by docs/real_spectra.py and docs/real_pulses.py.
"""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl
import numpy as np
from figures import COLOURS, FOLDER, GREY, STYLE, save
from matplotlib.figure import Figure

from assb.fitting import Spectrum, lin_kk

HERE = Path(__file__).parent
HIGHEST = 1.1e6
LABELS = {"ideal": "ideal capacitors", "dispersed": "constant-phase exponents"}


def spectrum(name: str, fits: dict) -> Figure:
    """Nyquist with a close-up, Bode, and residuals."""
    data = Spectrum.embedded(name).between(0, HIGHEST)
    floor = lin_kk(data)
    figure = Figure(figsize=(8.6, 6.4), layout="constrained")
    axes = figure.subplots(2, 2)
    for ax in axes[0]:
        ax.plot(data.impedance.real, -data.impedance.imag, "o", ms=3.2, color="k", label="measured")
    axes[1, 0].loglog(data.frequency, np.abs(data.impedance), "o", ms=3.2, color="k")
    phase = axes[1, 0].twinx()
    phase.spines["right"].set_visible(True)
    phase.grid(False)
    phase.semilogx(data.frequency, -np.degrees(np.angle(data.impedance)), "s", ms=2.6, mfc="none", color=GREY)
    for colour, kind in zip(COLOURS, LABELS, strict=False):
        if kind not in fits:
            continue
        z = np.array(fits[kind]["impedance"]) @ [1, 1j]
        label = f"{LABELS[kind]}, {fits[kind]['count']} parameters: {100 * fits[kind]['rms']:.2g} %"
        for ax in axes[0]:
            ax.plot(z.real, -z.imag, color=colour, lw=1.3, label=label)
        axes[1, 0].loglog(data.frequency, np.abs(z), color=colour, lw=1.3)
        phase.semilogx(data.frequency, -np.degrees(np.angle(z)), color=colour, lw=1.0, ls="--")
        misfit = 100 * np.abs((z - data.impedance) / data.impedance)
        axes[1, 1].loglog(data.frequency, misfit, "o-", ms=2.5, lw=0.8, color=colour)
    axes[1, 1].loglog(
        data.frequency,
        100 * np.abs(floor.residuals),
        "x",
        ms=4,
        color=GREY,
        label=f"Kramers-Kronig test, {100 * floor.rms:.2g} % rms",
    )
    close = data.impedance[data.frequency > 3e2]
    axes[0, 1].set_xlim(60, 1.05 * close.real.max())
    axes[0, 1].set_ylim(0, 1.1 * -close.imag.min())
    for ax in axes[0]:
        ax.set(xlabel="Re Z [Ω]", ylabel="−Im Z [Ω]")
    axes[0, 0].set_ylim(bottom=0)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3, fontsize=9)
    axes[0, 1].set_title("above 300 Hz", fontsize=9)
    axes[1, 0].set(xlabel="Frequency [Hz]", ylabel="|Z| [Ω]  (points, solid)")
    phase.set_ylabel("−phase [°]  (squares, dashed)")
    axes[1, 1].set(xlabel="Frequency [Hz]", ylabel="|ΔZ|/|Z| [%]")
    axes[1, 1].set_ylim(bottom=3e-3)
    axes[1, 1].legend(fontsize=8, loc="lower right")
    return figure


def pulses(found: dict) -> Figure:
    """Record, model, and error of the prediction."""
    curve = {key: np.array(value) for key, value in found["curve"].items()}
    figure = Figure(figsize=(8.6, 4.2), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    rest = found["rest_voltage_V"]
    top.plot(curve["time_s"], 1e3 * (curve["measured_V"] - rest), "o", ms=2.4, color="k", label="measured")
    top.plot(curve["time_s"], 1e3 * (curve["model_V"] - rest), color=COLOURS[0], lw=1.2, label="model")
    bottom.plot(curve["time_s"], 1e3 * (curve["model_V"] - curve["measured_V"]), ".-", ms=3, lw=0.7)
    for ax in (top, bottom):
        ax.axvspan(float(curve["half_s"]), curve["time_s"][-1], color="#eef2f5", zorder=0)
    top.annotate(
        "predicted", (float(curve["half_s"]) + 0.3, 0.93), xycoords=("data", "axes fraction"), va="top"
    )
    top.set_ylabel("Response [mV]")
    top.legend(fontsize=8, loc="lower left")
    bottom.set(xlabel="Time [s]", ylabel="Error [mV]")
    return figure


def main() -> None:
    """Draw all three."""
    mpl.rcParams.update(STYLE)
    cells = json.loads((HERE / "real_spectra.json").read_text(encoding="utf-8"))["cells"]
    for number, (name, fits) in enumerate(cells.items(), start=1):
        save(spectrum(name, fits), FOLDER / f"real_spectrum_{number}.png")
    record = HERE / "real_pulses.json"
    if record.is_file():
        save(pulses(json.loads(record.read_text(encoding="utf-8"))), FOLDER / "real_pulses.png")


if __name__ == "__main__":
    main()
