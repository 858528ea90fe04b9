"""PopulationNetwork: populations of units with mean couplings and disorder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData
from ..ensembles.ensemble import Ensemble
from ..ensembles.hebbian import Hebbian, RegionalHebbian
from ..ensembles.iid import IID
from ..ensembles.mean_couplings import MeanCouplings
from ..ensembles.regional_iid import RegionalIID
from ..network.network import check_strength
from ..network.nonlinearity import Nonlinearity, tanh
from ..network.site_derivation import Derivable
from ..plots.equation_shown import ShownNetwork
from ..units.leaky import LEAKY
from ..units.unit import Unit


@dataclass(frozen=True, eq=False)
class PopulationNetwork(Derivable, ArrayData, ShownNetwork):
    """R populations: J_ij from b to a has the mean mean[a, b]/N_b and variance g[a, b]^2/N_b.

    The units of population a obey

        x_i = H_a * (sum over b and j of J_ij phi_b(x_j) + I_a + h_i + xi_i),

    so that their input has the mean sum_b mean[a, b] <phi_b> + I_a, and the covariance
    sum_b g[a, b]^2 <phi_b phi_b> + bias_a^2 around it (excitatory and inhibitory populations with
    Dale's law in the mean: Kadmon & Sompolinsky 2015; Mastrogiuseppe & Ostojic 2017). Mean inputs
    of order sqrt(N), balanced, are those of large `mean` and `input` of one ratio.

    Parameters
    ----------
    mean : (R, R) array
        Mean input to population a (row) per mean output of population b (column).
    g : (R, R) array, or float
        Disorder of the couplings, 0 or above; a number for all pairs.
    phi : Nonlinearity, or R of them
        Transfer function of each population.
    unit : Unit, or R of them
        Linear response of the units of each population.
    share : (R,) array, optional
        Shares of the units in each population, above 0, with sum 1; equal by default. They
        determine the sizes of finite networks; the theory does not depend on them.
    noise, bias : float or (R,) array
        Strength of the white noise, and standard deviation of the quenched Gaussian bias.
    input : float, (R,) array, or callable
        Input to all units of a population: constant, or for solves and simulations in time a
        smooth function of time that returns one number or R of them, or a `dmft.Pulse`.
    reciprocity : float, or symmetric (R, R) array
        Correlation of J_ij with J_ji around their means, from -1 to 1.
    k : float, or (R, R) array
        Strength of plastic couplings from population b (column) to a (row),
        (1 + p d/dt) A_ij = (k_ab/N_b) phi_i phi_j; a number for all pairs.
    p : float
        Their time constant, above 0. Reciprocity and plasticity are solved in time only.

    Raises
    ------
    ModelError
        For a field of a wrong shape or outside its range; the message names it.

    Examples
    --------
    >>> import dmft
    >>> network = dmft.PopulationNetwork(mean=[[1.2, -2.0], [1.6, -1.0]], g=0.5, input=[0.8, 0.4])
    >>> len(dmft.solve(network))
    1
    """

    mean: np.ndarray
    g: np.ndarray
    phi: Nonlinearity | tuple[Nonlinearity, ...] = tanh
    unit: Unit | tuple[Unit, ...] = LEAKY
    share: np.ndarray | None = None
    noise: np.ndarray | float = 0.0
    bias: np.ndarray | float = 0.0
    input: np.ndarray | float | Callable[[float], Any] = 0.0
    reciprocity: np.ndarray | float = 0.0
    k: np.ndarray | float = 0.0
    p: float = 1.0

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, mean: ArrayLike, g: ArrayLike,
                     phi: Nonlinearity | Sequence[Nonlinearity] = tanh,
                     unit: Unit | Sequence[Unit] = LEAKY, share: ArrayLike | None = None,
                     noise: ArrayLike = 0.0, bias: ArrayLike = 0.0,
                     input: ArrayLike | Callable[[float], ArrayLike] = 0.0,
                     reciprocity: ArrayLike = 0.0, k: ArrayLike = 0.0, p: float = 1.0) -> None: ...

    def __post_init__(self):
        mean = MeanCouplings(self.mean).mean
        R = len(mean)
        disorder = RegionalIID(_of_pairs("g", self.g, R), self.reciprocity)
        plastic = RegionalHebbian(_of_pairs("k", self.k, R), self.p)
        self._set(k=plastic.k if plastic.has_memory else 0.0, p=plastic.p,
                  reciprocity=disorder.reciprocity)
        self._set(mean=mean, g=disorder.g, phi=_each("phi", self.phi, R, Nonlinearity, "dmft.tanh"),
                  unit=_each("unit", self.unit, R, Unit, "dmft.Leaky()"),
                  share=_shares(self.share, R))
        for name, least in (("noise", 0.0), ("bias", 0.0), ("input", -np.inf)):
            value = getattr(self, name)
            if name == "input" and callable(value):
                self.input_at(0.0)  # refuses what does not return numbers
            else:
                self._set(**{name: _numbers(name, value, R, least)})
        for name in ("noise", "bias"):
            check_strength(name, getattr(self, name))
        steps = {one.time_step for one in (self.unit if isinstance(self.unit, tuple)
                                           else (self.unit,))}
        if len(steps) > 1:
            checks.reject("unit", self.unit, "some in discrete and some in continuous time",
                          "give units of one kind of time")

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def constant_input(self) -> np.ndarray | float:
        """The input, or 0 where it is a function of time."""
        return 0.0 if callable(self.input) else self.input

    def input_at(self, t: float) -> np.ndarray:
        """(R,) the input at a time.

        Raises
        ------
        ModelError
            If the function fails, or returns neither one finite number nor R of them.
        """
        R = len(self.mean)
        value: Any = self.input
        if callable(value):
            try:
                value = _numbers("input", value(t), R, -np.inf)
            except Exception as error:
                checks.reject("input", self.input, f"fails at t={t:g} ({error})",
                              f"give a function of one time that returns a number or {R} of them, "
                              f"or a dmft.Pulse with {R} amplitudes")
        return np.broadcast_to(_numbers("input", value, R, -np.inf), R)

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """The couplings' disorder, their means, and plastic ones."""
        if len(self.mean) == 1 and (np.any(self.k) or np.any(self.reciprocity)):
            k, r = (float(np.ravel(one)[0]) for one in (self.k, self.reciprocity))
            one = (Hebbian(k, self.p),) if k else ()
            return (IID(float(self.g[0, 0]), r), MeanCouplings(self.mean), *one)
        plastic = (RegionalHebbian(self.k, self.p),) if np.any(self.k) else ()
        return (RegionalIID(self.g, self.reciprocity), MeanCouplings(self.mean), *plastic)


def _each(name: str, given: Any, R: int, of: type, example: str) -> Any:
    """One object, or a tuple of R."""
    several = isinstance(given, (tuple, list))
    values = tuple(given) if several else (given,)
    if (several and len(values) != R) or not all(isinstance(one, of) for one in values):
        checks.reject(name, given, f"not one, or {R}, of the kind {of.__name__}",
                      f"give one such as {example}, or a tuple with one for each population")
    return values if len(values) > 1 else values[0]


def _of_pairs(name: str, given: Any, R: int) -> np.ndarray:
    values = checks.finite_array(name, given)
    if values.shape not in ((), (R, R)):
        checks.reject(name, given, f"of shape {values.shape}", f"give a number, or a ({R}, {R}) "
                      "array like mean")
    return np.broadcast_to(values, (R, R))


def _numbers(name: str, given: Any, R: int, least: float) -> np.ndarray | float:
    values = checks.finite_array(name, given)
    if values.shape not in ((), (R,)) or np.any(values < least):
        above = "" if least == -np.inf else " of 0 or above"
        checks.reject(name, given, f"not a number{above}, or {R} of them",
                      "give one for all populations, or one for each")
    values = checks.bounded(name, np.array(values, dtype=float))
    if not values.ndim:
        return float(values)
    values.flags.writeable = False
    return values


def _shares(given: Any, R: int) -> np.ndarray | None:
    if given is None:
        return None
    share = np.array(checks.finite_array("share", given), dtype=float)
    if share.shape != (R,) or np.any(share <= 0) or abs(float(share.sum()) - 1) > 1e-9:
        checks.reject("share", given, f"not {R} shares above 0 with sum 1",
                      "give the fraction of all units in each population")
    share.flags.writeable = False
    return share
