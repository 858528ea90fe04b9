"""Overlaps measured from explicit loading matrices."""

from __future__ import annotations

import numpy as np

from ...base import checks
from ...network.inputs import Input, Pulse


def measured_overlaps(m, n, inputs, signal) -> tuple[np.ndarray, np.ndarray, Input | None]:
    """T, U and the external input of given loadings m and n.

    T[mu, nu, rho] = n[mu, nu] . m[nu, rho] / N and U[nu, rho, rho'] = m[nu, rho] . m[nu, rho'] / N;
    with rank K, m and n are (R, R, K, N) arrays, and T and U have the indices of both directions.
    """
    m, n = _loadings("m", m), _loadings("n", n)
    if n.shape != m.shape:
        checks.reject("n", n.shape, f"not of the shape of m, {m.shape}",
                      "give one direction per pair of regions, on the same units")
    units = m.shape[-1]
    of_n, of_m = ("abi,bci->abc", "abi,aci->abc") if m.ndim == 3 else (
        "abki,bcli->abkcl", "abki,acli->abkcl")
    T, U = np.einsum(of_n, n, m) / units, np.einsum(of_m, m, m) / units
    if (inputs is None) != (signal is None):
        checks.reject("signal", signal, "an input needs both directions and a signal",
                      "give inputs and signal together")
    if inputs is None:
        return T, U, None
    direction = checks.finite_array("inputs", inputs, 2)
    if direction.shape != (len(m), units):
        checks.reject("inputs", direction.shape, f"not of shape ({len(m)}, {units})",
                      "give one direction per region")
    norm = np.sqrt(np.mean(direction**2, axis=1))
    if np.any(norm == 0):
        checks.reject("inputs", direction, "zero in some region", "give a nonzero direction, and "
                      "a signal of zero where there is no input")
    unit = direction / norm[:, None]
    V = np.einsum("ab...i,bi->ab...", n, unit) / units
    W = np.einsum("ab...i,ai->ab...", m, unit) / units
    if isinstance(signal, Pulse):
        return T, U, Input(Pulse(signal.amplitude * norm, signal.start, signal.stop), V, W)
    if callable(signal):
        return T, U, Input(_Scaled(signal, norm), V, W)
    return T, U, Input(checks.finite_array("signal", signal, 1) * norm, V, W)


class _Scaled:
    """A signal of time, times the norm of its directions."""

    def __init__(self, signal, norm: np.ndarray):
        self.signal, self.norm = signal, norm

    def __call__(self, t: float) -> np.ndarray:
        return np.asarray(self.signal(t), dtype=float) * self.norm


def _loadings(name: str, value) -> np.ndarray:
    array = checks.finite_array(name, value)
    if array.ndim not in (3, 4) or array.shape[0] != array.shape[1]:
        checks.reject(name, array.shape, "not of shape (R, R, N) or (R, R, K, N)",
                      "give one direction per pair of regions, or K of them")
    return array
