"""compare for Lyapunov spectra: fractions of exponents below a few thresholds."""

from __future__ import annotations

import numpy as np

from dmft import Estimate, LyapunovSpectrum
from dmft.base.checks import finite_array, one_of, reject
from dmft.ensembles.properties import synaptic_rate

from ..lyapunov.lyapunov_spectrum import LyapunovSpectrum as MeasuredSpectrum
from ..runs.finite_size_fit import Extrapolation, extrapolate
from .deviation_tests import ONE_SIZE, deviation_statistics, theory_notes
from .tuning import (
    DEFAULT_THRESHOLDS,
    FEWEST_ABOVE,
    INVERSION_POINTS,
    STEEP_ERROR,
    STEEP_RANGE,
    SYNAPTIC_SHARE,
)
from .verdict import Verdict


def spectra_of(runs) -> tuple[MeasuredSpectrum, ...]:
    """Exponents of one size, or a sequence of several sizes; empty for runs of another kind."""
    given = (runs,) if isinstance(runs, MeasuredSpectrum) else runs
    if not isinstance(given, (tuple, list)) or not given or not all(
            isinstance(one, MeasuredSpectrum) for one in given):
        return ()
    if any(one.network != given[0].network for one in given):
        reject("runs", runs, "exponents of different networks", "compare each alone")
    return tuple(given)


def compare_spectra(theory: LyapunovSpectrum, runs: tuple[MeasuredSpectrum, ...], quantity, at,
                    alpha: float, power: float) -> Verdict:
    """The verdict on F(s); the arguments are those of `compare`."""
    if quantity is not None:
        one_of("quantity", quantity, ("F",))
    s = _default_thresholds(theory, runs) if at is None else _checked_thresholds(theory, runs, at)
    expected, sizes = theory.F(s), tuple(one.neurons for one in runs)
    own = np.hypot(expected.stderr, np.where(_steep(theory, s), STEEP_ERROR, 0.0))
    statistics = deviation_statistics(expected.value, own, _extrapolated(runs, s),
                                      _smaller_part(expected.value), alpha, power)
    notes = theory_notes(theory, runs[0].network)
    if len(runs) == 1:
        notes += (f"{ONE_SIZE}; give a tuple of runs of several sizes to extrapolate",)
    return Verdict(quantities=("F",), lags=s, tests=tuple(("F", f"{one:.4g}") for one in s),
                   neurons=sizes, networks=tuple(len(one.per_network["exponents"]) for one in runs),
                   of="threshold", notes=notes, **statistics)


def _extrapolated(runs: tuple[MeasuredSpectrum, ...], s: np.ndarray) -> Extrapolation:
    """F in the limit of large N, or at one size; its error is not below the rounding of counts."""
    fit = extrapolate([one.neurons for one in runs], [one.fractions(s) for one in runs])
    least = max(one.rounding for one in runs)
    value = Estimate(fit.intercept.value, np.maximum(fit.intercept.stderr, least))
    return Extrapolation(value, fit.slope, fit.dof)


def _smaller_part(below: np.ndarray) -> np.ndarray:
    """The fraction of exponents above or below, whichever is smaller: the scale of deviations."""
    return np.minimum(below, 1 - below)


def _steep(theory: LyapunovSpectrum, s: np.ndarray) -> np.ndarray:
    """Whether s is so near -1 that F, which is sampled and steep there, is less accurate."""
    return (np.abs(s + 1) < STEEP_RANGE) & (theory.influence.size > 0)


def _lowest(theory: LyapunovSpectrum, runs: tuple[MeasuredSpectrum, ...]) -> tuple[float, str]:
    """Where theory and runs both know F from, and which of them not below it."""
    known = -np.inf if theory.symmetric else float(theory.thresholds[0])
    counted = max(one.lowest for one in runs)
    return (known, "theory knows F") if known > counted else (counted, "runs count exponents")


def _default_thresholds(theory: LyapunovSpectrum, runs: tuple[MeasuredSpectrum, ...]) -> np.ndarray:
    """Thresholds above -1 between which theory has equal fractions of the exponents.

    At the first F is known and accurate, and far from the exponents of synapses, which are spread
    in finite networks; at the last FEWEST_ABOVE exponents of each network are larger.
    """
    neurons, edge = min(one.neurons for one in runs), float(theory.largest)
    rate = synaptic_rate(runs[0].network.ensembles)
    far = rate + SYNAPTIC_SHARE * (edge - rate) if np.isfinite(rate) else -np.inf
    first = min(max(_lowest(theory, runs)[0], -1 + STEEP_RANGE, far), edge)
    s = np.linspace(first, edge, INVERSION_POINTS)
    above, last = 1 - theory.F(s).value, FEWEST_ABOVE / neurons
    if above[0] <= last:
        reject("runs", runs, f"no threshold to compare at: above s={first:.4g}, where F is known, "
               f"theory has {above[0] * neurons:.2g} exponents of a network of {neurons} neurons, "
               f"and the largest {FEWEST_ABOVE} of finite networks differ from it",
               "simulate more neurons or a larger count, use dmft.lyapunov_spectrum with "
               "full=True, or give at=")
    return np.interp(-np.linspace(above[0], last, DEFAULT_THRESHOLDS), -above, s)


def _checked_thresholds(theory: LyapunovSpectrum, runs: tuple[MeasuredSpectrum, ...],
                        at) -> np.ndarray:
    s = np.unique(finite_array("at", np.atleast_1d(np.asarray(at)) if np.ndim(at) == 0 else at, 1))
    lowest, who = _lowest(theory, runs)
    if s[0] < lowest:
        reject("at", float(s[0]), f"below {lowest:.4g}, from where on the {who}",
               "give larger thresholds, or use all exponents (full=True of the theory, and a "
               "larger count of the runs)")
    outside = s[_smaller_part(theory.F(s).value) <= 0]
    if outside.size:
        reject("at", float(outside[0]), "outside the spectrum of the theory, whose edge is "
               f"{float(theory.largest):.4g}: F is 0 or 1 there, and no deviation can be measured "
               "relative to it", "give thresholds inside")
    return s
