"""From derivations to files: numpy modules in dmft/equations, pages in docs/equations.

`emit.py` writes and checks; read it first. `printer.py` prints one expression from a whitelist,
`module_text.py` a module, `pages.py` the documentation, `readback.py` runs the text on symbols,
`expressions.py` is for a user's own phi.
"""
