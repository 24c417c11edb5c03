"""Starting values of the solid-state mechanisms at a positive composite electrode.

They are priors for calibration, not properties of one material.
"""

from assb.parameters.entry import assumed, derived, published

CONTACT = {
    "Positive electrode largest contact fraction": assumed(1.0, "all surfaces that packing allows"),
    "Positive electrode fabrication stoichiometry": assumed(1.0, "pressed in the discharged state"),
    "Positive electrode transmitted pressure share": assumed(1.0, "stack pressure reaches the contacts"),
    "Positive electrode residual contact pressure [MPa]": assumed(8.0, "left by fabrication"),
    "Positive electrode contact adhesion pressure [MPa]": assumed(
        0.0, "bare sulfide on oxide; a binder or a soft coating adds to it"
    ),
    "Positive electrode local contact stiffness [GPa]": assumed(
        0.5, "0.1-2 GPa; the elastic value of 10 GPa would open every contact on the first charge"
    ),
    "Positive electrode gap contact stiffness [GPa]": assumed(0.5, "as the local contact stiffness"),
    "Positive electrode contact patch radius [m]": assumed(
        0.3e-6, "0.1-1 um, a tenth of a particle of some um; used with diffusion constriction only"
    ),
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
    "Solid electrolyte ductility": assumed(
        1.0, "Li6PS5Cl is the reference; glassy electrolytes lose less contact (Song2022)"
    ),
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
    "Positive electrode interphase onset shift by pressure [V.GPa-1]": assumed(
        0.0, "0.015 for Li10GeP2S12, 2.2 to 2.5 V over 20 GPa (Song2022); nothing below 1 GPa"
    ),
    "Positive electrode electrons per interphase formula": assumed(2.0, "per sulfide pair oxidised"),
    "Positive electrode interphase molar volume [m3.mol-1]": published(142.8e-6, "SongReview"),
    "Positive electrode coating thickness [m]": assumed(10e-9, "10-100 nm in models and on powders"),
    "Positive electrode coating conductivity [S.m-1]": published(1e-4, "ArgyroditeReview2025"),
    "Positive electrode reversible interphase share": assumed(
        0.5, "sulfides bridged by sulfur come back, phosphates and sulfates do not; the share is unknown"
    ),
    "Positive electrode interphase healing potential [V]": derived(
        2.5, "discharge to 2.5 V does not heal, to 2.0 V does (SongReview, Feng2025)"
    ),
    "Positive electrode interphase healing rate [V-1.s-1]": assumed(0.05, "a few minutes at 2.0 V"),
    "Positive electrode initial recoverable interphase thickness [m]": assumed(
        0.0, "what formed at first contact does not come back"
    ),
    "Positive electrode lost contact gap [m]": assumed(
        1e-9, "the regained volume of a layer of 7 nm; used with interphase healing only"
    ),
    "Positive electrode coating electronic conductivity [S.m-1]": published(1e-12, "ArgyroditeReview2025"),
    "Positive electrode interphase incubation time [s]": published(16 * 3600.0, "Feng2025"),
    "Positive electrode interphase formation thickness [m]": assumed(2e-9, "a few unit cells"),
    "Positive electrode interphase formation time [s]": assumed(1800.0, "early part of a first charge"),
    "Positive electrode initial time above oxidation [s]": assumed(0.0, "fresh cell"),
    "Positive electrode carbon specific surface [m-1]": assumed(
        1.2e8, "60 m2/g of carbon black in data sheets, times 2 g/cm3"
    ),
    "Positive electrode carbon surface share in contact": assumed(
        0.1, "most of the surface lies inside aggregates"
    ),
    "Solid electrolyte electronic conductivity [S.m-1]": published(6.3e-7, "ArgyroditeReview2025"),
    "Reference electronic conductivity for oxidation [S.m-1]": published(6.3e-7, "ArgyroditeReview2025"),
    "Electronic conductivity oxidation exponent": assumed(
        0.5, "the rate rises with the electronic conductivity (SongReview); the power is unknown"
    ),
    "Solid electrolyte relative oxidation rate": assumed(1.0, "Li6PS5Cl is the reference"),
    "Positive electrode space-charge resistance [Ohm.m2]": assumed(1e-4, "1 ohm cm2; coated cathodes 0-5"),
    "Positive electrode space-charge capacitance [F.m-2]": assumed(
        0.05, "relative permittivity of 15 over a layer of 2.7 nm"
    ),
    "Positive electrode diffuse share of weak drop": assumed(
        0.05, "the compact layer takes the rest of the drop"
    ),
    "Positive electrode space-charge conductivity floor": assumed(1e-3, "effective"),
    "Positive electrode double-layer capacity [F.m-2]": assumed(0.1, "10 uF/cm2"),
    "Positive electrode Butler-Volmer transfer coefficient": assumed(0.5, "symmetric barrier"),
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
    "Positive electrode grain diameter [m]": assumed(
        0.5e-6, "primary grains of Ni-rich polycrystals have some hundred nanometres"
    ),
    "Positive electrode reference grain diameter [m]": assumed(
        0.5e-6, "grains to which the cracking rate belongs, random and of this size"
    ),
    "Positive electrode grain orientation order": assumed(
        0.0, "random; 0.25 of c-axes tangential but else random, 1 of a single crystal"
    ),
    "Positive electrode grain misfit per volume strain": derived(
        0.5, "c changes by -7.9 % and a by -2.0 % at high nickel (Song2022, Sec. 3.1): 5.9 over 11.9 %"
    ),
    "Positive electrode crystal Young's modulus [GPa]": assumed(
        140.0, "NCM by nanoindentation, 100-200 GPa; the loss on charge is left out"
    ),
    "Positive electrode crystal Poisson ratio": assumed(0.25, "typical oxide"),
    "Positive electrode cleavage surface energy [J.m-2]": assumed(
        1.0, "half of (1 - nu^2) K^2/E with 0.24-0.81 MPa m^0.5 of LiMn2O4 (Mughal2017): 0.2-2.2 J/m2"
    ),
    "Positive electrode grain-boundary surface energy [J.m-2]": assumed(
        0.5, "half that of the crystal, below which cracks keep to boundaries (Lipetzky1996)"
    ),
    "Positive electrode crack closed share": derived(
        0.24, "cracks fill 0.90 % of the area discharged and 3.69 % charged (Song2022, Sec. 4.1)"
    ),
    "Positive electrode crack opening strain": assumed(-0.04, "within the collapse, above 4.0 V"),
    "Positive electrode crack opening strain width": assumed(0.01, "as wide as the collapse"),
    "Positive electrode isolation per cracked fraction": assumed(
        0.1, "a crack that blocks diffusion seldom closes around a grain; ageing data calibrate it"
    ),
    "Positive electrode fabrication pressure [MPa]": assumed(300.0, "typical of cold-pressed sulfide cells"),
    "Positive electrode pressing crack factor": assumed(
        0.05, "per 30 MPa above 380 MPa; pressing harder costs first capacity (Feng2025)"
    ),
}

PRESSURE = {
    "Positive electrode absorbed strain share": assumed(0.3, "taken up by pores and plastic flow"),
    "Positive electrode confined modulus [GPa]": assumed(40.0, "oxide-sulfide composite, order of magnitude"),
    "Fixture stiffness [MPa.um-1]": assumed(0.7, "published fixtures span a factor of 15 around it"),
    "Relaxing share of stack stiffness": assumed(0.1, "viscous flow of the electrolyte"),
    "Stack relaxation time [s]": assumed(3600.0, "order of magnitude"),
    "Pressure drift share": assumed(0.005, "1.2 % of the initial pressure per decade of time"),
    "Pressure drift time [s]": assumed(3600.0, "time since the cell was closed"),
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
    "Positive electrode ionic conductivity contrast": assumed(
        1e-6, "oxide and pores conduct next to no ions"
    ),
    "Positive electrode electronic conductivity contrast": assumed(
        1e-6, "electrolyte and pores conduct next to no electrons"
    ),
    "Positive electrode pores per active particle": assumed(
        1.0, "pores as large as the share of each particle"
    ),
    "Positive electrode ionic pore coefficient": assumed(1.0, "many small pores cost more (Oh2026)"),
    "Positive electrode electronic pore coefficient": derived(
        0.0, "electronic conductivity does not correlate with porosity (Oh2026)"
    ),
    "Positive electrode ionic binder coefficient": assumed(
        10.0, "costs ions more than electrons (SongReview)"
    ),
    "Positive electrode electronic binder coefficient": assumed(5.0, "half of that for ions"),
    "Positive electrode ionic carbon coefficient": assumed(5.0, "carbon lies between electrolyte particles"),
    "Positive electrode active material conductivity [S.m-1]": assumed(
        0.3, "Ni-rich oxide without carbon; 0.1-0.4 S/m in composites of Oh2026"
    ),
    "Positive electrode carbon network conductivity [S.m-1]": assumed(1e3, "carbon black without gaps"),
    "Positive electrode carbon percolation threshold": assumed(
        0.005, "0.5-5 % by volume; low, as carbon sits on the surface of larger particles"
    ),
    "Positive electrode electrolyte damage rate": assumed(
        0.005, "per unit volume strain; the network stays flat for 100 cycles in most cells"
    ),
}

#: Densification under the fabrication pressure; what :func:`assb.parameters.build` makes a void fraction of.
PRESSING = {
    "loose porosity": assumed(0.45, "randomly packed powder"),
    "porosity no pressure removes": assumed(
        0.08, "pores between hard oxide particles; Oh2026 measured 0.08-0.18"
    ),
    "densification pressure [MPa]": assumed(
        100.0, "saturates towards 380 MPa, beyond which active material cracks (Feng2025)"
    ),
}

#: Arcs of the impedance that the time domain sees as plain resistances, and how far arcs are depressed.
IMPEDANCE = {
    "Separator grain capacitance [F.m-2]": assumed(
        3e-5, "3 nF/cm2: grain boundaries have 1e-11 to 1e-8 F (Irvine1990); 1e-7 s with 35 ohm cm2"
    ),
    "Separator dispersion exponent": assumed(0.8, "typical of grain boundaries in pressed pellets"),
    "Positive electrode contact constriction resistance [Ohm.m2]": assumed(
        2e-3, "20 ohm cm2, order of the cathode arc that depends on pressure"
    ),
    "Positive electrode contact constriction capacitance [F.m-2]": assumed(
        3e-3, "0.3 uF/cm2: Q of 1e-6 F s^(a-1) (ArgyroditeReview2025) at a = 0.9 and 50 ohm cm2"
    ),
    "Positive electrode contact constriction dispersion exponent": assumed(0.9, "slightly depressed arcs"),
    "Positive electrode interface dispersion exponent": assumed(0.9, "slightly depressed arcs"),
}

THERMAL = {
    "Positive electrode OCP entropic change [V.K-1]": assumed(-1e-4, "order of magnitude of layered oxides"),
    "Negative electrode OCP entropic change [V.K-1]": assumed(
        0.0, "lithium is the reference; for other negatives it is unknown here and left out"
    ),
    "Total heat transfer coefficient [W.m-2.K-1]": assumed(10.0, "still air"),
}
