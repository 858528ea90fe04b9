"""The derivation of the spectrum: errors are seen, formulas hold, and small networks agree."""

import dataclasses
import functools

import numpy as np
import pytest
import sympy as sp
from scipy import linalg

from dmft.derivations import load
from dmft.derivations.engine.couplings import IID
from dmft.derivations.lyapunov_spectra import averaged_tangent, tangent_memory
from dmft.derivations.lyapunov_spectra.stationary_function import Omega
from dmft.derivations.lyapunov_spectra.stationary_function import steps as of_omega
from dmft.equations import lyapunov_spectra as equations

FACTORS = (sp.Integer(-1), sp.Rational(1, 2), sp.Integer(2))


def fails(steps):
    return any(step.residual() != 0 for step in steps)


TERMS = [field.name for field in dataclasses.fields(Omega)]


def detected(term, factor):
    altered = dataclasses.replace(Omega(), **{term: factor * getattr(Omega(), term)})
    steps = of_omega(altered)
    # the derivative in a tells the explicit terms, the first three steps the others
    return fails([steps[3]] if term in ("free", "drift") else steps[:3])


@pytest.mark.parametrize("term", TERMS)
def test_a_lost_factor_in_omega_is_detected(term):
    assert detected(term, sp.Integer(2))


@pytest.mark.slow
@pytest.mark.parametrize("term", TERMS)
def test_other_errors_of_omega_are_detected(term):
    assert all(detected(term, factor) for factor in FACTORS)


class Altered(IID):
    """Independent couplings with another variance."""

    def covariance(self):
        return 2 * super().covariance()


def test_wrong_couplings_and_memories_are_detected():
    assert fails(averaged_tangent.steps(Altered(averaged_tangent.g))[1:2])
    for factor in (-1, 2):
        assert fails(tangent_memory.steps(plastic_rate=factor / tangent_memory.p)[3:4])
        assert fails(tangent_memory.steps(feedback=factor)[5:6])


def test_tangent_share():
    """1 - M^-1 = share/(1 + share) at the solution of one gain is 1 - L2/(g d)^2."""
    g, d, L2 = 2.0, 0.8, 1.1
    x = (1 - L2 / (g * d) ** 2) / g**2
    share = equations.tangent_share(g**2, x, d, L2)
    assert share / (1 + share) == pytest.approx(1 - L2 / (g * d) ** 2)


def test_ellipse_stretch():
    """Half-widths of symmetric and antisymmetric matrices: 2 and 0."""
    assert equations.ellipse_stretch(np.array([-1.0, 0.0, 1.0])) == pytest.approx([0, 1, 2])
    assert load("lyapunov_spectra").formula("ellipse_stretch").expression.subs(
        tangent_memory.reciprocity, 1) == 2


NEURONS, STEP, BLOCKS, INSIDE = 16, 0.2, 160, 4


@functools.cache
def propagators():
    """Of the tangent of a chaotic network, by RK4, over blocks of INSIDE steps."""
    rng = np.random.default_rng(3)
    J = 4 * rng.standard_normal((NEURONS, NEURONS)) / np.sqrt(NEURONS)

    def rate(both):
        y = np.tanh(both[:, :1])
        return -both + J @ np.concatenate([y, (1 - y**2) * both[:, 1:]], axis=1)

    x, found, h = rng.standard_normal(NEURONS), [], STEP / INSIDE
    for _ in range(BLOCKS + 200):
        both = np.concatenate([x[:, None], np.eye(NEURONS)], axis=1)
        for _ in range(INSIDE):
            one = rate(both)
            two = rate(both + h / 2 * one)
            three = rate(both + h / 2 * two)
            four = rate(both + h * three)
            both = both + h / 6 * (one + 2 * two + 2 * three + four)
        x = both[:, 0]
        found.append(both[:, 1:])
    return np.array(found[-BLOCKS:])


def exponents(first):
    """By repeated QR, from block `first` on; the directions align in the blocks before."""
    Q, logs = np.linalg.qr(np.random.default_rng(1).standard_normal((NEURONS, NEURONS)))[0], 0
    for n, one in enumerate(propagators()):
        Q, R = np.linalg.qr(one @ Q)
        logs = logs + (np.log(np.abs(np.diag(R))) if n >= first else 0)
    return np.sort(logs / ((BLOCKS - first) * STEP))[::-1]


def driven(s, blocks):
    """F and log|det| from K K^T, K v = v_{n+1} - exp(-s dt) Phi_n v_n, least v."""
    shifted = np.exp(-s * STEP) * propagators()[:blocks]
    K = np.zeros((blocks, NEURONS, blocks + 1, NEURONS))
    for n, one in enumerate(shifted):
        K[n, :, n], K[n, :, n + 1] = -one, np.eye(NEURONS)
    K = K.reshape(blocks * NEURONS, -1)
    factor = linalg.cho_factor(K @ K.T)
    response = linalg.cho_solve(factor, K).reshape(blocks, NEURONS, blocks + 1, NEURONS)
    traces = [np.trace(response[n, :, n + 1]) for n in range(blocks // 8, 7 * blocks // 8)]
    return np.mean(traces) / NEURONS, np.sum(np.log(np.diag(factor[0])))


@pytest.mark.slow
def test_small_networks_by_qr():
    """The trace of the projector counts exponents below s, log|det| sums those above it.

    Exponents within 1/window of s count in part. The ends of the window, which add to log|det|,
    cancel between it and half of it.
    """
    rows, second_half = exponents(0), exponents(BLOCKS // 2)
    assert rows[0] > 0
    window = BLOCKS * STEP
    for number in np.argsort(rows[:-1] - rows[1:])[-3:]:  # s in the three widest gaps
        s = (rows[number] + rows[number + 1]) / 2
        (F, whole), (_, half) = driven(s, BLOCKS), driven(s, BLOCKS // 2)
        blurred = np.sum(np.exp(-np.abs(rows - s) * window / 4)) / NEURONS
        assert abs(F - np.mean(rows < s)) < blurred + 0.02
        psi = (whole - half) / (window / 2 * NEURONS)
        expected = np.sum(np.maximum(second_half - s, 0)) / NEURONS
        assert psi == pytest.approx(expected, abs=0.03)
