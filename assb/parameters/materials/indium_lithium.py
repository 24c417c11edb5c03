"""Indium-lithium foil."""

from assb.parameters.entry import assumed, published
from assb.parameters.materials.lithium_metal import METAL_CONTACT, REDUCED_INTERPHASE

MATERIAL = {
    "Negative electrode potential [V]": published(0.62, "Santhosha2019"),
    "Negative electrode molar volume change [m3.mol-1]": published(7.89e-6, "SongReview"),
    "Negative electrode exchange-current density [A.m-2]": assumed(
        20.0, "a few ohm cm2 at room temperature, small beside the cathode"
    ),
    "Negative electrode exchange-current activation energy [J.mol-1]": assumed(
        4.0e4, "typical charge transfer"
    ),
    "Negative electrode interface resistance [Ohm.m2]": assumed(5e-4, "5 ohm cm2 interphase"),
    "Negative electrode double-layer capacity [F.m-2]": assumed(0.1, "10 uF/cm2"),
    "Negative electrode Butler-Volmer transfer coefficient": assumed(0.5, "symmetric barrier"),
    "Negative electrode interface dispersion exponent": assumed(0.9, "slightly depressed arcs"),
    "Negative electrode film capacitance [F.m-2]": assumed(
        100.0, "10 mF/cm2, upper end of interphase and charge transfer at lithium (ArgyroditeReview2025)"
    ),
    "Negative electrode film dispersion exponent": assumed(0.8, "a film of uneven thickness"),
    "Negative electrode stripping resistance [Ohm.m2]": assumed(
        0.02, "200 ohm cm2 once the accessible lithium is used up"
    ),
    "Negative electrode stripping charge scale [mA.h.cm-2]": assumed(
        0.1, "foil layer that solid diffusion reaches within hours"
    ),
    "Negative electrode stripping current scale [A.m-2]": assumed(0.1, "small beside the currents of use"),
    "Negative electrode initial lithium [mol.m-2]": assumed(1.0, "about 2.7 mAh/cm2 of lithium in the foil"),
    "Negative electrode confined modulus [GPa]": assumed(10.0, "soft metal, order of magnitude"),
    "Negative electrode thickness [m]": assumed(100e-6, "indium foil of 0.1 mm"),
    **REDUCED_INTERPHASE,
    **METAL_CONTACT,
    "Negative electrode intrusion charge [mA.h.cm-2]": assumed(
        1e6, "In-Li does not grow through the electrolyte: cells run at 100 MPa and more"
    ),
    "Negative electrode interphase parabolic constant [m2.s-1]": assumed(
        1e-23, "a hundredth of that on lithium: the interface with In-Li is far more stable (Santhosha2019)"
    ),
}
