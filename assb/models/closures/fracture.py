"""Energy that misfitting grains and gradients of lithium offer to a crack, over the energy of its surfaces.

Both follow R. W. Davidge, T. J. Green, J. Mater. Sci. 1968, 3, 629, doi 10.1007/BF00757910: a crack is possible when
the elastic energy of the body that it cuts exceeds that of two new surfaces across it. The ratio grows with size.
"""

from __future__ import annotations

from typing import Any


def grain_misfit_ratio(
    misfit: Any, order: Any, diameter: Any, modulus: Any, poisson: Any, surface_energy: Any
) -> Any:
    """Energy of a grain that its neighbours hold over that of a crack across it.

    ``x = (7 - 5 nu)/(135 (1 - nu**2)) E (eps_c - eps_a)**2 (1 - S) d/gamma``.

    Parameters
    ----------
    misfit : array-like or symbol
        Free strain along the c-axis less that along a, eps_c - eps_a, since the grains grew together.
    order : array-like or symbol
        Orientation order S = (3 <cos(theta)**2> - 1)/2 of the c-axes of neighbours: 0 for random grains, 1/4 for axes
        at random in one plane (tangential ones of columnar grains), 1 for a single orientation.
    diameter : array-like or symbol
        Diameter d of a grain [m].
    modulus, poisson : array-like or symbol
        Young's modulus E [Pa] and Poisson's ratio nu.
    surface_energy : array-like or symbol
        Energy gamma of a fracture surface [J.m-2], half the fracture energy.

    Notes
    -----
    The free strains of two grains, ``eps_a I + (eps_c - eps_a) n n``, differ by ``sqrt(2) |eps_c - eps_a| sin(theta)``;
    half the mean square of it is that from the mean of the surroundings, ``(2/3) (eps_c - eps_a)**2 (1 - S)``. The
    energy is that of a sphere with this shear strain in a body of the same stiffness, ``mu (7 - 5 nu)/(15 (1 - nu))``
    per volume and square of strain; the crack has the area of its section.

    References
    ----------
    J. D. Eshelby, Proc. R. Soc. A 1957, 241, 376, doi 10.1098/rspa.1957.0133. Grains whose expansion is anisotropic:
    A. G. Evans, Acta Metall. 1978, 26, 1845, doi 10.1016/0001-6160(78)90097-4; size and orientation of the two grains
    decide which boundaries crack: R. W. Davidge, Acta Metall. 1981, 29, 1695.
    """
    shear = (7 - 5 * poisson) / (135 * (1 - poisson**2))
    return shear * modulus * misfit**2 * (1 - order) * diameter / surface_energy


def lithium_gradient_stress(strain: Any, surface_strain: Any, modulus: Any, poisson: Any) -> Any:
    """Tangential stress at the surface of a sphere [Pa], ``E (e_mean - e_surf)/(3 (1 - nu))``; tension is positive.

    Parameters
    ----------
    strain, surface_strain : array-like or symbol
        Volume strain e of the mean composition and of that at the surface.
    modulus, poisson : array-like or symbol
        Young's modulus [Pa] and Poisson's ratio.

    References
    ----------
    J. Christensen, J. Newman, J. Electrochem. Soc. 2006, 153, A1019, doi 10.1149/1.2185287.
    """
    return modulus * (strain - surface_strain) / (3 * (1 - poisson))


def gradient_fracture_ratio(stress: Any, radius: Any, modulus: Any, poisson: Any, surface_energy: Any) -> Any:
    """Energy of a particle with a gradient of lithium over that of a crack across it.

    ``x = (2/7) (1 - nu) sigma**2 R/(E gamma)``.

    Parameters
    ----------
    stress : array-like or symbol
        Tangential stress sigma at the surface [Pa].
    radius : array-like or symbol
        Radius R of the particle [m].
    modulus, poisson : array-like or symbol
        Young's modulus E [Pa] and Poisson's ratio nu.
    surface_energy : array-like or symbol
        Energy gamma of a fracture surface [J.m-2].

    Notes
    -----
    Of a parabolic profile: ``sigma_r = -sigma (1 - s**2)``, ``sigma_t = sigma (2 s**2 - 1)`` at s = r/R store
    ``(4 pi/7) (1 - nu) sigma**2 R**3/E``, and two surfaces across the middle take ``2 pi R**2 gamma``. As the square of
    the stress rises with that of size and rate, x goes with the fifth power of R at a given C-rate.

    References
    ----------
    W. H. Woodford, Y.-M. Chiang, W. C. Carter, J. Electrochem. Soc. 2010, 157, A1052, doi 10.1149/1.3464773: the rate
    at which particles fracture falls with their size. K. Zhao, M. Pharr, J. J. Vlassak, Z. Suo, J. Appl. Phys. 2010,
    108, 073517, doi 10.1063/1.3492617.
    """
    return 2 / 7 * (1 - poisson) * stress**2 * radius / (modulus * surface_energy)


def fractured_share(ratio: Any) -> Any:
    """Share of possible cracks that energy suffices for, ``x/(1 + x)``.

    Grains differ in size and orientation. For random orientations alone the share whose misfit, sin(theta) times the
    largest, is enough is ``sqrt(1 - 2/(3 x))`` above x = 2/3 and none below; the smooth form lies within 0.16 of it
    beyond x = 1. The form is an assumption.

    Parameters
    ----------
    ratio : array-like or symbol
        Energy offered over energy of the surfaces, x >= 0; several sources add.
    """
    return ratio / (1 + ratio)
