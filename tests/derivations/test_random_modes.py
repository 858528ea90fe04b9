"""Emitted equations of random modes against explicit random matrices."""

import numpy as np
import pytest

from dmft.equations import fluctuations, random_modes
from tests.derivations.explicit_network import (
    Frequency,
    Theory,
    draw,
    draw_modes,
    measured,
    z_scores,
)

PAIR = Frequency(1.9 + 0.7j, 1.3, 0.4, 0.8 - 0.3j), Frequency(2.1 - 0.5j, 0.9, 0.2, 0.6 + 0.2j)
TWO_KINDS = ((0.9, 0.4, 0.5), (1.1, -0.5, 0.3))


def averages(modes, S1, S2):
    """c, d, e4, p, q, r, s over kinds of modes."""
    total = np.zeros(7, dtype=complex)
    for D, rho, alpha in modes:
        T1, T2 = (random_modes.mode_transfer(D, rho, S) for S in (S1, S2))
        a1, a2 = abs(T1) ** 2, abs(T2) ** 2
        total += alpha * np.array([T1 * np.conj(T2), rho**2 * T1 * T2, a1 * a2, rho * a1 * T2,
                                   rho * T1 * a2, rho * a1 * np.conj(T2),
                                   rho * np.conj(T1) * a2])
    return total


def test_engine():
    """The closed forms, from the averages over modes, are the engine's inverse."""
    theory = Theory(modes=TWO_KINDS)
    phi, x = theory.covariances(*PAIR)
    (S1, C1), (S2, C2) = (theory.site(f) for f in PAIR)
    seven = averages(TWO_KINDS, S1, S2)
    assert random_modes.overlap_covariance_phi(C1, C2, *seven) == pytest.approx(phi - C1 * C2)
    K = [theory.memory(S) for S in (S1, S2)]
    noise = [theory.noise(C, S) + f.white
             for f, S, C in zip(PAIR, (S1, S2), (C1, C2), strict=True)]  # fmt: skip
    H = [f.H for f in PAIR]
    power = [fluctuations.x_power(*values)
             for values in zip(H, (S1, S2), K, (C1, C2), noise, strict=True)]
    closed = random_modes.overlap_covariance_x(C1, C2, S1, S2, *K, *H, *noise, *power, *seven)
    assert closed == pytest.approx(x - power[0] * power[1])


def test_resolvents():
    """A small version of the slow test: S, C and both covariances of drawn matrices."""
    theory, rng = Theory(modes=TWO_KINDS), np.random.default_rng(3)
    S, C = theory.site(PAIR[0])
    found = [measured(draw(theory, 300, rng), *PAIR) for _ in range(8)]
    scores = z_scores(found, [S, C, *theory.covariances(*PAIR)])
    assert np.all(np.abs(scores) < 5), scores


def test_ellipse():
    """Eigenvalues of a drawn matrix end where the ellipse does."""
    g, rho, alpha = 1.0, 0.5, 0.5
    J = draw_modes(400, ((g / np.sqrt(alpha), rho, alpha),), np.random.default_rng(0))
    values = np.linalg.eigvals(J)
    values = values[abs(values) > 0.05]
    center = random_modes.flat_center(g, rho, alpha)
    along = random_modes.flat_semi_axis_real(g, rho)
    across = random_modes.flat_semi_axis_imaginary(g, rho)
    assert random_modes.flat_edge(g, rho, alpha) == pytest.approx(center + along)
    # The density thins out towards the edge: few eigenvalues come near it, none is beyond.
    assert values.real.max() == pytest.approx(center + along, abs=0.2)
    assert values.imag.max() == pytest.approx(across, abs=0.1)
    radius = ((values.real - center) / along) ** 2 + (values.imag / across) ** 2
    assert radius.max() == pytest.approx(1, abs=0.1)
