"""Lyapunov spectra by theory: F(s), entropy rate and Kaplan-Yorke dimension of large networks.

`lyapunov_spectrum.py` is the public function; read it first. `window.py` and `control_features.py`
sample the gain of one unit, `tangent_kernels.py` solves the fixed point of the kernels A and P of
the tangent dynamics at one threshold, `thresholds.py` evaluates the stationary function Omega
there. `constant_gains.py` is the fixed point, without sampling.
"""
