"""Emitted equations of regions and their currents, against quadratures, flows and a march."""

import itertools
import warnings

import mpmath
import numpy as np
import pytest
import sympy as sp
from scipy import integrate, optimize, special

from dmft.derivations import load
from dmft.equations import gaussian, linear_response, multiregion, transfer


def erf_slope(D):
    return gaussian.erf_mean_slope(D)


def average(f, variance):
    """<f(x)> by quadrature."""
    width = mpmath.sqrt(variance)
    ends = [-14 * width, 0, 14 * width]
    return mpmath.quad(lambda x: f(x) * mpmath.npdf(x, 0, width), ends)


def test_noise_covariance():
    """Variance of the input from two regions of different sizes, over drawn couplings."""
    rng = np.random.default_rng(0)
    sizes, gains = (1500, 900), (1.3, 0.6)
    inputs, expected = 0.0, 0.0
    for N, g in zip(sizes, gains, strict=True):
        activity = rng.standard_normal(N)
        inputs = inputs + g / np.sqrt(N) * rng.standard_normal((2000, N)) @ activity
        expected += multiregion.noise_covariance(np.mean(activity**2), g)
    assert np.var(inputs) == pytest.approx(expected, rel=5 * np.sqrt(2 / 2000))


@pytest.fixture(scope="module")
def loadings():
    """Nodes and weights for (n, m_1, m_2, l, h) with overlaps between all but h: 4 normals."""
    x, w = special.roots_hermitenorm(24)
    grid = np.array(list(itertools.product(x, repeat=4))).T
    weight = np.prod(list(itertools.product(w / w.sum(), repeat=4)), axis=1)
    mix = np.array([[0.7, -0.5, 0.3, 0.0], [1.0, 0.0, 0.0, 0.0], [0.4, 0.8, 0.0, 0.0],
                    [-0.2, 0.1, 0.9, 0.0], [0.0, 0.0, 0.0, 0.6]])  # fmt: skip
    return mix @ grid, weight, mix @ mix.T


def test_current(loadings):
    """<n phi(x)> over five jointly Gaussian variables, by a grid in four dimensions."""
    (n, *received, h), weight, covariance = loadings
    latent = np.array([0.8, -0.5, 0.4])
    x = latent @ received + h
    direct = weight @ (n * transfer.erf(x))
    gain = erf_slope(weight @ x**2)
    parts = multiregion.current(gain, covariance[0, 1:4], latent)
    assert parts.sum() == pytest.approx(direct, rel=1e-8)
    assert np.all(np.abs(parts) > 0.02)


def test_latent_covariance(loadings):
    """Of x at two times, over the same variables."""
    (_, *received, _), weight, covariance = loadings
    y, other = np.array([0.8, -0.5, 0.4]), np.array([0.1, 0.9, -0.7])
    direct = weight @ ((y @ received) * (other @ received))
    parts = multiregion.latent_covariance(y[:, None], covariance[1:4, 1:4], other)
    assert parts.sum() == pytest.approx(direct, rel=1e-12)


@pytest.mark.parametrize("variance", [1e-9, 0.3, 2.0, 40.0])
def test_erf_energy(variance):
    """The average of the primitive, its slope, and half of the mean third derivative."""
    D, root = mpmath.mpf(variance), mpmath.sqrt(mpmath.pi) / 2
    primitive = lambda x: x * mpmath.erf(root * x) + 2 / mpmath.pi * (  # noqa: E731
        mpmath.expm1(-mpmath.pi * x**2 / 4))  # fmt: skip
    found = multiregion.erf_energy(variance)
    assert found == pytest.approx(float(average(primitive, D)), rel=1e-9)
    step = 1e-4 * variance
    rise = multiregion.erf_energy(variance + step) - multiregion.erf_energy(variance - step)
    assert rise / (2 * step) == pytest.approx(erf_slope(variance) / 2, rel=1e-7)
    third = lambda x: mpmath.diff(lambda u: mpmath.exp(-mpmath.pi * u**2 / 4), x, 2)  # noqa: E731
    expected = float(average(third, D)) / 2
    assert multiregion.erf_gain_slope(variance) == pytest.approx(expected, rel=1e-6)


def random_interactions(rng, R):
    """c symmetric, U[n] positive definite: T[m, n, r] = c[m, n] U[n, m, r]."""
    c = rng.normal(size=(R, R)) * 2
    root = rng.normal(size=(R, R, R))
    return (c + c.T) / 2, root @ root.transpose(0, 2, 1) / R + 0.1 * np.eye(R)


@pytest.mark.parametrize("seed", range(4))
def test_energy_falls_along_the_flow(seed):
    """E at points of a trajectory of the currents, for random c and U and three regions."""
    rng = np.random.default_rng(seed)
    c, U = random_interactions(rng, 3)

    def fields(z):
        variance = np.einsum("nr,nrs,ns->n", z, U, z)
        return variance, erf_slope(variance)[:, None] * np.einsum("nrs,ns->nr", U, z)

    def energy(z):
        variance, v = fields(z)
        return (z * v).sum() - (c * v * v.T).sum() / 2 - multiregion.erf_energy(variance).sum()

    start = rng.normal(size=9)
    path = integrate.solve_ivp(
        lambda _, y: (c * fields(y.reshape(3, 3))[1].T).ravel() - y, (0, 30), start,
        rtol=1e-10, atol=1e-12, t_eval=np.linspace(0, 30, 200)).y.T  # fmt: skip
    falling = np.diff([energy(z.reshape(3, 3)) for z in path])
    assert falling.max() < 1e-9
    assert falling.sum() < -0.1


def settled(c, start):
    """Fixed point of the currents for U = 1: z[m, n], and the gains."""
    R = len(c)

    def flow(_, y):
        z = y.reshape(R, R)
        return (c * erf_slope((z**2).sum(1)) * z.T - z).ravel()

    z = integrate.solve_ivp(flow, (0, 400), start.ravel(), rtol=1e-10, atol=1e-12).y[:, -1]
    assert np.abs(flow(0, z)).max() < 1e-9
    return z.reshape(R, R), erf_slope((z.reshape(R, R) ** 2).sum(1))


def interactions(a, b):
    return np.sqrt(np.outer(b, b)) + np.diag(a - b)


def test_fixed_points():
    """Three regions that share loads, a fourth with a self-current; and stars of one to three
    leaves."""
    rng = np.random.default_rng(3)
    a, b = np.array([0.5, 1.1, 0.9, 2.6]), np.array([1.6, 1.8, 2.0, 1.7])
    z, gains = settled(interactions(a, b), rng.normal(size=(4, 4)))
    np.testing.assert_allclose(gains, 1 / np.maximum(a, b), rtol=1e-7)
    assert z[3, 3] ** 2 == pytest.approx(multiregion.self_current_squared(a[3]), rel=1e-7)
    w = z[:3, :3] ** 2 / b[:3, None]
    np.testing.assert_allclose(w, w.T, atol=1e-8)
    np.testing.assert_allclose(w.sum(1), multiregion.matching_load(b[:3]), rtol=1e-7)
    for b in ([1.5, 2.5], [5.0, 1.3, 1.6], [6.0, 1.2, 1.3, 1.4]):
        b = np.array(b)
        hub = np.argmax(b)
        leaves = np.delete(b, hub)
        _, gains = settled(interactions(0.5 + 0 * b, b), rng.normal(size=(len(b), len(b))))
        square = multiregion.star_kappa_squared(b[hub], (1 / leaves).sum(), leaves.sum())
        assert (gains[hub] * b[hub]) ** 2 == pytest.approx(square, rel=1e-7)
        np.testing.assert_allclose(np.delete(gains * b, hub), square**-0.5, rtol=1e-7)


def static_part(condition, g, b):
    """Work between two correlations, from the committed condition, as a function of the lower."""
    names = {symbol.name: symbol for symbol in condition.equation.free_symbols}
    integrand = condition.equation.lhs.function.subs(
        {names["g"]: g, names["Delta0"]: multiregion.structured_variance(b)})  # fmt: skip
    c = condition.equation.lhs.variables[0]
    f = sp.lambdify((c, names["Delta_infinity"]), integrand)
    top = multiregion.structured_variance(b)
    return lambda low: integrate.quad(lambda u: f(u, low), low, top, epsabs=1e-13)[0]


CONDITIONS = {c.name: c for c in load("multiregion").conditions}


@pytest.mark.parametrize(
    ("b", "onset", "loss"),
    [(1.5, 1.36778240, 1.47907265), (2.0, 1.62657656, 1.94466220), (2.5, 1.84151161, 2.40790127)],
)
def test_structure(b, onset, loss):
    """The gain, the slope at the onset, and the onset and the loss known from the literature."""
    variance = multiregion.structured_variance(b)
    assert erf_slope(variance) == pytest.approx(1 / b)
    found = multiregion.chaos_onset(b)
    assert found == pytest.approx(onset, abs=5e-9)
    assert found**2 * gaussian.erf_correlation_slope(variance, variance, variance) == pytest.approx(
        1)  # fmt: skip
    pure = CONDITIONS["loss"].equation.lhs
    names = {symbol.name: symbol for symbol in pure.free_symbols}
    f = sp.lambdify((pure.variables[0], names["g"]), pure.function.subs(names["b"], b))

    def work(g):
        return integrate.quad(lambda u: f(u, g), 0, variance, epsabs=1e-13)[0]

    assert optimize.brentq(work, onset, 2 * loss) == pytest.approx(loss, abs=5e-9)
    # A second root below the variance, only between onset and loss.
    between = static_part(CONDITIONS["structure"], (onset + loss) / 2, b)
    low = optimize.brentq(between, 1e-6, 0.98 * variance)
    assert 0.05 * variance < low < 0.98 * variance
    before = static_part(CONDITIONS["structure"], onset * 0.999, b)
    lows = np.linspace(1e-3, 0.99, 25) * variance
    assert len({np.sign(before(u)) for u in lows}) == 1


def filter_matrix(n, dt):
    """The leaky unit on a grid, quiescent before, with its input linear between the points."""
    L = np.zeros((n, n))
    start, end = linear_response.etd_weight_start(dt), linear_response.etd_weight_end(dt)
    for k in range(1, n):
        L[k] = linear_response.decay(dt) * L[k - 1]
        L[k, k - 1] += start
        L[k, k] += end
    return L


G, VARIANCE, DT = 1.2, 1.9, 0.05
C_REST = gaussian.erf_correlation(VARIANCE, VARIANCE, VARIANCE)
Z = np.sqrt(VARIANCE - G**2 * C_REST)


def g_squared_slope():
    slope = gaussian.erf_correlation_slope(VARIANCE, VARIANCE, VARIANCE)
    return G**2 * (slope + 2 * gaussian.erf_correlation_in_variance(VARIANCE, VARIANCE, VARIANCE))


def march(dz):
    """Change of the covariance at all pairs of times, in response to the current of a static
    region."""
    own = np.outer(Z + dz, Z + dz) - Z**2
    L, change = filter_matrix(len(dz), DT), own
    for _ in range(200):
        D = VARIANCE + change
        C = gaussian.erf_correlation(D, np.diag(D)[:, None], np.diag(D))
        before, change = change, own + G**2 * L @ (C - C_REST) @ L.T
        if np.abs(change - before).max() < 1e-14:
            break
    return change


@pytest.mark.parametrize("growth", [0.7, 0.2])
def test_variance_response(growth):
    """A growing current: the march of the covariance in two times."""
    eps = 1e-5
    change = march(eps * np.exp(growth * DT * np.arange(-499, 1)))
    expected = 2 * Z * eps * multiregion.resting_response(growth, g_squared_slope())
    assert change[-1, -1] == pytest.approx(expected, rel=2e-3)
    assert abs(expected / (2 * Z * eps) - 1) > 0.05, "not the currents' part alone"
    later = np.exp(-growth / 2) * np.cosh(growth / 2)  # a lag of one: 20 steps
    assert change[-1, -21] / change[-1, -1] == pytest.approx(later, rel=1e-3)


def test_any_course_of_the_current():
    """A pulse: the covariance is the mean of two solutions of an ordinary differential equation."""
    t = DT * np.arange(-300, 200)
    dz = 1e-5 * np.where(t > 0, t**2 * np.exp(-t) * np.cos(t), 0)
    change = march(dz)
    rate, sigma = g_squared_slope(), 2 * Z * dz
    u = integrate.solve_ivp(
        lambda time, u: -u + rate * (u + np.interp(time, t, sigma)), (0, t[-1]), [0.0],
        t_eval=t[300:], max_step=DT, rtol=1e-8, atol=1e-14).y[0]  # fmt: skip
    d = np.r_[np.zeros(300), u] + sigma
    size = np.abs(d).max()
    np.testing.assert_allclose(np.diag(change), d, atol=2e-3 * size)
    np.testing.assert_allclose(change[200:, 200:], (d[200:, None] + d[200:]) / 2, atol=2e-3 * size)
    assert np.abs(u).max() > 0.05 * size


def test_breathing_stiffness_is_the_operator_of_both_filters():
    """Both leaky units on e^{growth (t + s)/2} cos(q (t - s)), by finite differences."""
    growth, q, t, s, h = 0.4, 1.3, 0.9, 0.2, 1e-4
    f = lambda t, s: np.exp(growth * (t + s) / 2) * np.cos(q * (t - s))  # noqa: E731
    once = lambda s: f(t, s) + (f(t + h, s) - f(t - h, s)) / (2 * h)  # noqa: E731
    both = once(s) + (once(s + h) - once(s - h)) / (2 * h)
    assert both / f(t, s) == pytest.approx(multiregion.breathing_stiffness(growth) + q**2, rel=1e-6)


def test_growth_rates_may_be_complex():
    growth = 0.1 + 0.8j
    assert multiregion.breathing_stiffness(growth) == pytest.approx((1.05 + 0.4j) ** 2)
    assert multiregion.resting_response(growth, 0.3) == pytest.approx((1.1 + 0.8j) / (0.8 + 0.8j))


def test_conditions_of_the_march_on_known_solutions():
    """Constant currents of one region, and an initial covariance that decays without couplings."""
    current, disorder = CONDITIONS["current"].equation, CONDITIONS["disorder"].equation
    one = {symbol: 1 for symbol in current.free_symbols if symbol.name in ("R", "mu", "nu")}
    T, V = (next(b for b in current.atoms(sp.IndexedBase) if str(b) == name) for name in "TV")
    z0, strength = float(np.sqrt(multiregion.self_current_squared(2.0))), 2.0
    known = (current.lhs - current.rhs).subs(one).doit()
    known = known.subs({T[1, 1, 1]: strength, V[1, 1]: 0}).replace(
        sp.Function("z"), lambda *_: sp.Float(z0)).replace(
        sp.Function("psi"), lambda *_: sp.Float(float(erf_slope(z0**2)))).doit()  # fmt: skip
    assert abs(known) < 1e-12
    start = disorder.lhs.replace(
        sp.Function("H"), lambda _, t, s: sp.Symbol("v") * sp.exp(-t - s)).doit()  # fmt: skip
    assert sp.simplify(start) == 0


def test_arrays_broadcast_without_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert multiregion.current(np.ones((4, 1)), np.ones((2, 1, 3)), 0.5).shape == (2, 4, 3)
        assert multiregion.erf_energy(np.zeros(3)).tolist() == [0, 0, 0]
        assert multiregion.chaos_onset(np.array([1.0, 2.0])).shape == (2,)
