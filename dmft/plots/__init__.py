"""Plots and tables of results: one line each, for notebooks.

`axes.py` draws a theory as a line and a simulation as points with error bars; `style.py` has the
colours; `tables.py` the tables that notebooks show; `frames.py` the exchange with xarray and
pandas. Matplotlib, xarray and pandas are imported when they are asked for.
"""
