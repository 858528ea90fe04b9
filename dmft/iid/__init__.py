"""The reference theory: a network with independent couplings of variance g^2/N.

(Sompolinsky, Crisanti & Sommers 1988.) `random_network.py` defines the network, a sum of coupling
ensembles with one term; every solver treats it as such.
"""
