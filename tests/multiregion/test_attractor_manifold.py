"""The attractor manifold: closed forms, the flow, its linearisation, and enumeration."""

import itertools

import numpy as np
import pytest
from scipy import integrate, optimize

import dmft
from dmft.base.errors import ModelError
from dmft.equations import multiregion as equations
from tests.gaussian_average import gaussian_average
from tests.solvable import CURRENT


def load(b):
    return 2 / np.pi * (b**2 - 1) / b


def paired(b, a=0.0, rng=None, phi=dmft.erf):
    """The network of c = u u^T + diag(a - b), u^2 = b, with random signs of u."""
    b = np.asarray(b, dtype=float)
    u = np.sqrt(b) * (1.0 if rng is None else rng.choice([-1.0, 1.0], len(b)))
    return dmft.MultiregionNetwork.symmetric(0.0, np.outer(u, u) + np.diag(a - b), phi=phi)


def shareable(rng, K, most=3.5):
    """Random b such that no load is above half of their sum."""
    while True:
        b = 1 + (most - 1) * rng.random(K)
        if np.max(load(b)) < np.sum(load(b)) / 2:
            return b


def velocity(network, z):
    """dz/dt of the theory, written out for U = 1 and any T."""
    Delta = np.sum(z**2, axis=1)
    if network.phi is dmft.erf:
        psi = 1 / np.sqrt(1 + np.pi * Delta / 2)
    else:
        psi = np.array([gaussian_average(network.phi.derivative, one) for one in Delta])
    return psi * np.einsum("mnr,nr->mn", network.T, z) - z


def settle(network, rng, time=3000.0):
    R = network.regions
    found = integrate.solve_ivp(lambda _, z: velocity(network, z.reshape(R, R)).ravel(),
                                (0, time), rng.standard_normal(R * R), rtol=1e-11, atol=1e-13,
                                method="LSODA")
    return found.y[:, -1].reshape(R, R)


def jacobian(network, z, step=1e-6):
    R = network.regions
    units = step * np.eye(R * R).reshape(-1, R, R)
    return np.array([(velocity(network, z + one) - velocity(network, z - one)).ravel()
                     for one in units]).T / (2 * step)


def test_one_region():
    """T = 2: z* = 1.38198 and its opposite; below T = 1 there is no current."""
    manifold = dmft.attractor_manifold(dmft.MultiregionNetwork.symmetric(0.0, [[2.0]]))
    z = manifold.point(rng=0)
    assert abs(z[0, 0]) == pytest.approx(np.sqrt(2 / np.pi * 3), rel=1e-13)
    assert abs(z[0, 0]) == pytest.approx(CURRENT, abs=5e-6)
    assert (manifold.dimension, manifold.components) == (0, 2)
    np.testing.assert_allclose(manifold.vertices(), [[[load(2.0)]]])
    for T in (0.9, -2.0):
        quiet = dmft.attractor_manifold(dmft.MultiregionNetwork.symmetric(0.0, [[T]]))
        assert not quiet.active.any()
        assert (quiet.dimension, quiet.components) == (0, 1)
        np.testing.assert_array_equal(quiet.point(), [[0.0]])
        np.testing.assert_array_equal(quiet.vertices(), [[[0.0]]])


@pytest.mark.parametrize("K", [3, 4, 5, 6, 7])
def test_dimension_gains_and_ranges(K):
    """psi = 1/b; K(K-3)/2; min w = max(0, y_mu + y_nu - Y/2)."""
    rng = np.random.default_rng(K)
    for _ in range(12):
        b = shareable(rng, K)
        manifold = dmft.attractor_manifold(paired(b, rng.random(K), rng))
        np.testing.assert_allclose(manifold.gains, 1 / b, rtol=1e-13)
        np.testing.assert_allclose(manifold.loads, load(b), rtol=1e-12)
        assert manifold.dimension == K * (K - 3) // 2
        y = load(b)
        np.testing.assert_allclose(y, equations.matching_load(b), rtol=1e-13)
        least = np.maximum(0, y[:, None] + y - np.sum(y) / 2)
        np.fill_diagonal(least, 0)
        np.testing.assert_allclose(manifold.least, least, atol=1e-12)
        # at most the smaller of the two loads
        if K > 3:
            assert np.all(manifold.greatest <= np.minimum.outer(y, y) + 1e-12)
        f = np.sum(np.triu(least) > 0)
        assert manifold.components == 2**f
        if K == 3:
            assert manifold.components == 8
        if K == 4:
            assert f == 3


@pytest.mark.parametrize("K", [3, 4, 5, 6, 7])
def test_every_point_is_a_fixed_point(K):
    """To 1e-12, with either sign; the linearised flow has as many zero modes as dimensions."""
    rng = np.random.default_rng(10 + K)
    for _ in range(4):
        b = shareable(rng, K)
        network = paired(b, rng.random(K), rng)
        manifold = dmft.attractor_manifold(network)
        z = manifold.point(rng)
        assert np.max(np.abs(velocity(network, z))) < 1e-12
        assert np.max(np.abs(velocity(network, -z))) < 1e-12
        modes = np.linalg.eigvals(jacobian(network, z))
        assert np.sum(np.abs(modes) < 1e-6) == manifold.dimension
        assert np.max(modes.real) < 1e-6
        points = np.array([manifold.point(rng) for _ in range(4)])
        E = dmft.energy(network, points)
        assert np.ptp(E) < 1e-12 * abs(E[0])
        assert manifold.dimension == 0 or np.ptp(points**2, axis=0).max() > 1e-3


def test_random_points_span_the_manifold():
    rng = np.random.default_rng(3)
    manifold = dmft.attractor_manifold(paired(shareable(rng, 5)))
    w = np.array([manifold.point(rng) ** 2 * manifold.gains[:, None] for _ in range(20)])
    flat = (w - w[0]).reshape(20, -1)
    assert np.linalg.matrix_rank(flat, tol=1e-9) == manifold.dimension == 5
    assert np.all(w >= manifold.least - 1e-12)
    assert np.all(w <= manifold.greatest + 1e-12)


def test_numbers_of_vertices_at_five_regions():
    """42, 30, 20, 12, 6 for f = 0..4; each is a fixed point, and they span the ranges of w."""
    rng, numbers = np.random.default_rng(0), {}
    while set(numbers) != {0, 1, 2, 3, 4}:
        b = shareable(rng, 5, 6.0)
        network = paired(b)
        manifold = dmft.attractor_manifold(network)
        f = int(np.log2(manifold.components))
        if f not in numbers:
            vertices = manifold.vertices()
            numbers[f] = len(vertices)
            np.testing.assert_allclose(vertices.sum(axis=2), np.tile(load(b), (len(vertices), 1)),
                                       rtol=1e-10)
            np.testing.assert_allclose(vertices.min(axis=0), manifold.least, atol=1e-10)
            np.testing.assert_allclose(vertices.max(axis=0), manifold.greatest, atol=1e-10)
            for w in vertices[:4]:
                assert np.max(np.abs(velocity(network, manifold.z(w)))) < 1e-12
    assert numbers == {0: 42, 1: 30, 2: 20, 3: 12, 4: 6}


@pytest.mark.parametrize("K", [3, 4, 5])
def test_components_by_joining_sign_patterns(K):
    """Sign patterns that differ in one current are connected if an LP allows it to vanish."""
    rng = np.random.default_rng(20 + K)
    pairs = list(itertools.combinations(range(K), 2))
    rows = np.array([[mu in pair for pair in pairs] for mu in range(K)], dtype=float)
    for _ in range(3):
        b = shareable(rng, K)
        removable = []
        for i in range(len(pairs)):
            bounds = [(0, 0) if i == j else (0, None) for j in range(len(pairs))]
            removable.append(optimize.linprog(np.zeros(len(pairs)), A_eq=rows, b_eq=load(b),
                                              bounds=bounds).status == 0)
        component = {}
        for pattern in itertools.product((0, 1), repeat=len(pairs)):
            component[tuple(s for s, can in zip(pattern, removable, strict=True) if not can)] = 1
        assert dmft.attractor_manifold(paired(b)).components == len(component)


def star(b):
    """The closed form: kappa and the regions that take part, found by successive exclusion."""
    hub = int(np.argmax(load(b)))
    others = np.delete(np.arange(len(b)), hub)
    while True:
        kappa = np.sqrt((b[hub] + np.sum(1 / b[others])) / (1 / b[hub] + np.sum(b[others])))
        assert kappa**2 == pytest.approx(equations.star_kappa_squared(
            b[hub], np.sum(1 / b[others]), np.sum(b[others])), rel=1e-13)
        kept = others[kappa * b[others] > 1]
        if len(kept) == len(others):
            return hub, others, kappa
        others = kept


@pytest.mark.parametrize("R", [2, 3, 4, 5])
def test_a_star_where_one_load_exceeds_the_others(R):
    """psi_1 = kappa/b_1, psi_n = 1/(kappa b_n), kappa^2 = (b_1 + sum 1/b)/(1/b_1 + sum b)."""
    rng, left_out, times = np.random.default_rng(R), 0, 0
    while times < 8:
        b = 0.4 + 2.5 * rng.random(R)
        b[0] += 2 * (R - 2)
        if np.max(load(b)) < np.sum(np.maximum(load(b), 0)) / 2 or np.sort(b[1:])[-1] * b[0] < 1.1:
            continue
        times += 1
        hub, others, kappa = star(b)
        network = paired(b, 0.0, rng)
        manifold = dmft.attractor_manifold(network)
        gains = np.ones(R)
        gains[hub], gains[others] = kappa / b[hub], 1 / (kappa * b[others])
        np.testing.assert_allclose(manifold.gains, gains, rtol=1e-12)
        assert (manifold.dimension, manifold.components) == (0, 2 ** len(others))
        assert np.sum(np.triu(manifold.forced)) == len(others)
        left_out += R - 1 - len(others)
        z = manifold.point(rng)
        assert np.max(np.abs(velocity(network, z))) < 1e-12
        if times <= 3 and R <= 4:
            np.testing.assert_allclose(np.abs(settle(network, rng)), np.abs(z), atol=1e-9)
    assert R == 2 or left_out > 0


def test_two_regions():
    """Only c_12 matters: psi = 1/|c_12| in both regions, and currents have equal magnitude."""
    manifold = dmft.attractor_manifold(
        dmft.MultiregionNetwork.symmetric(0.0, [[0.3, -2.0], [-2.0, 0.0]]))
    np.testing.assert_allclose(manifold.gains, 0.5)
    z = manifold.point(rng=1)
    assert abs(z[0, 1]) == pytest.approx(CURRENT, abs=1e-8)
    assert z[1, 0] == pytest.approx(-z[0, 1])
    assert manifold.components == 2


def test_self_currents():
    """A region with a > b has only a self-current, z^2 = (2/pi)(a^2 - 1), of either sign."""
    rng = np.random.default_rng(6)
    b = np.append(shareable(rng, 4), [1.5, 2.0])
    a = np.array([0.5, 0.0, 0.9, 0.2, 2.2, 3.0])
    network = paired(b, a, rng)
    manifold = dmft.attractor_manifold(network)
    np.testing.assert_allclose(manifold.gains, 1 / np.maximum(a, b), rtol=1e-13)
    assert manifold.dimension == 2
    assert manifold.components == 2 ** (3 + 2)
    z = manifold.point(rng)
    assert np.max(np.abs(velocity(network, z))) < 1e-12
    np.testing.assert_allclose(np.diag(z)[4:] ** 2, equations.self_current_squared(a[4:]),
                               rtol=1e-12)
    np.testing.assert_array_equal(z[4:, :4], 0)


@pytest.mark.parametrize("seed", range(6))
def test_any_symmetric_strengths_have_their_gains(seed):
    """Also if not of the form u u^T: the flow from random starts converges to these points."""
    rng = np.random.default_rng(40 + seed)
    R = 2 + seed % 3
    c = 2.5 * rng.standard_normal((R, R))
    network = dmft.MultiregionNetwork.symmetric(0.0, c + c.T)
    manifold = dmft.attractor_manifold(network)
    z = manifold.point(rng)
    assert np.max(np.abs(velocity(network, z))) < 1e-12
    assert np.max(np.linalg.eigvals(jacobian(network, z)).real) < 1e-6
    for _ in range(2):
        end = settle(network, rng)
        np.testing.assert_allclose(np.sum(end**2, axis=1), manifold.current_power, atol=1e-8)
        assert dmft.energy(network, end) == pytest.approx(dmft.energy(network, z), abs=1e-10)


def test_hyperbolic_tangent():
    b = np.array([1.4, 1.8, 2.0, 1.6])
    network = paired(b, phi=dmft.tanh)
    manifold = dmft.attractor_manifold(network)
    np.testing.assert_allclose(manifold.gains, 1 / b, rtol=1e-12)
    assert (manifold.dimension, manifold.components) == (2, 8)
    assert np.max(np.abs(velocity(network, manifold.point(rng=2)))) < 1e-12
    steep = dmft.Nonlinearity(lambda x: np.tanh(1.7 * x), lambda x: 1.7 / np.cosh(1.7 * x) ** 2,
                              "steep")
    quiet = dmft.attractor_manifold(paired([1.3, 1.2, 1.1, 0.2], phi=steep))
    np.testing.assert_array_equal(quiet.active, [True, True, True, False])
    assert quiet.gains[3] == 1.7
    assert quiet.components == 8
    hub = dmft.attractor_manifold(paired([4.0, 1.2, 1.5], phi=dmft.tanh))
    z = hub.point(rng=3)
    assert hub.components == 4
    assert np.max(np.abs(velocity(paired([4.0, 1.2, 1.5], phi=dmft.tanh), z))) < 1e-12


def test_seeds():
    manifold = dmft.attractor_manifold(paired([2.0, 2.0, 2.0, 2.0, 2.0]))
    np.testing.assert_array_equal(manifold.point(rng=5), manifold.point(rng=5))
    assert not np.array_equal(np.abs(manifold.point(rng=5)), np.abs(manifold.point(rng=6)))
    with pytest.raises(ModelError, match="rng"):
        manifold.point(rng="seed")


def test_networks_without_a_manifold_are_rejected():
    c = [[0.0, 2.0], [2.0, 0.0]]
    for name, bad in (("noise", 0.1), ("bias", 0.1), ("cross_g", [[0, 1.0], [0, 0]]),
                      ("input", dmft.Input([1.0, 0.0], np.eye(2)))):
        with pytest.raises(ModelError, match=name):
            dmft.attractor_manifold(dmft.MultiregionNetwork.symmetric(0.0, c, **{name: bad}))
    U = np.array([[[1.0, 0.5], [0.5, 1.0]], np.eye(2)])
    with pytest.raises(ModelError, match="U="):
        dmft.attractor_manifold(dmft.MultiregionNetwork.symmetric(0.0, c, U=U))
    with pytest.raises(ModelError, match="symmetric"):
        dmft.attractor_manifold(dmft.MultiregionNetwork(0.0, np.ones((2, 2, 2))))
    for phi in (dmft.relu, dmft.linear):
        with pytest.raises(ModelError, match="phi"):
            dmft.attractor_manifold(dmft.MultiregionNetwork.symmetric(0.0, c, phi=phi))
    manifold = dmft.attractor_manifold(paired([2.0, 2.1, 2.2]))
    with pytest.raises(ModelError, match="w="):
        manifold.z([[0.0, 1.0, 0.0], [0.5, 0.0, 0.0], [0.0, 0.0, 0.0]])
    with pytest.raises(ModelError, match="vertices"):
        dmft.attractor_manifold(paired(np.full(8, 2.0))).vertices()


def test_it_is_saved_and_loaded(tmp_path):
    manifold = dmft.attractor_manifold(paired([2.0, 2.1, 2.2, 2.4]))
    dmft.save(manifold, tmp_path / "x.npz")
    again = dmft.load(tmp_path / "x.npz")
    assert again == manifold
    assert again.components == manifold.components


@pytest.mark.parametrize("K", [1, 2, 3, 4, 5])
def test_disorder_reduces_the_loads(K):
    """The independent solver of stationary states finds a fixed point at every random point."""
    rng = np.random.default_rng(60 + K)
    for _ in range(3):
        b, g = 1.3 + 2 * rng.random(K), rng.choice([0.0, 0.7, 1.5, 1.7], K)
        c = dmft.symmetric_strengths(paired(b)) if K > 1 else [[2.0]]
        network = dmft.MultiregionNetwork.symmetric(g, c)
        manifold = dmft.attractor_manifold(network)
        z = manifold.point(rng)
        states = dmft.fixed_points(network, starts=z[None]).states
        state = min(states, key=lambda one: np.max(np.abs(np.abs(one.z) - np.abs(z))))
        np.testing.assert_allclose(np.abs(state.z), np.abs(z), atol=1e-4)
        np.testing.assert_allclose(state.psi, manifold.gains, rtol=1e-10)
        np.testing.assert_allclose(state.drive, manifold.current_power, atol=1e-9)
        assert state.stable
        assert state.marginal == manifold.dimension


def test_one_region_with_disorder_is_a_structured_region():
    for g in (0.5, 1.7, 1.9):
        manifold = dmft.attractor_manifold(dmft.MultiregionNetwork.symmetric(g, [[2.0]]))
        region = dmft.structured_region(2.0, g)
        assert abs(manifold.point()[0, 0]) == pytest.approx(region.amplitude, rel=1e-12)
    lost = dmft.attractor_manifold(dmft.MultiregionNetwork.symmetric(1.95, [[2.0]]))
    assert not lost.active.any()


@pytest.mark.parametrize(("strengths", "dimension", "components"), [
    ([[0, 0, 2, 2], [0, 0, 2, 2], [2, 2, 0, 0], [2, 2, 0, 0]], 1, 1),  # two against two
    ([[0, 2, 0, 0], [2, 0, 2, 0], [0, 2, 0, 2], [0, 0, 2, 0]], 0, 4),  # a path: pairs at its ends
    ([[0, 2, 0, 0, 2], [2, 0, 2, 0, 0], [0, 2, 0, 2, 0], [0, 0, 2, 0, 2], [2, 0, 0, 2, 0]], 0, 32),
    (np.diag([1.0, 2.0, 3.0]), 0, 4),
    (np.zeros((2, 2)), 0, 1),
    (np.ones((3, 3)), 0, 1),
    ([[-1.5, 1.5], [1.5, -1.5]], 0, 2),  # a negative self-current only decays
    ([[0, 1e40], [1e40, 0]], 0, 2),
    (1e6 * (np.ones((3, 3)) - np.eye(3)), 0, 8),
    ((1 + 1e-8) * (np.ones((4, 4)) - np.eye(4)), 2, 1),
], ids=["bipartite", "path", "ring", "self", "none", "threshold", "negative", "huge", "large",
        "weak"])
def test_other_graphs_of_pairs(strengths, dimension, components):
    network = dmft.MultiregionNetwork.symmetric(0.0, np.asarray(strengths, dtype=float))
    manifold = dmft.attractor_manifold(network)
    assert (manifold.dimension, manifold.components) == (dimension, components)
    z = manifold.point(rng=0)
    assert np.max(np.abs(velocity(network, z))) <= 1e-12 * max(np.max(np.abs(z)), 1e-4)


def test_random_strengths_have_stable_fixed_points():
    """For 100 random symmetric c it is a fixed point, and no perturbation of it grows."""
    rng = np.random.default_rng(0)
    for _ in range(100):
        R = int(rng.integers(1, 8))
        c = rng.standard_normal((R, R)) * rng.choice([0.3, 1, 3, 30])
        network = dmft.MultiregionNetwork.symmetric(0.0, c + c.T)
        z = dmft.attractor_manifold(network).point(rng)
        assert np.max(np.abs(velocity(network, z))) < 1e-12 * max(1, np.max(np.abs(z)))
        assert np.max(np.linalg.eigvals(jacobian(network, z)).real) < 1e-5
