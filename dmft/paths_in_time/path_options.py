"""PathOptions: the numbers of a solve in time by paths that a user may want to change."""

from __future__ import annotations

from dataclasses import dataclass

from ..base import checks
from .tuning import LEAST_PATHS, REPEATS


@dataclass(frozen=True, kw_only=True)
class PathOptions:
    """Options of a solve in time of couplings with memory.

    Parameters
    ----------
    paths : int, optional
        Paths of each set; 64 or above. By default 1000, or more where the time is long: the sets of
        paths must be larger than the number of modes that the activity has. Where the surrogate
        does not control the rows, a bias of order 1/paths is left.
    repeats : int
        Independent sets of paths at first, 4 or above, from whose scatter the standard errors
        follow. More are added, up to 64, where `tol` requires it.
    control : bool
        Whether correlations are corrected by a Gaussian surrogate, which removes most of the
        sampling error where it explains x.

    Raises
    ------
    ModelError
        For a value outside its range.

    Examples
    --------
    >>> import dmft
    >>> options = dmft.PathOptions(paths=200, repeats=4)
    >>> solution = dmft.solve(dmft.RandomNetwork(1.5, reciprocity=0.3), tol=0.1, options=options,
    ...                       times=dmft.Times(stop=2.0, dt=0.2))
    >>> solution.convergence.iterations
    4
    """

    paths: int | None = None
    repeats: int = REPEATS
    control: bool = True

    def __post_init__(self):
        if self.paths is not None:
            object.__setattr__(self, "paths", checks.whole("paths", self.paths, LEAST_PATHS))
        object.__setattr__(self, "repeats", checks.whole("repeats", self.repeats, 4))
        checks.flag("control", self.control)
