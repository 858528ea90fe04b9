"""MultiregionNetwork.from_weights: overlaps and disorder are recovered, the very matrix simulated.
"""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import dmft
from dmft import validation
from dmft.base.errors import ModelError, ResolutionWarning
from dmft.network.structure import region_sizes
from dmft.validation.couplings.draw import draw_sum, loadings_of


def drawn(network, neurons, seed):
    """Weights of one network, its sizes, and its loadings."""
    sizes = region_sizes(network, neurons)
    operator = draw_sum(network.ensembles, sizes, np.random.SeedSequence(seed), np.float64)
    return operator.apply(np.eye(sum(sizes))), sizes, loadings_of(operator)


def measured(W, regions, **fields):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResolutionWarning)
        return dmft.MultiregionNetwork.from_weights(W, regions, **fields)


def scaled_loadings(loadings):
    """(R, R, N) m and n of a network, with <m m> = 1."""
    R, N = len(loadings.sizes), np.array(loadings.sizes)
    m, n = (one.reshape(R, R, -1).astype(float) for one in (loadings.m, loadings.n))
    norm = np.sqrt(np.sum(m**2, axis=-1) / N[:, None])
    return m / norm[..., None], n * norm[..., None]


@pytest.mark.parametrize(("share", "neurons"), [(None, 120), ([1, 3], 120)])
def test_overlaps_are_recovered_within_their_errors(share, neurons):
    """z scores over networks: of the loadings of the very matrix, and of the ensemble."""
    own, ensemble, receiving, disorder = [], [], [], []
    for seed in range(16):
        rng = np.random.default_rng(100 + seed)
        T = 1.5 * rng.standard_normal((2, 2, 2))
        network = dmft.MultiregionNetwork([1.0, 0.6], T, cross_g=[[0, 0.8], [0.5, 0]], share=share)
        W, sizes, loadings = drawn(network, neurons, seed)
        found = measured(W, sizes).weights
        N = np.array(sizes)
        m, n = scaled_loadings(loadings)
        sign = np.sign(np.einsum("abi,abi->ab", found.m.reshape(m.shape), m))
        seen = np.abs(sign[:, :, None] * sign[None]) > 0
        signs = sign[:, :, None] * sign[None]
        of_loadings = np.einsum("abi,bci->abc", n, m) / N[None, :, None] * signs
        own.append((found.T - of_loadings)[seen] / found.T_stderr[seen])
        ensemble.append((found.T - T * signs)[seen]
                        / np.hypot(found.T_stderr, found.T_sampling)[seen])
        known = found.U_stderr > 0
        U = (np.einsum("abi,aci->abc", m, m) / N[:, None, None]
             * sign[:, :, None] * sign[:, None, :])
        receiving.append((found.U - U)[known] / found.U_stderr[known])
        disorder.append(((found.g - network.disorder) / found.g_stderr).ravel())
    for z in (own, ensemble, receiving, disorder):
        every = np.concatenate(z)
        assert len(every) >= 30
        chi2 = np.sum(every**2)
        assert stats.chi2.sf(chi2, len(every)) > 1e-3
        assert stats.chi2.cdf(chi2, len(every)) > 1e-3
        assert abs(np.sum(every)) < 5 * np.sqrt(len(every))


def test_rank_two():
    """The overlaps of two currents, up to their order and signs: their spectrum."""
    T = np.diag([4.0, 2.5]).reshape(1, 1, 2, 1, 2)
    W, sizes, _ = drawn(dmft.MultiregionNetwork(0.5, T), 400, 1)
    network = measured(W, sizes, rank=2)
    assert network.rank == 2
    values = np.sort(np.linalg.eigvals(network.T.reshape(2, 2)).real)
    error = np.max(np.hypot(network.weights.T_stderr, network.weights.T_sampling))
    np.testing.assert_allclose(values, [2.5, 4.0], atol=4 * error)
    assert error < 0.3


def example(seed=5):
    T = np.array([[[1.6, 0.8], [0.9, 1.4]], [[1.1, 1.5], [1.2, 1.3]]])
    network = dmft.MultiregionNetwork([0.5, 0.4], T, cross_g=[[0, 0.3], [0.2, 0]], share=[2, 3])
    W, sizes, _ = drawn(network, 300, seed)
    return W, sizes


START = {"currents": [[0.9, 0.6], [0.7, 1.0]], "variance": 0.5}
TIMES = dmft.Times(6.0, 0.1)
AT = np.array([1.0, 2.0, 4.0, 6.0])


def test_labels_and_sizes():
    W, sizes = example()
    order = np.random.default_rng(0).permutation(len(W))
    mixed, labels = W[np.ix_(order, order)], np.repeat(["a", "b"], sizes)[order]
    one, two = measured(W, sizes).weights, measured(mixed, labels).weights
    assert one.sizes == two.sizes == sizes
    np.testing.assert_allclose(np.abs(one.T), np.abs(two.T), rtol=1e-6)
    np.testing.assert_array_equal(two.matrix, mixed[np.ix_(two.order, two.order)])


def test_the_very_matrix_is_simulated():
    W, sizes = example()
    network = measured(W, sizes)
    again, _, loadings = drawn(network, network.weights.neurons, 0)
    np.testing.assert_allclose(again, W, atol=1e-6)
    np.testing.assert_allclose(loadings.m[0, :sizes[0]] @ network.weights.m[0, :sizes[0]], np.sum(
        network.weights.m[0] ** 2), rtol=1e-5)
    with pytest.raises(ModelError, match=f"neurons=200.*give {network.weights.neurons}"):
        validation.simulate(network, 200, 2, times=TIMES, **START)


def test_theory_of_a_matrix_beside_its_simulation():
    """W is one of the networks that its statistics describe; with wrong statistics it is not."""
    W, sizes = example()
    network = measured(W, sizes)
    options = {"times": TIMES, "at": AT, "trials": 4, "dt": 0.1, "rng": 1, **START}
    runs = validation.simulate(network, network.weights.neurons, 8, **options)
    like = validation.simulate(replace(network, weights=None), network.weights.neurons, 24,
                               **options)
    steps = np.rint(AT / 0.1).astype(int)

    def largest(theory):
        """Largest deviation of W from a theory, in deviations from network to network."""
        off = runs.samples("z").mean(axis=0) - theory.z[steps]
        return np.max(np.abs(off) / like.samples("z").std(axis=0, ddof=1))

    solution = dmft.solve(network, times=TIMES, **START)
    assert largest(solution) < 5  # of 16 correlated numbers, by t with 23 degrees of freedom
    wrong = network.T.copy()
    wrong[0, 1] *= -1
    drawn_networks = replace(network, weights=None)
    assert largest(dmft.solve(replace(drawn_networks, T=wrong), times=TIMES, **START)) > 10
    verdict = validation.compare(solution, runs)
    assert any("one given matrix" in note for note in verdict.notes)
    sizes = validation.simulate(drawn_networks, (100, 400), 24, **options)
    assert validation.compare(dmft.solve(drawn_networks, times=TIMES, **START),
                              sizes).p_value > 1e-3


def test_silencing_a_region_of_a_matrix():
    """The low-rank part of its columns, and its disorder in other regions, are removed from W."""
    W, sizes = example()
    silent = measured(W, sizes).silenced(0)
    again, _, _ = drawn(silent, silent.weights.neurons, 0)
    first = slice(0, sizes[0])
    np.testing.assert_allclose(again[sizes[0]:, first], 0.0, atol=1e-6)
    np.testing.assert_allclose(again[:, sizes[0]:], W[:, sizes[0]:], atol=1e-6)
    assert np.linalg.norm(again[first, first], 2) < 1.2 * 2 * 0.5 < np.linalg.norm(
        W[first, first], 2)


def test_warnings_name_what_is_not_as_assumed():
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((240, 240)) / np.sqrt(120)
    with pytest.warns(ResolutionWarning, match=r"fewer than 1 singular values"):
        dmft.MultiregionNetwork.from_weights(noise, [120, 120])
    W, sizes = example()
    more = W + 4 * np.outer(*rng.standard_normal((2, len(W)))) / len(W)
    with pytest.warns(ResolutionWarning, match=r"give rank=2"):
        dmft.MultiregionNetwork.from_weights(more, sizes)
    scaled = noise * np.linspace(0.5, 1.5, 240)[:, None]
    with pytest.warns(ResolutionWarning, match=r"not independent: test of rows"):
        dmft.MultiregionNetwork.from_weights(scaled, [120, 120])
    m = rng.standard_normal(240) ** 3
    with pytest.warns(ResolutionWarning, match="not Gaussian"):
        dmft.MultiregionNetwork.from_weights(0.1 * noise + np.outer(m, m) / 240, [120, 120])


@pytest.mark.parametrize(("arguments", "named"), [
    ({"W": np.ones((20, 30))}, "W"), ({"W": np.full((40, 40), np.nan)}, "W"),
    ({"W": np.zeros((40, 40))}, "W"), ({"regions": [20, 21]}, "regions"),
    ({"regions": [5, 35]}, "regions"), ({"regions": [[20, 20]]}, "regions"),
    ({"regions": [0.5] * 40}, "regions"), ({"rank": 0}, "rank"), ({"rank": 20}, "rank"),
    ({"g": 1.0}, "g"), ({"T": np.ones((2, 2, 2))}, "T"),
])
def test_bad_arguments_are_named(arguments, named):
    W = np.random.default_rng(0).standard_normal((40, 40))
    with pytest.raises(ModelError, match=f"{named}="):
        dmft.MultiregionNetwork.from_weights(**{"W": W, "regions": [20, 20], **arguments})


def test_weights_of_another_network_are_refused():
    network = measured(*example())
    with pytest.raises(ModelError, match=r"weights=.*other overlaps"):
        replace(network, T=network.T + 0.1)
    with pytest.raises(ModelError, match="weights="):
        replace(network, weights="W")


def test_it_can_be_saved(tmp_path):
    network = measured(*example())
    again = dmft.load(dmft.save(network, tmp_path / "network"))
    assert again == network
    assert again.weights.sizes == network.weights.sizes
