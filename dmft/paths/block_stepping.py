"""Block time stepping of the paths: causal, for memories on which the sweeps do not contract."""

from __future__ import annotations

import numpy as np

from ..equations import linear_response
from ..network.nonlinearity import Nonlinearity
from . import gaussian_paths
from .gaussian_paths import Paths
from .linear_surrogate import linear_surrogate
from .noise_and_memory import Drive
from .path_averages import PathAverages
from .tuning import BLOCK_STEPS, KERNEL_TAIL, NEWTON_LEAST_SLOPE, NEWTON_STEPS, NEWTON_TOL
from .waveform_relaxation import PathUpdate, replace_paths


def step_in_blocks(sites: list[Paths], drives: list[Drive], slopes: list[float], phi: Nonlinearity,
          controlled: bool, may_be_static: bool) -> list[PathAverages]:
    """Integrate all paths once through their periodic window, and return their averages.

    u = x - v obeys (1 + d/dt) u = K * phi(v + u). The scheme is an exponential integrator of second
    order. The instantaneous part of the memory is implicit (Newton's method at each step), so that
    the scheme is stable however fast that part is. The memory of earlier blocks is one matrix
    product. Memory that reaches back before the start of the window uses the end of the window
    from the previous call: repeated calls converge at the rate at which the memory kernel decays.
    """
    lags = sites[0].lags
    for own, one, slope in zip(sites, drives, slopes, strict=True):
        if not own.initialized:
            linear = linear_surrogate(one, slope, phi)
            own.x[:] = linear.transfer * gaussian_paths.amplitude(lags) * np.sqrt(one.V) * own.z
            own.phi[:] = gaussian_paths.in_frequency(phi(gaussian_paths.in_time(own.x, lags)))
    v = np.stack(
        [
            gaussian_paths.in_time(gaussian_paths.amplitude(lags) * np.sqrt(one.V) * own.z, lags)
            for own, one in zip(sites, drives, strict=True)
        ]
    ).transpose(0, 2, 1)
    before = np.stack([gaussian_paths.in_time(own.phi, lags) for own in sites]).transpose(0, 2, 1)
    start = np.stack([gaussian_paths.in_time(own.x, lags)[:, -1] for own in sites]) - v[:, -1]
    kernels = [memory_kernel(one) for one in drives]
    x = _stepped(np.ascontiguousarray(v), np.ascontiguousarray(before), start,
                 np.array([k[0] for k in kernels]), _aligned([k[1] for k in kernels]), lags.dt, phi)
    found = []
    for r, (own, one, slope) in enumerate(zip(sites, drives, slopes, strict=True)):
        found.append(
            replace_paths(
                own,
                one,
                slope,
                phi,
                _rows_of(gaussian_paths.in_frequency(x[r].T)),
                controlled,
                may_be_static,
            )
        )
    return found


def _rows_of(new: np.ndarray) -> PathUpdate:
    return lambda rows, v: new[rows]


def memory_kernel(drive: Drive) -> tuple[float, np.ndarray]:
    """The memory kernel in time: weights of phi at present, and of phi 1, 2, ... steps ago.

    At high frequency the transfer function is a + b H + c H^2 + d H^3, H = 1/(1 + i omega). This
    is a delta function and (b + c tau + d tau^2/2) exp(-tau), which are subtracted and transformed
    in closed form. Half of the jump b is the weight of the present (trapezoidal rule).
    """
    lags, H = drive.lags, linear_response.lowpass(drive.lags.omega)
    high = slice(len(lags) // 2, len(lags) - 1)
    powers = np.stack([np.ones_like(H), H, H**2, H**3], axis=1)
    both = np.concatenate([powers[high].real, powers[high].imag])
    series, *_ = np.linalg.lstsq(both, np.concatenate([drive.K[high].real, drive.K[high].imag]))
    instant, jump, second, third = series
    smooth = gaussian_paths.real_at_nyquist(drive.K - powers @ series)
    tau = lags.dt * np.arange(gaussian_paths.period_steps(lags))  # all of the periodic window
    start = (jump + second * tau + third * tau**2 / 2) * linear_response.response(tau)
    later = gaussian_paths.in_time(smooth, lags) / lags.dt + start
    weights = np.cumsum(np.abs(later[::-1]))[::-1]
    length = int(np.count_nonzero(weights > KERNEL_TAIL * max(weights[0], 1e-300)))
    return float(instant + lags.dt * jump / 2), lags.dt * later[1:max(length, 2)]


def _aligned(kernels: list[np.ndarray]) -> np.ndarray:
    longest = max(len(k) for k in kernels)
    return np.stack([np.pad(k, (0, longest - len(k))) for k in kernels])


def _stepped(v: np.ndarray, before: np.ndarray, u: np.ndarray, now: np.ndarray,
             kernel: np.ndarray, dt: float, phi: Nonlinearity) -> np.ndarray:
    """(R, T, P) paths x, from phi in the previous window and u = x - v (R, P) at its end."""
    R, T, P = v.shape
    J = kernel.shape[1]
    decay = float(linear_response.decay(dt))
    begin = float(linear_response.etd_weight_start(dt))
    end = float(linear_response.etd_weight_end(dt))
    history = np.concatenate([before[:, T - J:], np.empty((R, T, P))], axis=1)
    x = np.empty((R, T, P))
    at_once = (end * now)[:, None]
    toeplitz = _toeplitz(kernel)
    # the whole right-hand side f = K * phi at the window's last time
    last = history[:, J - 1]
    force = now[:, None] * last + np.einsum("rj,rjp->rp", kernel[:, :J - 1][:, ::-1],
                                            history[:, :J - 1])
    reversed_kernel = kernel[:, ::-1]
    y = earlier = v[:, 0] + u
    for block in range(0, T, BLOCK_STEPS):
        size = min(BLOCK_STEPS, T - block)
        # memory of the previous blocks, at each step of this one: lags up to J
        past = toeplitz[:, :size] @ history[:, block:block + J]
        for i in range(size):
            t = block + i
            memory = past[:, i]
            if i:
                depth = min(i, J)
                memory = memory + np.matmul(
                    reversed_kernel[:, None, J - depth:],
                    history[:, J + t - depth:J + t])[:, 0]
            known = v[:, t] + decay * u + begin * force + end * memory
            y = _implicit(known, at_once, 2 * y - earlier, phi)
            earlier = x[:, t - 1] if t else y
            value = phi(y)
            u = y - v[:, t]
            force = now[:, None] * value + memory
            history[:, J + t] = value
            x[:, t] = y
    return x


def _toeplitz(kernel: np.ndarray) -> np.ndarray:
    """(R, steps, J) weights of the last J values of phi before a block, at each of its steps."""
    R, J = kernel.shape
    lag = J + np.arange(BLOCK_STEPS)[:, None] - np.arange(J)  # of value j at step i, in steps
    padded = np.concatenate([kernel, np.zeros((R, BLOCK_STEPS + 1))], axis=1)
    return padded[:, lag - 1]


def _implicit(known: np.ndarray, weight: np.ndarray, y: np.ndarray,
              phi: Nonlinearity) -> np.ndarray:
    """Solution y of y - weight phi(y) = known by Newton's method, starting from a prediction."""
    if not weight.any():
        return known
    scale = NEWTON_TOL * (1 + float(np.abs(known).max()))
    for _ in range(NEWTON_STEPS):
        off = y - weight * phi(y) - known
        step = off / np.maximum(1 - weight * phi.derivative(y), NEWTON_LEAST_SLOPE)
        y = y - step
        if np.abs(step).max() < scale:
            break
    return y
