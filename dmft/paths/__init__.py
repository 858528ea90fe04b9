"""Sampled paths of one unit with given noise and memory: x = v + H K phi(x), v Gaussian.

`noise_and_memory.py` adds the noise spectrum V and the memory K of the ensembles; read it first.
`gaussian_paths.py` draws v, and `stepped_paths.py` steps the paths in time, with the memory
approximated by a few filters (`memory_filters.py`). `linear_surrogate.py` is the Gaussian unit
whose averages are known exactly, `response_fit.py` the basis of mean responses. `window.py` chooses
span and step, `tuning.py` holds the tuned numbers.
"""
