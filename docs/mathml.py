"""Formulas of the site as MathML, which browsers draw themselves: no script, no network."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

SIZED_BRACKET = re.compile(r"\\[bB]igg?[lrm]?(\\langle|\\rangle|\\\{|\\\})")


def mathml(latex: str, display: str = "inline") -> str:
    """One formula. The converter does not know large brackets: MathML stretches them itself."""
    return convert(SIZED_BRACKET.sub(r"\1", latex), display=display)


def inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def block(writer: Any, node: nodes.math_block) -> None:
    """Each paragraph of a displayed formula on a line of its own, with its number."""
    writer.body.append(writer.starttag(node, "div", CLASS="math notranslate"))
    if node["number"]:
        writer.body.append(f'<span class="eqno">({node["number"]})</span>')
    for part in node.astext().split("\n\n"):
        if part.strip():
            writer.body.append(mathml(part.strip(), "block"))
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
