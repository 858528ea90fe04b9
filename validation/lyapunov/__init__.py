"""Lyapunov exponents of finite networks, by the tangent dynamics.

`largest_exponent.py` is one exponent; read it first. `lyapunov_spectrum.py` gives many, with the
Kaplan-Yorke dimension, by `tangent_growth.py`; `plastic_variation.py` is the tangent dynamics of
plastic couplings.
"""
