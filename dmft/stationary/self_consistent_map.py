"""The stationary theory without memory: x is Gaussian, its correlation a fixed point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.gaussian_averages import gaussian_averages
from ..averages.protocol import GaussianAverages
from ..equations import linear_response, stationary
from ..grids.lags import Lags
from ..grids.order_parameters import OrderParameters
from ..network.network import AnyNetwork


@dataclass(frozen=True, eq=False)
class SelfConsistentMap:
    """Delta(tau) -> <x x> of the site whose noise the ensembles make from <phi phi> of Delta.

    x is the low-pass filter of its noise: each frequency of the noise spectrum is multiplied by
    1/(1 + omega^2), between two cosine transforms. The static part, which does not decay, is
    carried as one more number behind the n lags.
    """

    network: AnyNetwork
    lags: Lags

    def __call__(self, state: np.ndarray) -> np.ndarray:
        spectrum, static = self.noise(self.order_parameters(state))
        spectrum = spectrum * linear_response.lowpass_power(self.lags.omega)
        decaying = self._to_lags(spectrum)
        static += self.network.bias**2
        white = linear_response.white_noise_correlation(self.lags.tau, self.network.noise)
        return np.append(decaying + white + static, static)

    def order_parameters(self, state: np.ndarray) -> OrderParameters:
        """C and S of the Gaussian site with correlation `state`."""
        averages = self.averages(state)
        C = averages.correlation(state)
        S = averages.mean_slope * linear_response.lowpass(self.lags.omega)
        kink = 0.0
        if self.network.noise:
            speed = float(stationary.initial_slope(self.network.noise))
            kink = -speed * float(averages.slope(state[0]))
        return OrderParameters(self.lags, C[:-1] - C[-1], float(C[-1]), S, kink)

    def averages(self, state: np.ndarray) -> GaussianAverages:
        return gaussian_averages(self.network.phi, float(state[0]))

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, float]:
        """Spectrum and static variance of the noise, summed over the ensembles."""
        parts = [one.noise(order) for one in self.network.ensembles]
        return np.sum([p[0] for p in parts], axis=0), float(sum(p[1] for p in parts))

    def admissible(self, state: np.ndarray) -> bool:
        """Whether `state` can be a correlation: positive at zero, largest there, spectrum >= 0."""
        total, static = state[0], state[-1]
        if not (total > 0 and np.all(np.isfinite(state))):
            return False
        if np.max(np.abs(state)) > total * (1 + 1e-12) or static < 0:
            return False
        return self.negative_spectrum(state) < 1e-8

    def negative_spectrum(self, state: np.ndarray) -> float:
        """Depth of the most negative value of the spectrum of x, relative to its largest.

        The corner that white noise makes is taken out first, as in OrderParameters.
        """
        white = linear_response.white_noise_correlation(self.lags.tau, self.network.noise)
        spectrum = self.lags.spectrum(state[:-1] - state[-1] - white)
        largest = float(np.max(np.abs(spectrum)))
        return max(0.0, -float(np.min(spectrum)) / largest) if largest else 0.0

    def _to_lags(self, spectrum: np.ndarray) -> np.ndarray:
        """Back to lags; the omega^-4 tail that a corner leaves is transformed in closed form."""
        if self.network.noise == 0:
            return self.lags.correlation(spectrum)
        power2 = linear_response.lowpass_power(self.lags.omega) ** 2
        height = spectrum[-1] / power2[-1]
        tau = self.lags.tau
        tail = height * (1 + tau) * linear_response.response(tau) / 4
        return self.lags.correlation(spectrum - height * power2) + tail
