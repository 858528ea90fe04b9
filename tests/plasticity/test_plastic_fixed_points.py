"""Fixed points of plastic networks: families, growth rates of their number, enumeration."""

import itertools

import numpy as np
import pytest
import sympy
from scipy import integrate

import dmft
from dmft.base.errors import ModelError
from dmft.ensembles.properties import plastic_strengths
from dmft.plasticity.complexity import most_numerous, stable_complexity, total_complexity
from dmft.plasticity.fixed_point_families import (
    distribution,
    mean_square,
    occupied_branches,
    outer_family,
    three_root_fraction,
)
from dmft.plasticity.fixed_point_site import FixedPointSite, join_branches
from dmft.plasticity.fixed_points import quiescent_point
from dmft.spectra.isolated_eigenvalues import coherent_gain
from tests.solvable import ALL_POINTS, FAMILIES, STABLE_ONSETS, STABLE_POINTS

x_ = sympy.Symbol("x", real=True)
PHIS = [dmft.tanh, dmft.erf, dmft.Nonlinearity.from_sympy(x_ / sympy.sqrt(1 + x_**2))]

@pytest.fixture(scope="module")
def points():
    return dmft.fixed_points(dmft.PlasticNetwork(1.5, 3.0, 2.5))


# one root; three roots; barely three roots; nearly all inputs within the fold
SITES = [(1.5, 1.0, 0.6), (1.5, 3.0, 0.95), (1.2, 2.0, 0.5002), (0.8, 6.0, 0.99), (2.0, -1.0, 0.4)]


@pytest.mark.parametrize("phi", PHIS, ids=repr)
@pytest.mark.parametrize(("g", "k", "C"), SITES)
def test_every_input_has_one_root_or_three(g, k, C, phi):
    """Integrals of abs(D) N count roots: within the fold there are two outer and an inner one."""
    site = FixedPointSite(g, k, phi, C)
    several = three_root_fraction(site)
    assert several == pytest.approx(
        float(_gauss(lambda z: np.abs(z) * site.width < site.fold_input)) if site.folds else 0.0,
        abs=1e-10)
    outer = site.outer()
    assert outer.weight @ site.density(outer) == pytest.approx(1 + several, abs=2e-11)
    inner = site.inner()
    assert (inner is None) == (not site.folds)
    if inner is not None:
        assert np.all(inner.stiffness < 0)
        assert inner.weight @ site.density(inner) == pytest.approx(several, abs=2e-11)
        # the signed count is the degree of the map, one for every input
        every = join_branches(inner, outer)
        assert (every.weight * np.sign(every.stiffness)) @ site.density(every) == pytest.approx(
            1.0, abs=4e-11)


def _gauss(inside):
    """Probability that a normal variable is in the interval around zero where `inside` holds."""
    from scipy import special
    edge, step = 0.0, 1.0
    while step > 1e-14:
        while inside(edge + step):
            edge += step
        step /= 2
    return special.erf(edge / np.sqrt(2))


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_every_unit_occupies_one_root(share):
    for g, k, C in SITES:
        site = FixedPointSite(g, k, dmft.tanh, C)
        taken = sum(weight * float(part.weight @ site.density(part))
                    for weight, part in occupied_branches(site, share))
        assert taken == pytest.approx(1.0, abs=1e-10)
        x, density = distribution(site, share)
        assert np.trapezoid(density, x) == pytest.approx(1.0, abs=2e-3)


def test_the_stiffness_keeps_its_digits_at_the_fold():
    site = FixedPointSite(1.5, 3.0, dmft.tanh, 0.97)
    near = site.outer()
    step = np.log(near.weight[1] / near.weight[0])
    x_f = sympy.acosh(sympy.sqrt(sympy.Rational(291, 100)))
    for i in (0, 1000, 3000, 3200, 3320):
        if near.x[i] < 4:
            d = sympy.Float(near.weight[i] / 2 / step, 60)  # exp(u)
            exact = 1 - sympy.Rational(291, 100) * sympy.sech(x_f.evalf(60 + 150) + d) ** 2
            assert near.stiffness[i] == pytest.approx(float(exact.evalf(60 + 150)), rel=1e-9)


@pytest.mark.parametrize("known", FAMILIES, ids=lambda known: f"g={known.g:g}-k={known.k:g}")
def test_families(known):
    found = outer_family(known.g, known.k, dmft.tanh, 1.0)
    assert len(found) == len(known.families)
    for C, (expected, root, _) in zip(found, known.families, strict=True):
        assert pytest.approx(expected.value, abs=expected.tolerance) == C
        assert FixedPointSite(known.g, known.k, dmft.tanh, C).folds == (root == "outer")


def test_a_close_pair_of_families_is_not_missed():
    """Near the saddle-node bifurcation at g < 1, two families lie between nodes of the scan."""
    low, high = 1.4480, 1.4482
    for _ in range(6):
        k = (low + high) / 2
        low, high = (low, k) if outer_family(0.8, k, dmft.tanh, 1.0) else (k, high)
    one, two = outer_family(0.8, high, dmft.tanh, 1.0)
    assert 0 < two - one < 5e-3
    # where they merge, a perturbation of C neither grows nor decays
    middle = FixedPointSite(0.8, high, dmft.tanh, (one + two) / 2)
    gain = coherent_gain(dmft.PlasticNetwork(0.8, high, 2.5), middle.C, *distribution(middle, 1.0),
                         np.zeros(1))[0]
    assert gain == pytest.approx(1.0, abs=1e-3)


def test_stability_of_families():
    """The intermediate one of three coexisting states has an isolated unstable eigenvalue."""
    points = dmft.fixed_points(dmft.PlasticNetwork(0.8, 3.0, 2.5))
    assert [one.stability for one in points] == ["stable", "unstable", "stable"]
    assert [one.root for one in points] == ["quiescent", "single", "outer"]
    assert points[1].spectrum().isolated[0].real > 0.1
    assert points[2].fold > 0
    assert 0.85 < points[2].choosing < 0.95
    assert "outer, stable" in repr(points)


@pytest.mark.parametrize(("g", "k", "C", "share"), [(0.8, 3.0, 0.1, 1.0), (1.5, 3.0, 0.99, 1.0),
                                                    (2.0, -1.0, 0.4, 1.0)])
def test_the_coherent_gain_is_the_derivative_of_the_self_consistency(g, k, C, share):
    """The rank-one condition at lambda = 0 agrees with d<phi^2>/dC of the units."""
    net = dmft.PlasticNetwork(g, k, 2.5)
    x, density = distribution(FixedPointSite(g, k, dmft.tanh, C), share)
    own = mean_square(FixedPointSite(g, k, dmft.tanh, C), share)
    gain = coherent_gain(net, C, x, density, np.zeros(1))[0]
    step = 1e-5
    slope = np.diff([mean_square(FixedPointSite(g, k, dmft.tanh, C + s), share)
                     for s in (-step, step)])[0] / (2 * step)
    assert gain == pytest.approx(slope, rel=2e-4)
    assert own != pytest.approx(C, abs=1e-4)  # it holds away from self-consistency too


def test_quiescence_is_lost_at_g_one_whatever_k(points):
    assert points[0].root == "quiescent"
    assert points[0].q == 1.5**2
    assert points[0].stability == "unstable"
    assert quiescent_point(dmft.PlasticNetwork(0.99, 3.0, 2.5)).stability == "stable"
    assert quiescent_point(dmft.PlasticNetwork(1.0, -3.0, 2.5)).stability == "marginal"


def test_the_continuum_of_families(points):
    outer, half, opposite = points.shared([1.0, 0.5, 0.0])
    assert pytest.approx(points[-1].C, abs=1e-12) == outer.C
    assert outer.C > half.C > opposite.C
    assert half.sigma == pytest.approx(half.choosing * np.log(2))
    assert outer.sigma == opposite.sigma == 0
    assert half.q == np.inf
    # no family is more numerous than the most numerous points at the same C (with q free)
    assert half.sigma < points.complexity(half.C)[0].sigma + 1e-3


@pytest.mark.parametrize("known", STABLE_POINTS, ids=lambda known: f"g={known.g:g}-k={known.k:g}")
def test_growth_rate_of_stable_points(known):
    g, k = known.g, known.k
    best = most_numerous(g, k)
    assert best.sigma == pytest.approx(known.sigma.value, abs=known.sigma.tolerance)
    assert pytest.approx(known.C.value, abs=known.C.tolerance) == best.C
    assert best.q == pytest.approx(1.0, abs=1e-9)
    assert best.mu > 0
    for near in (-2e-3, 2e-3):
        assert stable_complexity(g, k, best.C + near).sigma < best.sigma


def test_the_multipliers_are_stationary():
    """Adaptive quadrature gives log Z = sigma, <phi^2> = C and q = 1 at the multipliers found."""
    g, k = 1.5, 1.6
    best = most_numerous(g, k)
    C, x_f = best.C, FixedPointSite(g, k, dmft.tanh, best.C).fold

    def weighted(of, h=best.h, mu=best.mu):
        def integrand(x):
            phi, slope = np.tanh(x), 1 / np.cosh(x) ** 2
            D = 1 - k * C * slope
            r = (g * slope / D) ** 2
            eta = x - k * C * phi
            return 2 * of(phi, r) * D * np.exp(
                -eta**2 / (2 * g**2 * C) + h * (phi**2 - C) - mu * (r - 1)) / np.sqrt(
                    2 * np.pi * g**2 * C)

        edges = [x_f + 1e-9, x_f + 0.01, x_f + 0.1, x_f + 1, 14.0]
        return sum(integrate.quad(integrand, a, b, epsabs=1e-13, epsrel=1e-12, limit=400)[0]
                   for a, b in itertools.pairwise(edges))

    Z = weighted(lambda phi, r: 1.0)
    assert np.log(Z) == pytest.approx(best.sigma, abs=1e-10)
    assert weighted(lambda phi, r: phi**2) / Z == pytest.approx(C, abs=1e-9)
    assert weighted(lambda phi, r: r) / Z == pytest.approx(1.0, abs=1e-8)
    # sigma is the minimum over h and mu: other multipliers give larger values
    for h, mu in ((best.h + 0.1, best.mu), (best.h - 0.1, best.mu), (best.h, 4 * best.mu),
                  (best.h, best.mu / 4)):
        assert np.log(weighted(lambda phi, r: 1.0, h, mu)) > best.sigma


@pytest.mark.parametrize(("g", "stable"), [(0.8, False), (1.5, True)])
def test_the_onset_of_active_families(g, stable):
    """On either side of it, by the families of `fixed_points` themselves."""
    onset = dmft.active_family_onset(g, stable=stable, width=1e-3)

    def there(k):
        active = [one for one in dmft.fixed_points(dmft.PlasticNetwork(g, k, 2.5)) if one.C > 0]
        return bool(active) and (not stable or active[-1].q < 1)

    assert not there(onset - 2e-3)
    assert there(onset + 2e-3)


def test_active_families_exist_at_every_k_above_the_transition():
    assert np.isnan(dmft.active_family_onset(1.5))


@pytest.mark.parametrize("g", [1.5, *(pytest.param(g, marks=pytest.mark.slow)
                                     for g in STABLE_ONSETS if g != 1.5)])
def test_onset_of_many_stable_points(g):
    k = dmft.fixed_point_onset(g)
    known = STABLE_ONSETS[g]
    assert k == pytest.approx(known.value, abs=known.tolerance)
    assert most_numerous(g, k).sigma == pytest.approx(0.0, abs=1e-6)


def test_a_steeper_sigmoid_rescales():
    """phi(a x) has the same fixed points at g/a and k/a, up to the scale of x."""
    sharp = dmft.Nonlinearity(lambda x: np.tanh(2 * x), lambda x: 2 / np.cosh(2 * x) ** 2)
    one, two = most_numerous(0.75, 1.0, sharp), most_numerous(1.5, 2.0)
    assert one.sigma == pytest.approx(two.sigma, abs=1e-10)


@pytest.mark.parametrize("known", ALL_POINTS, ids=lambda known: f"g={known.g:g}-k={known.k:g}")
def test_growth_rate_of_all_points(known):
    best = most_numerous(known.g, known.k, stable=False)
    assert best.sigma == pytest.approx(known.sigma.value, abs=known.sigma.tolerance)
    assert best.s > 0


def test_all_points_without_unstable_ones():
    """Below the instability (q < 1), with one root per unit, there is one point per input."""
    found = total_complexity(0.5, 0.0, 0.01)
    assert found.s == 0
    assert found.q < 1
    assert found.sigma < 0
    # also near the onset of chaos
    assert total_complexity(0.95, 0.5, 0.4).sigma < 0


def test_without_plasticity_their_number_starts_in_third_order():
    """Sigma/(g - 1)^3 has a limit at the onset of chaos."""
    near = [most_numerous(1 + d, 0.0, stable=False).sigma / d**3 for d in (0.02, 0.04, 0.08)]
    assert near[0] > near[1] > near[2] > 0.1
    assert near[0] / near[1] == pytest.approx(1.0, abs=0.1)


def test_with_weak_random_couplings_the_signs_are_free():
    """g -> 0: every unit has two outer roots, so that there are 2^N stable points."""
    points = dmft.fixed_points(dmft.PlasticNetwork(0.1, 4.0, 2.5))
    assert points.stable.sigma == pytest.approx(np.log(2), abs=1e-6)
    y = np.sqrt(points[-1].C)
    assert y == pytest.approx(np.tanh(4.0 * y**3), abs=1e-4)  # x = k C phi(x)
    assert points[-1].choosing == pytest.approx(1.0, abs=1e-9)


def test_no_stable_points_below_the_onset():
    points = dmft.fixed_points(dmft.PlasticNetwork(1.5, 0.5, 2.5))
    assert points.stable.sigma == -np.inf
    assert len(points) == 2
    with pytest.raises(ModelError, match="exponentially many"):
        points.marginal_spectrum()
    assert most_numerous(1.5, 1.1).sigma < 0


def test_a_sum_of_plastic_couplings_is_one():
    together = dmft.Network((dmft.IID(0.9), dmft.IID(1.2), dmft.Hebbian(1.5, 1.0),
                             dmft.Hebbian(0.5, 4.0)))
    assert plastic_strengths(together.ensembles) == pytest.approx((1.5, 2.0))


def test_results_are_frozen_and_saved(tmp_path, points):
    again = dmft.load(dmft.save(points, tmp_path / "points"))
    assert again == points
    assert again.most_numerous().q == pytest.approx(1.0)
    with pytest.raises(ValueError, match="read-only"):
        points[0].x[0] = 1.0


@pytest.mark.parametrize(("call", "named"), [
    (lambda: dmft.fixed_points(dmft.PlasticNetwork(1.5, 2.0, 2.5, noise=0.1)), "noise"),
    (lambda: dmft.fixed_points(dmft.PlasticNetwork(1.5, 2.0, 2.5, phi=dmft.relu)), "phi"),
    (lambda: dmft.fixed_points(dmft.PlasticNetwork(1.5, 2.0, 2.5, phi=dmft.linear)), "phi"),
    (lambda: dmft.fixed_points(dmft.PlasticNetwork(0.0, 2.0, 2.5)), "g="),
    (lambda: dmft.fixed_points(dmft.PlasticNetwork(1.5, 100.0, 2.5)), "k="),
    (lambda: dmft.fixed_points(dmft.Network((dmft.IID(1.5, 0.3), dmft.Hebbian(1.0, 2.0)))),
     "ensembles"),
    (lambda: dmft.fixed_points(dmft.Network((dmft.IID(1.5), dmft.Hebbian(1.0, 2.0)), bias=0.1)),
     "bias"),
    (lambda: dmft.fixed_points(dmft.PlasticNetwork(1.5, 2.0, 2.5), starts=3), "starts"),
    (lambda: dmft.fixed_points(dmft.RandomNetwork(1.5)), "network"),
    (lambda: dmft.fixed_points("net"), "network"),
    (lambda: dmft.fixed_points(None), "network"),
    (lambda: dmft.fixed_point_onset(0.0), "g="),
    (lambda: dmft.fixed_point_onset("1"), "g="),
    (lambda: dmft.fixed_point_onset(1.5, dmft.relu), "phi"),
    (lambda: dmft.fixed_point_onset(1.5, np.tanh), "phi"),
    (lambda: stable_complexity(1.5, 2.0, -0.1), "C="),
    (lambda: stable_complexity(1.5, np.nan, 0.1), "k="),
])
def test_bad_input_is_named(call, named):
    with pytest.raises(ModelError, match=named):
        call()


def test_bad_requests_of_the_points_are_named():
    points = dmft.fixed_points(dmft.PlasticNetwork(1.5, 0.5, 2.5))
    for call, named in ((lambda: points.shared(1.5), "share"),
                        (lambda: points.complexity([np.nan]), "C="),
                        (lambda: points.complexity(0.5, stable=1), "stable"),
                        (lambda: points.complexity(0.0), "C=")):
        with pytest.raises(ModelError, match=named):
            call()


def relaxed(J, k):
    """Number of the stable fixed points that relaxation from every sign pattern leads to."""
    N = len(J)
    signs = 1.0 - 2.0 * ((np.arange(2 ** (N - 1))[:, None] >> np.arange(N)) & 1)
    x = (1 + k) * signs
    for _ in range(600):
        phi = np.tanh(x)
        x += 0.3 * (-x + phi @ J.T + k * np.mean(phi**2, axis=1)[:, None] * phi)
    x, ok = newton(x, J, k)
    x = x[ok & (np.max(np.abs(x), axis=1) > 1e-3)]
    return 2 * len(np.unique(np.round(np.tanh(x * np.sign(x[:, :1])), 5), axis=0))


def newton(x, J, k, steps=6):
    one = np.eye(len(J))
    for _ in range(steps):
        phi = np.tanh(x)
        slope, C = 1 - phi**2, np.mean(phi**2, axis=1)
        off = x - phi @ J.T - k * C[:, None] * phi
        matrix = (one * (1 + 1e-14) - J * slope[:, None, :] - k * C[:, None, None] * one
                  * slope[:, None, :] - 2 * k / len(J) * phi[:, :, None] * (phi * slope)[:, None])
        step = np.linalg.solve(matrix, off[:, :, None])[:, :, 0]
        largest = np.max(np.abs(step), axis=1, keepdims=True)
        x = x - step / np.maximum(1.0, largest)
    phi = np.tanh(x)
    off = x - phi @ J.T - k * np.mean(phi**2, axis=1)[:, None] * phi
    return x, np.max(np.abs(off), axis=1) < 1e-9


def every_point(J, k, starts, rng):
    """Number of fixed points that Newton's method finds from many starts."""
    N = len(J)
    phi = rng.uniform(-1, 1, (starts, N)) * rng.uniform(0, 1, (starts, 1)) ** 0.3
    x = np.concatenate([phi @ J.T + k * np.mean(phi**2, axis=1)[:, None] * phi,
                        (1 + k) * 0.7 * rng.normal(size=(starts, N))])
    x, ok = newton(x, J, k, 30)
    phi = np.round(np.tanh(x[ok]), 5)
    return len(np.unique(np.concatenate([phi, -phi]) + 0.0, axis=0))


def log_mean(counts):
    """log of the mean, and its standard error."""
    counts = np.asarray(counts, dtype=float)
    return np.log(counts.mean()), counts.std(ddof=1) / counts.mean() / np.sqrt(len(counts))


@pytest.mark.slow
@pytest.mark.parametrize(("k", "networks"), [(3.0, (300, 60)), (2.0, (400, 150))])
def test_stable_points_by_enumeration(k, networks):
    """The annealed growth of their number from N = 6 to N = 10 agrees with the growth rate."""
    rng, found = np.random.default_rng(5), []
    for N, count in zip((6, 10), networks, strict=True):
        found.append(log_mean([relaxed(rng.normal(size=(N, N)) * 1.5 / np.sqrt(N), k)
                               for _ in range(count)]))
    (few, few_error), (many, many_error) = found
    slope, error = (many - few) / 4, np.hypot(few_error, many_error) / 4
    assert error < 0.03
    assert abs(slope - most_numerous(1.5, k).sigma) < 3.5 * error


@pytest.mark.slow
@pytest.mark.parametrize(("g", "k", "sizes", "networks", "starts"), [
    (1.5, 3.0, (3, 5), (600, 130), (200, 700)), (2.0, 1.0, (3, 8), (600, 200), (150, 400))])
def test_all_points_by_enumeration(g, k, sizes, networks, starts):
    rng, found = np.random.default_rng(7), []
    for N, count, start in zip(sizes, networks, starts, strict=True):
        found.append(log_mean([every_point(rng.normal(size=(N, N)) * g / np.sqrt(N), k, start, rng)
                               for _ in range(count)]))
    (few, few_error), (many, many_error) = found
    apart = sizes[1] - sizes[0]
    slope, error = (many - few) / apart, np.hypot(few_error, many_error) / apart
    assert error < 0.04
    assert abs(slope - most_numerous(g, k, stable=False).sigma) < 3.5 * error
