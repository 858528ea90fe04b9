"""Networks of units that are not leaky: exactly solvable ones, and published numbers."""

import numpy as np
import pytest

import dmft

ADAPTED = dmft.Adaptation(b=1.0, tau=4.0)


def at(solution, lags):
    from scipy.interpolate import CubicSpline

    return CubicSpline(solution.lags.tau, solution.C_x.value)(lags)


def test_linear_units_with_adaptation():
    """C_x(omega) = 2 sigma^2 |H|^2 / (1 - g^2 |H|^2), by quadrature."""
    solution = dmft.solve(dmft.Network(dmft.IID(0.7), dmft.linear, noise=0.5, unit=ADAPTED))
    theta = (np.arange(20000) + 0.5) * np.pi / 40000
    omega, weight = np.tan(theta), np.pi / 40000 / np.cos(theta) ** 2
    spectrum = 0.5 / (1 / ADAPTED.power(omega) - 0.49)
    tail = 0.5 / (1 + omega**2)  # its transform is 0.25 exp(-lag)
    exact = [weight @ ((spectrum - tail) * np.cos(omega * lag)) / np.pi + 0.25 * np.exp(-lag)
             for lag in (1.0, 2.0, 4.0)]
    np.testing.assert_allclose(at(solution, [1.0, 2.0, 4.0]), exact, atol=1e-5)
    np.testing.assert_allclose(at(solution, [0.0, 1.0, 2.0, 4.0]),
                               [0.28206, 0.08936, -0.00661, -0.04072], atol=6e-6)
    assert float(dmft.dimension(solution, of="x")) == pytest.approx(0.76551, abs=1e-5)


def test_adaptation_makes_the_transition_an_oscillation():
    """The onset is where g max |H| = 1; published numbers at 1.5 times it."""
    omega = np.linspace(0.0, 3.0, 30001)
    onset = 1 / np.sqrt(ADAPTED.power(omega).max())
    assert onset == pytest.approx(1.17171, abs=1e-5)
    assert dmft.solve(dmft.Network(dmft.IID(0.99 * onset), unit=ADAPTED)).branch == "quiescent"
    solution = dmft.solve(dmft.Network(dmft.IID(1.5 * onset), unit=ADAPTED))
    lags = np.linspace(0.0, 8.0, 8001)
    C = at(solution, lags)
    assert C[0] == pytest.approx(0.7375, abs=5e-5)
    assert 2.40 < lags[np.flatnonzero(C < 0)[0]] <= 2.45  # published on a grid of 0.05
    assert C.min() / C[0] == pytest.approx(-0.910, abs=5e-4)


@pytest.mark.parametrize("distance", [1.05, 1.02])
def test_close_to_the_transition_of_adapting_units(distance):
    solution = dmft.solve(dmft.Network(dmft.IID(1.1717142794 * distance), unit=ADAPTED))
    assert solution.branch == "chaotic"
    assert solution.convergence.residual < 1e-9


def test_a_delay_changes_responses_and_no_correlation():
    plain = dmft.solve(dmft.RandomNetwork(g=2.0), method="fourier")
    late = dmft.solve(dmft.Network(dmft.IID(2.0), unit=dmft.Delayed(dmft.Leaky(), 0.5)),
                      lags=plain.lags)
    np.testing.assert_allclose(late.C_x.value, plain.C_x.value, atol=1e-9)
    tau = plain.lags.tau
    expected = np.where(tau >= 0.5, float(plain.gain) * np.exp(0.5 - tau), 0.0)
    np.testing.assert_allclose(late.R_phi.value, expected, atol=1e-9)
    assert float(dmft.lyapunov_exponent(late)) < float(dmft.lyapunov_exponent(plain))


def test_the_named_unit_written_as_a_fraction_gives_the_same_solution():
    import sympy

    s = sympy.Symbol("s")
    lags = dmft.Lags(120.0, 0.1)
    one, other = (dmft.solve(dmft.Network(dmft.IID(3.5), noise=0.2, bias=0.3, unit=unit), lags=lags)
                  for unit in (ADAPTED, dmft.Rational(1 / (1 + s + 1 / (1 + 4 * s)))))
    np.testing.assert_allclose(one.C_x.value, other.C_x.value, rtol=1e-9, atol=1e-9)


def test_the_map_on_lags_gives_the_leaky_solution_and_exponent():
    """The leaky unit through the general code, against the first integral and Schroedinger."""
    import sympy

    s = sympy.Symbol("s")
    for noise in (0.0, 0.5):
        exact = dmft.solve(dmft.RandomNetwork(2.0, noise=noise))
        found = dmft.solve(dmft.Network(dmft.IID(2.0), noise=noise,
                                        unit=dmft.Rational(1 / (1 + s))))
        assert float(found.C_x[0]) == pytest.approx(float(exact.C_x[0]), rel=1e-6)
        assert float(dmft.lyapunov_exponent(found)) == pytest.approx(
            float(dmft.lyapunov_exponent(exact)), abs=2e-6)
        assert float(dmft.dimension(found)) == pytest.approx(float(dmft.dimension(exact)), rel=1e-6)


def test_exponent_of_adapting_units():
    solution = dmft.solve(dmft.Network(dmft.IID(4.0), unit=ADAPTED))
    assert float(dmft.lyapunov_exponent(solution)) == pytest.approx(0.2009, abs=1e-4)


def test_dimension_of_activity_in_a_narrow_band():
    """Of adapting units, whose spectrum vanishes almost at frequency zero: by a uniform grid.

    Psi(0, 0) = int int C1 C2 (1/|1 - g^2 S1 S2*|^2 - 1) dw1 dw2 / (2 pi)^2.
    """
    g = 2.0
    solution = dmft.solve(dmft.Network(dmft.IID(g), unit=ADAPTED))
    lags = solution.lags
    keep = lags.omega < 4.0
    C = lags.spectrum(solution.C_phi.value)[keep]
    S = float(solution.gain) * ADAPTED.response(lags.omega[keep])
    C, S = np.append(C[:0:-1], C), np.append(np.conj(S[:0:-1]), S)
    psi = 0.0
    for one, other in zip(C, S, strict=True):
        psi += one * C @ (1 / np.abs(1 - g**2 * other * np.conj(S)) ** 2 - 1)
    psi *= (lags.omega[1] / (2 * np.pi)) ** 2
    own = float(solution.C_phi[0]) ** 2
    assert float(dmft.dimension(solution)) == pytest.approx(own / (own + psi), rel=2e-3)
    assert dmft.four_point(solution).collective_time() > dmft.four_point(solution).single_time()


@pytest.mark.parametrize("unit", [ADAPTED, dmft.SynapticFilter(1.0),
                                  dmft.Delayed(dmft.Leaky(), 0.5), dmft.Map(0.5)])
def test_growth_at_rest_is_that_of_matrices(unit):
    """The rightmost mode of a drawn J, extrapolated over sizes by its disc."""
    network = dmft.Network(dmft.IID(0.4), unit=unit)
    rate = float(dmft.lyapunov_exponent(dmft.solve(network)))
    N = 800
    J = np.random.default_rng(1).standard_normal((N, N)) * 0.4 / np.sqrt(N)
    modes = unit.fastest_modes(np.linalg.eigvals(J))
    assert np.max(modes.real) == pytest.approx(rate, abs=0.02)
    assert rate < 0


def test_the_map_is_solved_at_whole_lags():
    solution = dmft.solve(dmft.Network(dmft.IID(2.0), unit=dmft.Map(0.5)))
    assert solution.lags.dt == 1.0
    np.testing.assert_allclose(solution.C_x.value[:4], [10.4527, 10.0171, 8.9871, 7.7373],
                               atol=1e-4)


def test_without_leak_memory_is_lost_in_one_step():
    """x(n+1) = J phi(x(n)): Delta = g^2 <phi^2>, lambda = log(g <phi'^2>^(1/2)) (Molgedey,
    Schuchhardt & Schuster 1992)."""
    solution = dmft.solve(dmft.Network(dmft.IID(1.5), unit=dmft.Map(1.0)))
    variance = float(solution.C_x[0])
    assert variance == pytest.approx(1.5**2 * float(solution.C_phi[0]), rel=1e-9)
    np.testing.assert_allclose(solution.C_x.value[1:], 0.0, atol=1e-12)
    slopes = dmft.gaussian_averages(dmft.tanh, variance).slope(variance)
    exact = np.log(1.5 * np.sqrt(float(slopes)))
    assert float(dmft.lyapunov_exponent(solution)) == pytest.approx(exact, abs=1e-10)


# x(n+1) = (1 - d) x(n) + d J tanh(x(n)), d: {g: exponent per time constant 1/d}, from the public
# data of D. G. Clark, Lyapunov spectrum of random neural networks (largest exponent of the
# operator). At larger g its quadrature, of step 0.04 standard deviations, is too coarse for the
# slope of tanh: 1.6e-5 off at d=1, g=14, where the exponent is a one-dimensional integral.
EXPONENTS = {
    0.25: {1.25: 0.016907728494888, 1.375: 0.030995730369337, 1.5: 0.046330100585592,
           1.625: 0.062214981900515, 1.75: 0.078268652551632, 2.0: 0.110091569138218,
           2.25: 0.140911372096074, 2.5: 0.170430999419770, 3.0: 0.225401458146872,
           4.0: 0.320827904564574, 5.0: 0.401074110480644, 7.0: 0.530745246332485},
    0.5: {1.25: 0.016851684023122, 1.375: 0.030808187379938, 1.5: 0.045913219299766,
          1.75: 0.077091885511680, 2.0: 0.107788613248013, 2.25: 0.137177111198488,
          2.5: 0.165020532154282, 3.0: 0.216123704710891, 4.0: 0.303492728857987,
          5.0: 0.378890820609956, 7.0: 0.517623382091636},
    1.0: {1.2: 0.016476259566957, 1.25: 0.023534650132300, 1.5: 0.065217211912869,
          1.75: 0.110311107117154, 2.0: 0.154724229831350, 2.5: 0.237176755520927,
          3.0: 0.310249315145251, 4.0: 0.432877855757697, 5.0: 0.532427941632384,
          7.0: 0.687536628072838},
}
# the same networks, d: {g: (dimension of x, of phi)}, theory of the participation ratio
DIMENSIONS = {
    0.25: {1.5: (0.0063681607, 0.0070815105), 2.0: (0.0179492572, 0.0222716842),
           3.0: (0.0352069710, 0.0501649249), 5.0: (0.0510484523, 0.0830531839),
           10.0: (0.0616655290, 0.1128147907)},
    0.5: {1.25: (0.0019349206, 0.0020186028), 2.0: (0.0213897726, 0.0265522439),
          3.0: (0.0416891246, 0.0594947284), 5.0: (0.0600856718, 0.0981250492),
          10.0: (0.0725341112, 0.1335234526)},
}


@pytest.mark.parametrize("step", sorted(EXPONENTS))
def test_published_exponents_in_discrete_time(step):
    for g, expected in EXPONENTS[step].items():
        solution = dmft.solve(dmft.Network(dmft.IID(step * g), unit=dmft.Map(step)))
        found = float(dmft.lyapunov_exponent(solution)) / step
        assert found == pytest.approx(expected, abs=2e-8), g


@pytest.mark.parametrize("step", sorted(DIMENSIONS))
def test_published_dimensions_in_discrete_time(step):
    for g, expected in DIMENSIONS[step].items():
        solution = dmft.solve(dmft.Network(dmft.IID(step * g), unit=dmft.Map(step)))
        found = [float(dmft.dimension(solution, of=name)) for name in ("x", "phi")]
        np.testing.assert_allclose(found, expected, rtol=1e-6, err_msg=str(g))
