"""Threat actors and whom they are said to have attacked: the small table that ships, derived from the MISP galaxy.

tools/threat_actors.py writes it; `data/actors.toml` says from which galaxy, and holds the check sums. It is reporting,
not targeting: public, mostly of vendors in English, without dates. Attribution is shown as reported, never as
established.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from foedus.cyber.errors import CyberError

FIELDS = ("uuid", "name", "origin", "victims", "organisations", "blocs", "also", "groups")
_LISTS = FIELDS[3:]


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor of the galaxy.

    origin : ISO 3166 alpha-3 of the suspected sponsor or country, "" when not reported. victims : codes of states and
    territories. organisations, blocs : victims that are no states, as written. also : states that other keys of the
    galaxy name (suspected-victims, `targets` relations). groups : ids of ATT&CK groups of the same name, G0007.
    """

    uuid: str
    name: str
    origin: str
    victims: frozenset[str]
    organisations: frozenset[str] = frozenset()
    blocs: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the shipped table is from: galaxy version, sha256 of its file and of the table."""

    package: str
    galaxy_version: int
    galaxy_sha256: str
    attack_version: str
    table_sha256: str
    read_on: str


def table_text(actors: Iterable[Actor]) -> str:
    """The table as csv, sorted by uuid; sets are joined by |."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    for a in sorted(actors, key=lambda a: a.uuid):
        writer.writerow([a.uuid, a.name, a.origin, *("|".join(sorted(getattr(a, f))) for f in _LISTS)])
    return out.getvalue()


def read_table(text: str) -> tuple[Actor, ...]:
    """Actors from what `table_text` wrote."""
    made = []
    for row in csv.DictReader(text.splitlines()):
        sets = {f: frozenset(x for x in row[f].split("|") if x) for f in _LISTS}
        made.append(Actor(row["uuid"], row["name"], row["origin"], **sets))
    return tuple(made)


@cache
def actors() -> tuple[Actor, ...]:
    """The shipped actors. Raises CyberError when the table is not the one that was written."""
    return _shipped("actors")


@cache
def earlier_actors() -> tuple[Actor, ...]:
    """The actors of an earlier version of the galaxy, for `time_split`; says where it is from: origin("earlier")."""
    return _shipped("earlier")


def _shipped(name: str) -> tuple[Actor, ...]:
    text = _data(f"{name}.csv")
    found, expected = hashlib.sha256(text.encode()).hexdigest(), origin(name).table_sha256
    if found != expected:
        raise CyberError(
            f"src/foedus/cyber/data/{name}.csv has sha256 {found}, expected {expected}."
            " Reinstall foedus, or write the table again: python tools/threat_actors.py"
        )
    return read_table(text)


@cache
def origin(name: str = "actors") -> Origin:
    """Where a shipped table is from: "actors" or "earlier"."""
    return Origin(**tomllib.loads(_data(f"{name}.toml")))


def _data(name: str) -> str:
    return files("foedus.cyber").joinpath("data", name).read_text(encoding="utf-8")


def check_sum(found: Iterable[Actor]) -> str:
    """SHA-256 of lines "uuid:ISO3,ISO3" for the actors that name a state, sorted by uuid, codes sorted."""
    lines = sorted(f"{a.uuid}:{','.join(sorted(a.victims))}" for a in found if a.victims)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
