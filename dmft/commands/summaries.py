"""Results as text: one quantity per line, its name in twenty columns."""

from __future__ import annotations

from typing import Any

import numpy as np

import dmft

MOST_DIGITS = 6  # of a value with a standard error


def formatted(value: Any, digits: int = 10) -> str:
    """An Estimate with `digits` digits, or with at most 6 and its standard error if it has one."""
    error = float(value.stderr)
    if not error:
        return f"{float(value):.{digits}g}"
    return f"{float(value):.{min(digits, MOST_DIGITS)}g} +- {error:.2g}"


def summary(solution: Any) -> str:
    """The main quantities of a solution, one per line."""
    if isinstance(solution, dmft.TimeSolution | dmft.SampledTimeSolution):
        rows = _time_rows(solution)
    elif isinstance(solution, dmft.StationaryStates):
        rows = _fixed_point_rows(solution)
    elif isinstance(solution, dmft.PopulationStates):
        rows = _population_rows(solution)
    else:
        rows = _stationary_rows(solution)
    rows = [("network", repr(solution.network)), *rows,
            ("convergence", str(solution.convergence))]
    return "\n".join(f"{name:<20}{text}" for name, text in rows)


def frozen_summary(solution: Any) -> str:
    """The state after plasticity is halted, one quantity per line."""
    found = dmft.freeze(solution)
    rows = [("halted: q", formatted(found.q)), ("halted: overlap", formatted(found.overlap)),
            ("halted: C_phi", formatted(found.C)), ("halted: fixed point", found.convergence)]
    return "\n".join(f"{name:<20}{text}" for name, text in rows)


def _timescale_rows(solution: Any) -> list[tuple[str, str]]:
    """Time scales of the correlation, and its oscillation where that is resolved."""
    if solution.branch not in ("chaotic", "driven") or not solution.convergence.success:
        return []
    found = dmft.timescales(solution)
    rows = [("half-life of C_phi", formatted(found.half_life, 6))]
    if found.oscillates:
        rows += [("first zero of C_phi", formatted(found.first_zero, 6)),
                 ("lowest C_phi", f"{formatted(found.minimum, 6)} of C_phi(0), at lag "
                  + formatted(found.minimum_lag, 6))]
    if found.peak_resolved:
        rows.append(("peak frequency", f"{formatted(found.peak, 6)} radians per time constant"))
    return rows


def _stationary_rows(solution: Any) -> list[tuple[str, str]]:
    lags = solution.lags
    return [
        ("branch", solution.branch),
        ("variance C_x(0)", formatted(solution.C_x[0])),
        ("C_phi(0)", formatted(solution.C_phi[0])),
        ("static part of C_x", formatted(solution.C_x_static)),
        ("gain <phi'>", formatted(solution.gain)),
        *_timescale_rows(solution),
        ("lags", f"{len(lags)}, from 0 to {lags.span:g} in steps of {lags.dt:.4g}"),
    ]


def _time_rows(solution: dmft.TimeSolution | dmft.SampledTimeSolution) -> list[tuple[str, str]]:
    times, rows = solution.times, []
    rows.append(("times", f"{len(times)}, from 0 to {times.stop:g} in steps of {times.dt:.4g}"))
    z = np.atleast_2d(solution.z[-1])
    for index, row in enumerate(z if z.size else ()):
        rows.append((f"z to region {index + 1}" if len(z) > 1 else "z", _numbers(row)))
    if isinstance(solution, dmft.SampledTimeSolution):
        for name, found in (("rate <phi>", solution.rates), ("variance", solution.variance),
                            ("C_phi(t, t)", solution.power), ("gain <phi'>", solution.psi)):
            rows += [(name if index == 0 else "", formatted(found[-1, index]))
                     for index in range(found.shape[-1])]
        return rows
    rows += [("variance", _numbers(solution.variance[-1])),
             ("gain <phi'>", _numbers(solution.psi[-1])),
             ("largest error", f"{float(np.max(solution.error)):.2g}")]
    return rows


def _fixed_point_rows(states: dmft.StationaryStates) -> list[tuple[str, str]]:
    rows = [("fixed points", f"{len(states)} of the currents, {len(states.stable)} stable, from "
             f"{states.starts} starts")]
    for index, one in enumerate(states, 1):
        kind = "stable" if one.stable else "unstable"
        if one.stable and one.marginal:
            kind = f"marginal in {one.marginal} directions"
        rows += [(f"state {index}", f"{kind}, growth rate {one.growth_rate:.6g}; regions "
                  + ", ".join(one.branch)),
                 ("  variance", _numbers(one.variance)), ("  gain <phi'>", _numbers(one.psi))]
        rows += [("  z" if row == 0 else "", _numbers(values))
                 for row, values in enumerate(np.atleast_2d(one.z))]
    return rows


def _population_rows(states: dmft.PopulationStates) -> list[tuple[str, str]]:
    rows = [("states", f"{len(states)}, {len(states.stable)} stable")]
    for index, one in enumerate(states, 1):
        sampled = f", standard error {one.error:.2g} of the averages" if one.error else ""
        rows += [(f"state {index}", ("stable" if one.stable else "unstable") + "; populations "
                  + ", ".join(one.branch) + sampled),
                 ("  rates <phi>", _numbers(one.rates)), ("  mean of x", _numbers(one.means)),
                 ("  variance of x", _numbers(one.variance))]
    return rows


def _numbers(values: np.ndarray) -> str:
    return "  ".join(f"{float(one):.6g}" for one in np.ravel(values))
