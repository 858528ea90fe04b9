"""The exponent of one perturbed unit with memory, where units do not perturb each other."""

from __future__ import annotations

import numpy as np

from ..ensembles.properties import synapses
from ..equations import linear_response, plasticity
from ..grids.order_parameters import OrderParameters
from ..network.network import AnyNetwork
from .tuning import MEASURED_PERIODS


def unit_exponent(network: AnyNetwork, order: OrderParameters, slopes: np.ndarray) -> float:
    """Growth rate of (1 + d/dt) y = int_0^inf K(s) phi'(x(t-s)) y(t-s) ds along sampled paths.

    phi' (T, P) is given along the paths. K(s) = (k/p) exp(-s/p) C(s) is the memory of plastic
    couplings. Each path is periodic, and y is integrated over several of its periods by exponential
    steps of second order. All units have the same exponent, the mean of the growth of log |y| over
    paths, where |y| is the norm over a window of lags.
    """
    lags = order.lags
    kernel = sum(plasticity.memory(lags.tau, one.k, one.p, order.C) for one in
                 synapses(network.ensembles)) * lags.dt
    kernel[0] /= 2  # trapezoidal rule
    n = len(lags)
    period, paths = slopes.shape
    decay, now, before = (float(weight(lags.dt)) for weight in (
        linear_response.decay, linear_response.etd_weight_now, linear_response.etd_weight_before))
    past = np.zeros((paths, n))  # phi' y, the latest first
    y, drive_before, logs = np.ones(paths), np.zeros(paths), np.zeros(paths)
    norm = np.ones(paths)
    for turn in range(1 + MEASURED_PERIODS):
        for step in range(period):
            past = np.roll(past, 1, axis=1)
            past[:, 0] = slopes[step] * y
            drive = past @ kernel
            y = decay * y + now * drive + before * drive_before
            drive_before = drive
            if step % n == n - 1 or step == period - 1:
                norm = np.sqrt(np.sum(past**2, axis=1) + y**2)
                y, drive_before, past = y / norm, drive_before / norm, past / norm[:, None]
                if turn:
                    logs += np.log(norm)
    return float(np.mean(logs)) / (MEASURED_PERIODS * period * lags.dt)
