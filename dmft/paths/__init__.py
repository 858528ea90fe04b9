"""Paths of one unit in given noise and memory: x = v + H K phi(x), v Gaussian.

`noise_and_memory.py` sums the noise V and the memory K over the ensembles; read it first. Paths
(`gaussian_paths.py`) are moved by `waveform_relaxation.py` or, where that does not contract, by
`block_stepping.py`; `path_averages.py` and `response_fit.py` measure C and S, with
`linear_surrogate.py` as the control variate.
"""
