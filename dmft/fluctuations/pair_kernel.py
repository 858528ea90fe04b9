"""The integrand of the four-point theory, on a grid of pairs of frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce

import numpy as np

from ..ensembles.causal_matrix import CausalMatrix, Vector, inverse_of_products
from ..ensembles.ensemble import Ensemble
from ..ensembles.properties import hessian
from ..grids.order_parameters import Frequencies
from .site_spectra import SiteSpectra


def fluctuation_kernel(ensembles: Sequence[Ensemble], fields: tuple[Frequencies, Frequencies],
                       sites: tuple[SiteSpectra, SiteSpectra], weight: np.ndarray) -> np.ndarray:
    """(1/N) sum over i != j of W_i W_j <X_i X_j*>_1 <X_i X_j*>_2^*, at pairs of frequencies.

    With F = (Q - W'')^{-1}, Q = (Pi^T)^{-1}, Pi_{ab,cd} = <G1_ad G2_cb> averaged over sites, it is
    right^T (W'' + W'' F W'') left: the covariance between sites that fluctuations of the couplings
    cause. (The terms i = j would add <W^2 X1 X2>, which is known in time and decays more slowly
    with frequency.)

    Parameters
    ----------
    ensembles : sequence of Ensemble
        Their second derivatives W'' are added.
    fields : two Frequencies
        Order parameters C and S of the couplings, averaged over sites, at n1 and n2 frequencies.
    sites : two SiteSpectra
        Spectra of the sites at the same frequencies.
    weight : (q,) array
        W of each kind of sites.

    Returns
    -------
    (n1, n2) complex array
    """
    W2 = reduce(CausalMatrix.__add__, (hessian(one, *fields) for one in ensembles))
    one, two = sites
    left, right = _left(one, two, weight), _right(one, two, weight)
    driven = W2 @ left
    fields1, fields2 = ((site.C, site.S, np.conj(site.S)) for site in sites)
    bare = inverse_of_products(partial(_mean, one.share), fields1, fields2)
    answer = (bare - W2).solve(driven)
    spread = W2 @ answer
    pairs = [r * (d + s) for r, d, s in zip(right, driven, spread, strict=True)]
    return np.asarray(pairs[0] + pairs[1] + pairs[2] + pairs[3])


def _left(one: SiteSpectra, two: SiteSpectra, weight: np.ndarray) -> Vector:
    """<X1 psi_d1*> <psi_c2 X2*> for cd = phi phi, phi s, s phi, s s, averaged over sites."""
    p = one.share * weight
    phi_X, s_X = np.conj(two.X_phi), -np.conj(two.X_s)
    return (_mean(p, one.X_phi, phi_X), _mean(p, one.X_s, phi_X),
            _mean(p, one.X_phi, s_X), _mean(p, one.X_s, s_X))


def _right(one: SiteSpectra, two: SiteSpectra, weight: np.ndarray) -> Vector:
    """<psi_a1 X1*> <X2 psi_b2*> for ab = phi phi, phi s, s phi, s s, averaged over sites."""
    p = one.share * weight
    phi_X, s_X = np.conj(one.X_phi), -np.conj(one.X_s)
    return (_mean(p, phi_X, two.X_phi), _mean(p, phi_X, two.X_s),
            _mean(p, s_X, two.X_phi), _mean(p, s_X, two.X_s))


def _mean(share: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n1, n2) average over kinds of sites of a (q, n1) times b (q, n2)."""
    if len(share) == 1:  # homogeneous: no sum
        return np.multiply.outer(share[0] * a[0], b[0])
    return (share[:, None] * a).T @ b
