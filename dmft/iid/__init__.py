"""The reference theory: a network with independent couplings, variance g^2/N.

(Sompolinsky, Crisanti & Sommers 1988.) `random_network.py` is the network; it is a name for a sum
with one ensemble, and every solver treats it as such.
"""
