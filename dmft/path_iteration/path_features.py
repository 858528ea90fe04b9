"""Features of a path: averages of its linear surrogate whose means are known exactly.

The averages of a path differ from path to path mostly by what its noise happens to be. Regression
of them on such features, whose means are known, removes that part of their sampling error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import fft

from ..averages.gaussian_averages import averages_at
from ..network.nonlinearity import Nonlinearity
from ..paths import gaussian_paths
from ..paths.linear_surrogate import LinearSurrogate
from ..paths.noise_and_memory import Drive
from ..paths.stepped_paths import COMPLEX, REAL
from .tuning import FEATURE_FILTERS, FEATURE_LAGS, PATHS_PER_FEATURE, RIDGE, SOFT_SIGNS
from .unknowns import Moments, Unknowns

Prepared = Callable[[np.ndarray, Moments, Moments, np.ndarray, Unknowns], np.ndarray]


def _soft_sign(scale: float) -> Nonlinearity:
    return Nonlinearity(lambda x: np.tanh(scale * x),
                        lambda x: scale / np.cosh(np.clip(scale * x, -300, 300)) ** 2,
                        name=f"tanh({scale:g} x)")


SIGNS = tuple(_soft_sign(scale) for scale in SOFT_SIGNS)


@dataclass(frozen=True)
class Features:
    """Time averages of f(y(t)) f(y(t + tau)) of the surrogate path y, and of it filtered.

    f is linear, or a soft sign of y over its standard deviation. The others are phi of the
    surrogate at the same lags, its <phi'>, and the weights of its response.

    Parameters
    ----------
    time : float
        Memory time, in neuronal time constants: lags and filters are multiples of it.
    """

    time: float

    def prepared(self, now: Drive, linear: LinearSurrogate) -> Prepared:
        """A function of surrogate paths (n, P) that returns features (f, P) less their means."""
        lags = now.lags
        place = np.unique(np.round(np.array(FEATURE_LAGS) * self.time / lags.dt).astype(int))
        place = place[place < len(lags)]
        cosines = np.cos(lags.omega * lags.tau[place][:, None]) / lags.span
        cosines[:, [0, -1]] /= 2
        single = cosines.astype(REAL)
        amplitude = gaussian_paths.amplitude(lags)
        filters = [1.0 / (1.0 + 1j * lags.omega * share * self.time)
                   for share in FEATURE_FILTERS]
        base = np.abs(linear.transfer) ** 2 * now.V
        exact = []
        for one in filters:
            C = lags.correlation(np.abs(one) ** 2 * base)
            exact.append((np.sqrt(C[0]), C[place] / C[0]))

        def averages(spectra: np.ndarray, mean: np.ndarray) -> np.ndarray:
            return single @ spectra - mean[:, None]

        def features(x: np.ndarray, control: Moments, means: Moments, root: np.ndarray,
                     unknowns: Unknowns) -> np.ndarray:
            out = []
            for one, (width, rho) in zip(filters, exact, strict=True):
                y = (one / width).astype(COMPLEX)[:, None] * x
                y[-1] = y[-1].real
                power = y.real**2 + y.imag**2
                out.append(averages(power / amplitude**2, rho))
                path = fft.irfft(y, gaussian_paths.period_steps(lags), axis=0)
                for sign in SIGNS:
                    hat = fft.rfft(sign.function(path), axis=0)
                    power = (hat.real**2 + hat.imag**2) / amplitude**2
                    out.append(averages(power, averages_at(sign, 1.0).correlation(rho)))
            if linear.exact:
                out.append(averages(control.phi, cosines @ means.phi))
                out.append((control.slope - means.slope)[None])
                out.append(unknowns.basis.fit(control.cross, control.slope, root)
                           - unknowns.basis.fit(means.cross, means.slope, root)[:, None])
            return np.concatenate(out)

        return features


def regressed(values: np.ndarray, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean of values (u, P) after regression on features (f, P) of mean zero, and their residuals.

    The residuals are divided by 1 - features/paths: the fit has reduced them by the square root of
    it, and chance correlations of the features add as much to the error of the mean. With fewer
    than PATHS_PER_FEATURE paths for each, only the first features enter.
    """
    count = values.shape[1]
    features = features[:max(1, min(len(features), count // PATHS_PER_FEATURE))]
    scale = np.sqrt(np.mean(features**2, axis=1))
    features = features[scale > 0] / scale[scale > 0][:, None]
    deviations = features - features.mean(axis=1, keepdims=True)
    square = deviations @ deviations.T / count
    square[np.diag_indices_from(square)] += RIDGE
    mean = values.mean(axis=1)
    B = np.linalg.solve(square, deviations @ (values - mean[:, None]).T / count)
    best = mean - features.mean(axis=1) @ B
    residuals = values - best[:, None] - B.T @ features
    return best, residuals / (1 - len(features) / count)
