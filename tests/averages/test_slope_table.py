"""The table in two widths agrees with the trapezoidal rule at each angle."""

import numpy as np
import pytest
import sympy
from scipy.special import voigt_profile

import dmft
from dmft.averages.panel_rule import PanelRule
from dmft.averages.quadrature import TrapezoidalRule
from dmft.averages.slope_table import SlopeTable, octave_of

x_ = sympy.Symbol("x")
of = dmft.Nonlinearity.from_sympy
ANGLES = np.concatenate([np.pi / 2 - np.geomspace(1e-6, np.pi - 1e-6, 9), [0.0, 0.4, -0.4, -1.3]])
PHIS = [of(x_ / sympy.sqrt(1 + x_**2)), of(sympy.log(1 + sympy.exp(x_))),
        of(sympy.tanh(3 * (x_ - 1))), of(sympy.tanh(x_) + sympy.exp(-x_**2)), dmft.tanh]


@pytest.mark.parametrize("phi", PHIS, ids=str)
@pytest.mark.parametrize("width", [0.3, 4.0, 50.0])
def test_the_table_agrees_with_the_trapezoidal_rule(phi, width):
    table, plane = PanelRule(phi, width), TrapezoidalRule.for_width(phi, width)
    exact = plane.slopes_at(ANGLES)
    assert table.error < 1e-12
    np.testing.assert_allclose(table.slopes_at(ANGLES), exact, rtol=0, atol=2e-13 * np.max(exact))


def test_a_table_holds_for_every_width_of_its_interval():
    """Both widths at the ends of their intervals, where neighbours meet."""
    phi = of(x_ / (1 + sympy.Abs(x_)))
    octave = octave_of(8.0)
    assert octave_of(8.0 * (1 - 1e-12)) == octave - 1
    lower, upper = SlopeTable(phi, 1, octave - 1), SlopeTable(phi, 1, octave)
    narrow = np.concatenate([[0.0], np.geomspace(1e-3, 8.0, 60)])
    wide = np.full_like(narrow, 8.0)
    np.testing.assert_allclose(lower.slopes(wide, narrow), upper.slopes(wide, narrow), rtol=1e-12)
    edge = upper._edges_of_widths[2]
    around = upper.slopes(np.full(2, 9.0), edge * np.array([1 - 1e-14, 1 + 1e-14]))
    assert around[0] == pytest.approx(around[1], rel=1e-12)


@pytest.mark.parametrize("width", [0.4, 1.5, 12.0])
def test_a_narrow_peak_far_from_zero_is_resolved(width):
    """phi' is a Lorentzian of width 1/40 at 2; its average over y at given x is a Voigt profile.

    In the difference of x and y the average over their sum is narrow at zero, where phi' is smooth.
    """
    phi = of(sympy.atan(40 * (x_ - 2)))
    points, weights = np.polynomial.legendre.leggauss(24)
    far = np.geomspace(1e-4, 130, 60)
    edges = np.concatenate([2 - far[::-1], 2 + far])
    length = np.diff(edges)[:, None] / 2
    x = edges[:-1, None] + length * (1 + points)
    measure = length * weights * phi.derivative(x) * np.exp(-0.5 * (x / width) ** 2) / (
        width * np.sqrt(2 * np.pi))
    angles = np.array([-1.2, 0.3, 1.2, 1.5, 1.57])
    exact = [np.pi * np.sum(measure * voigt_profile(
        np.sin(one) * x - 2, width * np.cos(one), 1 / 40)) for one in angles]
    table = PanelRule(phi, width)
    # At 0.4 the peak is 5 standard deviations out, and rounding near zero counts for more.
    assert table.error < (1e-10 if width == 0.4 else 1e-12)
    np.testing.assert_allclose(table.slopes_at(angles), exact, rtol=0,
                               atol=max(table.error, 1e-13) * max(exact))
