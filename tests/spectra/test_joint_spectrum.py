"""The joint spectrum of neurons and synapses, compared with drawn matrices and known limits."""

import numpy as np
import pytest
from scipy import integrate

import dmft
from dmft.base.errors import ModelError
from dmft.spectra.joint_density import loop_gain, mean_square_response, smoothed_density
from dmft.spectra.level_curves import level_curves

GRID = np.linspace(0.0, 9.0, 600)


def normal(spread):
    """Density of abs(x) of a normal x on GRID, and its <tanh^2>."""
    density = 2 * np.exp(-GRID**2 / 2 / spread**2) / np.sqrt(2 * np.pi) / spread
    return density, float(np.trapezoid(density * np.tanh(GRID) ** 2, GRID))


def joint_eigenvalues(J, A, x, k, p):
    """Eigenvalues of the 2N matrix that has all eigenvalues except copies of -1/p."""
    N, phi, slope = len(x), np.tanh(x), 1 / np.cosh(x) ** 2
    feedback = (k * np.mean(phi**2) * np.diag(slope) + k / N * np.outer(phi, phi * slope)) / p
    return np.linalg.eigvals(np.block([
        [-np.eye(N) + (J + A) * slope, np.eye(N)], [feedback, -np.eye(N) / p]]))


def planted(g, k, spread, N, rng):
    """A network with a given fixed point: J is Gaussian conditioned on J phi = x - k C phi."""
    x = spread * rng.normal(size=N)
    phi = np.tanh(x)
    C = np.mean(phi**2)
    G = rng.normal(size=(N, N)) * g / np.sqrt(N)
    J = G + np.outer(x - k * C * phi - G @ phi, phi) / (N * C)
    return J, k / N * np.outer(phi, phi), x


def distance(points, spectrum):
    """Distance of each point to the support, including filaments on the real axis."""
    points = np.asarray(points)
    edge = np.concatenate(spectrum.boundary())
    off = np.min(np.abs(points[:, None] - edge), axis=1)
    for low, high in spectrum.bands:
        off = np.minimum(off, np.abs(points - np.clip(points.real, low, high)))
    return np.where(spectrum.contains(points), 0.0, off)


def test_the_reduction_to_two_eigenvalues_per_neuron():
    N, k, p = 4, 1.3, 2.5
    rng = np.random.default_rng(0)
    W, x = rng.normal(size=(N, N)), rng.normal(size=N)
    phi, slope = np.tanh(x), 1 / np.cosh(x) ** 2
    full = np.zeros((N + N * N, N + N * N))
    full[:N, :N] = -np.eye(N) + W * slope
    full[:N, N:] = np.kron(np.eye(N), phi)
    for i in range(N):
        for j in range(N):
            full[N + i * N + j, i] += k / N / p * slope[i] * phi[j]
            full[N + i * N + j, j] += k / N / p * slope[j] * phi[i]
    full[N:, N:] = -np.eye(N * N) / p
    known = np.append(joint_eigenvalues(W, 0, x, k, p), np.full(N * N - N, -1 / p))
    values = np.linalg.eigvals(full)
    assert np.max(np.min(np.abs(known[:, None] - values), axis=1)) < 1e-7
    assert np.max(np.min(np.abs(values[:, None] - known), axis=1)) < 1e-7


@pytest.mark.parametrize("k", [1.0, -1.0])
@pytest.mark.parametrize("lam", [0.2 + 0.1j, -0.05 + 1e-3j, -0.72 + 0.3j, -0.6 + 1e-3j, -2 + 0.1j])
def test_averages_agree_with_adaptive_quadrature(lam, k):
    """Also next to the curve where the response of one unit diverges."""
    net = dmft.PlasticNetwork(2.0, k, 2.5)
    density, C = normal(1.7)
    loop = loop_gain(net, np.array([lam]), C)[0]

    def integrand(x):
        slope = 1 / np.cosh(x) ** 2
        return (2 * np.exp(-x**2 / 2 / 1.7**2) / np.sqrt(2 * np.pi) / 1.7 * slope**2
                / np.abs(1 + lam - loop * slope) ** 2)

    peak = np.arccosh(np.sqrt(max((loop / (1 + lam)).real, 1.0)))
    exact = integrate.quad(integrand, 0, 9, points=[peak, max(peak - 0.01, 0), peak + 0.01],
                           limit=2000, epsabs=1e-13)[0]
    x = np.linspace(0.0, 9.0, 2400)  # next to the curve the error is of first order in the step
    found = mean_square_response(np.array([lam]), np.array([loop]), x, np.interp(x, GRID, density),
                                 1 / np.cosh(x) ** 2)[0]
    assert found == pytest.approx(exact, rel=2e-3)


def test_without_plasticity_it_is_a_disc():
    """Radius g sqrt(<phi'^2>) around -1; the eigenvalues of the synapses are separate, at -1/p."""
    net = dmft.PlasticNetwork(1.5, 0.0, 2.5)
    density, C = normal(1.2)
    spectrum = dmft.joint_spectrum(GRID, density, C, net)
    radius = 1.5 * np.sqrt(np.trapezoid(density / np.cosh(GRID) ** 4, GRID))
    (edge,) = spectrum.boundary()
    np.testing.assert_allclose(np.abs(edge[np.abs(edge.imag) > 0.01] + 1), radius, rtol=1e-4)
    assert float(spectrum.abscissa.value) == pytest.approx(radius - 1, abs=1e-4)
    np.testing.assert_allclose(spectrum.bands, [[-1 - radius, -1 + radius]], atol=1e-4)
    assert spectrum.gap is None
    assert spectrum.aspect == pytest.approx(1.0, abs=1e-3)


def test_samples_and_their_density_agree():
    density, C = normal(1.2)
    net = dmft.PlasticNetwork(2.0, 1.0, 2.5)
    exact = dmft.joint_spectrum(GRID, density, C, net)
    x = 1.2 * np.random.default_rng(1).normal(size=(8, 4000))
    sampled = dmft.joint_spectrum(x, None, np.mean(np.tanh(x) ** 2, axis=1), net)
    found = sampled.abscissa
    assert 0 < float(found.stderr) < 0.02
    bias = 0.005  # the smoothing of samples widens the distribution
    assert abs(float(found) - float(exact.abscissa)) < 4 * float(found.stderr) + bias
    np.testing.assert_allclose(sampled.bands, exact.bands, atol=0.03)
    # the error is that of the mean over replicates, each with its own density and C
    few = dmft.joint_spectrum(x[:4], None, np.mean(np.tanh(x[:4]) ** 2, axis=1), net,
                              bandwidth=0.1)
    each = [float(dmft.joint_spectrum(few.x, row, one, net).abscissa.value)
            for row, one in zip(few.group_density, few.group_C, strict=True)]
    assert float(few.abscissa.stderr) == pytest.approx(np.std(each, ddof=1) / 2, rel=1e-3)


def test_the_smoothed_density_is_even_at_zero():
    x = 1.2 * np.random.default_rng(2).normal(size=(1, 1_000_000))
    for odd, weight in ((True, 2), (False, 1)):
        grid, (density,) = smoothed_density(x, odd, None)
        exact = weight * np.exp(-grid**2 / 2 / 1.2**2) / np.sqrt(2 * np.pi) / 1.2
        np.testing.assert_allclose(density, exact, atol=0.004 * weight)


@pytest.mark.parametrize(("g", "k", "p", "spread", "count"), [
    (0.3, 1.0, 2.5, 1.0, 2), (0.5, 2.0, 2.5, 0.5, 2), (0.5, -1.0, 1.5, 1.0, 2),
    (0.3, -4.0, 4.0, 0.6, 2), (1.5, 1.0, 0.5, 1.0, 0)])
def test_planted_fixed_points(g, k, p, spread, count):
    """Support and isolated eigenvalues, real and complex, compared with networks of 200 units."""
    density, C = normal(spread)
    spectrum = dmft.joint_spectrum(GRID, density, C, dmft.PlasticNetwork(g, k, p), resting=True)
    assert len(spectrum.isolated) == count
    rightmost = max([float(spectrum.abscissa.value), *spectrum.isolated.real])
    assert spectrum.stable == (rightmost < 0)  # 0.09 for the second, with a stable support
    found = [[] for _ in range(count)]
    for seed in range(4):
        values = joint_eigenvalues(*planted(g, k, spread, 200, np.random.default_rng(seed)), k, p)
        for i, one in enumerate(spectrum.isolated):
            at = np.argmin(np.abs(values - one))
            found[i].append(values[at])
            values = np.delete(values, at)
        single = np.abs(values.imag) < 1e-2  # of single units, to either side of a thin filament
        assert np.max(distance(values[~single], spectrum)) < 0.12
        assert np.mean(distance(values[~single], spectrum) > 0.06) < 0.02
    for one, eigenvalues in zip(spectrum.isolated, found, strict=True):
        error = np.std(eigenvalues) / 2 + 0.012  # the finite-size bias of 200 units is added
        assert abs(np.mean(eigenvalues) - one) < 3 * error


def test_the_spectrum_of_marginal_fixed_points_touches_zero_for_every_time_constant():
    points = dmft.fixed_points(dmft.PlasticNetwork(1.5, 1.6, 1.0))
    most = points.most_numerous()
    assert most.stability == "marginal"
    other = dmft.joint_spectrum(most.x, most.density, most.C, dmft.PlasticNetwork(1.5, 1.6, 6.0),
                                resting=True)
    for spectrum in (points.marginal_spectrum(), other):
        assert float(spectrum.excess(1e-7)) == pytest.approx(0.0, abs=5e-3)
        assert float(spectrum.abscissa.value) == pytest.approx(0.0, abs=1e-3)


def test_the_edge_of_a_strongly_hebbian_point_is_the_rate_of_one_unit():
    """The root of (1 + l)(1 + p l) = k C phi'(x_0), with x_0 the smallest x."""
    point = dmft.fixed_points(dmft.PlasticNetwork(1.5, 3.0, 2.5))[-1]
    spectrum = dmft.jacobian_spectrum(point)
    slope = 3.0 * point.C / np.cosh(point.x[point.density > 0].min()) ** 2
    rates = np.sort(np.roots([2.5, 3.5, 1 - slope]))
    assert float(spectrum.abscissa.value) == pytest.approx(rates[1], abs=2e-3)
    assert spectrum.bands[1, 1] == pytest.approx(rates[1], abs=2e-3)
    assert spectrum.gap == pytest.approx((-1.0, -0.4), abs=3e-3)
    assert spectrum.stable


@pytest.mark.parametrize("p", [0.01, 200.0])
def test_rates_of_very_different_size_are_found(p):
    """The local rates at the largest slope of the outer family, for extreme time constants."""
    point = dmft.fixed_points(dmft.PlasticNetwork(1.5, 3.0, p))[-1]
    spectrum = point.spectrum()
    slope = 3.0 * point.C / np.cosh(point.x.min()) ** 2
    rightmost = np.max(np.roots([p, 1 + p, 1 - slope]))
    assert float(spectrum.abscissa.value) == pytest.approx(rightmost, rel=0.02)
    assert spectrum.stable


def test_quiescence():
    sol = dmft.solve(dmft.PlasticNetwork(0.8, 1.0, 2.5))
    spectrum = dmft.jacobian_spectrum(sol)
    assert float(spectrum.abscissa.value) == pytest.approx(-0.2, abs=1e-4)
    assert spectrum.stable


def test_anti_hebbian_chaos():
    """g=2, k=-1: wider along the imaginary axis; no gap."""
    sol = dmft.solve(dmft.PlasticNetwork(2.0, -1.0, 2.5), rng=0)
    spectrum = dmft.jacobian_spectrum(sol, rng=0)
    low, high = spectrum.bands[0, 0], spectrum.bands[-1, 1]
    assert low == pytest.approx(-2.25, abs=0.02)
    error = float(spectrum.abscissa.stderr)
    assert error < 0.005
    assert high == pytest.approx(0.134, abs=4 * error)  # from 6000 paths
    assert float(spectrum.abscissa) == pytest.approx(high, abs=0.003)
    assert np.max(spectrum.boundary()[0].imag) == pytest.approx(1.412, abs=0.015)
    assert spectrum.aspect > 1.15
    assert spectrum.gap is None
    assert "aspect" in repr(spectrum)


def trajectory(g, k, p, N, seed, time=90.0, dt=0.1):
    rng = np.random.default_rng(seed)
    J = rng.normal(size=(N, N)) * g / np.sqrt(N)
    x, A = rng.normal(size=N), np.zeros((N, N))
    for _ in range(int(time / dt)):
        phi = np.tanh(x)
        dx = -x + J @ phi + A @ phi
        A += dt / p * (np.outer(k / N * phi, phi) - A)
        x = x + dt * dx
    return J, A, x


@pytest.mark.slow
@pytest.mark.parametrize(("k", "left", "right", "top"), [(1.0, -2.04, 0.25, 0.77),
                                                         (-1.0, -2.25, 0.128, 1.412)])
def test_chaos_agrees_with_drawn_networks(k, left, right, top):
    net = dmft.PlasticNetwork(2.0, k, 2.5)
    spectrum = dmft.jacobian_spectrum(dmft.solve(net, rng=0), rng=0)
    assert spectrum.bands[0, 0] == pytest.approx(left, abs=0.02)
    assert spectrum.bands[-1, 1] == pytest.approx(right, abs=0.02)
    assert max(np.max(one.imag) for one in spectrum.boundary()) == pytest.approx(top, abs=0.015)
    J, A, x = trajectory(2.0, k, 2.5, 700, 3)
    values = joint_eigenvalues(J, A, x, k, 2.5)
    assert np.max(values.real) == pytest.approx(float(spectrum.abscissa), abs=0.06)
    assert np.max(values.imag) == pytest.approx(top, abs=0.08)
    # with the network's own x: C varies by some per cent between networks
    C = np.mean(np.tanh(x) ** 2)
    own = dmft.joint_spectrum(x, None, C, net)
    scale = 1 / np.sqrt(700)  # of the finite-size fluctuations of the edge
    assert np.max(distance(values, own)) < 2.5 * scale
    assert np.mean(distance(values, own) > scale) < 0.01
    # negative control: many eigenvalues lie outside the support for weaker couplings
    weaker = dmft.joint_spectrum(x, None, C, dmft.PlasticNetwork(1.7, k, 2.5))
    assert np.mean(distance(values, weaker) > scale) > 0.02
    if k > 0:
        assert spectrum.gap == pytest.approx((-0.712, -0.4), abs=0.01)
        assert spectrum.axis[1, 0] == pytest.approx(-0.37, abs=0.01)
        # (the most saturated of the network's units are nearer to -1/p than any sample)
        inside = (values.real > spectrum.gap[0] + scale) & (values.real < -0.4)
        assert not np.any(inside & (np.abs(values.imag) < 0.05))
    assert len(spectrum.isolated) == 0


def test_level_curves_of_a_ring_and_of_two_ovals():
    x, y = np.linspace(-2, 2, 121), np.linspace(-2.1, 2.1, 130)
    X, Y = np.meshgrid(x, y, indexing="ij")

    def area(curve):
        return 0.5 * float(np.sum(np.conj(curve) * np.roll(curve, -1)).imag)

    ring = level_curves(x, y, (1 - X**2 - Y**2) * (X**2 + Y**2 - 0.25))
    np.testing.assert_allclose([area(one) for one in ring], [np.pi, -np.pi / 4], rtol=5e-3)
    ovals = level_curves(x, y, 0.3 - ((X**2 - 1) ** 2 + Y**2))
    assert len(ovals) == 2
    assert all(area(one) > 0 for one in ovals)


def test_a_spectrum_is_saved(tmp_path):
    density, C = normal(1.0)
    spectrum = dmft.joint_spectrum(GRID, density, C, dmft.PlasticNetwork(0.5, 2.0, 2.5),
                                   resting=True)
    again = dmft.load(dmft.save(spectrum, tmp_path / "spectrum"))
    assert again == spectrum
    np.testing.assert_array_equal(again.isolated, spectrum.isolated)


PLASTIC = dmft.PlasticNetwork(1.5, 1.0, 2.5)
SAMPLES = np.random.default_rng(0).normal(size=(2, 50))


@pytest.mark.parametrize(("call", "named"), [
    (lambda: dmft.joint_spectrum(SAMPLES, None, 0.5, dmft.RandomNetwork(1.5)), "network"),
    (lambda: dmft.joint_spectrum(SAMPLES, None, [0.5] * 3, PLASTIC), "C="),
    (lambda: dmft.joint_spectrum(SAMPLES, None, -0.5, PLASTIC), "C="),
    (lambda: dmft.joint_spectrum([np.nan] * 20, None, 0.5, PLASTIC), "x="),
    (lambda: dmft.joint_spectrum(np.zeros(20), None, 0.5, PLASTIC), "x="),
    (lambda: dmft.joint_spectrum([1.0], None, 0.5, PLASTIC), "x="),
    (lambda: dmft.joint_spectrum(GRID, GRID[1:], 0.5, PLASTIC), "x="),
    (lambda: dmft.joint_spectrum(-GRID, GRID, 0.5, PLASTIC), "x="),
    (lambda: dmft.joint_spectrum(GRID, -GRID, 0.5, PLASTIC), "weight"),
    (lambda: dmft.joint_spectrum(SAMPLES, None, 0.5, PLASTIC, bandwidth=0.0), "bandwidth"),
    (lambda: dmft.joint_spectrum(SAMPLES, None, 0.5, dmft.Network(
        (dmft.IID(1.5, 0.3), dmft.Hebbian(1.0, 2.0)))), "ensembles"),
    (lambda: dmft.jacobian_spectrum(PLASTIC), "network"),
    (lambda: dmft.jacobian_spectrum("solution"), "network"),
    (lambda: dmft.jacobian_spectrum(dmft.solve(dmft.RandomNetwork(1.5, dmft.erf))), "network"),
    (lambda: dmft.jacobian_spectrum(dmft.solve(dmft.PlasticNetwork(0.5, 1.0, 2.5)), 0.5, 0.5),
     "gain"),
])
def test_bad_input_is_named(call, named):
    with pytest.raises(ModelError, match=named):
        call()
