"""Schedule: what changes in time."""

import matplotlib.figure
import numpy as np
import pytest

import dmft
from dmft import Schedule
from dmft.base.errors import ModelError

SMALL = dmft.PathOptions(paths=200, repeats=4)
TIMES = dmft.Times(stop=4.0, dt=0.2)


def test_stages_and_functions():
    one = Schedule(couplings=((1.5, 2.0), (1.2, 1.0)), drive=((0.3, 1.0),), plasticity=np.cos)
    assert [one.value("couplings", t) for t in (0.0, 1.9, 2.0, 2.9, 3.0, 9.0)] == [
        1.5, 1.5, 1.2, 1.2, 1.0, 1.0]
    assert [one.value("drive", t) for t in (0.5, 1.5)] == [0.3, 0.0]
    assert one.value("plasticity", 0.0) == 1.0
    assert Schedule().constant
    assert not one.constant


def test_halts_and_releases_alternate():
    one = Schedule(halt=(1.0, 3.0), release=2.0)
    assert [one.plastic(t) for t in (0.5, 1.5, 2.5, 3.5)] == [True, False, True, False]
    for halt, release in (((1.0, 2.0), ()), ((), 1.0), (2.0, 1.0), (1.0, 1.0)):
        with pytest.raises(ModelError, match="release="):
            Schedule(halt=halt, release=release)


def test_events_are_times_of_the_grid():
    network = dmft.PlasticNetwork(1.5, 1.0, 2.5)
    for time in (1.1, 4.0):
        with pytest.raises(ModelError, match=r"halt=.*not (a time|before the end) of the grid"):
            dmft.solve(network, times=TIMES, schedule=Schedule(halt=time))


def test_a_function_that_fails_is_named():
    def wrong(t):
        return np.nan if t > 1 else 1.0

    with pytest.raises(ModelError, match=r"couplings=.*fails at t=1"):
        dmft.solve(dmft.RandomNetwork(1.5), times=TIMES, schedule=Schedule(couplings=wrong),
                   options=SMALL)


def test_factors_are_those_of_the_couplings():
    """A constant factor is another network; a halt at the first time is hardly any plasticity."""
    def variance(network, **schedule):
        found = dmft.solve(network, times=TIMES, options=SMALL, rng=0, tol=0.1,
                           schedule=Schedule(**schedule))
        return np.asarray(found.variance)

    strong = dmft.PlasticNetwork(1.8, 0.9, 2.5)
    np.testing.assert_allclose(
        variance(dmft.PlasticNetwork(1.2, 0.3, 2.5), couplings=1.5, plasticity=lambda t: 3.0),
        variance(strong), rtol=1e-9)
    without = variance(dmft.PlasticNetwork(1.8, 0.0, 2.5))
    early = variance(strong, halt=0.2)
    always = np.max(np.abs(variance(strong) - without))
    assert 1e-3 < np.max(np.abs(early - without)) < 0.35 * always


def test_a_solution_with_its_schedule_is_saved_and_loaded(tmp_path):
    network = dmft.PlasticNetwork(1.5, 1.6, 2.5)
    found = dmft.solve(network, times=dmft.Times(2.0, 0.2, keep=5), options=SMALL, rng=1, tol=0.1,
                       schedule=Schedule(halt=1.0, couplings=((1.2, 1.0),)))
    again = dmft.load(dmft.save(found, tmp_path / "held.npz"))
    assert again.schedule == found.schedule
    np.testing.assert_array_equal(again.overlap(1.0).value, found.overlap(1.0).value)
    np.testing.assert_array_equal(again.R_phi.stderr, found.R_phi.stderr)


def test_a_solution_is_drawn_with_its_halts():
    found = dmft.solve(dmft.PlasticNetwork(1.5, 1.0, 2.5), times=dmft.Times(2.0, 0.2, keep=5),
                       options=SMALL, tol=0.1, schedule=Schedule(halt=1.0))
    axes = matplotlib.figure.Figure().subplots()
    assert found.plot(axes) is axes
    for line, curve in zip(axes.lines, (found.variance, found.power), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), curve.value[:, 0])
    assert len(axes.patches) == 1  # from the halt to the end
    assert "PlasticNetwork" in found._repr_html_()
    pytest.importorskip("xarray")
    table = found.to_xarray()
    assert table["C_phi"].dims == ("kept", "kept_before")
    np.testing.assert_array_equal(table["power_stderr"], found.power.stderr[:, 0])


def test_a_schedule_belongs_to_solves_in_time():
    with pytest.raises(ModelError, match=r"schedule=.*in time only"):
        dmft.solve(dmft.RandomNetwork(1.5), schedule=Schedule())
    with pytest.raises(ModelError, match="schedule='halt'"):
        dmft.solve(dmft.RandomNetwork(1.5), times=TIMES, schedule="halt")


def test_synapses_faster_than_the_step_are_refused():
    with pytest.raises(dmft.ModelError, match=r"^p=0\.001: shorter than the step"):
        dmft.solve(dmft.PlasticNetwork(1.5, 1.0, 1e-3), times=dmft.Times(2.0, 0.2))


def test_progress_is_reported_from_the_first_set_of_paths_on():
    reports = []
    dmft.solve(dmft.PlasticNetwork(1.5, 1.0, 2.5), times=dmft.Times(1.0, 0.2), tol=0.1,
               callback=lambda done, error, state: reports.append((done, error)))
    assert [done for done, _ in reports] == list(range(1, len(reports) + 1))
    assert 0 < reports[-1][1] < 1


@pytest.mark.parametrize(("network", "halt", "said"), [
    (dmft.RandomNetwork(2.0), 0.4, "no plastic couplings"),
    (dmft.PlasticNetwork(1.5, 1.0, 2.5), 100.0, "not before the end of the grid"),
    (dmft.PlasticNetwork(1.5, 1.0, 2.5), 0.3, "not a time of the grid of dt=0.2"),
])
def test_a_halt_without_effect_is_refused(network, halt, said):
    with pytest.raises(ModelError, match="^halt=.*" + said):
        dmft.solve(network, times=dmft.Times(2.0, 0.2), schedule=Schedule(halt=halt))
