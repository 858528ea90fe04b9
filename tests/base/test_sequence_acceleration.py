"""Reduced-rank extrapolation is exact for linear maps with few modes."""

import numpy as np
import pytest

from dmft.base.sequence_acceleration import AcceleratedSequence, reduced_rank_extrapolation


def orbit(rates: list[float], count: int) -> tuple[list[np.ndarray], np.ndarray]:
    """`count` points limit + sum over modes of v_k rate_k^n in ten dimensions, and their limit."""
    rng = np.random.default_rng(0)
    limit, modes = rng.standard_normal(10), rng.standard_normal((len(rates), 10))
    return [limit + np.power(rates, n) @ modes for n in range(count)], limit


@pytest.mark.parametrize("rates", [[0.99], [0.99, -0.9], [0.99, 0.9, 0.5]])
def test_m_modes_need_m_plus_two_points(rates):
    points, limit = orbit(rates, len(rates) + 2)
    np.testing.assert_allclose(reduced_rank_extrapolation(points), limit, atol=1e-9)
    fewer = reduced_rank_extrapolation(points[:-1]) if len(rates) > 1 else points[-1]
    assert np.max(np.abs(fewer - limit)) > 1e-3


def test_the_limit_comes_after_enough_points_and_these_are_dropped():
    points, limit = orbit([0.99, 0.9, 0.5], 18)
    sequence = AcceleratedSequence()
    limits = [sequence.limit(point) for point in points]
    assert [n for n, one in enumerate(limits) if one is not None] == [8, 17]
    np.testing.assert_allclose(limits[8], limit, atol=1e-7)
