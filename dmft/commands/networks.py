"""Networks on the command line: a subcommand for each, and an option for each of its fields."""

from __future__ import annotations

import argparse
import dataclasses
import re
import typing
from typing import Any

import numpy as np

import dmft
from dmft.scan_files import scan_file
from dmft.scan_files.texts import FORMS, PHIS, phi_from, unit_from

from .arrays import ARRAY, array

# subcommand -> name of the public class; its options are made from the fields of the class
NETWORKS = scan_file.NETWORKS
# fields of which each population may have its own, and how they are made from a word
IN_WORDS = {"phi": phi_from, "unit": unit_from}
# number of indices of arrays that are not those of regions
PAIRS = {dmft.PopulationNetwork: {"g": 2, "reciprocity": 2, "k": 2}}


def add_networks(parser: argparse.ArgumentParser, without: tuple[str, ...] = ()
                 ) -> dict[str, argparse.ArgumentParser]:
    """Add one subparser for each network to `parser`, with an option for each of its fields."""
    words = parser.add_subparsers(title="networks", metavar="NETWORK", required=True)
    made = {}
    for word, name in NETWORKS.items():
        if word in without:
            continue
        cls = getattr(dmft, name)
        summary = (cls.__doc__ or name).splitlines()[0]
        made[word] = words.add_parser(word, help=summary, description=summary.replace("%", "%%"),
                                      epilog=parser.epilog, formatter_class=parser.formatter_class)
        made[word].set_defaults(network=cls, parser=made[word])
        _add_fields(made[word], cls)
    return made


def network(args: argparse.Namespace) -> Any:
    """The network that the options describe; a bad value raises ModelError, as in Python."""
    fields = [f.name for f in dataclasses.fields(args.network) if f.init]
    given = {name: getattr(args, name) for name in fields
             if getattr(args, name, None) is not None}
    for name, made in IN_WORDS.items():
        if name in given:
            words = given[name]
            given[name] = (made(words) if isinstance(words, str) else
                           made(words[0]) if len(words) == 1 else tuple(map(made, words)))
    pairs = PAIRS.get(args.network, {})
    given.update((name, array(name, words, pairs.get(name))) for name, words in given.items()
                 if isinstance(words, list))
    return args.network(**given)


def _add_fields(parser: argparse.ArgumentParser, cls: type) -> None:
    group = parser.add_argument_group("network")
    types, summaries = typing.get_type_hints(cls), parameter_summaries(cls)
    for field in dataclasses.fields(cls):
        kinds = {types[field.name], *typing.get_args(types[field.name])}
        # a function of time, and a measurement of weights, cannot be given as text
        if not field.init or {dmft.Input, dmft.RegionalWeights} & kinds:
            continue
        required = (field.default is dataclasses.MISSING
                    and field.default_factory is dataclasses.MISSING)
        how: dict[str, Any] = {"required": required}
        several = any(typing.get_origin(one) is tuple for one in kinds)
        if several and field.name in IN_WORDS:
            words = ", ".join(PHIS) if field.name == "phi" else FORMS
            how.update(nargs="+", metavar="WORD", help=summaries.get(field.name, "")
                       + f"; one for all or one for each: {words}")
        elif dmft.Nonlinearity in kinds:
            name = "tanh" if field.default is dataclasses.MISSING else field.default.name
            how.update(choices=PHIS, default=name, help=f"transfer function (default: {name})")
        elif float in kinds and np.ndarray not in kinds:
            ends = "" if required or field.default is None else f" (default: {field.default:g})"
            how.update(type=float, metavar="X", help=summaries.get(field.name, "") + ends)
        else:
            how.update(nargs="+", metavar="X", help=summaries.get(field.name, "") + "; " + ARRAY)
        group.add_argument(f"--{field.name.replace('_', '-')}", **how)


def parameter_summaries(cls: type) -> dict[str, str]:
    """First sentence of each parameter in a numpydoc docstring, escaped for the help of argparse.

    A sentence ends at a full stop or a semicolon.
    """
    body = (cls.__doc__ or "").split("Parameters", 1)[-1]
    found = re.findall(r"^ {4}(\w[\w, ]*) : .*\n((?: {8}.*\n)+)", body, re.MULTILINE)
    texts = {names: re.split(r"[;.]\s", " ".join(text.split()) + " ")[0] for names, text in found}
    return {name: text.replace("%", "%%") for names, text in texts.items()
            for name in names.split(", ")}
