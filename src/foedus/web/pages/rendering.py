"""Templates filled in: everything that is not ours is escaped; words, dates and numbers as the documents write them."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from markupsafe import Markup, escape
from starlette.responses import Response

import foedus
from foedus.view import words
from foedus.view.document import KeyFigures, Picture, Table, Text
from foedus.web import world
from foedus.web.kept import lasting

HTML = "text/html; charset=utf-8"
# Address and name of each page of the navigation, in order.
NAVIGATION = (
    ("/", "Atlas"),
    ("/treaties", "Treaties"),
    ("/states", "States"),
    ("/casus", "Casus"),
    ("/futures", "Futures"),
    ("/cyber", "Cyber"),
    ("/strategy", "Strategy"),
    ("/powers", "Powers"),
    ("/data", "Data"),
    ("/model", "Model"),
    ("/runs", "Runs"),
)


class _Templates(BaseLoader):
    """The templates of this package, each read once."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, None]:
        """The text of a template; a name with a slash is none."""
        file = files("foedus.web") / "templates" / template
        if "/" in template or not file.is_file():
            raise TemplateNotFound(template)
        return file.read_text(encoding="utf-8"), None, None


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment of all templates; a name that a page forgot to give is an error, not an empty text."""
    from foedus.view.page import cited, safe_url, source_line

    env = Environment(
        loader=_Templates(), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.filters |= {
        "day": _day,
        "plain": words.plain,
        "cited": cited,
        "listed": words.listed,
        "number": _number,
        "source_line": source_line,
        "safe_url": safe_url,
        "block": _block_kind,
        "small": _small,
        "coded": _coded,
    }
    env.globals |= {"version": foedus.__version__, "navigation": NAVIGATION, "world": world, "count": words.count}
    return env


def rendered(template: str, **values: Any) -> str:
    """The text of a page."""
    return environment().get_template(template).render(**{"api": "", "command": "", "description": "", **values})


def page(template: str, **values: Any) -> Response:
    """A page as an answer that is kept."""
    return lasting(rendered(template, **values), HTML)


def fresh(template: str, **values: Any) -> Response:
    """A page that is never kept, since it changes by itself."""
    return Response(rendered(template, **values), headers={"cache-control": "no-store"}, media_type=HTML)


def _day(value: date | None, precision: str | None = None) -> Markup | str:
    """A date as people write it, with the exact one for programs; "" for None."""
    if value is None:
        return ""
    text = words.day(value, precision)
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


def _number(value: float | None) -> str:
    """A number with as many digits as one reads: 1,234,567; 0.0123; "–" for None."""
    if value is None:
        return "–"
    if value == int(value) or abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{value:,.4g}"


def _small(answer: dict[str, Any]) -> list[tuple[str, Any]]:
    """The entries of an answer that fit one line: no tables, no nested answers."""

    def fits(value: Any) -> bool:
        if isinstance(value, list):
            return len(value) <= 4 and all(not isinstance(v, dict | list) and len(str(v)) <= 40 for v in value)
        return not isinstance(value, dict)

    return [(k, v) for k, v in answer.items() if fits(v) and k != "digest"]


def _coded(text: str) -> Markup:
    """`text` escaped, what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _block_kind(block: object) -> str:
    """What a block of a document is, for the template that shows it."""
    kinds = {Text: "text", KeyFigures: "figures", Picture: "picture", Table: "table"}
    return kinds[type(block)]
