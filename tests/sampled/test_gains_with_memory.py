"""Gains combined with overlaps and reciprocity, compared with explicit networks.

No solver treats the combination for nonlinear units, whose paths are sampled. For linear units the
single-site statistics are known in closed form, and the covariances of all pairs are compared with
those of drawn matrices.
"""

import numpy as np
import pytest

import dmft
from dmft.ensembles.iid import IID
from dmft.ensembles.modes import Modes
from dmft.fluctuations.pair_kernel import fluctuation_kernel
from dmft.fluctuations.site_spectra import SiteSpectra
from dmft.grids.order_parameters import Frequencies
from dmft.validation.couplings.draw import draw

OMEGA, SIGMA = np.array([0.0, 0.7]), 0.8
U, V = np.array([0.3, 1.6, 0.8, 1.2]), np.array([1.3, 0.5, 0.6, 1.4])  # four kinds of units
SHARE = np.full(4, 0.25)
ENSEMBLES = {
    "modes": (Modes(dmft.Spectrum.from_values([0.5, 1.0], 0.5), np.array([0.6, -0.5])),),
    "reciprocity": (IID(0.45, 0.5),),
    "both": (IID(0.4, -0.5), Modes(dmft.Spectrum.flat(0.35, 0.3), 0.5)),
}


def theory(ensembles, gains=True):
    """Linear sites (1 + i w) x = u (eta + K v x) + xi with their own mean response and noise."""
    u, v = (U[:, None], V[:, None]) if gains else (np.ones((4, 1)), np.ones((4, 1)))
    z, S, C = 1 + 1j * OMEGA, 0.5 / (1 + 1j * OMEGA), np.ones(2)
    for _ in range(400):
        at = Frequencies(OMEGA, C, S)
        K = sum(one.memory(at) for one in ensembles)
        eta = sum(one.noise(at)[0] for one in ensembles)
        response = 1 / (z - u * v * K)
        power = np.abs(response) ** 2 * (u**2 * eta + 2 * SIGMA**2)
        S, C = SHARE @ (u * v * response), SHARE @ (v**2 * power)
    at = Frequencies(OMEGA, C, S)
    sites = SiteSpectra(SHARE, v**2 * power, u * v * response, v * power.astype(complex),
                        -u * response, np.ones(4))
    kernel = fluctuation_kernel(ensembles, (at, at), (sites, sites), np.ones(4))
    pairs = kernel.real + (SHARE[:, None] * power).T @ power  # the terms i = j in closed form
    return np.concatenate([SHARE @ power, pairs[np.triu_indices(2)]])


def drawn(ensembles, neurons, seed):
    rng = np.random.default_rng(seed)
    eye = np.eye(neurons, dtype=np.float32)
    J = sum(draw(one, neurons, rng).apply(eye).astype(float) for one in ensembles)
    kind = np.arange(neurons) % 4
    J = U[kind, None] * J * V[kind]
    answers = [np.linalg.inv((1 + 1j * w) * np.eye(neurons) - J) for w in OMEGA]
    covariances = [2 * SIGMA**2 * G @ G.conj().T for G in answers]
    pairs = [(0, 0), (0, 1), (1, 1)]
    return np.array([np.trace(C).real / neurons for C in covariances] + [
        np.sum(covariances[a] * covariances[b].T).real / neurons for a, b in pairs])


@pytest.mark.parametrize("name", ENSEMBLES)
def test_explicit_networks(name):
    rows = np.array([drawn(ENSEMBLES[name], 300, seed) for seed in range(8)])
    stderr = rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
    expected = theory(ENSEMBLES[name])
    off = np.abs(rows.mean(axis=0) - expected)
    assert np.all(off < 5 * stderr + 0.02 * expected), (rows.mean(axis=0), expected, stderr)
    homogeneous = theory(ENSEMBLES[name], gains=False)  # the negative control
    off = np.abs(rows.mean(axis=0) - homogeneous)
    assert np.any(off > 10 * stderr + 0.02 * homogeneous)
