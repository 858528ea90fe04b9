"""The fields of a `Solution`, with standard errors, from a self-consistent solution of paths."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..base.estimate import Estimate
from ..grids.lags import Lags
from ..path_iteration.sampled_paths import SampledPaths
from ..paths.impulse_of_site import impulse_of_site
from ..stationary.solution import Replicates
from .tuning import REPLICATES


def solution_fields(found: SampledPaths, output: Lags) -> dict:
    """Estimates of the fields of a `Solution` at the lags `output`, and their replicates.

    The scatter of the replicates is the sampling error and the residual of the iteration.
    """
    unknowns, lags = found.unknowns, found.unknowns.lags

    def curve(own: slice, static: int) -> Callable[[np.ndarray], np.ndarray]:
        def of(u: np.ndarray) -> np.ndarray:
            values = np.full(len(lags), u[static])
            values[:unknowns.m] += u[own]
            return refined(values, lags, output)

        return of

    def response(u: np.ndarray) -> np.ndarray:
        return impulse_of_site(unknowns.response(u), float(u[unknowns.slope]), unknowns.unit, lags,
                               output)

    def component(place: int) -> Callable[[np.ndarray], np.ndarray]:
        return lambda u: np.asarray(u[place])

    rows = found.replicates(REPLICATES)
    # what the iteration leaves changes C and S by a factor of either sign
    signs = np.where(np.arange(len(rows)) % 2, 1.0, -1.0) * np.sqrt(len(rows))
    rows = rows + np.sqrt(found.error**2 - found.relative_error**2) * signs[:, None] * found.u
    functions = {"C_x": curve(unknowns.x, unknowns.x_static),
                 "C_phi": curve(slice(0, unknowns.m), unknowns.static), "R_phi": response,
                 "gain": component(unknowns.slope), "C_x_static": component(unknowns.x_static),
                 "C_phi_static": component(unknowns.static),
                 "mean_phi": component(unknowns.mean)}
    fields: dict = {}
    replicates: dict = {}
    for name, of in functions.items():
        each = np.stack([of(row) for row in rows])
        each += of(found.u) - each.mean(axis=0)
        fields[name] = Estimate(each.mean(axis=0), each.std(axis=0, ddof=1) / np.sqrt(len(each)))
        replicates[name] = each
    fields["replicates"] = Replicates(**{name: replicates[name] for name in
                                         ("C_x", "C_phi", "R_phi", "gain")})
    return fields


def refined(even: np.ndarray, lags: Lags, finer: Lags) -> np.ndarray:
    """Band-limited interpolation of an even function to a finer grid of the same span."""
    if len(finer) == len(lags):
        return even
    spectrum = np.zeros(len(finer))
    spectrum[:len(lags)] = lags.spectrum(even)
    spectrum[len(lags) - 1] /= 2
    return finer.correlation(spectrum)
