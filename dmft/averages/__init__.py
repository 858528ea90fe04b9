"""Gaussian averages of the nonlinearity: <phi>, <phi'>, <phi(x) phi(y)>, <phi'(x) phi'(y)>.

`gaussian_averages.py` selects the method; read it first. `closed_averages.py` evaluates closed
forms; `chebyshev_averages.py` treats any other phi (tanh) by a series in the angle of the
correlation, with the trapezoidal rule of `quadrature.py`. `two_variances.py` is for two times,
`shifted.py` for Gaussians with a mean, `gain_mixture.py` for units with gains; `tuning.py` holds
the numerical settings.
"""
