"""Starts of a sampled solve: strong activity, with correlation times up to many memory times.

Close to the end of a branch the activity is far slower than the memory that sustains it. A start
that is faster, or a window that is too short for it, decays to zero although the branch exists.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..stationary.solution import Solution
from .activity_bound import only_quiescent
from .pilot import PilotResult, run_pilot
from .sampling_options import SamplingOptions
from .starting_statistics import memory_length, start_time
from .tuning import START_SPANS_IN_DELAYS


@dataclass(frozen=True, eq=False)
class Search:
    """The pilots from one start after the other, until activity survived.

    Parameters
    ----------
    found : PilotResult or None
        The last pilot; None where a bound excludes activity.
    evidence : str
        In words, the starts that were tried, or the bound.
    longer_span : float or None
        With given lags on which the activity decayed: the span of a window on which it survives.
    """

    found: PilotResult | None
    evidence: str
    longer_span: float | None = None

    @property
    def iterations(self) -> int:
        """Iterations of the last pilot."""
        return 0 if self.found is None else self.found.fixed.iterations


def search(network: AnyNetwork, lags: Lags | None, initial: Solution | None, seed: int,
           options: SamplingOptions, **iteration) -> Search:
    """Run pilots from slower and slower starts until one keeps its activity.

    A given `initial` solution is the only start. The arguments are those of `run_pilot`.
    """
    if initial is None and only_quiescent(network):
        return Search(None, "a bound on <phi^2> excludes activity")
    found = run_pilot(network, lags, initial, seed, options, **iteration)
    delay = memory_length(network)
    times = [start_time(network, found.first_span)]
    if initial is not None or not found.decayed or delay == 0:
        return Search(found, _evidence(times))
    for factor in START_SPANS_IN_DELAYS[1:]:
        span = min(factor * delay, options.longest_span)
        if span <= found.first_span and lags is None:
            continue
        slower = run_pilot(network, None, None, seed, options, first_span=span, **iteration)
        times.append(start_time(network, slower.first_span))
        if not slower.decayed:
            if lags is not None:
                return Search(found, _evidence(times), slower.lags.span)
            return Search(slower, _evidence(times))
    return Search(found, _evidence(times))


def _evidence(times: list[float]) -> str:
    each = ", ".join(f"{time:.3g}" for time in times)
    return f"strong activity with correlation time {each} decays to zero"
