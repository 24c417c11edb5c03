"""Systems whose mechanism the models lack: what is missing, in place of a simulation."""

from __future__ import annotations

from assb.validation.systems.registry import System, register

register(
    System(
        n=21,
        name="graded thick cathodes (carbon, size of the electrolyte)",
        positive="NCM622 with carbon or electrolyte graded through the depth",
        electrolyte="Li6PS5Cl",
        negative="InLi",
        fixture="10 mm die, 50 MPa, 25 C",
        protocol="rate, against the uniform electrode",
        quantity="Specific discharge capacity [mA.h.g-1]",
        source="SongReview [187-189]",
        missing="composition as a function of the depth",
    ),
    System(
        n=25,
        name="Li|Li6PS5Cl|Li at 3 and 7 MPa, with a reference; Li|SE|Li at 25 and 75 MPa",
        positive="Li",
        electrolyte="Li6PS5Cl",
        negative="Li",
        fixture="10 mm die, 3 to 75 MPa, 25 C",
        protocol="stripping and plating at 1 and 2 mA/cm2",
        quantity="Negative electrode contact fraction",
        source="Song2022 [161,187,188]",
        missing="voids on stripping, creep, fracture under pressure",
    ),
    System(
        n=26,
        name="Sn composite; Si|Li6PS5Cl; graphite coated with Li6PS5Cl; micro-Si|Li6PS5Cl|NCM811",
        positive="NCM811, or none in half cells",
        electrolyte="Li6PS5Cl",
        negative="Sn, Si, graphite composite",
        fixture="10 mm die, 50 to 70 MPa, 25 C",
        protocol="first cycles; tomography",
        quantity="Stack pressure [MPa]",
        source="Song2022 [183,189]; ArgyroditeReview2025 [261,362]; Feng2025 [34]",
        missing="silicon and tin",
    ),
    System(
        n=27,
        name="Li|argyrodite|Li, eight compositions",
        positive="Li",
        electrolyte="argyrodites (Table 1 of the review)",
        negative="Li",
        fixture="room temperature and 50 C",
        protocol="critical current density",
        quantity="Critical current density [mA.cm-2]",
        source="ArgyroditeReview2025, Table 1",
        missing="voids on stripping; a criterion of failure by dendrites",
    ),
)

__all__: list[str] = []
