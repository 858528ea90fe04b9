"""The four-point function: signs, symmetries, sums of ensembles, and explicit random matrices."""

from dataclasses import replace

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError
from dmft.ensembles.causal_matrix import inverse_of_products
from dmft.ensembles.iid import IID
from dmft.ensembles.matrix import Matrix
from dmft.ensembles.modes import Modes
from dmft.ensembles.properties import hessian
from dmft.fluctuations.four_point import over_replicates
from dmft.grids.order_parameters import Frequencies
from dmft.network.network import Network
from dmft.stationary.solution import Replicates
from dmft.validation.couplings.draw import draw

ERF3 = dmft.solve(dmft.RandomNetwork(3.0, dmft.erf))


def test_the_two_diagonals_differ():
    """Simulated at N = 2000: (4, 4) 7.92(49), (4, -4) 4.98(54), (10, 10) 4.48(44), .76(25)."""
    found = dmft.four_point(ERF3).psi([4, 4, 10, 10], [4, -4, 10, -10])
    np.testing.assert_allclose(found.value, [7.706, 4.659, 4.222, 0.468], atol=6e-4)


def test_symmetries():
    """C_ij(-tau) = C_ji(tau): exchanging the lags, or the sites, changes nothing."""
    pairs = dmft.four_point(ERF3)
    for of in ("phi", "x"):
        a, b, c = pairs.psi([1.0, 2.5, -1.0], [2.5, 1.0, -2.5], of).value
        assert b == pytest.approx(a, rel=1e-7)
        assert c == pytest.approx(a, rel=1e-7)


def test_at_zero_it_is_the_dimension():
    for of, C in (("phi", ERF3.C_phi), ("x", ERF3.C_x)):
        square = float(C[0]) ** 2
        psi = float(dmft.four_point(ERF3).psi(0.0, 0.0, of))
        assert square / (square + psi) == pytest.approx(float(dmft.dimension(ERF3, of)), rel=1e-7)


def test_collective_modes_are_slower_than_neurons():
    pairs = dmft.four_point(ERF3)
    single = (ERF3.C_phi.value / ERF3.C_phi.value[0]) ** 2
    tau = ERF3.lags.tau
    assert np.all(pairs.decay([2.0, 8.0]).value > np.interp([2.0, 8.0], tau, single))
    fine = np.linspace(0, 100, 401)
    for of in ("phi", "x"):
        direct = np.trapezoid(pairs.decay(fine, of).value, fine)
        assert pairs.collective_time(of) == pytest.approx(direct, rel=1e-3)
    assert pairs.single_time() == pytest.approx(np.trapezoid(single, tau), rel=2e-3)
    assert pairs.collective_time() > 3 * pairs.single_time()


def test_lags_beyond_the_window_are_refused():
    with pytest.raises(ModelError, match="longer span"):
        dmft.four_point(ERF3).psi(1000.0, 0.0)
    with pytest.raises(ModelError, match="broadcast"):
        dmft.four_point(ERF3).psi([1.0, 2.0], [1.0, 2.0, 3.0])


def test_replicates_give_the_error_and_remove_the_bias():
    """The jackknife of a square is mean^2 - s^2 / r, with the error 2 mean s / sqrt(r)."""
    rows = 2.0 + 0.1 * np.random.default_rng(0).standard_normal((8, len(ERF3.lags)))
    replicates = Replicates(rows, rows, rows, rows[:, 0])
    sampled = replace(ERF3, C_x=dmft.Estimate(rows.mean(axis=0)),
                      C_phi=dmft.Estimate(rows.mean(axis=0)), replicates=replicates)

    def square(solution, tol, size):
        return np.asarray(float(solution.C_phi[0]) ** 2), 1

    value, stderr, _ = over_replicates(sampled, square, 1e-6)
    mean, spread = rows[:, 0].mean(), rows[:, 0].std(ddof=1)
    assert float(value) == pytest.approx(mean**2 - spread**2 / 8, rel=1e-10)
    assert float(stderr) == pytest.approx(2 * mean * spread / np.sqrt(8), rel=1e-3)


W = np.array([0.0, 0.4, 1.5])
AT = Frequencies(W, 1 / (1 + W**2), 0.45 / (1 + 1j * W))


def fluctuations(second):
    """F_{phi phi, phi phi} / (C1 C2) of one kind of site with these second derivatives."""
    fields = (AT.C_spectrum, AT.S, np.conj(AT.S))
    bare = inverse_of_products(np.outer, fields, fields)
    inverse = bare - second
    entry = -inverse.k33 + inverse.k31 * inverse.k13 / inverse.k11
    entry = entry + inverse.k32 * inverse.k23 / inverse.k22
    return entry / (inverse.k03 * inverse.k30) / np.outer(AT.C_spectrum, AT.C_spectrum)


SUMS = [
    (IID(1.4),), (IID(1.2, reciprocity=0.4),), (IID(1.2, reciprocity=-0.4),),
    (Modes(dmft.Spectrum.flat(1.3, 0.5)),), (Modes(dmft.Spectrum.flat(1.0, 0.5), 0.5),),
    (Modes(dmft.Spectrum.from_values([0.6, 1.5], 0.6), np.array([0.5, -0.6])),),
    (Modes(dmft.Spectrum.from_values([0.9, 1.4], 0.5), np.array([[0.3, 0.5], [-0.4, 0.1]])),),
    (IID(0.5, reciprocity=0.5), Modes(dmft.Spectrum.from_values([0.7, 1.1], 0.5),
                                      np.array([0.4, -0.5]))),
]


@pytest.mark.parametrize("ensembles", SUMS, ids=repr)
def test_explicit_random_matrices(ensembles):
    """F, memory and noise of an ensemble agree with those of matrices drawn at N = 240."""
    rows = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        J = sum(draw(one, 240, rng).apply(np.eye(240, dtype=np.float32)) for one in ensembles)
        given = Matrix(J.astype(float))
        rows.append(np.concatenate([
            fluctuations(given.hessian(AT, AT)).real.ravel(), given.noise(AT)[0],
            given.memory(AT).real, given.memory(AT).imag]))
    second = hessian(ensembles[0], AT, AT)
    for one in ensembles[1:]:
        second = second + hessian(one, AT, AT)
    memory = sum(one.memory(AT) for one in ensembles)
    theory = np.concatenate([fluctuations(second).real.ravel(),
                             sum(one.noise(AT)[0] for one in ensembles), memory.real, memory.imag])
    stderr = np.std(rows, axis=0, ddof=1) / np.sqrt(len(rows))
    off = np.mean(rows, axis=0) - theory
    # The sampling error of six matrices, and a finite-size deviation of order 1/N.
    assert np.all(np.abs(off) < 6 * stderr + 0.03 * np.abs(theory) + 5e-3), off / stderr


def test_a_diagonal_overlap_matrix_equals_a_list_of_overlaps():
    spectrum, rho = dmft.Spectrum.from_values([1.2, 1.6, 2.0], 0.6), np.array([0.4, -0.3, 0.2])
    one, other = Modes(spectrum, rho), Modes(spectrum, np.diag(rho))
    np.testing.assert_allclose(other.noise(AT)[0], one.noise(AT)[0], rtol=1e-12)
    np.testing.assert_allclose(other.memory(AT), one.memory(AT), rtol=1e-12)
    for name, value in vars(one.hessian(AT, AT)).items():
        np.testing.assert_allclose(getattr(other.hessian(AT, AT), name), value, rtol=1e-11)


def test_an_overlap_matrix_is_differentiated_block_by_block():
    """W''_{ab,cd} = (1/N) Tr[P1_da O_ab P2_bc O_cd] with the 2M x 2M propagator P itself."""
    rng = np.random.default_rng(0)
    D, O = np.array([0.7, 1.3, 2.0]), 0.4 * rng.standard_normal((3, 3))
    O /= max(1.0, 1.2 * np.linalg.norm(O, 2))
    modes = Modes(dmft.Spectrum.from_values(D, 0.6), O)
    between = {(0, 0): np.eye(3), (0, 1): O, (1, 0): O.T, (1, 1): np.eye(3)}

    def blocks(C, S):
        fields = np.block([[C * np.eye(3), -S * O], [np.conj(S) * O.T, np.zeros((3, 3))]])
        Y = np.block([[np.zeros((3, 3)), -np.diag(D)], [np.diag(D), np.zeros((3, 3))]])
        P = np.linalg.solve(np.eye(6) + Y @ fields, Y)
        return {(a, b): P[3 * a:3 * a + 3, 3 * b:3 * b + 3] for a in (0, 1) for b in (0, 1)}

    found = modes.hessian(AT, AT)
    pairs = [(0, 0), (0, 1), (1, 0), (1, 1)]
    for k, l in ((0, 2), (2, 1)):
        P1, P2 = (blocks(AT.C_spectrum[i], AT.S[i]) for i in (k, l))
        for i, (a, b) in enumerate(pairs):
            for j, (c, d) in enumerate(pairs):
                exact = 0.2 * np.trace(P1[d, a] @ between[a, b] @ P2[b, c] @ between[c, d])
                own = getattr(found, f"k{i}{j}", None)
                value = 0.0 if own is None else own[k, l]
                assert value == pytest.approx(exact, abs=1e-12), (i, j)


def test_an_overlap_matrix_without_eigenvectors():
    """A chain of modes, each left vector along the next right one: D O is not diagonalisable."""
    spectrum = dmft.Spectrum.from_values([1.0, 1.0, 1.0], 0.6)
    chain = Modes(spectrum, np.diag([0.8, 0.8], k=1))
    near = Modes(spectrum, np.diag([0.8, 0.8], k=1) + 1e-4 * np.diag([1.0, 2.0, 3.0]))
    np.testing.assert_allclose(chain.noise(AT)[0], near.noise(AT)[0], rtol=1e-3)
    np.testing.assert_allclose(chain.memory(AT), 0, atol=1e-12)
    assert float(chain.noise(AT)[0][0]) > 1.05 * 0.6  # without overlaps <D^2> C = 0.6


def test_identical_gains_rescale_the_couplings():
    """v = 2 with g / 2 equals g: all averages over sites are over one kind of site."""
    plain = dmft.solve(dmft.RandomNetwork(2.0, dmft.erf))
    gains = dmft.solve(dmft.HeterogeneousNetwork(1.0, 1.0, 2.0, dmft.erf))
    np.testing.assert_allclose(gains.C_x.value, plain.C_x.value, atol=1e-10)
    np.testing.assert_allclose(gains.C_phi.value, plain.C_phi.value, atol=1e-10)
    for of in ("phi", "x"):
        for z_scored in (False, True):
            assert float(dmft.dimension(gains, of, z_scored)) == pytest.approx(
                float(dmft.dimension(plain, of)), rel=1e-7)


def test_output_gains_are_a_reduced_rank():
    """<v^4>/<v^2>^2 - 1 takes the place of 1/PR_D of random modes."""
    output = dmft.Gains.from_values([0.5, 1.0, 1.7])
    rank = 1 / (output.moment(4) / output.moment(2) ** 2)
    g = 3.0 / np.sqrt(output.moment(2))
    gains = dmft.solve(dmft.HeterogeneousNetwork(g, 1.0, output, dmft.erf))
    modes = dmft.solve(dmft.RandomModeNetwork(dmft.Spectrum.flat(3.0, 1 / (1 / rank - 1)),
                                              phi=dmft.erf))
    assert float(dmft.dimension(gains, "x")) == pytest.approx(
        float(dmft.dimension(modes, "x")), rel=1e-6)


def test_sums_of_ensembles_add():
    """IID 1.2 and 1.6 are IID 2; two halves of the modes are all of the modes."""
    whole = dmft.solve(dmft.RandomNetwork(2.0, dmft.erf))
    parts = dmft.solve(Network((IID(1.2), IID(1.6)), dmft.erf))
    assert float(dmft.dimension(parts)) == pytest.approx(float(dmft.dimension(whole)), rel=1e-7)
    half = Modes(dmft.Spectrum.flat(2.0 / np.sqrt(2), 0.25))
    halves = dmft.solve(Network((half, half), dmft.erf))
    modes = dmft.solve(dmft.RandomModeNetwork(dmft.Spectrum.flat(2.0, 0.5), phi=dmft.erf))
    assert float(dmft.dimension(halves)) == pytest.approx(float(dmft.dimension(modes)), rel=1e-7)


def test_units_that_are_not_coupled_have_no_collective_time():
    pairs = dmft.four_point(dmft.solve(dmft.RandomNetwork(0.0, noise=1.0)))
    with pytest.raises(ModelError, match="pairs of units have no covariance"):
        pairs.collective_time()
