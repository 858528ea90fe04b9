"""Sampled paths of one unit with given noise and memory: x = v + H K phi(x), v Gaussian.

`noise_and_memory.py` adds the noise spectrum V and the memory K of the ensembles; read it first.
Paths (`gaussian_paths.py`) are updated by `waveform_relaxation.py` or, where that iteration does
not contract, by `block_stepping.py`. `path_averages.py` and `response_fit.py` estimate C and S,
with `linear_surrogate.py` as control variate. `tuning.py` holds the tuned numbers.
"""
