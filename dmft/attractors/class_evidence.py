"""ClassEvidence: one integration of the currents, and the class that its second half indicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.two_variances import pair_averages
from ..base.checks import reject
from ..grids.times import Times
from ..lyapunov.current_exponent import separation_rate, step_divisor
from ..network.network import AnyNetwork
from ..network.preparation import Preparation
from ..network.regional_mean_field import mean_field
from ..two_time.causal_march import March
from ..two_time.filtered_inputs import filtered_inputs
from ..two_time.tuning import ROW_MEMORY
from .current_pattern import CurrentPattern, current_pattern
from .period import Return, first_return
from .tuning import (
    BASELINE_SIGNIFICANCE,
    EXPONENT_SIGNIFICANCE,
    LINE_SHARE,
    LINE_SIGNIFICANCE,
    LONGEST_LAG,
    MIN_BASELINE_SHARE,
    STATIC_MOTION,
    VANISHED_SIZE,
)
from .unit_correlation import CorrelationRecorder
from .unit_evidence import UnitEvidence, region_motion, unit_evidence


@dataclass(frozen=True, eq=False)
class ClassEvidence:
    """What one integration shows of the attractor of the currents.

    Parameters
    ----------
    kind, certain : str, bool
        The class, and whether this integration alone distinguishes it from the others.
    pattern : CurrentPattern
        Statistics of the currents in the second half of the time.
    exponent, stderr : float
        Exponent and standard error; NaN where the distance of nearby trajectories vanished.
    units : UnitEvidence
        The classes of the units.
    period, period_stderr : float
        Of a limit cycle, else NaN; the error is that of the transient, without that of the step.
    dt : float
        Step of the integration.
    """

    kind: str
    certain: bool
    pattern: CurrentPattern
    exponent: float
    stderr: float
    units: UnitEvidence
    period: float = np.nan
    period_stderr: float = np.nan
    dt: float = np.nan


def class_evidence(network: AnyNetwork, times: Times, start: Preparation, finer: int = 1,
                   memory: float = ROW_MEMORY) -> ClassEvidence:
    """Integrate once, with the step of `times` divided by `step_divisor` and by `finer`.

    `memory` is the length of the rows of Delta, and limits the lags that are seen.
    """
    field = mean_field(network)
    parts = step_divisor(field, times.dt) * finer
    steps, dt = (len(times) - 1) * parts, times.dt / parts
    inputs = filtered_inputs(field, steps, dt)
    one = March(field, pair_averages(field.phi), steps, dt, start.z0, start.v0, inputs,
                memory=memory)
    for _ in range(steps // 2):
        one.step()
    recorder = CorrelationRecorder(one, LONGEST_LAG * times.stop, parts)
    rate = separation_rate(one, steps - steps // 2, recorder)
    P, late = field.currents, slice(len(times) // 2, None)
    y = one.state.y[:, ::parts]
    z, S = y[:P].T, one.state.S[:, ::parts].T
    if not np.all(np.isfinite(z)):
        reject("solution", network, "its currents diverge", "give a smaller g or T, or a phi that "
               "saturates")
    largest = float(np.max(np.sqrt(np.sum(z**2, axis=1))))
    pattern = current_pattern(z[late], times.dt)
    back = first_return(times.t[late], z[late], S[late] - z[late])
    moving = _moving(inputs[:, ::parts], late)
    kind, certain = classify(pattern, largest, rate, back, moving)
    exponent, error = rate if rate is not None else (np.nan, np.nan)
    period, spread = np.nan, np.nan
    if back is not None and kind == "limit cycle":
        period, spread = back.period, back.stderr
    units = unit_evidence(kind, period, region_motion(field, y, one.state.variance[:, ::parts]),
                          recorder.result(), field.bias)
    return ClassEvidence(kind, certain, pattern, exponent, error, units, period, spread, dt)


def _moving(inputs: np.ndarray, late: slice) -> bool:
    """Whether filtered inputs (K, n) still change in the late times, relative to their largest."""
    size = float(np.max(np.abs(inputs), initial=0.0))
    return bool(np.max(np.ptp(inputs[:, late], axis=1), initial=0.0) > STATIC_MOTION * size)


def classify(pattern: CurrentPattern, largest: float, rate: tuple[float, float] | None,
             back: Return | None, moving: bool = False) -> tuple[str, bool]:
    """(class, whether it is certain) by the criteria of `solution_class`.

    `largest` is the largest size of the currents at any time, `rate` the exponent with its standard
    error, or None if nearby trajectories merged; `moving` is whether external inputs change.
    """
    exponent, error = rate if rate is not None else (-np.inf, 0.0)
    size, motion = pattern.sizes[-1], pattern.motions[-1]
    growing = size > 1.1 * pattern.sizes[0]
    if size <= VANISHED_SIZE * largest and not growing:
        return "no currents", True
    if exponent < 0 and size < 0.7 * min(pattern.sizes[0], largest):
        return "no currents", False  # they decay, to zero or to a small fixed point
    if motion <= STATIC_MOTION * size:
        return "fixed point", bool(motion <= 1.1 * pattern.motions[0] or motion <= 1e-8 * size)
    chaotic = exponent > EXPONENT_SIGNIFICANCE * error
    if moving and not chaotic:
        # an autonomous cycle has a free phase, and therefore an exponent of zero
        if exponent < -error:
            return "driven", bool(exponent < -EXPONENT_SIGNIFICANCE * error)
        return "limit cycle", False
    if exponent < -EXPONENT_SIGNIFICANCE * error and motion < 0.5 * pattern.motions[0]:
        return "fixed point", bool(motion < 0.05 * size)
    if back is not None and not chaotic:
        return "limit cycle", True
    if not chaotic and (exponent <= 0 or pattern.line > LINE_SHARE):
        return "limit cycle", False
    clear = abs(pattern.line - LINE_SHARE) > LINE_SIGNIFICANCE * pattern.line_stderr
    chaotic = chaotic and (clear or moving)
    if pattern.line > LINE_SHARE and not moving:
        return "chaos about a limit cycle", chaotic
    if pattern.baseline > BASELINE_SIGNIFICANCE and pattern.share_of_mean > MIN_BASELINE_SHARE:
        return "chaos about a baseline", chaotic
    return "chaos", bool(chaotic and pattern.baseline < BASELINE_SIGNIFICANCE)
