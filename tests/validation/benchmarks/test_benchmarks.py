"""Benchmarks: the plain scripts agree with the package, and the table reports the measurements.

No time is tested here: it depends on the machine.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

import dmft
from dmft import ModelError, StorageError, validation
from dmft.validation.benchmarks import import_cost, measure, page, registry, two_time
from dmft.validation.benchmarks.plain import simulation, stationary
from dmft.validation.benchmarks.plain import two_time as plain_two_time
from dmft.validation.execution import fresh_processes

ROW = measure.Row("name", "this | that", "2 s", "1 ms", 2000.0, "times faster", "by the clock",
                  least=1000)
GRID = stationary.grid(span=80.0, dt=0.2)


def error(Delta: np.ndarray, network: dmft.RandomNetwork) -> float:
    lags = dmft.Lags(GRID[-1], GRID[1])
    exact = dmft.solve(network, lags=lags)
    return float(np.max(np.abs(Delta - exact.C_x))) / float(exact.C_x[0])


def test_the_plain_two_time_script_tends_to_the_solution():
    """Of first order: half the step, half the error."""
    network, z0 = two_time.example()
    exact = dmft.solve(network, times=dmft.Times(4.0, 0.4), currents=z0, tol=1e-6).z
    errors = [np.max(np.abs(plain_two_time.currents(network.g, network.T, z0, 1.0, 4.0, steps)[
        ::steps // 10] - exact)) for steps in (40, 80, 160)]
    assert errors[2] < 0.02
    assert errors[0] / errors[1] == pytest.approx(2.0, abs=0.4)
    assert errors[1] / errors[2] == pytest.approx(2.0, abs=0.25)


def test_the_plain_script_with_a_closed_form_is_the_solution():
    Delta, iterations = stationary.iterate(stationary.erf_closed_form, 3.0, GRID)
    assert iterations > 100
    assert error(Delta, dmft.RandomNetwork(3.0, dmft.erf)) < 1e-6  # the window, exp(-80 / 3.4)


def test_the_plain_script_with_a_quadrature_is_the_solution_to_the_quadrature():
    average = stationary.interpolated(stationary.gauss_hermite(np.tanh), degree=24)
    Delta, _ = stationary.iterate(average, 2.0, GRID, damping=1.0, tol=1e-8)
    assert error(Delta, dmft.RandomNetwork(2.0, dmft.tanh)) < 1e-5


def test_counting_iterations_uses_the_very_quadrature_that_is_timed():
    slow = stationary.gauss_hermite(np.tanh)
    Delta = 1.9 * np.exp(-GRID / 4) * np.cos(GRID / 9)
    np.testing.assert_allclose(stationary.interpolated(slow)(Delta), slow(Delta), atol=1e-12)


def test_the_plain_script_reports_when_it_does_not_converge():
    with pytest.raises(RuntimeError, match="no convergence in 3"):
        stationary.iterate(stationary.erf_closed_form, 2.0, GRID, max_iter=3)


def test_the_plain_simulation_agrees_with_the_package():
    g, neurons, networks, dt = 2.0, 200, 16, 0.05
    plain = simulation.variance(g, np.tanh, neurons, networks, duration=60.0, burn_in=40.0,
                                      dt=dt, rng=np.random.default_rng(0))
    runs = validation.simulate(dmft.RandomNetwork(g), neurons, networks, trials=2, duration=60.0,
                               burn_in=40.0, dt=dt, lags=[0.0], rng=1)
    ours = runs.samples("C_phi")[:, 0]
    scatter = np.sqrt((plain.var(ddof=1) + ours.var(ddof=1)) / networks)
    assert abs(plain.mean() - ours.mean()) < 4 * scatter
    assert scatter < 0.05 * ours.mean()


def test_neither_sympy_nor_matplotlib_is_loaded():
    assert import_cost.loaded("import dmft; dmft.solve(dmft.RandomNetwork(2.0))") == []
    assert import_cost.loaded("import dmft.validation") == []


def test_every_benchmark_is_there():
    for module, function in registry.BENCHMARKS.values():
        found = __import__(f"dmft.validation.{module}", fromlist=[function])
        assert callable(getattr(found, function))


def test_precision_is_time_times_variance():
    from dmft.validation.benchmarks import simulation

    rows = simulation.precision(networks=3, neurons=20)
    assert len(rows) == 3
    assert all(row.value > 0 for row in rows)


def test_rows_report_whether_their_target_is_met():
    assert ROW.met is True
    assert replace(ROW, least=None, most=3.0).met is False
    assert replace(ROW, least=None).met is None
    assert "MISSED" in str(replace(ROW, value=3.0))
    assert "at least 1000: met" in str(ROW)


def test_the_page_holds_every_row_its_note_and_the_machine():
    text = page.page([ROW, replace(ROW, least=1e4)], page.machine())
    assert "this \\| that" in text  # a bar would start another cell
    assert "**missed**" in text
    assert "**1, 2.** by the clock" in text  # rows measured in the same way share a note
    for word in ("processor", "BLAS", "numpy"):
        assert word in text


def test_run_gives_rows_and_writes_the_page(tmp_path, monkeypatch):
    messages = []
    monkeypatch.setattr(registry, "call", lambda module, function: (
        {"processor": "one"} if function == "machine" else [asdict(ROW)]))
    rows = registry.run(["import", "stationary"], tmp_path / "page.md", progress=messages.append)
    assert rows == [ROW, ROW]
    assert messages == ["benchmark import", "benchmark stationary"]
    assert "processor: one" in (tmp_path / "page.md").read_text()


@pytest.mark.parametrize("names", [["speed"], "import", [3]])
def test_unknown_benchmarks_are_refused(names):
    with pytest.raises(ModelError, match="names="):
        registry.run(names)


def test_a_page_that_cannot_be_written_is_reported_before_measuring(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "call", lambda *_: pytest.fail("measured"))
    for path in (tmp_path / "none" / "page.md", tmp_path):
        with pytest.raises(StorageError, match=str(path)):
            registry.run(output=path)


def test_functions_in_separate_processes_have_one_thread_and_no_forced_kernel(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Prescott")
    inside = fresh_processes.environment()
    assert "OPENBLAS_CORETYPE" not in inside
    assert inside["OPENBLAS_NUM_THREADS"] == "1"
    assert fresh_processes.call("benchmarks.measure", "timing", seconds=0.25) == "250 ms"


def test_failures_in_separate_processes_are_reported():
    with pytest.raises(RuntimeError, match=r"(?s)timing failed.*TypeError"):
        fresh_processes.each("benchmarks.measure", "timing", [{"seconds": "three"}], lambda _: None)


def test_results_of_separate_processes_are_in_order_and_json_preserves_floats():
    values = [0.1 + 0.2, 1e-300]
    assert json.loads(json.dumps(values)) == values
    found = fresh_processes.each(
        "benchmarks.measure", "timing", [{"seconds": 1.0}, {"seconds": 2.0}], lambda _: None
    )
    assert found == ["1 s", "2 s"]
