"""Plots and tables of results: what is drawn is what the result holds."""

from __future__ import annotations

import dataclasses
import sys

import matplotlib
import numpy as np
import pytest

import dmft
from dmft import ModelError, validation

matplotlib.use("Agg")
from matplotlib import pyplot

NETWORK = dmft.RandomNetwork(g=2.0)


@pytest.fixture(scope="module")
def solution():
    return dmft.solve(NETWORK)


@pytest.fixture(scope="module")
def runs():
    return validation.simulate(NETWORK, 50, 8, trials=2, duration=5.0, burn_in=5.0, rng=1)


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


def test_the_lines_are_the_correlations(solution):
    axes = solution.plot()
    for line, curve in zip(axes.lines, (solution.C_x, solution.C_phi), strict=True):
        shown = len(line.get_xdata())
        assert np.array_equal(line.get_xdata(), solution.lags.tau[:shown])
        assert np.array_equal(line.get_ydata(), curve.value[:shown])
    assert line.get_ydata()[-1] < 0.02 * line.get_ydata()[0]  # the decay is shown
    assert "tau" in axes.get_xlabel()
    assert [text.get_text() for text in axes.get_legend().texts] == [
        r"$C_x(\tau)$", r"$C_\phi(\tau)$"]


def test_a_sampled_solution_has_bands_of_two_standard_errors():
    n = 5
    solved = dmft.solve(NETWORK)
    C = dmft.Estimate(np.linspace(1.0, 0.0, n), 0.1)
    lags = dmft.Lags(span=4.0, dt=1.0)
    other = dmft.Solution(NETWORK, lags, C, C, dmft.Estimate(0.0), dmft.Estimate(0.0), C,
                          solved.gain, "chaotic", solved.convergence)
    axes = other.plot()
    assert len(axes.collections) == 2
    band = axes.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() == pytest.approx(1.2)
    assert band[:, 1].min() == pytest.approx(-0.2)


def test_points_stand_over_lines(solution, runs):
    axes = solution.plot()
    assert runs.plot(axes) is axes
    points = axes.containers[0]
    assert np.array_equal(points.lines[0].get_xdata(), runs.lags)
    assert np.array_equal(points.lines[0].get_ydata(), runs.C_x.value)
    low = points.lines[2][0].get_segments()[0][:, 1].min()
    assert low == pytest.approx(float(runs.C_x[0]) - float(runs.C_x[0].stderr))


def test_a_verdict_shows_each_test_at_its_lag(solution, runs):
    verdict = validation.compare(solution, runs)
    axes = verdict.plot()
    assert verdict.outcome in axes.get_title()
    drawn = np.concatenate([line.get_ydata() for line in axes.lines[1:]])
    assert np.array_equal(drawn, verdict.z.ravel())
    table = verdict.to_dataframe()
    assert np.array_equal(table["z"], verdict.z.ravel())
    assert table["quantity"].tolist() == [what for what, _ in verdict.tests]


def test_other_results_are_drawn():
    branch = dmft.continue_in(NETWORK, "g", [2.0, 1.5])
    assert np.array_equal(branch.plot().lines[0].get_ydata(), branch.amplitudes.value)
    spectrum = dmft.jacobian_spectrum(dmft.MultiregionNetwork(g=0.5, T=[[[2.0]]]))
    axes = spectrum.plot()
    assert axes.lines[1].get_xdata().tolist() == spectrum.outliers.real.tolist()
    lags, two = dmft.Lags(span=3.0, dt=1.0), np.ones(2)
    C = np.array([[1.0, 0.5, 0.1, 0.0], [0.4, 0.4, 0.4, 0.4]])
    state = dmft.PopulationState(two, two, two, two, two, ("chaotic", "static"), -1.0, 0.5, lags,
                                 C, C, two, two, 0.0)
    assert [line.get_ydata().tolist() for line in state.plot().lines] == C.tolist()
    assert state.to_xarray().C_phi.dims == ("population", "lag")
    one = dataclasses.replace(state, rates=two[:1], means=3 * two[:1], C_x=C[:1], C_phi=C[:1],
                              branch=("chaotic",))
    axes = one.plot()  # C_x as networks measure it: not centred
    drawn = [line.get_ydata().tolist() for line in axes.lines]
    assert drawn == [(C[0] + 9).tolist(), C[0].tolist()]
    moved = dataclasses.replace(one, C_phi=2 * C[:1])
    states = dmft.populations.population_states.PopulationStates(None, (one, one, moved), 3, None)
    assert len(states.plot().lines) == 4  # equal states once
    assert states.plot().get_legend_handles_labels()[1][2].startswith("state 2, ")
    network = dmft.MultiregionNetwork(g=0.5, T=[[[2.0]]])
    currents = dmft.solve(network, times=dmft.Times(stop=2.0, dt=0.1), currents=[[1.0]])
    variance, z = currents.plot()
    assert np.array_equal(variance.lines[0].get_ydata(), currents.variance[:, 0])
    assert np.array_equal(z.lines[0].get_ydata(), currents.z[:, 0, 0])
    diagram = dmft.phase_diagram([0.5, 0.8], [-1.0], p=2.5)
    assert diagram.plot().get_ylabel() == "plasticity strength $k$"
    assert len(diagram.to_dataframe()) == 2


def test_spectra_of_theory_and_networks_share_their_axes():
    found = dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(g=0.5)))
    axes = found.plot()
    s, above = axes.lines[0].get_xdata(), axes.lines[0].get_ydata()
    assert np.array_equal(above, 1 - found.F(s).value)
    networks = validation.lyapunov_spectrum(dmft.RandomNetwork(g=0.5), 20, 3, count=5,
                                            duration=5.0, burn_in=5.0, rng=1)
    assert networks.plot(axes) is axes
    points = axes.containers[0].lines[0]
    assert np.array_equal(points.get_xdata(), networks.exponents.value)
    assert points.get_ydata()[0] == 0.5 / 20


@pytest.mark.parametrize("axes", ["here", 3, [1, 2]])
def test_what_is_not_axes_is_refused(solution, axes):
    with pytest.raises(ModelError, match="axes="):
        solution.plot(axes)


def test_frames_have_values_and_errors(solution, runs):
    data = solution.to_xarray()
    assert float(data.C_phi.sel(lag=0.0)) == float(solution.C_phi[0])
    assert "C_phi_stderr" not in data  # exact theory
    assert runs.to_xarray().C_x.shape == (1, 8, len(runs.lags))
    assert np.array_equal(runs.to_xarray().C_x.mean("network")[0], runs.C_x.value)
    frame = runs.to_dataframe()
    assert np.array_equal(frame["C_x_stderr"], runs.C_x.stderr)


def test_a_missing_library_is_named(solution, monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ImportError, match=r"pip install 'dmft\[xarray\]'"):
        solution.to_xarray()


def test_notebooks_see_equations_and_numbers(solution, runs):
    for network, part in ((NETWORK, "(1 + d/d<i>t</i>)"),
                          (dmft.RandomNetwork(1.5, noise=0.5), "ξ"),
                          (dmft.Network(dmft.IID(1.5), unit=dmft.Adaptation(0.5, 4.0)), "<i>H</i>"),
                          (dmft.PopulationNetwork(mean=[[2.0]], g=0.2, bias=0.1), "h<sub>")):
        assert part in network._repr_html_()
    assert "ξ" not in NETWORK._repr_html_()
    assert "0.51317807" in solution._repr_html_()
    assert "&lt;phi" in solution._repr_html_()  # escaped
    assert "undecided" in validation.compare(solution, runs)._repr_html_()
    assert dmft.Estimate(0.5, 0.01)._repr_html_() == "0.5 ± 0.01"


def test_estimates_are_averaged_interpolated_and_rounded():
    curve = dmft.Estimate([1.0, 0.5, 0.25], [0.1, 0.2, 0.3])
    assert float(curve.mean()) == pytest.approx(1.75 / 3)
    assert float(curve.mean().stderr) == pytest.approx(0.2)
    between = curve.at(0.5, [0.0, 1.0, 2.0])
    assert (float(between), float(between.stderr)) == pytest.approx((0.75, 0.15))
    assert round(dmft.Estimate(0.123456, 0.0123), 2).tolist() == 0.12
    with pytest.raises(ModelError, match="place="):
        curve.at(3.0, [0.0, 1.0, 2.0])
    with pytest.raises(ModelError, match="where="):
        curve.at(0.5, [0.0, 0.0, 2.0])
