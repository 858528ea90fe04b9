"""From derivations to files: numpy modules in dmft/equations, pages in docs/equations.

`emit.py` writes and checks the files; read it first. `printer.py` prints one expression from a
whitelist, `module_text.py` a module, `pages.py` the documentation; `readback.py` evaluates printed
text on symbols, and `expressions.py` compiles and serialises a user's own phi.
"""
