"""What a derivation says of each built-in ensemble; a mean and a covariance go to the engine."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from .. import load
from ..engine.disorder import N, i, j, k, l, phi, s, t
from .site_pages import Part, stated_part

delta = sp.KroneckerDelta


def iid(name: str) -> Part:
    """Independent couplings with reciprocity."""
    g, r = sp.symbols("g r")
    return stated_part(name, sp.S.Zero, g**2 / N * (delta(i, k) * delta(j, l)
                                                    + r * delta(i, l) * delta(j, k)))


def hebbian(name: str) -> Part:
    """Synapses that follow the product of two activities."""
    strength, p = sp.Symbol("k"), sp.Symbol("p", positive=True)
    return stated_part(name, strength / (p * N) * sp.exp(-(t - s) / p) * phi[i, s] * phi[j, s],
                       sp.S.Zero)


def mean_couplings(name: str) -> Part:
    """Means between populations."""
    return Part(name, r"J_{ij} = \bar J_{ab}/N_b", drift=r"\sum_b \bar J_{ab} M_b")


def regional(name: str) -> Part:
    """Independent couplings between regions."""
    return Part(name, r"\langle (J_{ij}^{\mu\nu})^2\rangle = g_{\mu\nu}^2/N,\quad "
                r"\langle J_{ij}^{\mu\nu}J_{ji}^{\nu\mu}\rangle = "
                r"r_{\mu\nu}g_{\mu\nu}g_{\nu\mu}/N",
                noise=r"\sum_\nu g_{\mu\nu}^2 C^\nu(\tau)",
                memory=r"\sum_\nu r_{\mu\nu}g_{\mu\nu}g_{\nu\mu} R^\nu(\tau)",
                steps=(load("multiregion").steps[0], load("multiregion").steps[4]))


def regional_hebbian(name: str) -> Part:
    """Plastic couplings between regions."""
    return Part(name, r"(1+p\partial_t)A_{ij}^{\mu\nu} = \frac{k_{\mu\nu}}{N}\phi_i\phi_j",
                memory=r"\frac1p e^{-\tau/p}\sum_\nu k_{\mu\nu}C^\nu(\tau)",
                steps=hebbian(name).steps)


def low_rank(name: str) -> Part:
    """Directions that carry currents."""
    return Part(name, r"J_{ij} = \frac1N\sum_p m^p_i n^p_j",
                drift=r"\sum_p m^p S_p,\quad S_p = \langle\phi'\rangle\sum_q\langle n^pm^q\rangle "
                r"z_q,\quad (1+\partial_t)z_p = S_p", steps=load("multiregion").steps[3:7])


def modes(name: str) -> Part:
    """Sums of random modes, which are not Gaussian."""
    return Part(name, r"J = \sum_a D_a l_a r_a^T,\quad \langle l_a r_b\rangle = \rho_{ab}/N",
                r"-\frac1N\sum_a\log\det(1+Y_a\tilde B_a)",
                r"\left\langle D^2\,|1-D\rho S|^{-2}\right\rangle * C(\tau)",
                r"\left\langle D\rho\,(1-D\rho S)^{-1}\right\rangle(\tau)",
                steps=load("random_modes").steps[:5])


def given_matrix(name: str) -> Part:
    """A matrix that is given."""
    return Part(name, r"J \text{ is given}", noise=r"\frac1N\mathrm{tr}\,JJ^T * C(\tau)")


PARTS: dict[str, Callable[[str], Part]] = {
    "IID": iid, "Hebbian": hebbian, "MeanCouplings": mean_couplings, "RegionalIID": regional,
    "RegionalHebbian": regional_hebbian,
    "LowRank": low_rank, "Modes": modes, "Matrix": given_matrix, "GivenDisorder": regional,
    "GivenLowRank": low_rank,
}
