"""Statistics of a multiregion network, measured in given loadings or weights.

`measured_fields.py` has the constructors. `measure_weights.py` decomposes a weight matrix block by
block, read it first: `partition.py` orders the units, `spiked_block.py` separates low rank and
disorder, `spike_errors.py` has the sampling errors, `rest_tests.py` the tests of the disorder, and
`measured_currents.py` the overlaps; `regional_weights.py` is the result. `loadings.py` measures T
and U of explicit loadings.
"""
