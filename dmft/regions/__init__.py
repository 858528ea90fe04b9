"""Networks of regions at constant currents, z = psi T z, and the process within each region.

`regional_solve.py` finds all fixed points of the currents; read it first. `fixed_currents.py`
solves and judges one, `regional_process.py` is the stationary process of every region,
`variance_response.py` how its variance follows the currents, `stationary_states.py` the result.
"""
