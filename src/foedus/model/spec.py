"""Choices that shape a fit: a TOML file with one table or none, checked against the model's own declaration."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from foedus.model.errors import FormulaError, ModelError

_Spec = TypeVar("_Spec")


def read_spec(path: Path) -> dict[str, Any]:
    """The options in a TOML file. Raises ModelError, naming file and line, for one that cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        says = getattr(error, "strerror", None) or "not UTF-8 text"
        raise ModelError(f"{path}: cannot be read: {says}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ModelError(f'{path}: not TOML: {error}. Write lines such as since = 1946 and terms = ["one"].') from None


def checked(kind: type[_Spec], options: Mapping[str, Any], name: str) -> _Spec:
    """`options` as a `kind` (a frozen dataclass or struct), the rest by default.

    Raises ModelError for an option that the model does not have, and for a value of another type or out of range.
    """
    known = [f.name for f in msgspec.structs.fields(kind)]  # type: ignore[arg-type]
    for option in options:
        if option not in known:
            near = get_close_matches(option, known, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ModelError(f'{name}: spec: no option is called "{option}".{hint} Known: {", ".join(known)}.')
    try:
        return msgspec.convert(dict(options), kind)
    except msgspec.ValidationError as error:
        raise ModelError(f"{name}: spec: {error}. Correct the value.") from None


def checked_terms(asked: Sequence[str], known: Collection[str], name: str) -> tuple[str, ...]:
    """`asked`, each known and once. Raises FormulaError with what is near."""
    for term in asked:
        if term not in known:
            near = get_close_matches(term, known, 2)
            hint = f" Near: {', '.join(near)}." if near else ""
            raise FormulaError(f'{name}: "{term}" is no term.{hint} Known: {", ".join(known)}.')
    twice = sorted({t for t in asked if list(asked).count(t) > 1})
    if twice:
        raise FormulaError(f"{name}: {', '.join(twice)} stands twice among the terms; remove one.")
    return tuple(asked)
