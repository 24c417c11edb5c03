"""Figure of examples/contact_or_interphase.py: voltage curves, spectra, and what each kind of data leaves open."""

from __future__ import annotations

import numpy as np
from contact_or_interphase import (
    BASE,
    DISCHARGES,
    FREQUENCIES,
    GROWTH,
    LOSS,
    NM,
    THICKNESS,
    VOLTAGE_NOISE,
    Study,
)

from assb.fitting import ellipse, ellipse_area

COLOURS = {LOSS: "#d55e00", GROWTH: "#0072b2"}
KINDS = ("#8a949e", "#e69f00", "#009e73", "#1f2a37")


def draw_voltages(study: Study, top, bottom) -> None:
    """Discharges of both cells over each other, and their difference in mV."""
    both = {name: study.rows("voltage", values) for name, values in study.cells.items()}
    fresh = study.rows("voltage", study.fresh)
    for k, (planned, (rate, hours)) in enumerate(zip(study.discharges[BASE], DISCHARGES, strict=True)):
        loaded = planned.time <= 3600 * hours
        charge = 1e3 * rate * study.capacity * planned.time[loaded] / 3600 / study.area
        top.plot(charge, fresh[k][loaded], color="#aab4be", lw=1.0, label="fresh" if not k else None)
        for name, style in ((LOSS, "-"), (GROWTH, (0, (2.2, 2.2)))):
            label = f"{'AB'[name == GROWTH]}: {name}" if not k else None
            top.plot(charge, both[name][k][loaded], ls=style, color=COLOURS[name], lw=2.2, label=label)
        text = {0.1: "C/10", 1 / 3: "C/3", 1.0: "1C"}[rate]
        top.annotate(
            text,
            (charge[-1], both[LOSS][k][loaded][-1]),
            xytext=(4, -3 if k != 1 else -9),
            textcoords="offset points",
        )
        gap = 1e3 * (both[GROWTH][k] - both[LOSS][k])[loaded]
        bottom.plot(charge, gap, color="#1f2a37", lw=1.3, ls=("-", "--", ":")[k], label=text)
    bottom.axhspan(-1e3 * VOLTAGE_NOISE[0], 1e3 * VOLTAGE_NOISE[0], color="#e9edf1", zorder=0)
    top.set(ylabel="Voltage [V]", title=f"Voltage at {BASE:g} MPa", ylim=(2.85, 3.55))
    top.tick_params(labelbottom=False)
    top.legend(loc="upper right")
    bottom.set(xlabel="Charge [mAh cm$^{-2}$]", ylabel="B $-$ A [mV]", ylim=(-3.2, 3.2))
    bottom.legend(
        loc="lower right", ncols=3, fontsize=7.5, handlelength=1.9, borderaxespad=0.1, columnspacing=1.0
    )
    bottom.text(0.02, 0.99, "band: sd of the noise", transform=bottom.transAxes, va="top", fontsize=7.5)


def draw_spectra(study: Study, top, bottom) -> None:
    """Nyquist plot of the fresh and the two aged cells, and the imaginary part against frequency."""
    frequencies = np.geomspace(FREQUENCIES[0], FREQUENCIES[-1], 241)
    for name, values in {"fresh": study.fresh, **study.cells}.items():
        impedance = study.area * study.impedance(frequencies, values)
        real, imaginary = impedance.real, impedance.imag
        style = {"color": COLOURS.get(name, "#aab4be"), "lw": 1.0 if name == "fresh" else 1.9}
        if name == GROWTH:
            style["ls"] = (0, (2.2, 2.2))
        top.plot(real, -imaginary, **style)
        bottom.semilogx(frequencies, -imaginary, **style)
        if name == "fresh":
            continue
        # The apex of the cathode arc: the largest imaginary part above 1 Hz.
        apex = int(np.argmax(np.where(frequencies > 1, -imaginary, -np.inf)))
        bottom.plot(frequencies[apex], -imaginary[apex], "o", color=style["color"], ms=4.5)
        bottom.annotate(
            f"{'AB'[name == GROWTH]}: {frequencies[apex]:.0f} Hz",
            (frequencies[apex], -imaginary[apex]),
            xytext=(8, -2) if name == LOSS else (-8, -2),
            textcoords="offset points",
            ha="left" if name == LOSS else "right",
            color=style["color"],
            fontsize=8.5,
            weight="bold",
        )
    top.set(
        xlabel=r"Re $Z$ [$\Omega$ cm$^2$]",
        ylabel=r"$-$Im $Z$ [$\Omega$ cm$^2$]",
        title=f"Spectrum at {BASE:g} MPa",
        aspect="equal",
        xlim=(25, 232),
        ylim=(-4, 100),
    )
    top.text(169, 38, "same arc,\nother frequencies", ha="center", va="center", fontsize=7.5)
    bottom.set(xlabel="Frequency [Hz]", ylabel=r"$-$Im $Z$", ylim=(0, 100))


def draw_ellipses(study: Study, axis) -> None:
    """What each kind of data leaves open about cell A."""
    centres = {n: (study.contact(v), v[THICKNESS] / NM) for n, v in study.cells.items()}
    for colour, kind in zip(KINDS, study.data, strict=True):
        outline = ellipse(study.covariance(LOSS, kind), centres[LOSS])
        area = ellipse_area(study.covariance(LOSS, kind))
        axis.fill(*outline.T, color=colour, alpha=0.12, lw=0)
        axis.plot(*outline.T, color=colour, lw=1.8, label=f"{kind}, area {area:.1f}")
    for name, marker in ((LOSS, "A"), (GROWTH, "B")):
        axis.plot(*centres[name], "o", color=COLOURS[name], ms=6, zorder=5)
        axis.annotate(
            marker,
            centres[name],
            xytext=(6, 4),
            textcoords="offset points",
            color=COLOURS[name],
            weight="bold",
        )
    axis.set(
        xlim=(0.2, 1.15),
        ylim=(-12, 52),
        xlabel="Contact over that of the fresh cell [-]",
        ylabel="Interphase thickness [nm]",
        title="95 % region about cell A",
    )
    axis.axvline(1.0, color="#aab4be", lw=0.9, ls=":")
    axis.axhline(0.0, color="#aab4be", lw=0.9, ls=":")
    axis.legend(loc="upper right", fontsize=8)


def plot(study: Study, file: str) -> None:
    """Voltage curves, spectra, and what each kind of data leaves open."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style = {
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "legend.frameon": False,
        "axes.titlesize": 10,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
    }
    with mpl.rc_context(style):
        figure = Figure(figsize=(11.4, 3.9), layout="constrained")
        columns = figure.add_gridspec(1, 3)
        left = columns[0].subgridspec(2, 1, height_ratios=(2.4, 1))
        middle = columns[1].subgridspec(2, 1, height_ratios=(1.25, 1))
        top = figure.add_subplot(left[0])
        draw_voltages(study, top, figure.add_subplot(left[1], sharex=top))
        draw_spectra(study, figure.add_subplot(middle[0]), figure.add_subplot(middle[1]))
        draw_ellipses(study, figure.add_subplot(columns[2]))
        figure.savefig(file, dpi=130)
