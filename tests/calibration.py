"""Calibration of the standard errors of sampled solves: make calibration (hours on two cores).

Each network is solved with many seeds at the default tolerance. The deviations of its results from
one solve with many paths, over their standard errors, have spread one where the errors are right.
Results of single seeds are kept, so that a second call continues the first.

    python -m tests.calibration --seeds 40 --output docs/calibration.md
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np

import dmft

PLASTIC = dmft.PlasticNetwork
POINTS = {
    "g=2, k=1, p=2.5": PLASTIC(2.0, 1.0, 2.5),
    "g=2, k=-1, p=2.5": PLASTIC(2.0, -1.0, 2.5),
    "g=1.5, k=1, p=2.5": PLASTIC(1.5, 1.0, 2.5),
    "g=1.5, k=-2, p=2.5": PLASTIC(1.5, -2.0, 2.5),
    "g=2, k=0.5, p=5": PLASTIC(2.0, 0.5, 5.0),
    "g=2, reciprocity 0.3": dmft.RandomNetwork(2.0, reciprocity=0.3),
    "modes, overlap 0.3, noise 0.5": dmft.RandomModeNetwork(
        dmft.Spectrum.flat(2.0, 0.5), 0.3, noise=0.5),
    "relu, g=0.8, reciprocity 0.5, bias 0.3": dmft.Network(
        (dmft.IID(0.8, 0.5),), dmft.relu, bias=0.3),
}
QUANTITIES = ("C(0)", "C(4)", "half-life", "<phi'>")
RESULTS = ("exponent", "dimension", "overlap", "q")
# The reference of each network: its seed, and 64 times as many paths as a solve begins with.
REFERENCE_SEED, REFERENCE = 10_000, dmft.SamplingOptions(first_paths=16384)
# Of the exponent and of q; the defaults are 2e-3 and 0.02.
REFERENCE_EXPONENT_TOL, REFERENCE_Q_TOL = 5e-4, 5e-3


def measured(network, seed: int, options: dmft.SamplingOptions | None = None) -> np.ndarray:
    """(4, 2) values and standard errors of the quantities; a half-life of NaN where x is static."""
    solution = dmft.solve(network, rng=seed, options=options)
    at_four = round(4 / solution.lags.dt)
    found = [solution.C_phi[0], solution.C_phi[at_four], None, solution.gain]
    if solution.branch != "static":
        found[2] = dmft.timescales(solution).half_life
    return np.array([(math.nan, math.nan) if one is None else (float(one), float(one.stderr))
                     for one in found])


def results(network, seed: int, options: dmft.SamplingOptions | None = None) -> np.ndarray:
    """(4, 2) what follows from a solution: exponent, dimension, overlap and q of the frozen state.

    With `options`, all are as accurate as a reference requires.
    """
    solution = dmft.solve(network, rng=seed, options=options)
    tight = options is not None
    exponent = dmft.lyapunov_exponent(
        solution, rng=seed, tol=REFERENCE_EXPONENT_TOL if tight else 2e-3)
    frozen = dmft.freeze(solution, rng=seed, tol=REFERENCE_Q_TOL if tight else 0.02)
    found = [exponent, dmft.dimension(solution), frozen.overlap, frozen.q]
    return np.array([(float(one), float(one.stderr)) for one in found])


# Networks, names of what is measured, and the measurement.
TABLES = {
    "solve": (POINTS, QUANTITIES, measured),
    "results": ({name: POINTS[name] for name in list(POINTS)[:3]}, RESULTS, results),
}


def deviations(rows: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """(n, 4) deviations of n results from the reference, over the standard error of both."""
    rows = np.asarray(rows)
    return (rows[..., 0] - reference[:, 0]) / np.hypot(rows[..., 1], reference[:, 1])


def spread(z: np.ndarray) -> np.ndarray:
    """(4,) root mean square deviation."""
    return np.sqrt(np.mean(z**2, axis=0))


def _kept(path: Path, of) -> np.ndarray:
    if path.exists():
        return np.load(path)
    found = of()
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, found)
    return found


def table(kind: str, names: list[str], seeds: int, store: Path) -> list[str]:
    """The lines of the calibration table of the named networks, in Markdown."""
    points, quantities, of = TABLES[kind]
    lines = []
    for name in names:
        folder = store / kind / "".join(c if c.isalnum() or c in "-." else "_" for c in name)
        begun = time.perf_counter()
        reference = _kept(folder / "reference.npy", lambda own=points[name]: of(
            own, REFERENCE_SEED, REFERENCE))
        rows = np.array([_kept(folder / f"{seed}.npy",
                               lambda own=points[name], one=seed: of(own, one))
                         for seed in range(seeds)])
        z = deviations(rows, reference)
        for i, quantity in enumerate(quantities):
            if np.isfinite(reference[i, 0]):
                lines.append(f"| {name} | {quantity} | {reference[i, 0]:.6g} +- "
                             f"{reference[i, 1]:.1g} | {seeds} | {spread(z)[i]:.2f} | "
                             f"{np.max(np.abs(z[:, i])):.2f} |")
        print(f"{name}: {time.perf_counter() - begun:.0f} s", *lines[-len(quantities):], sep="\n",
              flush=True)
    return lines


PAGE = """# Calibration of standard errors

Made by `make calibration`. Each network is solved with several seeds at the default tolerance,
2e-3, and once with 16384 other paths or more. z is the deviation of a result from the reference,
over the standard error of both. Its spread is 1 where the standard errors are right; with n seeds
it is known to 1/sqrt(2n).

| network | quantity | reference | seeds | spread of z | largest abs(z) |
|---|---|---|---|---|---|
"""


def main() -> None:
    """Write the table of all networks, or of those whose names contain a given text."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="parts of names of networks (default: all)")
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--store", type=Path, default=Path("results/calibration"))
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    lines: list[str] = []
    for kind, (points, *_) in TABLES.items():
        names = [name for name in points if not given.names or any(n in name for n in given.names)]
        lines += table(kind, names, given.seeds, given.store)
    if given.output:
        given.output.write_text(PAGE + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
