"""SamplingOptions: the numbers of a sampled solve that a user may want to change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..base import checks
from ..paths.tuning import LONGEST_SPAN, SHORTEST_SPAN, SPAN_IN_MEMORY_TIMES, WINDOW_END

LEAST_PATHS = 16
BRANCHES = ("quiescent", "static", "chaotic", "driven")
LARGEST_SPAN = 1e5  # of any window, in neuronal time constants


@dataclass(frozen=True, kw_only=True)
class SamplingOptions:
    """Options of a sampled solve: numbers of paths, and the length of the window.

    The defaults resolve correlations that decay within about 300 neuronal time constants, and
    reach the default `tol` of `dmft.solve` for most networks. The options change the cost and the
    range of a solve; with converged windows the result changes within its standard error.

    Parameters
    ----------
    pilot_paths : int
        Paths of the pilot, which determines window and step; 16 or more. A pilot of more paths
        gives a more reliable window where the memory time is long.
    first_paths : int
        Paths of the first round; 16 or more. The standard error decreases as one over the square
        root of their number, which later rounds raise until `tol` is reached. With fewer than
        about 300, fewer features of the paths reduce the error.
    tries : int
        Largest number of rounds; 1 or more. A round whose error is above `tol` is followed by one
        of as many fresh paths as that error requires (2 to 12 times as many). If the activity of a
        few paths is lost, four times as many are tried.
    longest_span : float
        Longest window of lags that is chosen, in neuronal time constants; from 40 to 1e5. The
        memory that a solve needs is proportional to it.
    frozen_span : float
        Span from which on activity is reported as frozen if the correlation has not decayed within
        0.6 of the window, in neuronal time constants; from 20 to 1e5. A larger value distinguishes
        slow chaos from frozen activity, at a cost proportional to it. With a memory that sustains
        activity it is at least 600 of its mean delays.
    span_in_memory_times : float
        Span of the window over the memory time, the lag beyond which C(tau)/C(0) stays below 0.1;
        from 4.5, where the lag window ends, to 100.

    Raises
    ------
    ModelError
        For a value outside its range.

    Examples
    --------
    >>> import dmft
    >>> options = dmft.SamplingOptions(pilot_paths=64, first_paths=128)
    >>> network = dmft.RandomNetwork(2.0, reciprocity=0.3)
    >>> dmft.solve(network, tol=0.1, options=options).convergence.message
    '128 paths after a pilot of 64'
    """

    pilot_paths: int = 256
    first_paths: int = 256
    tries: int = 4
    longest_span: float = LONGEST_SPAN
    frozen_span: float = 600.0
    span_in_memory_times: float = SPAN_IN_MEMORY_TIMES

    def __post_init__(self):
        clean = {
            "pilot_paths": checks.whole("pilot_paths", self.pilot_paths, LEAST_PATHS),
            "first_paths": checks.whole("first_paths", self.first_paths, LEAST_PATHS),
            "tries": checks.whole("tries", self.tries),
            "longest_span": checks.within("longest_span", self.longest_span, 2 * SHORTEST_SPAN,
                                          LARGEST_SPAN),
            "frozen_span": checks.within("frozen_span", self.frozen_span, SHORTEST_SPAN,
                                         LARGEST_SPAN),
            "span_in_memory_times": checks.within(
                "span_in_memory_times", self.span_in_memory_times, WINDOW_END, 100.0),
        }
        for name, value in clean.items():
            object.__setattr__(self, name, value)


def check_options(options: Any, sampled: bool) -> None:
    """Refuse an argument `options` of another type, or one of a solve that is not sampled."""
    if options is None:
        return
    if not isinstance(options, SamplingOptions):
        checks.reject("options", options, "not sampling options",
                      "give dmft.SamplingOptions(first_paths=384)")
    if not sampled:
        checks.reject("options", options, "given for a solve that uses no sampled paths",
                      "leave it out, or give method='sampled' (networks of one region)")


def check_branch(branch: Any, sampled: bool) -> None:
    """Refuse an unknown branch, or one that is requested of a solve that is not sampled."""
    if branch is None:
        return
    checks.one_of("branch", branch, BRANCHES)
    if not sampled:
        checks.reject("branch", branch, "requested of a solve by another method, which finds one "
                      "state", "leave it out, or give method='sampled'")
