"""The time-dependent theory: exact results, order of convergence, symmetries and failures."""

import numpy as np
import pytest
from scipy import special
from scipy.integrate import solve_ivp

import dmft
from dmft.averages.two_variances import pair_averages
from dmft.base.errors import ConvergenceError, ModelError
from dmft.equations import multiregion
from dmft.network.network import Network
from dmft.network.regional_mean_field import mean_field
from dmft.two_time.causal_march import march
from dmft.two_time.filtered_inputs import filtered_inputs
from tests.solvable import CURRENT

rng = np.random.default_rng(12)
T3 = rng.normal(size=(3, 3, 3)) * 1.5
Z3 = rng.normal(size=(3, 3)) * 0.5
# disorder in one region, currents on a limit cycle
CYCLE = dmft.MultiregionNetwork([1.5, 0.0, 0.0], T3)
MIXED = dmft.MultiregionNetwork([1.5, 0.5, 1.2], 0.8 * T3)


def solved(network, stop=10.0, dt=0.2, **options):
    return dmft.solve(network, times=dmft.Times(stop, dt, options.pop("keep", None)), **options)


@pytest.mark.parametrize("g", [0.6, 0.9])
def test_linear_units_in_closed_form(g):
    """(1 + d/dt)(1 + d/ds) H = g^2 H, H(t, 0) = v e^-t: H = v e^-(t+s) I_0(2 g sqrt(t s))."""
    solution = solved(dmft.RandomNetwork(g, dmft.linear), 8.0, variance=0.7, keep=1, tol=1e-9)
    t = solution.times.kept
    exact = 0.7 * np.exp(-np.add.outer(t, t)) * special.i0(2 * g * np.sqrt(np.outer(t, t)))
    np.testing.assert_allclose(solution.Delta[0], exact, atol=2e-9)
    np.testing.assert_allclose(solution.variance[:, 0], np.diag(exact), atol=2e-9)


def test_white_noise_and_bias_in_closed_form():
    """Without couplings: the transient of a leaky unit from its initial condition."""
    network = dmft.RandomNetwork(0.0, noise=0.6, bias=0.4)
    solution = solved(network, 5.0, variance=2.0, keep=1)
    t = solution.times.kept
    later = np.exp(-np.add.outer(t, t))
    rise = 1 - np.exp(-t)
    exact = (2.0 * later + 0.36 * (np.exp(-np.abs(np.subtract.outer(t, t))) - later)
             + 0.16 * np.outer(rise, rise))
    np.testing.assert_allclose(solution.Delta[0], exact, atol=1e-13)


@pytest.mark.parametrize(("phi", "noise", "bias"), [
    (dmft.erf, 0.5, 0.0), (dmft.tanh, 0.6, 0.3), (dmft.relu, 0.4, 0.0)])
def test_it_relaxes_to_the_stationary_state(phi, noise, bias):
    network = dmft.RandomNetwork(0.8, phi, noise=noise, bias=bias)
    late = solved(network, 40.0, 0.5, keep=2, tol=1e-5)
    stationary = dmft.solve(network, lags=dmft.Lags(40.0, 0.0625))
    row = late.Delta[0, -1, ::-1]
    np.testing.assert_allclose(row[:20], stationary.C_x.value[::16][:20], atol=3e-5)
    np.testing.assert_allclose(late.C_phi[0, -1, ::-1][:20], stationary.C_phi.value[::16][:20],
                               atol=3e-5)
    assert late.psi[-1, 0] == pytest.approx(float(stationary.gain), abs=3e-5)


def test_chaos_relaxes_to_the_stationary_chaos():
    late = solved(dmft.RandomNetwork(2.0, dmft.erf), 150.0, 0.25, tol=1e-5)
    stationary = dmft.solve(dmft.RandomNetwork(2.0, dmft.erf))
    assert late.variance[-1, 0] == pytest.approx(float(stationary.C_x[0]), rel=2e-6)


def flow(network, z0, v0, stop, phi_gain, driven=lambda t: np.zeros(1)):
    """The currents of a network without disorder, by a standard integrator of ODEs."""
    field = mean_field(network)
    P = field.currents

    def slope(t, y):
        variance = field.static(y) + v0 * np.exp(-2 * t)
        S = field.driven(phi_gain(variance), y)
        return np.concatenate([S - y[:P], driven(t) - y[P:]]) if field.inputs else S - y

    start = np.concatenate([np.ravel(z0), np.zeros(field.inputs)])
    return solve_ivp(slope, (0, stop), start, rtol=1e-11, atol=1e-12).y[:, -1]


def erf_gain(variance):
    return 1 / np.sqrt(1 + np.pi * variance / 2)


def test_without_disorder_currents_follow_their_flow():
    network = dmft.MultiregionNetwork(0.0, T3)
    solution = solved(network, currents=Z3, variance=0.5, tol=1e-9)
    exact = flow(network, Z3, 0.5, 10.0, erf_gain)
    np.testing.assert_allclose(solution.z[-1].ravel(), exact, atol=3e-9)


def test_correlated_loadings():
    U = np.array([[[1.0, 0.4], [0.4, 0.5]], [[2.0, -0.6], [-0.6, 1.0]]])
    network = dmft.MultiregionNetwork(0.0, T3[:2, :2, :2], U=U)
    solution = solved(network, currents=Z3[:2, :2], variance=0.5, tol=1e-9)
    exact = flow(network, Z3[:2, :2], 0.5, 10.0, erf_gain)
    np.testing.assert_allclose(solution.z[-1].ravel(), exact, atol=3e-9)


def test_inputs_are_filtered_and_routed():
    V, W = np.array([[0.5, 1.0], [-0.7, 0.2]]), np.array([[0.3, 0.0], [-0.2, 0.4]])
    signal = lambda t: np.array([np.sin(t), 1.0])  # noqa: E731
    network = dmft.MultiregionNetwork(0.0, T3[:2, :2, :2], input=dmft.Input(signal, V, W))
    solution = solved(network, currents=Z3[:2, :2], variance=0.5, tol=1e-9)
    exact = flow(network, Z3[:2, :2], 0.5, 10.0, erf_gain, signal)
    np.testing.assert_allclose(solution.z[-1].ravel(), exact[:4], atol=3e-9)
    np.testing.assert_allclose(solution.filtered_input[-1], exact[4:], atol=1e-11)


def test_a_filtered_input_is_exact_at_any_step():
    """(sin t - cos t + e^-t) / 2, at steps at which a linear rule would be inaccurate."""
    V = np.ones((1, 1))
    network = dmft.MultiregionNetwork(0.0, [[[0.0]]], input=dmft.Input(
        lambda t: np.array([np.sin(t)]), V))
    t = 0.8 * np.arange(11)
    exact = (np.sin(t) - np.cos(t) + np.exp(-t)) / 2
    np.testing.assert_allclose(filtered_inputs(mean_field(network), 10, 0.8)[0], exact, atol=1e-11)


@pytest.mark.parametrize("g", [0.0, 1.4])
def test_two_loadings_on_one_region_can_be_transformed_linearly(g):
    """With m = L m', <m' m'> = 1: overlaps L^T T L^-T and currents L^T z are the same network."""
    U, T = np.array([[1.5, 0.6], [0.6, 0.8]]), np.array([[1.2, -0.9], [1.1, 0.7]])
    z0, L = np.array([0.7, -0.4]), np.linalg.cholesky(U)
    zero = np.zeros(2)

    def region(overlaps, covariance):
        low = dmft.LowRank(zero, zero, overlaps, covariance, 1)
        return Network((dmft.IID(g), low), dmft.erf)

    one = solved(region(T, U), 6.0, currents=z0, tol=1e-7)
    transformed = L.T @ T @ np.linalg.inv(L.T)
    other = solved(region(transformed, np.eye(2)), 6.0, currents=L.T @ z0, tol=1e-7)
    np.testing.assert_allclose(other.z, one.z @ L, atol=1e-6)
    np.testing.assert_allclose(other.variance, one.variance, atol=1e-6)


def test_periodic_currents_do_not_diverge_at_a_coarse_step():
    """|Delta(t, s)| is at most the geometric mean of the variances, in spite of step errors."""
    draw = np.random.default_rng(17)
    network = dmft.MultiregionNetwork(2.5, draw.normal(size=(3, 3, 3)) * 2.5)
    path = march(mean_field(network), pair_averages(network.phi), 120, 0.5, draw.normal(size=9),
                 np.ones(3), np.zeros((0, 121)))
    assert np.all(np.isfinite(path.variance))


def test_a_pulse_is_filtered_in_closed_form():
    V = np.eye(2)
    pulse = dmft.Pulse([1.0, 0.0], 2.0, 3.0)
    network = dmft.MultiregionNetwork(0.5, T3[:2, :2, :2], input=dmft.Input(pulse, V))
    solution = solved(network, 6.0, 0.1, tol=1e-8)
    filtered = solution.filtered_input[:, 0]
    t = solution.times.t
    exact = np.where(t < 2, 0, np.where(t < 3, 1 - np.exp(2 - t), (np.e - 1) * np.exp(2 - t)))
    np.testing.assert_allclose(filtered, exact, atol=1e-12)
    np.testing.assert_array_equal(solution.z[t <= 2.0], 0.0)  # no preparation is needed
    assert np.max(np.abs(solution.z)) > 0.1


def test_one_region_without_disorder_ends_at_the_known_current():
    solution = solved(dmft.MultiregionNetwork(0.0, [[[2.0]]]), 60.0, 0.5, currents=[[0.3]])
    assert solution.z[-1, 0, 0] == pytest.approx(CURRENT, rel=1e-9)
    assert f"{solution.z[-1, 0, 0]:.5f}" == "1.38198"


def test_the_scheme_is_of_second_order():
    field = mean_field(MIXED)
    averages = pair_averages(MIXED.phi)

    def end(steps):
        path = march(field, averages, steps, 6.0 / steps, Z3.ravel(), np.ones(3),
                     np.zeros((0, steps + 1)))
        return np.concatenate([path.y[:, -1], path.variance[:, -1]])

    coarse, middle, fine, finest = (end(n) for n in (60, 120, 240, 480))
    first, second, third = (np.max(np.abs(a - b)) for a, b in
                            ((coarse, middle), (middle, fine), (fine, finest)))
    assert 3.3 < first / second < 5.2
    assert 3.5 < second / third < 4.6
    # and extrapolation leaves an error of higher order
    once = (4 * middle - coarse) / 3 - (4 * fine - middle) / 3
    again = (4 * fine - middle) / 3 - (4 * finest - fine) / 3
    assert np.max(np.abs(once)) / np.max(np.abs(again)) > 6


def test_the_error_estimate_bounds_the_error():
    rough = solved(CYCLE, 20.0, 0.2, currents=Z3, tol=1e-4)
    fine = solved(CYCLE, 20.0, 0.2, currents=Z3, tol=1e-8)
    off = np.max(np.abs(rough.z - fine.z)) / np.max(np.abs(fine.z))
    assert off < rough.convergence.error < 1e-4
    assert fine.convergence.error < 1e-8


@pytest.mark.slow
def test_currents_of_a_limit_cycle_to_1e_minus_7():
    coarse = solved(CYCLE, 20.0, 0.1, currents=Z3, tol=1e-7)
    fine = solved(CYCLE, 20.0, 0.05, currents=Z3, tol=1e-9)
    assert np.max(np.abs(coarse.z - fine.z[::2])) < 1e-7
    assert fine.convergence.error < 1e-9


@pytest.mark.parametrize("network", [CYCLE, MIXED], ids=["cycle", "mixed"])
def test_dropping_the_distant_past_changes_nothing(network):
    """Rows extend 120 time constants into the past, or to t = 0 where they are kept."""
    field, averages = mean_field(network), pair_averages(network.phi)
    short, long = (march(field, averages, 1200, 0.2, Z3.ravel(), np.ones(3), np.zeros((0, 1201)),
                         keep) for keep in (None, 30))
    np.testing.assert_allclose(short.y, long.y, atol=1e-11)
    np.testing.assert_allclose(short.variance, long.variance, atol=1e-11)


def test_regions_can_be_permuted():
    order = np.array([2, 0, 1])
    permuted = dmft.MultiregionNetwork(MIXED.g[order], MIXED.T[np.ix_(order, order, order)])
    one = solved(MIXED, currents=Z3)
    other = solved(permuted, currents=Z3[np.ix_(order, order)])
    np.testing.assert_allclose(other.z, one.z[:, order][:, :, order], atol=1e-12)
    np.testing.assert_allclose(other.variance, one.variance[:, order], atol=1e-12)


def test_all_currents_can_be_reversed():
    one, other = solved(MIXED, currents=Z3), solved(MIXED, currents=-Z3)
    np.testing.assert_array_equal(other.z, -one.z)
    np.testing.assert_array_equal(other.variance, one.variance)


def test_signs_of_loadings_can_be_changed():
    """A sign s^{mu nu} for each current z^{mu nu}, with T transformed accordingly."""
    sign = np.where(np.random.default_rng(1).random((3, 3)) < 0.5, -1.0, 1.0)
    T = sign[:, :, None] * MIXED.T * sign[None, :, :]
    one = solved(MIXED, currents=Z3)
    other = solved(dmft.MultiregionNetwork(MIXED.g, T), currents=sign * Z3)
    np.testing.assert_allclose(other.z, sign * one.z, atol=1e-13)
    np.testing.assert_allclose(other.variance, one.variance, atol=1e-13)


def test_identical_regions_that_share_disorder_are_one_large_region():
    R, g = 3, 1.1
    cross = g * (1 - np.eye(R))
    network = dmft.MultiregionNetwork(g, np.zeros((R, R, R)), cross_g=cross)
    regions = solved(network, 12.0, currents=np.zeros((R, R)), tol=1e-7)
    whole = solved(dmft.RandomNetwork(g * np.sqrt(R), dmft.erf), 12.0, tol=1e-7)
    for region in range(R):
        np.testing.assert_allclose(regions.variance[:, region], whole.variance[:, 0], atol=1e-6)


def test_averages_without_closed_form_agree_with_the_closed_form():
    plain = dmft.Nonlinearity(dmft.erf.function, dmft.erf.derivative, "erf, tabulated")
    table = dmft.MultiregionNetwork(MIXED.g, MIXED.T, phi=plain)
    one, other = solved(MIXED, 6.0, currents=Z3), solved(table, 6.0, currents=Z3)
    np.testing.assert_allclose(other.z, one.z, atol=1e-9)
    np.testing.assert_allclose(other.variance, one.variance, atol=1e-9)


def test_kept_rows_are_a_subset_of_all_rows():
    every = solved(MIXED, 4.0, currents=Z3, keep=1)
    some = solved(MIXED, 4.0, currents=Z3, keep=4)
    np.testing.assert_allclose(some.Delta, every.Delta[:, ::4, ::4], atol=1e-12)
    np.testing.assert_allclose(some.C_phi, every.C_phi[:, ::4, ::4], atol=1e-12)
    for region in range(3):
        np.testing.assert_allclose(np.diag(every.Delta[region]), every.variance[:, region])
        assert np.min(np.linalg.eigvalsh(every.Delta[region])) > -1e-6
    assert solved(MIXED, 4.0, currents=Z3).Delta is None


def test_chaotic_currents_fail_where_the_error_exceeds_the_tolerance():
    g, seed = 1.5, 4
    draw = np.random.default_rng(seed)
    network = dmft.MultiregionNetwork([g, 0, 0], draw.normal(size=(3, 3, 3)) * 1.5)
    z0 = draw.normal(size=(3, 3)) * 0.5
    times = dmft.Times(40.0, 1.0)
    with pytest.raises(ConvergenceError, match="exceeds 1e-12 from t=") as caught:
        dmft.solve(network, times=times, currents=z0, tol=1e-12)
    assert caught.value.solution.z.shape == (41, 3, 3)
    loose = dmft.solve(network, times=times, currents=z0, tol=1e-12, strict=False)
    assert not loose.convergence.success


def test_arrays_that_do_not_fit_are_rejected_before_allocation():
    with pytest.raises(ModelError, match="keep"):
        solved(MIXED, 20000.0, 0.1, currents=Z3, keep=1)


def test_a_diverging_variance_is_an_error():
    with pytest.raises(ModelError, match="grows without bound"):
        solved(dmft.RandomNetwork(3.0, dmft.linear), 100.0, 0.1, tol=1e-2)


@pytest.mark.parametrize(("options", "named"), [
    ({"currents": np.ones((2, 2))}, "currents"),
    ({"currents": np.full((3, 3), np.nan)}, "currents"),
    ({}, "currents"), ({"currents": Z3, "variance": [-1.0, 1, 1]}, "variance"),
    ({"currents": Z3, "variance": [1.0, 1.0]}, "variance"),
    ({"currents": Z3, "lags": dmft.Lags(10.0, 0.1)}, "lags"), ({"currents": "many"}, "currents"),
])
def test_a_bad_preparation_is_named(options, named):
    with pytest.raises(ModelError, match=named):
        solved(MIXED, 1.0, **options)


def test_a_preparation_needs_times():
    with pytest.raises(ModelError, match="currents"):
        dmft.solve(MIXED, currents=Z3)
    with pytest.raises(ModelError, match="times"):
        dmft.solve(MIXED, times=10.0, currents=Z3)


def test_an_input_that_changes_its_shape_is_named_with_the_time():
    signal = lambda t: np.ones(3) if t < 0.5 else np.ones(2)  # noqa: E731
    network = dmft.MultiregionNetwork(1.0, T3, input=dmft.Input(signal, np.eye(3)))
    with pytest.raises(ModelError, match=r"input.*shape \(2,\) at t=0.5"):
        solved(network, 1.0)
    with pytest.raises(ModelError, match="input"):
        dmft.MultiregionNetwork(1.0, T3, input=dmft.Input(lambda t: np.ones(2), np.eye(3)))


def test_the_contraction_is_the_sum_of_the_derived_entries():
    """Currents and static covariances, entry by entry with the generated formulas."""
    field = mean_field(dmft.MultiregionNetwork(0.0, T3, input=dmft.Input(
        np.ones(3), np.ones((3, 3)), 0.1 * np.ones((3, 3)))))
    draw = np.random.default_rng(0)
    y, psi = draw.normal(size=12), draw.random(3)
    for p in range(9):
        entries = [multiregion.current(psi[field.source[p]], field.overlaps[p, q], y[q])
                   for q in range(12)]
        assert field.driven(psi, y)[p] == pytest.approx(sum(entries))
    for region in range(3):
        own = np.flatnonzero(field.target == region)
        entries = [multiregion.latent_covariance(y[q], field.covariance[q, r], y[r])
                   for q in own for r in own]
        assert field.static(y)[region] == pytest.approx(sum(entries))


def test_one_march_is_of_second_order_and_reports_no_error():
    network = dmft.RandomNetwork(2.0, dmft.erf)
    exact = dmft.solve(network, times=dmft.Times(4.0, 0.2), tol=1e-9).variance
    once = [dmft.solve(network, times=dmft.Times(4.0, dt), method="march")
            for dt in (0.2, 0.1, 0.05)]
    errors = [np.max(np.abs(one.variance[::2**k] - exact)) for k, one in enumerate(once)]
    assert errors[0] / errors[1] == pytest.approx(4.0, abs=0.8)
    assert errors[1] / errors[2] == pytest.approx(4.0, abs=0.5)
    assert np.isnan(once[0].convergence.error)
    assert np.all(np.isnan(once[0].error))
    assert "not known" in once[0].convergence.message
    with pytest.raises(ModelError, match="method='march'"):
        dmft.solve(network, method="march")


@pytest.mark.parametrize("method", ["energy", "fourier", "sampled"])
def test_a_stationary_method_is_refused_in_time(method):
    with pytest.raises(dmft.ModelError, match="of stationary solves only; leave out"):
        dmft.solve(dmft.RandomNetwork(2.0), times=dmft.Times(1.0, 0.1), method=method)
