"""The spectrum of Lyapunov exponents: from counting them to a stationary function of two kernels.

`lyapunov_spectrum.py` gathers the derivation; read it first. `counting.py` counts exponents by the
response to a source, `averaged_tangent.py` averages the regularised tangent system over couplings,
`stationary_function.py` gives Omega, its derivatives, its edge and the fixed point,
`tangent_memory.py` the gains dressed by a memory, the regularised determinant, and reciprocity.
"""
