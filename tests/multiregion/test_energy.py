"""The energy of symmetric effective interactions: it decreases along every trajectory."""

import itertools

import numpy as np
import pytest
from scipy import integrate, stats

import dmft
from dmft.base.errors import ModelError
from dmft.multiregion.mean_gain import MeanGain, mean_gain, variance_at_gain
from tests.solvable import CURRENT, CURRENT_ENERGY

LOGISTIC = dmft.Nonlinearity(lambda x: 1 / (1 + np.exp(-x)),
                             lambda x: 0.25 / np.cosh(x / 2) ** 2, "logistic")


def draw(rng, phi=dmft.erf, regions=None):
    """Random symmetric strengths, and directions that are correlated within each region."""
    R = regions or int(rng.integers(1, 5))
    c = 2.5 * rng.standard_normal((R, R))
    root = rng.standard_normal((R, R, R)) * (0.6 + rng.random())
    U = np.einsum("nra,nsa->nrs", root, root) / R
    return dmft.MultiregionNetwork.symmetric(0.0, (c + c.T) / 2, U=(U + U.transpose(0, 2, 1)) / 2,
                                             phi=phi)


def flow(network, gain=None):
    """dz/dt = -z + psi T z, written out."""
    R = network.regions

    def rate(_, flat):
        z = flat.reshape(R, R)
        Delta = np.einsum("nr,nrs,ns->n", z, network.U, z)
        psi = (np.array([slope(network.phi, one) for one in Delta]) if gain is None
               else gain(Delta))
        return (psi[None, :] * np.einsum("mnr,nr->mn", network.T, z) - z).ravel()

    return rate


def slope(phi, variance):
    """<phi'>, by its closed form for erf and by a fine trapezoidal rule for others."""
    if phi is dmft.erf:
        return 1 / np.sqrt(1 + np.pi * variance / 2)
    x = np.linspace(-9, 9, 801)
    return float(stats.norm.pdf(x) @ phi.derivative(x * np.sqrt(variance)) * (x[1] - x[0]))


@pytest.mark.parametrize("phi", [dmft.erf, dmft.tanh, LOGISTIC], ids=lambda phi: phi.name)
def test_it_decreases_along_every_trajectory(phi):
    rng = np.random.default_rng(1)
    for _ in range(50 if phi is dmft.erf else 8):
        network = draw(rng, phi)
        R = network.regions
        start = rng.standard_normal(R * R) * 2
        found = integrate.solve_ivp(flow(network), (0, 25), start, rtol=1e-9, atol=1e-11,
                                    max_step=0.5)
        E = dmft.energy(network, found.y.T.reshape(-1, R, R))
        assert np.max(np.diff(E)) < 1e-11 * np.max(np.abs(E))
        assert E[-1] < E[0]


def test_the_rate_of_its_decrease():
    """dE/dt = -(dz/dt)^T F'' (dz/dt), F'' = psi U + 2 psi' (U z)(U z)^T = <phi' m m^T>."""
    rng = np.random.default_rng(2)
    for _ in range(20):
        network = draw(rng)
        R = network.regions
        z, rate = rng.standard_normal((R, R)), flow(network)
        velocity = rate(0, z.ravel()).reshape(R, R)
        step = 1e-4
        measured = np.diff(dmft.energy(network, [z - step * velocity, z + step * velocity]))[0]
        quadratic = 0.0
        for nu in range(R):
            along = network.U[nu] @ z[nu]
            Delta = z[nu] @ along
            psi = slope(dmft.erf, Delta)
            hessian = psi * network.U[nu] - np.pi / 2 * psi**3 * np.outer(along, along)
            assert np.min(np.linalg.eigvalsh(hessian)) > -1e-12
            quadratic += velocity[nu] @ hessian @ velocity[nu]
        assert measured / (2 * step) == pytest.approx(-quadratic, rel=1e-5)


def test_its_gradient_vanishes_at_fixed_points():
    rng = np.random.default_rng(3)
    network = draw(rng, regions=3)
    end = integrate.solve_ivp(flow(network), (0, 400), rng.standard_normal(9), rtol=1e-10,
                              atol=1e-12).y[:, -1]
    for direction in np.eye(9):
        shifted = [(end + s * 1e-4 * direction).reshape(3, 3) for s in (-1, 1)]
        assert np.diff(dmft.energy(network, shifted))[0] / 2e-4 == pytest.approx(0, abs=1e-6)


def test_one_region_at_its_fixed_point():
    """T = 2: z*^2 = (2/pi)(T^2 - 1), psi = 1/2, hence E = -1/(2 pi), and E = 0 without current."""
    network = dmft.MultiregionNetwork.symmetric(0.0, [[2.0]])
    z = np.sqrt(2 / np.pi * 3)
    assert z == pytest.approx(CURRENT, rel=1e-15)
    E = dmft.energy(network, np.array([0.0, z, -z, 0.9 * z, 1.1 * z]).reshape(-1, 1, 1))
    assert E.shape == (5,)
    assert E[0] == pytest.approx(0, abs=1e-15)
    assert E[1] == pytest.approx(CURRENT_ENERGY, rel=1e-13)
    assert E[2] == E[1]
    assert np.all(E[3:] > E[1])
    assert dmft.energy(network, [[z]]).shape == ()


def test_no_current_is_zero_energy():
    network = draw(np.random.default_rng(4), regions=3)
    assert dmft.energy(network, np.zeros((3, 3))) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("largest", [1e-8, 0.3, 4.0, 100.0, 3000.0])
def test_the_average_potential(largest):
    """F(Delta) = <int_0^x phi>: the closed form of erf, and ln cosh averaged for tanh."""
    Delta = np.append(0.0, np.geomspace(1e-3, 1, 9)) * largest
    exact = (2 / np.pi) * (np.pi / 2 * Delta) / (np.sqrt(1 + np.pi * Delta / 2) + 1)
    np.testing.assert_allclose(mean_gain(dmft.erf, largest).potential(Delta), exact, rtol=1e-14)
    found = MeanGain.of(dmft.erf, largest).potential(Delta)
    np.testing.assert_allclose(found, exact, rtol=0, atol=2e-13 * exact[-1])
    z = np.linspace(-9, 9, 20001)
    weight = stats.norm.pdf(z) * (z[1] - z[0])
    x = np.abs(z) * np.sqrt(Delta)[:, None]
    exact = (x + np.log1p(np.exp(-2 * x)) - np.log(2)) @ weight
    if largest > 1e-6:  # for smaller numbers this form of ln cosh loses all digits
        averages = MeanGain.of(dmft.tanh, largest)
        np.testing.assert_allclose(averages.potential(Delta), exact, rtol=0, atol=1e-11 * exact[-1])
        assert averages.error < 1e-11


@pytest.mark.parametrize("phi", [dmft.erf, dmft.tanh])
def test_the_gain_and_its_inverse(phi):
    averages = MeanGain.of(phi, 10.0)
    for psi in (0.999, 0.8, 0.4, 0.35):
        Delta = variance_at_gain(phi, psi)
        assert slope(phi, Delta) == pytest.approx(psi, abs=1e-12)
        assert averages.gain(Delta) == pytest.approx(psi, abs=1e-12)
        if phi is dmft.erf:
            assert Delta == pytest.approx(2 / np.pi * (psi**-2 - 1), rel=1e-12)
    assert variance_at_gain(phi, 1.0) == 0
    with pytest.raises(ModelError, match="phi"):
        variance_at_gain(dmft.linear, 0.5)


def test_with_disorder_there_is_no_energy_of_the_currents_alone():
    """A current that overshoots takes the same value twice: no function of it always decreases."""
    network = dmft.MultiregionNetwork.symmetric(1.7, [[2.0]])
    solution = dmft.solve(network, times=dmft.Times(stop=40.0, dt=0.1), currents=[[0.3]],
                          variance=0.0)
    z = np.asarray(solution.z)[:, 0, 0]
    assert np.max(z) == pytest.approx(0.82784, abs=1e-4)
    assert z[-1] == pytest.approx(dmft.structured_region(2.0, 1.7).amplitude, abs=5e-3)
    assert z[0] < z[-1] < np.max(z) - 0.2


def test_an_undeclared_kink_is_refused():
    kinked = dmft.Nonlinearity(lambda x: np.clip(x, -0.6, 0.6),
                               lambda x: (np.abs(x) < 0.6).astype(float), "clip")
    with pytest.raises(dmft.ModelError, match=r"kink at x = 0\.6"):
        dmft.energy(draw(np.random.default_rng(5), kinked, 2), np.ones((2, 2)))


@pytest.mark.parametrize(("phi", "slope", "primitive", "kinks"), [
    (lambda x: np.clip(x, -0.6, 0.6), lambda x: (np.abs(x) < 0.6) * 1.0,
     lambda x: np.where(np.abs(x) < 0.6, x**2 / 2, 0.6 * np.abs(x) - 0.18), (-0.6, 0.6)),
    (lambda x: x / (1 + np.abs(x)), lambda x: 1 / (1 + np.abs(x))**2,
     lambda x: np.abs(x) - np.log1p(np.abs(x)), (0.0,))], ids=["clip", "softsign"])
def test_the_energy_of_a_phi_with_declared_kinks(phi, slope, primitive, kinks):
    """-c v^2/2 + z v - F with v = z <phi'> and F the average of the primitive, by quadrature."""
    network = dmft.MultiregionNetwork.symmetric(
        0.0, [[1.5]], phi=dmft.Nonlinearity(phi, slope, "kinked", kinks=kinks))
    for z in (0.05, 1.3, 4.0):
        def average(function, z=z):
            edges = [0.0, *(k for k in kinks if k > 0), 0.6 * z, 3 * z, 9 * z]
            return 2 * sum(integrate.quad(lambda x: function(x) * stats.norm.pdf(x, scale=z), *one,
                                          epsabs=1e-13)[0]
                           for one in itertools.pairwise(sorted(edges)))

        v = z * average(slope)
        expected = -0.75 * v**2 + z * v - average(primitive)
        assert float(dmft.energy(network, [[z]])) == pytest.approx(expected, abs=1e-9)


def test_the_strengths_are_recovered():
    rng = np.random.default_rng(6)
    c = rng.standard_normal((4, 4))
    c = c + c.T
    network = dmft.MultiregionNetwork.symmetric([0.0, 1.0, 2.0, 0.5], c)
    np.testing.assert_allclose(dmft.symmetric_strengths(network), c, rtol=1e-14)
    other = draw(rng, regions=3)
    found = dmft.symmetric_strengths(other)
    for mu in range(3):
        for nu in range(3):
            np.testing.assert_allclose(other.T[mu, nu], found[mu, nu] * other.U[nu, mu])


def test_a_zero_direction_takes_the_reciprocal_strength():
    U = np.array([np.diag([1.0, 0.0]), np.eye(2)])
    network = dmft.MultiregionNetwork.symmetric(0.0, [[0.0, 2.0], [2.0, 0.0]], U=U)
    np.testing.assert_array_equal(dmft.symmetric_strengths(network), [[0.0, 2.0], [2.0, 0.0]])


def test_networks_without_an_energy_are_rejected():
    T = np.zeros((2, 2, 2))
    T[0, 1, 0], T[1, 0, 1] = 1.5, 1.6
    with pytest.raises(ModelError, match=r"c\[0, 1\]=1.5 .* c\[1, 0\]=1.6"):
        dmft.energy(dmft.MultiregionNetwork(0.0, T), np.ones((2, 2)))
    T = np.zeros((2, 2, 2))
    T[0, 1, 0] = T[1, 0, 1] = 1.5
    T[0, 1, 1] = 0.3
    with pytest.raises(ModelError, match=r"T\[0, 1, 1\]"):
        dmft.symmetric_strengths(dmft.MultiregionNetwork(0.0, T))
    c = [[0.0, 1.5], [1.5, 0.0]]
    for name, bad in (("g", {"g": [0.0, 0.5]}), ("cross_g", {"cross_g": [[0, 1.0], [0, 0]]}),
                      ("noise", {"noise": 0.1}), ("bias", {"bias": 0.1}),
                      ("input", {"input": dmft.Input([1.0, 0.0], np.eye(2))})):
        network = dmft.MultiregionNetwork.symmetric(**{"g": 0.0, **bad}, c=c)
        with pytest.raises(ModelError, match=name):
            dmft.energy(network, np.ones((2, 2)))
    with pytest.raises(ModelError, match="z="):
        dmft.energy(dmft.MultiregionNetwork.symmetric(0.0, c), np.ones(2))
