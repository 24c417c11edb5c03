"""Systems whose paper followed the stack pressure or the thickness of the cell."""

from __future__ import annotations

from assb.parameters import Blend
from assb.validation.systems.cases import CellCase, SpectrumCase
from assb.validation.systems.quantities import thickness_change
from assb.validation.systems.registry import System, register

_P = "Positive electrode "
_PRESSURE = "Stack pressure [MPa]"
_SPECTRUM = "Area-specific impedance [Ohm.cm2]"
_CYCLE = ("Charge at 0.1C until {high} V", "Discharge at 0.1C until {low} V")
_CHARGE = ("Charge at 0.1C until {high} V",)
_NO_CARBON = {"active material": 75, "solid electrolyte": 25}
_DEP = "13 mm die with pressure sensor, spring-like, 30 C"
_SINGLE = {"cracking": "none"}
_POLY = {"cracking": "intergranular"}
_THERMAL = 303.15


def _oh(**base) -> dict:
    return {"base": {"name": "Oh2026_LTO", **base}, "outputs": (_PRESSURE,)}


def _nca88(electrolyte: str, percent: float, single: bool) -> CellCase:
    return CellCase(
        positive="NCA88",
        electrolyte=electrolyte,
        cell={
            "composition": {"active material": 100 - percent, "solid electrolyte": percent},
            "particle_radius": 1.5e-6 if single else 2.5e-6,
            "stack_pressure": 70.0,
            "temperature": _THERMAL,
        },
        options=_SINGLE if single else _POLY,
        steps=_CYCLE,
        outputs=(_PRESSURE, *(() if single else ("X-averaged positive electrode cracked fraction",))),
    )


def _lmro(temperature: float, single: bool) -> CellCase:
    return CellCase(
        positive="LMRO",
        negative="LTO",
        cell={
            "temperature": temperature,
            "particle_radius": 1.0e-6 if single else 4.0e-6,
            "stack_pressure": 60.0,
        },
        # Secondary particles take up a larger share of their breathing in their own pores.
        overrides={} if single else {_P + "absorbed strain share": 0.5},
        options={"carbon interphase": "growing", "interphase formation": "first charge"},
        steps=_CHARGE,
        outputs=(_PRESSURE, "X-averaged positive electrode interphase thickness [m]"),
    )


def _koerver(positive, **cell) -> CellCase:
    return CellCase(
        positive=positive,
        electrolyte="Li6PS5Cl",
        negative="LTO",
        cell={"stack_pressure": 30.0, "voltage_window": (1.0, 2.55), **cell},
        steps=_CHARGE,
        outputs=(_PRESSURE,),
    )


def _lco(negative: str, electrolyte: str = "Li10GeP2S12", **more) -> CellCase:
    return CellCase(
        positive="LCO", electrolyte=electrolyte, negative=negative, steps=_CYCLE, outputs=(_PRESSURE,), **more
    )


def _decoupling(**overrides) -> CellCase:
    options = {"interphase formation": "first charge"}
    cell = {"stack_pressure": 75.0, "composition": _NO_CARBON}
    return _lco("LTO", "Li6PS5Cl", cell=cell, overrides=overrides, options=options)


register(
    System(
        n=4,
        name="NCWA+NCM (10:0 to 0:10) + Li5.5PS4.5Cl1.5 + C | SE | LTO",
        positive="NCWA88:NCM82 with Li5.5PS4.5Cl1.5 and carbon, 90:9.5:0.5 by mass",
        electrolyte="Li5.5PS4.5Cl1.5",
        negative="LTO composite",
        fixture="13 mm die, 100 MPa, spring, 30 C",
        protocol="2.7-4.3 V vs Li at 0.1C and 0.5C; pressiometry; impedance and relaxation times",
        quantity=_PRESSURE,
        source="Oh2026",
        borrowed=("open-circuit potential of both oxides: law of NCM811 (Chen2020)",),
        missing="200 cycles in the quick test; the sequentially loaded 8+2 electrode",
        cases={
            "8:2": CellCase(**_oh(blend=0.8, populations="two"), steps=("Charge at 0.5C until {high} V",)),
            "10:0": CellCase(**_oh(blend=1.0), steps=("Charge at 0.5C until {high} V",)),
            "0:10": CellCase(**_oh(blend=0.0), steps=("Charge at 0.5C until {high} V",)),
            "8:2 spectrum": SpectrumCase(base={"name": "Oh2026_LTO", "blend": 0.8}, quantity=_SPECTRUM),
        },
    ),
    System(
        n=8,
        name="PC or SC Ni-rich oxide with Li6PS5Cl0.5Br0.5 or Li3YCl6 | Li0.5In",
        positive="NCA88 with 40.7 or 29.1 wt% of electrolyte",
        electrolyte="Li6PS5Cl0.5Br0.5 or Li3YCl6",
        negative="InLi",
        fixture=_DEP,
        protocol="0.1C between 2.7 and 4.3 V vs Li; pressiometry, crack imaging",
        quantity=_PRESSURE,
        source="Song2022 [46]; SongReview [84]",
        borrowed=("initial pressure 70 MPa, particle sizes: typical of pressiometry",),
        missing="swing of the foil is 90-95 % of the pressure: the paper subtracts it",
        cases={
            "PC, Li6PS5Cl0.5Br0.5": _nca88("Li6PS5Cl0.5Br0.5", 35, single=False),
            "SC, Li6PS5Cl0.5Br0.5": _nca88("Li6PS5Cl0.5Br0.5", 35, single=True),
            "SC, 40.7 % Li3YCl6": _nca88("Li3YCl6", 40.7, single=True),
            "SC, 29.1 % Li3YCl6": _nca88("Li3YCl6", 29.1, single=True),
        },
    ),
    System(
        n=9,
        name="RuO2 + Li6PS5Cl0.5Br0.5 | SE | LTO",
        positive="RuO2, a host that conducts electrons and holds no lithium, 60:40 by mass",
        electrolyte="Li6PS5Cl0.5Br0.5",
        negative="LTO composite",
        fixture=_DEP,
        protocol="charge to 4.3 V vs Li: capacity and pressure come from oxidation of the electrolyte alone",
        quantity=_PRESSURE,
        source="SongReview [84]; Song2022 [46]",
        borrowed=(
            "interphase on RuO2: law of that on oxides, its constants chosen to carry 25 uA/cm2 (assumption)",
        ),
        cases={
            "charge": CellCase(
                positive="RuO2",
                electrolyte="Li6PS5Cl0.5Br0.5",
                negative="LTO",
                cell={
                    "composition": {"active material": 60, "solid electrolyte": 40},
                    "particle_radius": 0.25e-6,
                    "initial_stoichiometry": 0.85,
                    "stack_pressure": 70.0,
                    "temperature": _THERMAL,
                    "nominal_capacity": 0.4e-3,
                },
                # Grows nearly as fast at 3 V as at 4.3 V: the current is carried by it alone.
                overrides={
                    "Negative electrode thickness [m]": 100e-6,
                    _P + "interphase reaction velocity [m.s-1]": 1e-8,
                    _P + "interphase parabolic constant [m2.s-1]": 5e-19,
                    _P + "interphase transfer coefficient": 0.04,
                },
                options={"space charge": "none"},
                steps=("Charge at 0.05C until {high} V",),
                period="2 minutes",
                outputs=(
                    _PRESSURE,
                    "Discharge capacity [A.h]",
                    "Lithium released by solid electrolyte [mol]",
                    "X-averaged positive electrode interphase thickness [m]",
                ),
            )
        },
    ),
    System(
        n=10,
        name="Li6PS5Cl0.5Br0.5 as active material | SE | Li-In",
        positive="LPSCB, the electrolyte itself with carbon: 45 % of it wired to carbon and active",
        electrolyte="Li6PS5Cl0.5Br0.5",
        negative="InLi",
        fixture=_DEP,
        protocol="0.6-3.6 V vs Li at 0.05C; pressure",
        quantity=_PRESSURE,
        source="SongReview [169]",
        borrowed=(
            "shape of the potential; share of the powder that is active; no breathing is absorbed (assumption)",
        ),
        missing="hysteresis of the conversion, reduction of phosphorus",
        cases={
            "cycle": CellCase(
                positive="LPSCB",
                electrolyte="Li6PS5Cl0.5Br0.5",
                cell={
                    "composition": {"active material": 40, "solid electrolyte": 40, "carbon": 20},
                    "particle_radius": 0.5e-6,
                    "initial_stoichiometry": 0.9,
                    "stack_pressure": 70.0,
                    "temperature": _THERMAL,
                },
                # The electrolyte is the matrix: nothing else takes up its breathing.
                overrides={_P + "absorbed strain share": 0.0},
                # Its oxidation is the reaction of the active material, not an interphase beside it.
                options={"interphase": "constant", "space charge": "none", "contact": "pressure"},
                steps=("Charge at 0.05C until {high} V", "Discharge at 0.05C until {low} V"),
                period="30 minutes",
                outputs=(_PRESSURE, "Discharge capacity [A.h]"),
            )
        },
    ),
    System(
        n=11,
        name="Li1.2Ni0.13Mn0.54Co0.13O2 + Li6PS5Cl + C | SE | LTO, poly- and single-crystalline",
        positive="LMRO with Li6PS5Cl and carbon, 70:27:3 by mass",
        electrolyte="Li6PS5Cl",
        negative="LTO composite",
        fixture=_DEP + " and 60 C",
        protocol="2.0-4.6 V vs Li; pressiometry",
        quantity=_PRESSURE,
        source="SongReview [66]; ArgyroditeReview2025 [335]",
        borrowed=("interphase on carbon: law of that on oxides",),
        missing="oxygen: its release (mass spectrometry) and its share in the oxidation of the electrolyte",
        cases={
            "PC, 30 C": _lmro(_THERMAL, single=False),
            "SC, 30 C": _lmro(_THERMAL, single=True),
            "PC, 60 C": _lmro(333.15, single=False),
        },
    ),
    System(
        n=12,
        name="LCO|LTO, NCM811|LTO, LCO+NCM811 (55:45)|LTO",
        positive="LCO, NCM811, or both 55:45 by mass, with electrolyte and carbon",
        electrolyte="Li6PS5Cl (thiophosphate, not named)",
        negative="LTO composite",
        fixture="nominally constant volume, here a spring: its stiffness is not stated; 30 MPa, 25 C",
        protocol="charge at 0.1C; stack pressure",
        quantity=_PRESSURE,
        source="Koerver2018; Song2022 [42]",
        borrowed=("initial pressure, recipe: typical",),
        cases={
            "LCO": _koerver("LCO"),
            "NCM811": _koerver("NCM811"),
            "55:45": _koerver(Blend(("LCO", "NCM811"), (55, 45), (2.5e-6, 2.5e-6))),
        },
    ),
    System(
        n=13,
        name="LCO|Li-In and LCO|LTO",
        positive="LCO with Li10GeP2S12",
        electrolyte="Li10GeP2S12",
        negative="InLi, or LTO composite",
        fixture=_DEP,
        protocol="0.1C; pressure against each negative electrode",
        quantity=_PRESSURE,
        source="SongReview [229]",
        borrowed=("stiffness of the fixture, recipe: typical",),
        cases={"Li-In": _lco("InLi"), "LTO": _lco("LTO")},
    ),
    System(
        n=14,
        name="NCM|LiI-Li3PS4|graphite, n/p 1.2, 1.4, 1.7, three electrodes",
        positive="NCM622 (composition of the NCM not stated)",
        electrolyte="LiI-Li3PS4",
        negative="graphite composite",
        fixture="three-electrode pressure cell, 30 C",
        protocol="0.1C, pressure and potential of each electrode",
        quantity=_PRESSURE,
        source="Song2022 [45]",
        borrowed=("nickel content of the oxide; initial pressure",),
        missing="reduction of the electrolyte at graphite; Li10GeP2S12 as catholyte",
        cases={
            f"n/p {ratio}": CellCase(
                positive="NCM622",
                electrolyte="LiI-Li3PS4",
                negative="graphite",
                cell={"temperature": _THERMAL, "stack_pressure": 70.0},
                negative_excess=ratio / 1.2,
                steps=_CHARGE,
                outputs=(_PRESSURE, "Negative electrode potential [V]", "Positive electrode potential [V]"),
            )
            for ratio in (1.2, 1.4, 1.7)
        },
    ),
    System(
        n=15,
        name="NCM90 with Li-In, graphite, Si or Li, n/p varied",
        positive="NCM90",
        electrolyte="Li6PS5Cl",
        negative="InLi, graphite composite, Si composite, Li",
        fixture="constant pressure 5 MPa, 25 C",
        protocol="one charge: volume of the cell",
        quantity="Cell volume change [%]",
        source="SongReview, Fig. 13g [229]",
        borrowed=("thicknesses: the map is calculated for cells that the text does not give",),
        missing="n/p other than that of the package: 1.2 of graphite, 1.5 of Si",
        cases={
            negative: CellCase(
                positive="NCM90",
                negative=negative,
                cell={
                    "stack_pressure": 5.0,
                    "separator_thickness": 30e-6,
                    "positive_thickness": 60e-6,
                    "composition": {"active material": 80, "solid electrolyte": 17, "carbon": 3},
                },
                options={"stack pressure": "constant pressure"},
                steps=_CHARGE,
                reduce=thickness_change,
            )
            for negative in ("InLi", "graphite", "Si", "Li")
        },
    ),
    System(
        n=17,
        name="LCO, bare or Li2SnO3-coated | Li6PS5Cl",
        positive="LCO 75:25 by mass",
        electrolyte="Li6PS5Cl",
        negative="LTO composite (not stated)",
        fixture=_DEP,
        protocol="0.1C; pressure, chemical and mechanical part apart",
        quantity=_PRESSURE,
        source="SongReview [171]",
        borrowed=("conductivity of Li2SnO3: that of a coating in models, 1e-6 S/cm (ArgyroditeReview2025)",),
        cases={
            "bare": _decoupling(),
            "Li2SnO3": _decoupling(**{_P + "coated fraction": 0.9, _P + "coating thickness [m]": 5e-9}),
        },
    ),
)

__all__: list[str] = []
