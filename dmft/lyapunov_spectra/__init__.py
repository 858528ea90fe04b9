"""Lyapunov spectra by theory: F(s), entropy rate and Kaplan-Yorke dimension of large networks.

`lyapunov_spectrum.py` is the public function; read it first. `window.py` and `control_features.py`
sample the gain of one unit, `tangent_kernels.py` solves the fixed point of the kernels A and P of
the tangent dynamics at one threshold, from the start of `closure.py`, and `thresholds.py` evaluates
the stationary function Omega there. `with_memory.py` is the spectrum of plastic and reciprocal
couplings: `site_with_memory.py` samples the unit, `gain_modes.py` dresses its gains by the memory
of the tangent, `memory_spectrum.py` evaluates Omega. `constant_gains.py` is the fixed point,
without sampling, and `assembly.py` checks and returns the result.
"""
