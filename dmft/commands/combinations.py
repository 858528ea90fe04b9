"""Combinations of network and options, checked before the solve, so that none fails after it."""

from __future__ import annotations

import argparse
from typing import Any

import dmft
from dmft.fluctuations.pair_quadrature import check_fluctuations
from dmft.lyapunov.tuning import SHORTEST_DURATION
from dmft.network.structure import structure
from dmft.plasticity.freezing import freezable_ensembles


def check_possible(args: argparse.Namespace, network: Any) -> None:
    """Refuse options that exclude one another, and those without a theory for this network.

    An option that a subcommand lacks counts as not given.
    """
    given = {name for name, value in vars(args).items() if value is not None and value is not False}
    in_time, refuse = args.stop is not None, args.parser.error
    if in_time and "span" in given:
        refuse("--span applies to stationary solutions only: omit --span or --stop")
    if in_time and args.method not in (None, "auto", "march"):
        refuse(f"--method {args.method} applies to stationary solutions only: omit --method or "
               "--stop")
    if not in_time and args.method == "march":
        refuse("--method march is a solution in time: give --stop too")
    if not in_time and given & {"currents", "variance", "initial_mean"}:
        refuse("--currents, --variance and --initial-mean are initial conditions of a solution in "
               "time: give --stop too")
    if not in_time and ("span" in given) != ("dt" in given):
        refuse("--span and --dt determine the grid together: give both, or neither")
    for name in ("dimension", "freeze", "duration", "lags"):
        if in_time and name in given:
            refuse(f"--{name} applies to stationary activity: omit --{name} or --stop")
    for name, check in (("dimension", check_fluctuations), ("freeze", freezable_ensembles)):
        if name in given:
            try:
                check(network)
            except dmft.ModelError as error:
                refuse(f"--{name} is not possible: {error}")
    if "lyapunov" in given:
        _check_lyapunov(args, network)


def _check_lyapunov(args: argparse.Namespace, network: Any) -> None:
    if structure(network).drift:
        args.parser.error("exponents of populations with mean couplings are not derived: omit "
                          "--lyapunov")
    if args.stop is None and structure(network).in_regions:
        args.parser.error("exponents of a network of regions or currents are those of a solution "
                          "in time: give --stop")
    if args.stop is not None and args.stop < SHORTEST_DURATION:
        args.parser.error(f"exponents are those of a solution in time up to {SHORTEST_DURATION:g} "
                          f"or longer: give a larger --stop than {args.stop:g}")
