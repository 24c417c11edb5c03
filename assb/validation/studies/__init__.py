"""The publications whose figures are compared, a module each."""

from assb.validation.studies import (
    bielefeld2019,
    contact_exponents,
    doux2020,
    kasemchainan2019,
    koerver2018,
    lee2020,
    liu2024,
    minnmann2021,
    oh2026,
    ramanayagam2026,
    sakka2022,
    shi2020,
    song2022,
    strauss2018,
    zhang2017,
)

__all__ = [
    "bielefeld2019",
    "contact_exponents",
    "doux2020",
    "kasemchainan2019",
    "koerver2018",
    "lee2020",
    "liu2024",
    "minnmann2021",
    "oh2026",
    "ramanayagam2026",
    "sakka2022",
    "shi2020",
    "song2022",
    "strauss2018",
    "zhang2017",
]
