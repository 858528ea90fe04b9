"""Averages over Gaussian variables: Price's and Stein's theorems, and closed forms.

`price_stein.py` proves the theorems, d<f(x) g(y)>/dc = <f'(x) g'(y)>; read it first.
`closed_forms.py` applies them to erf, relu and linear, `variance_derivative.py` gives derivatives
in the variance, `transfer.py` writes phi and its slope without overflow.
"""
