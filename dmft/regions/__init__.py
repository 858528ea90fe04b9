"""Fixed points z = psi T z of the currents between regions, and the process within each region.

`regional_solve.py` finds all fixed points; read it first. `fixed_currents.py` is the search,
`coupled_search.py` that of regions which share disorder,
`current_stability.py` the linear stability, `regional_process.py` the stationary process of every
region, `variance_response.py` the response of its variance; `stationary_states.py` is the result.
"""
