"""Starting values of the solid-state mechanisms at a positive composite electrode.

They are priors for calibration, not properties of one material.
"""

from assb.parameters.entry import assumed, derived, published

CONTACT = {
    "Positive electrode largest contact fraction": assumed(1.0, "all surfaces that packing allows"),
    "Positive electrode fabrication stoichiometry": assumed(1.0, "pressed in the discharged state"),
    "Positive electrode transmitted pressure share": assumed(1.0, "stack pressure reaches the contacts"),
    "Positive electrode residual contact pressure [MPa]": assumed(8.0, "left by fabrication"),
    "Positive electrode local contact stiffness [GPa]": assumed(
        0.5, "0.1-2 GPa; the elastic value of 10 GPa would open every contact on the first charge"
    ),
    "Positive electrode gap contact stiffness [GPa]": assumed(0.5, "as the local contact stiffness"),
    "Positive electrode contact closing pressure [GPa]": assumed(
        1.0, "0.6-3 GPa, hardness of the electrolyte"
    ),
    "Positive electrode contact pressure memory": assumed(0.37, "share of the largest pressure remembered"),
    "Positive electrode contact pressure memory time [s]": assumed(60.0, "contacts close within a minute"),
    "Positive electrode contact damage rate": assumed(
        0.02, "per unit volume strain; ageing data calibrate it"
    ),
    "Positive electrode contact damage swing exponent": assumed(1.0, "linear in the swing"),
    "Positive electrode reference strain": assumed(0.05, "typical swing of a Ni-rich oxide"),
    "Positive electrode damage yield pressure [MPa]": assumed(10.0, "flow of the electrolyte"),
    "Positive electrode damage relief pressure [MPa]": assumed(50.0, "pressure that relieves contact loss"),
    "Positive electrode damage critical pressure [MPa]": published(380.0, "Feng2025"),
    "Positive electrode damage porosity factor": assumed(2.0, "pores concentrate strain"),
    "Positive electrode isolation per contact damage": assumed(
        0.2, "share of the damage that isolates grains"
    ),
    "Positive electrode initial contact damage": assumed(0.0, "fresh cell"),
}

INTERPHASE = {
    "Positive electrode interface resistance [Ohm.m2]": assumed(
        0.02, "200 ohm cm2 of true contact area; bare cathodes start at about 100 ohm"
    ),
    "Positive electrode coated fraction": assumed(0.0, "bare active material"),
    "Positive electrode reference interphase thickness [m]": assumed(5e-9, "a scale"),
    "Positive electrode initial interphase thickness [m]": assumed(2e-9, "formed at first contact"),
    "Positive electrode interphase conductivity [S.m-1]": assumed(1e-6, "decomposition products"),
    "Positive electrode interphase reaction velocity [m.s-1]": assumed(1e-13, "at 4.2 V"),
    "Positive electrode interphase parabolic constant [m2.s-1]": assumed(1e-23, "at 4.2 V"),
    "Positive electrode interphase reaction activation energy [J.mol-1]": assumed(5.0e4, "typical"),
    "Positive electrode interphase diffusion activation energy [J.mol-1]": assumed(5.0e4, "typical"),
    "Positive electrode interphase transfer coefficient": assumed(
        0.2, "growth rises with the upper cut-off, 4.0 to 5.0 V (Feng2025)"
    ),
    "Positive electrode interphase reference potential [V]": assumed(4.2, "a scale"),
    "Positive electrode interphase oxidation onset [V]": published(2.2, "SongReview"),
    "Positive electrode electrons per interphase formula": assumed(2.0, "per sulfide pair oxidised"),
    "Positive electrode interphase molar volume [m3.mol-1]": published(142.8e-6, "SongReview"),
    "Positive electrode space-charge resistance [Ohm.m2]": assumed(1e-4, "1 ohm cm2; coated cathodes 0-5"),
    "Positive electrode space-charge conductivity floor": assumed(1e-3, "effective"),
    "Positive electrode double-layer capacity [F.m-2]": assumed(0.1, "10 uF/cm2"),
}

CRACKING = {
    "Positive electrode cracking rate": assumed(
        0.1, "per unit volume strain and without electrolyte around; ageing data calibrate it"
    ),
    "Positive electrode cracking electrolyte scale": assumed(
        0.3, "volume fraction of electrolyte that slows cracking to 1/e"
    ),
    "Positive electrode cracking swing exponent": assumed(1.0, "linear in the swing"),
    "Positive electrode cracking critical pressure [MPa]": published(380.0, "Feng2025"),
    "Positive electrode crack closed share": derived(
        0.24, "cracks fill 0.90 % of the area discharged and 3.69 % charged (Song2022, Sec. 4.1)"
    ),
    "Positive electrode crack opening strain": assumed(-0.04, "within the collapse, above 4.0 V"),
    "Positive electrode crack opening strain width": assumed(0.01, "as wide as the collapse"),
    "Positive electrode fabrication pressure [MPa]": assumed(300.0, "typical of cold-pressed sulfide cells"),
    "Positive electrode cracks per fabrication overpressure": assumed(
        0.05, "per 30 MPa above 380 MPa; pressing harder costs first capacity (Feng2025)"
    ),
}

PRESSURE = {
    "Positive electrode absorbed strain share": assumed(0.3, "taken up by pores and plastic flow"),
    "Positive electrode confined modulus [GPa]": assumed(40.0, "oxide-sulfide composite, order of magnitude"),
    "Fixture stiffness [MPa.um-1]": assumed(0.7, "published fixtures span a factor of 15 around it"),
    "Relaxing share of stack stiffness": assumed(0.1, "viscous flow of the electrolyte"),
    "Stack relaxation time [s]": assumed(3600.0, "order of magnitude"),
}

NETWORK = {
    "Positive electrode conductivity [S.m-1]": assumed(10.0, "active material with carbon"),
    "Positive electrode ionic conductivity pressure exponent": derived(
        0.05, "0-0.10 between 3 and 20 MPa (Song2022, Table 3)"
    ),
    "Positive electrode electronic conductivity pressure exponent": derived(
        0.66, "0.57-0.76 between 3 and 20 MPa (Song2022, Table 3)"
    ),
    "Reference pressure for conductivities [MPa]": published(20.0, "Song2022"),
    "Positive electrode Bruggeman coefficient (electrolyte)": assumed(2.5, "fine solid electrolyte (Oh2026)"),
    "Positive electrode Bruggeman coefficient (electrode)": assumed(1.5, "Bruggeman"),
    "Positive electrode ionic tortuosity factor": assumed(5.0, "70:30 by mass (Song2022: 4.3)"),
    "Positive electrode electronic tortuosity factor": assumed(10.0, "with carbon"),
}
