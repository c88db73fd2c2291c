"""Read threat actors from the MISP galaxy's own file: the installed package `pymispgalaxies`, or a newer copy.

Only the JSON is read. The galaxy's country cluster gives ISO codes; names of victims and sponsors go through the
reviewed tables of `names`, which refuse what nobody has looked at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from foedus.cyber import names
from foedus.cyber.actors import Actor
from foedus.cyber.attack import Group
from foedus.cyber.errors import CyberError, MissingExtra, UnknownName


@dataclass(frozen=True, slots=True)
class Galaxy:
    """The threat-actor cluster: its version, how many actors it holds, and those for which somebody names a victim."""

    version: int
    n_actors: int
    actors: tuple[Actor, ...]


def clusters_folder() -> Path:
    """The folder of cluster files in the installed package. Raises MissingExtra."""
    spec = find_spec("pymispgalaxies")
    if spec is None or spec.origin is None:
        raise MissingExtra("pymispgalaxies", "Reading the galaxy")
    return Path(spec.origin).parent / "data" / "misp-galaxy" / "clusters"


def load_misp_galaxy(folder: Path | None = None, groups: tuple[Group, ...] = ()) -> Galaxy:
    """Threat actors of the galaxy in `folder` (the installed package's by default).

    groups : ATT&CK groups (`attack.load_attack`), matched by a `similar` relation, a name that both bear,
    or the group's number among the actor's synonyms.
    Raises MissingExtra, UnknownName for a name that nobody reviewed, CyberError for a file that is no such cluster.
    """
    where = folder or clusters_folder()
    cluster = _cluster(where / "threat-actor.json")
    countries = _cluster(where / "country.json")["values"]
    iso2 = {c["meta"]["ISO"]: c["meta"]["ISO3"] for c in countries}
    places = {c["uuid"]: c["meta"]["ISO3"] for c in countries} | _territories(where, iso2)
    found = [_actor(raw, iso2, places) for raw in cluster["values"]]
    matched = [replace(a, groups=_matches(raw, groups)) for a, raw in zip(found, cluster["values"], strict=True)]
    kept = tuple(a for a in matched if a.victims or a.organisations or a.blocs or a.also)
    return Galaxy(int(cluster["version"]), len(found), kept)


def _cluster(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        found["values"][0]["uuid"]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise CyberError(f"{path}: not a cluster of the MISP galaxy: {error}") from None
    return dict(found)


def _territories(where: Path, iso2: dict[str, str]) -> dict[str, str]:
    """uuid -> ISO 3166 alpha-3 from the second cluster that lists territories."""
    codes = {
        v["uuid"]: v.get("meta", {}).get("iso-code", ()) for v in _cluster(where / "target-information.json")["values"]
    }
    return {u: c for u, given in codes.items() for c in given if c in iso2.values()}


def _actor(raw: dict[str, Any], iso2: dict[str, str], places: dict[str, str]) -> Actor:
    meta, name = raw.get("meta", {}), raw["value"].strip()
    told = [names.victim(v, name) for v in meta.get("cfr-suspected-victims", ())]
    more = meta.get("suspected-victims", ())
    others = [names.victim(v, name) for v in ((more,) if isinstance(more, str) else more)]
    targets = {places.get(r["dest-uuid"], "") for r in raw.get("related", ()) if r["type"] == "targets"}
    return Actor(
        uuid=raw["uuid"],
        name=name,
        origin=_origin(meta, name, iso2),
        victims=frozenset(v.iso3 for v in told if v.kind == "state"),
        organisations=frozenset(v.raw for v in told if v.kind == "org"),
        blocs=frozenset(v.raw for v in told if v.kind == "bloc"),
        also=frozenset({v.iso3 for v in others if v.kind == "state"} | targets - {""}),
    )


def _origin(meta: dict[str, Any], name: str, iso2: dict[str, str]) -> str:
    """The suspected sponsor if one is named, else the country; where both are given they agree."""
    country = meta.get("country", "")
    if country and country not in iso2:
        raise UnknownName(f'"{country}", the country of {name}, is not an ISO 3166 two-letter code.')
    return names.sponsor(meta.get("cfr-suspected-state-sponsor", "Unknown"), name) or iso2.get(country, "")


def _matches(raw: dict[str, Any], groups: tuple[Group, ...]) -> frozenset[str]:
    called = {n.strip().casefold() for n in (raw["value"], *raw.get("meta", {}).get("synonyms", ()))}
    similar = {r["dest-uuid"] for r in raw.get("related", ()) if r["type"] == "similar"}
    return frozenset(g.id for g in groups if g.uuid in similar or called & (g.names | {g.id.casefold()}))
