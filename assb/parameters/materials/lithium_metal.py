"""Lithium-metal foil, its interphase with Li6PS5Cl, its voids and what limits its pressure."""

from assb.parameters.entry import assumed, defined, derived, published

#: 4.85 um per mAh/cm2 (Song2022) as volume per mole of lithium; 6.94/0.534 gives 13.0 cm3/mol.
_MOLAR_VOLUME = 4.85e-6 / 3.6e4 * 96485.33212

#: Electrolyte reduced at a foil. Li6PS5Cl on lithium unless said.
REDUCED_INTERPHASE = {
    "Negative electrode reference interphase thickness [m]": assumed(10e-9, "a scale"),
    "Negative electrode initial interphase thickness [m]": assumed(
        9e-9, "formed at first contact, 1 uAh/cm2"
    ),
    "Negative electrode interphase thickness per charge [nm.cm2.uA-1.h-1]": published(
        9.0, "ArgyroditeReview2025"
    ),
    "Negative electrode interphase parabolic constant [m2.s-1]": assumed(
        1e-21, "0.25 um in a year; the measured slope is printed as a figure only (Aktekin2023)"
    ),
    "Negative electrode interphase diffusion activation energy [J.mol-1]": assumed(5.0e4, "typical"),
    "Negative electrode interphase conductivity [S.m-1]": assumed(2e-5, "4.5 ohm cm2 for the first 9 nm"),
    "Negative electrode electrolyte consumed per volume of interphase": derived(
        268.43 / 1.87 / 8 / (9e-9 / 36 * 96485.33212 * 1e6),
        "Li6PS5Cl + 8 Li -> 5 Li2S + Li3P + LiCl: 17.9 cm3 of electrolyte per mole of electrons against 24.1 cm3"
        " of interphase (9 nm per uAh/cm2)",
    ),
    "Negative electrode initial formed interphase share": assumed(0.0, "before lithium is first plated"),
    "Negative electrode unformed interphase resistance ratio": assumed(
        5.0, "an interphase poor in Li3P conducts worse, order of magnitude"
    ),
    "Negative electrode interphase forming charge [uA.h.cm-2]": derived(
        17.0, "5 % left unformed after 50 uAh/cm2 at low current (ArgyroditeReview2025)"
    ),
    "Negative electrode interphase forming current density [mA.cm-2]": derived(
        0.05, "upper end of the low currents (ArgyroditeReview2025)"
    ),
}

#: Voids, creep, intrusion and the last lithium. Li on Li6PS5Cl unless said.
METAL_CONTACT = {
    "Negative electrode initial contact fraction": assumed(1.0, "pressed on, without voids"),
    "Negative electrode void depth [m]": derived(
        5e-6, "1.03 mAh/cm2: depletion shows after 1.07-1.47 mAh/cm2 of stripping (ArgyroditeReview2025)"
    ),
    "Negative electrode creep current density [mA.cm-2]": published(0.2, "Kasemchainan2019"),
    "Negative electrode creep reference pressure [MPa]": published(3.0, "Kasemchainan2019"),
    "Negative electrode creep pressure exponent": derived(
        2.1, "1.9 to 2.3: a critical current of 1.0 to 1.4 mA/cm2 at 7 MPa (Kasemchainan2019)"
    ),
    "Negative electrode creep activation energy [J.mol-1]": assumed(
        4.0e4, "order of magnitude of power-law creep of lithium"
    ),
    "Negative electrode intrusion charge [mA.h.cm-2]": derived(
        1.8, "48 h at 25 MPa and 0.075 mA/cm2, half of it plating (Doux2020)"
    ),
    "Negative electrode intrusion reference pressure [MPa]": published(25.0, "Doux2020"),
    "Negative electrode intrusion pressure exponent": derived(
        3.4, "ln(272/48)/ln(25/15): times to a short at 15 and 25 MPa (Doux2020)"
    ),
    "Negative electrode nucleated area share": assumed(0.05, "plating starts on islands"),
    "Negative electrode coverage thickness [m]": assumed(0.5e-6, "islands grow together, 0.1 mAh/cm2"),
    "Negative electrode exhaustion resistance [Ohm.m2]": assumed(
        1.0, "1e4 ohm cm2 as the last lithium goes: the voltage falls to its cut-off"
    ),
    "Negative electrode exhaustion thickness [m]": assumed(20e-9, "4 uAh/cm2, islands that lose contact"),
}

MATERIAL = {
    "Negative electrode potential [V]": defined(0.0, "reference of all potentials"),
    "Negative electrode molar volume change [m3.mol-1]": derived(
        _MOLAR_VOLUME, "4.85 um per mAh/cm2 (Song2022), 13.0 cm3/mol"
    ),
    "Negative electrode exchange-current density [A.m-2]": assumed(
        100.0, "2.6 ohm cm2: charge transfer at clean lithium is small beside the interphase"
    ),
    "Negative electrode exchange-current activation energy [J.mol-1]": assumed(
        4.0e4, "typical charge transfer"
    ),
    "Negative electrode interface resistance [Ohm.m2]": assumed(
        5e-4, "5 ohm cm2 that do not grow; a growing interphase adds to them"
    ),
    "Negative electrode double-layer capacity [F.m-2]": assumed(0.1, "10 uF/cm2"),
    "Negative electrode Butler-Volmer transfer coefficient": assumed(0.5, "symmetric barrier"),
    "Negative electrode stripping resistance [Ohm.m2]": assumed(
        0.0, "the metal does not run out of lithium at the contact; voids are a law of their own"
    ),
    "Negative electrode stripping charge scale [mA.h.cm-2]": assumed(
        10.0, "immaterial without that resistance"
    ),
    "Negative electrode stripping current scale [A.m-2]": assumed(0.1, "immaterial without that resistance"),
    "Negative electrode initial lithium [mol.m-2]": derived(
        50e-6 / _MOLAR_VOLUME, "foil of 50 um at 13.0 cm3/mol"
    ),
    "Negative electrode confined modulus [GPa]": assumed(
        11.0, "bulk modulus: the metal flows, so that only its volume resists"
    ),
    "Negative electrode thickness [m]": assumed(50e-6, "foil of 50 um"),
    **REDUCED_INTERPHASE,
    **METAL_CONTACT,
}

#: Bare collector on which the first charge plates the lithium.
ANODE_FREE = {
    **MATERIAL,
    "Negative electrode initial lithium [mol.m-2]": defined(0.0, "none before the first charge"),
    "Negative electrode thickness [m]": assumed(10e-6, "collector"),
    "Negative electrode confined modulus [GPa]": assumed(200.0, "copper or steel under confined compression"),
}
