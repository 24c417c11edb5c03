"""The publications whose figures are compared, a module each."""

from assb.validation.studies import (
    bielefeld2019,
    contact_exponents,
    doux2020,
    lee2020,
    minnmann2021,
    ramanayagam2026,
    sakka2022,
    shi2020,
    song2022,
)

__all__ = [
    "bielefeld2019",
    "contact_exponents",
    "doux2020",
    "lee2020",
    "minnmann2021",
    "ramanayagam2026",
    "sakka2022",
    "shi2020",
    "song2022",
]
