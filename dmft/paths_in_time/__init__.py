"""The theory in time of couplings with memory: sampled paths, marched once from t = 0.

The paths are expanded in the basis of their own innovations, in which the noise is white and the
plastic couplings are a small matrix. `path_march.py` is the march of one set of paths; read it
first. `site_in_time.py` reads a network, `growing_basis.py` has the basis and the matched normals,
`row_control.py` removes most of the sampling error, `response_in_time.py` finds the response,
`solve_paths.py` repeats marches for errors, `schedule.py` has what changes in time, and
`path_solution.py` the result.
"""
