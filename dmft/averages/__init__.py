"""Gaussian averages of the nonlinearity: <phi>, <phi'>, <phi(x) phi(y)>, <phi'(x) phi'(y)>.

`gaussian_averages.py` chooses the method; read it first. `closed_averages.py` holds closed forms,
`chebyshev_averages.py` any other phi (tanh) by a series in the angle of the correlation, on the
nodes of `quadrature.py`. `two_variances.py` is for two times, `gain_mixture.py` for units with
gains.
"""
