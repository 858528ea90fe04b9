"""The joint Jacobian of neurons and synapses: N + N^2 variables, reduced to 2N."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ..engine.couplings import normals
from ..engine.derivation import Formula, Step
from .hebbian import TEST, C, k, p
from .local_loop import LOOP, lam, slope

phi_i, phi_j, slope_j = sp.symbols("phi_i phi_j slope_j", real=True)
DIAGONAL = k * C * slope / p
RANK_ONE = k * phi_i * phi_j * slope_j / p
SYMBOLS = {"phi_i": "phi of the unit of the row.", "phi_j": "phi of the unit of the column.",
           "slope_j": "Slope of phi of the unit of the column."}  # fmt: skip


def activity(size: int) -> tuple[sp.Matrix, sp.Matrix]:
    """phi and phi' of every unit."""
    return tuple(sp.Matrix(sp.symbols(f"{name}_1:{size + 1}")) for name in ("phi", "f"))


@cache
def whole(size: int) -> sp.ImmutableMatrix:
    """The Jacobian of all neurons and synapses, by differentiating the equations of motion."""
    x = sp.symbols(f"x_1:{size + 1}")
    A = sp.Matrix(size, size, lambda a, b: sp.Symbol(f"a_{a + 1}{b + 1}"))
    out = sp.Function("phi")
    phi = sp.Matrix([out(one) for one in x])
    neurons = -sp.Matrix(x) + (normals(size) + A) * phi
    synapses = (-A + k / size * phi * phi.T) / p
    found = sp.Matrix([*neurons, *synapses]).jacobian([*x, *A])
    values, slopes = activity(size)
    known = {out(one).diff(one): slopes[n] for n, one in enumerate(x)}
    known |= {out(one): values[n] for n, one in enumerate(x)}
    return sp.ImmutableMatrix(found.xreplace(known))


def reduced(size: int) -> sp.ImmutableMatrix:
    """The 2N x 2N matrix, from the printed entries."""
    phi, f = activity(size)
    A = sp.Matrix(size, size, lambda a, b: sp.Symbol(f"a_{a + 1}{b + 1}"))
    square = (phi.T * phi)[0] / size
    block = sp.Matrix(size, size, lambda a, b: RANK_ONE.xreplace(
        {phi_i: phi[a], phi_j: phi[b], slope_j: f[b]}) / size
        + (DIAGONAL.xreplace({slope: f[a], C: square}) if a == b else 0))  # fmt: skip
    one = sp.eye(size)
    upper = ((normals(size) + A) * sp.diag(*f) - one).row_join(one)
    return sp.ImmutableMatrix(upper.col_join(block.row_join(-one / p)))


def characteristic(matrix: sp.MatrixBase) -> sp.Poly:
    """det(lam - matrix), without a division."""
    entries = matrix.to_DM()
    charpoly = [entries.domain.to_sympy(c) for c in entries.charpoly()]
    return sp.Poly(charpoly, lam)


def reduction_steps() -> tuple[Step, ...]:
    """From N + N^2 to 2N."""

    def contracted() -> list[sp.Expr]:
        """The synapses' equation applied to phi; three units."""
        phi, f = activity(3)
        u = sp.Matrix(sp.symbols("u_1:4"))
        B = sp.Matrix(3, 3, sp.symbols("b_1:10"))
        moved = sp.diag(*f) * u
        B = k / 3 * (moved * phi.T + phi * moved.T) / (1 + p * lam)
        v, square = B * phi, (phi.T * phi)[0] / 3
        block = reduced(3)[3:, :3]
        loops = sp.Matrix([LOOP.xreplace({slope: f[n], C: square}) * u[n] for n in range(3)])
        rest = k / 3 * phi * (phi.T * moved)[0] / (1 + p * lam)
        return [*(p * block * u - (1 + p * lam) * v), *(v - loops - rest)]

    def silent() -> list[sp.Expr]:
        """Changes of the synapses that annihilate phi, with the neurons unchanged; two units."""
        size, basis = 2, []
        phi, _ = activity(size)
        # A row of such a change is orthogonal to phi.
        for row in range(size):
            change = sp.zeros(size, size)
            change[row, 0], change[row, 1] = -phi[1], phi[0]
            basis.append(sp.Matrix([*sp.zeros(size, 1), *change]))
        return [entry for one in basis for entry in whole(size) * one + one / p]

    def exact(size: int, numbers: dict[sp.Symbol, sp.Expr]) -> list[sp.Expr]:
        full, small = (one(size).xreplace(numbers) for one in (whole, reduced))
        rest = sp.Poly((lam + 1 / p.xreplace(numbers)) ** (size**2 - size), lam)
        return (characteristic(full) - characteristic(small) * rest).coeffs()

    def eliminated(size: int) -> list[sp.Expr]:
        full, small = whole(size), reduced(size)
        through = full[:size, size:] * full[size:, :size]
        same = full[:size, :size] - small[:size, :size]
        own = full[size:, size:] + sp.eye(size**2) / p
        return [*(through - small[size:, :size]), *same, *own]

    def three() -> list[sp.Expr]:
        symbols = sorted(whole(3).free_symbols, key=str)
        return exact(3, {one: sp.Rational((7 * n) % 23 + 1, (5 * n) % 11 + 2) * (-1) ** n
                         for n, one in enumerate(symbols)})

    return (
        Step("A perturbation of the synapses acts on the neurons only through its product with phi,"
             " v = (delta A) phi. Applied to phi, the synapses' equation is closed in v: it"
             " contains a unit's own slope times C = |phi|^2/N, and an outer product.",
             r"\delta A = \frac kN\frac{(\Phi'u)\phi^T + \phi(\Phi'u)^T}{1+p\lambda}:\quad"
             r" (1+p\lambda)\,v = kC\,\Phi'u + \frac kN\phi\,\phi^T\Phi'u", contracted),
        Step("All other perturbations decay at the synapses' own rate: N^2 - N changes of A that"
             " annihilate phi, with the neurons unchanged.",
             r"u = 0,\ (\delta A)\phi = 0\;\Rightarrow\;\lambda = -1/p", silent),
        Step("In general: the synapses' own block is a multiple of the identity, so the synapses"
             " can be eliminated, and the resulting coupling between neurons is the same product of"
             " blocks. Verified for two, three and four units, symbol by symbol.",
             r"\det(\lambda - \mathcal J) = (\lambda + \tfrac1p)^{n}\,\det\Big(\lambda + 1 -"
             r" W\Phi' - \frac{\mathcal J_{xA}\mathcal J_{Ax}}{\lambda + 1/p}\Big),\quad n ="
             r" N^2\text{ or }N",
             lambda: [entry for n in (2, 3, 4) for entry in eliminated(n)], sp.expand),
        Step("Hence there are 2N eigenvalues, and -1/p with multiplicity N^2 - N. Verified for two"
             " units, with any couplings, synapses, activities and slopes: the characteristic"
             " polynomial of all six variables.",
             r"\det(\lambda - \mathcal J_{N+N^2}) = (\lambda + 1/p)^{N^2-N}\,\det\left(\lambda -"
             r" \begin{pmatrix}-1 + W\Phi' & 1\\ (kC\Phi' + \frac kN\phi\phi^T\Phi')/p & -1/p"
             r"\end{pmatrix}\right)", lambda: exact(2, {}), sp.expand),
        Step("Three units, twelve variables, at rational values of all of them; the eigenvalue"
             " remains a symbol.", r"N = 3", three, sp.expand),
    )  # fmt: skip


def support_steps() -> tuple[Step, ...]:
    """The 2N x 2N matrix for large N: a diagonal and the random couplings."""

    def diagonal() -> list[sp.Expr]:
        """Two units; the equation for u after elimination of v, without the outer product."""
        _, f = activity(2)
        square = sp.Symbol("C", positive=True)
        loops = [LOOP.xreplace({slope: one, C: square}) for one in f]
        J = normals(2)
        block = sp.diag(*(DIAGONAL.xreplace({slope: one, C: square}) for one in f))
        one = sp.eye(2)
        joint = (J * sp.diag(*f) - one).row_join(one).col_join(block.row_join(-one / p))
        left = (lam * sp.eye(4) - joint).det(method="berkowitz")
        right = (sp.diag(*(1 + lam - loop for loop in loops)) - J * sp.diag(*f)).det()
        return [left - (lam + 1 / p) ** 2 * right]

    def outer() -> sp.Expr:
        M = sp.Matrix(2, 2, sp.symbols("m_1:5"))
        a, b = (sp.Matrix(sp.symbols(f"{name}_1:3")) for name in "ab")
        return (M - a * b.T).det() - M.det() + (b.T * M.adjugate() * a)[0]

    def size_of_synapses() -> sp.Expr:
        """Two units, three instants with any weights: the sum involves correlations only, not N."""
        weights, units = sp.symbols("w_1:4"), (1, 2)
        phi = {(n, a): sp.Symbol(f"phi_{n}{a}") for n in units for a in range(3)}
        A = {(m, n): sum(w * phi[m, a] * phi[n, a] for a, w in enumerate(weights)) / 2
             for m in units for n in units}  # fmt: skip
        common = lambda a, b: sum(phi[n, a] * phi[n, b] for n in units) / 2  # noqa: E731
        return sp.expand(sum(one**2 for one in A.values()) - sum(
            v * w * common(a, b) ** 2 for a, v in enumerate(weights)
            for b, w in enumerate(weights)))  # fmt: skip

    return (
        Step("With the synapses eliminated each unit has a diagonal entry that depends on the"
             " eigenvalue. Its zeros are the local rates of the unit.",
             r"\det(\lambda - \mathcal J_{2N}) = (\lambda + \tfrac1p)^N\,\det(D(\lambda) - W\Phi'),"
             r"\quad D = 1 + \lambda - \frac{kC\phi'}{1+p\lambda}", diagonal),
        Step("An outer product only produces isolated eigenvalues, one for each zero of a scalar"
             " function.",
             r"\det(M - ab^T) = \det M\,(1 - b^TM^{-1}a)", outer),
        Step("The same holds for the synapses: the sum of their squares does not grow with N,"
             " whereas that of the random couplings is g^2 N, so all but a few of their singular"
             " values are small.",
             r"\sum_{ij}A_{ij}^2 = \Big(\frac kp\Big)^2\int_0^\infty\!\!\int_0^\infty ds\,ds'\,"
             r"e^{-(s+s')/p}\,C(s-s')^2", size_of_synapses),
    )  # fmt: skip


def steps() -> tuple[Step, ...]:
    """The reduction to 2N variables, and the support for large N."""
    return reduction_steps() + support_steps()


def formulas() -> tuple[Formula, ...]:
    """Entries of the block from neurons to synapses."""
    test = f"{TEST}::test_joint_jacobian"
    return (
        Formula("joint_synaptic_block_diagonal", (slope, C, k, p), DIAGONAL,
                "Diagonal of the Jacobian block from neurons to their synapses.", test=test),
        Formula("joint_synaptic_block_rank_one", (phi_i, phi_j, slope_j, k, p), RANK_ONE,
                "N times the remainder of this block, an outer product.", test=test),
    )  # fmt: skip
