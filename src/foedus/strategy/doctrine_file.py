"""The file of doctrines: stated ways to defend an alliance, each number a range."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from foedus.strategy.errors import PlanError

Duty = Literal["text", "force", "sanctions", "aid", "consult", "none"]
Range = tuple[float, float]


class Common(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds under every doctrine; the keys are explained in the shipped file. Shares are in [0, 1]."""

    attack_share: Range
    home_share: Range
    ready_days: Range
    mobilise_days: Range
    km_a_day: Range
    follow_share: Range
    unbound: Range


class Doctrine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One doctrine. armed_attack, cyber, hybrid : what members owe. decide_days : until they have
    decided to send forces. answer_days : until other means begin. present : how
    many members, the strongest, stand in place. forward_share, ready_share : of a member's capability in place, and at
    short notice. peace_cost : a year, as a share of what the members spend. cost_when_used : what one published
    estimate found where it was used, in words, with its source in used_source; empty where none is known."""

    name: str
    why: str
    armed_attack: Duty
    cyber: Duty
    hybrid: Duty
    decide_days: Range
    answer_days: Range
    present: int
    forward_share: Range
    ready_share: Range
    peace_cost: Range
    cost_when_used: str = ""
    used_source: str = ""


class DoctrineFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    common: Common
    doctrine: tuple[Doctrine, ...]


SHIPPED = Path(__file__).parent / "examples" / "doctrines.toml"


def read_doctrines(file: Path = SHIPPED) -> DoctrineFile:
    """The doctrines of `file`. Raises PlanError with every range that is not one."""
    try:
        found = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), DoctrineFile)
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(
            str(file), [f"cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}"]
        ) from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PlanError(str(file), [str(error)]) from None
    problems = _ranges("common", found.common)
    for doctrine in found.doctrine:
        where = f'doctrine "{doctrine.name}"'
        problems += _ranges(where, doctrine) + _of_doctrine(where, doctrine)
    if not found.doctrine:
        problems.append("doctrine: none is given")
    if problems:
        raise PlanError(str(file), problems)
    return found


def _ranges(where: str, entry: Common | Doctrine) -> list[str]:
    problems = []
    for key in entry.__struct_fields__:
        value = getattr(entry, key)
        if isinstance(value, tuple):
            most = 1.0 if key.endswith("share") or key in ("unbound", "peace_cost") else float("inf")
            least = 1.0 if key == "km_a_day" else 0.0
            if not least <= value[0] <= value[1] <= most:
                problems.append(f"{where}, {key}: a range from {least:g} up to {most:g}, found {list(value)}")
    return problems


def _of_doctrine(where: str, entry: Doctrine) -> list[str]:
    problems = [] if entry.present >= 0 else [f"{where}, present: 0 or more, found {entry.present}"]
    if entry.cost_when_used and not entry.used_source:
        problems.append(f"{where}, used_source: missing; say who found that cost_when_used")
    return problems
