"""Finding what somebody means: exact name first, then a name without its year, then the nearest spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches


def plain(name: str) -> str:
    """`name` without accents, case, punctuation and the words "the", "of", "and"; spaces single.

    A name without a Latin letter or digit keeps its own letters.
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_name.casefold()) or re.findall(r"\w+", name.casefold())
    kept = [w for w in words if w not in ("the", "of", "and")]
    return " ".join(kept or words)


def index(names: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """From (name, key) pairs, plain name -> the keys that bear it, in order of appearance."""
    found: dict[str, dict[str, None]] = {}
    for name, key in names:
        found.setdefault(plain(name), {})[key] = None
    return {name: tuple(keys) for name, keys in found.items() if name}


def nearest(asked: str, known: Mapping[str, tuple[str, ...]], n: int = 3) -> list[str]:
    """Up to `n` keys whose names are closest to `asked`: those that contain it, then those spelt alike."""
    want = plain(asked)
    inside = [name for name in known if want and len(want) > 2 and f" {want}" in f" {name}"]
    inside.sort(key=lambda name: -SequenceMatcher(None, want, name).ratio())
    keys: dict[str, None] = {}
    for name in [*inside, *get_close_matches(want, known, n * 2, cutoff=0.6)]:
        keys.update(dict.fromkeys(known[name]))
    return list(keys)[:n]
