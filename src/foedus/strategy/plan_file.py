"""The file of an allocation, as TOML: its tables and keys. Every table says where its numbers are from."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from foedus.record.schema import Kind
from foedus.strategy.errors import PlanError

ASSUMED = "assumed"


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every table carries. source : the id of a [[source]], or "assumed"; why : reason, unit, how it was found."""

    source: str
    why: str = ""


class SourceRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source that entries name."""

    id: str
    title: str
    where: str = ""


class Budget(Entry, frozen=True, kw_only=True):
    """The joint budget and what binds members; shares are per cent of GDP. fair : what fair shares follow."""

    total: float | None = None
    total_share_gdp: float | None = None
    cap_share_gdp: float | None = None
    floor_share_gdp: float | None = None
    fair: Literal["gdp", "milex", "equal"] = "gdp"
    band: float | None = None


class MemberRow(Entry, frozen=True, kw_only=True):
    """A member with figures of the file's own, in its unit of money; without it they come from the record."""

    state: str
    gdp: float | None = None
    milex: float | None = None
    cap: float | None = None
    floor: float | None = None


class PackageRow(Entry, frozen=True, kw_only=True):
    """A package: see plan.Package. reach : place -> share that works there, 1 where it is not named."""

    name: str
    yields: dict[str, float]
    price: float | dict[str, float] = 1.0
    technology: str = "sum"
    curve: tuple[tuple[float, float], ...] = ()
    stays: bool = False
    lumpy: bool = False
    least: float = 0.0
    most: float | None = None
    reach: dict[str, float] = {}


class SynergyRow(Entry, frozen=True, kw_only=True):
    """Two packages that help each other in a dimension."""

    packages: tuple[str, str]
    dimension: str
    bonus: float


class Threat(Entry, frozen=True, kw_only=True):
    """What may happen in a year. event : its name in a file of probabilities, `name` by default. attacker, target,
    kind, place : the event as the casus engine reads it; without attacker and target every member is there. theatre :
    what `reach` of packages speaks of. weight : of unmet need, one number or one for each dimension."""

    name: str
    requirement: dict[str, float]
    probability: float | None = None
    event: str = ""
    weight: float | dict[str, float] = 1.0
    loss: float = 0.0
    attacker: str = ""
    target: str = ""
    kind: Kind = "armed_attack"
    place: str = ""
    theatre: str = ""


class Arrival(Entry, frozen=True, kw_only=True):
    """How it is drawn who comes; see honour.Rates. draws : of each threat that has an attacker and a target."""

    era: Literal["all", "before-1945", "since-1945"] = "all"
    other: float = 0.0
    shock: float = 0.7
    draws: int = 20


class Existing(Entry, frozen=True, kw_only=True):
    """Capability that is there already in a dimension: an amount for each member."""

    dimension: str
    held: dict[str, float]


class PlanFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    title: str
    money: str
    dimensions: tuple[str, ...]
    budget: Budget
    package: tuple[PackageRow, ...]
    threat: tuple[Threat, ...]
    arrival: Arrival | None = None
    treaty: str = ""
    on: date | None = None
    member: tuple[MemberRow, ...] = ()
    existing: tuple[Existing, ...] = ()
    synergy: tuple[SynergyRow, ...] = ()
    source: tuple[SourceRow, ...] = ()
    probabilities: str = ""
    risk_weight: float = 0.5
    tail: float = 0.9
    seed: int = 1815

    @property
    def entries(self) -> list[tuple[str, Entry]]:
        """Every table that carries a source, with its place in the file."""
        found: list[tuple[str, Entry]] = [("budget", self.budget)]
        found += [("arrival", self.arrival)] if self.arrival else []
        for key in ("member", "existing", "package", "synergy", "threat"):
            found += [(f"{key}[{i + 1}]", entry) for i, entry in enumerate(getattr(self, key))]
        return found


def read_file(file: Path) -> PlanFile:
    """The file as it stands, types and keys checked. Raises PlanError with line or key."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        says = getattr(error, "strerror", None) or "not UTF-8 text"
        raise PlanError(str(file), [f"cannot be read: {says}. Examples: foedus strategy examples"]) from None
    except tomllib.TOMLDecodeError as error:
        raise PlanError(str(file), [f"not TOML: {error}"]) from None
    try:
        return msgspec.convert(raw, PlanFile)
    except msgspec.ValidationError as error:
        says, _, where = str(error).partition(" - at ")
        key = where.strip("`").removeprefix("$").lstrip(".")
        raise PlanError(str(file), [f"{key}: {says}" if key else says]) from None
