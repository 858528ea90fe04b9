"""Spectra at large N: eigenvalues of connectivities, and of Jacobians of neurons and synapses.

`jacobian_spectrum.py` selects the theory; read it first. `connectivity_spectrum.py` has the disc or
ellipse with outliers, `contour_spectrum.py` any closed curve (random modes with overlaps), and
`joint_spectrum.py` the support with plastic synapses, g^2 <phi'^2/abs(d)^2> > 1. `tuning.py` holds
the tuned numbers.
"""
