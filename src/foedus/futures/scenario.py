"""A scenario: what an analyst assumes about the years to come, as frozen data read from one TOML file.

Four kinds of assumption: dated *shocks* (a withdrawal, an accession, an invitation, a founding, an end, an attack, a
change of regime, a rivalry), *paths* (growth, spending), *levers* (a hazard made larger or smaller) and *memberships*
that must or must never be. Everything in a scenario is assumed; an entry may say why and on what source.
`scenario_check` resolves names and refuses what cannot be; `compile` turns it into a `Plan` for the simulator.
Every key is explained in docs/scenarios.md.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from foedus.errors import NotFound, Problem, RecordError
from foedus.futures.errors import FuturesError
from foedus.futures.plan import Process
from foedus.record.parse import read_toml, shape_problems
from foedus.record.schema import Pledge

RegimeClass = Literal["closed_autocracy", "electoral_autocracy", "electoral_democracy", "liberal_democracy"]
Factor = Annotated[float, msgspec.Meta(ge=0, le=1000)]
Percent = Annotated[float, msgspec.Meta(ge=0, le=50)]
Points = Annotated[float, msgspec.Meta(ge=-30, le=30)]
Year = Annotated[int, msgspec.Meta(ge=1816, le=2100)]
States = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
Pair = Annotated[tuple[str, ...], msgspec.Meta(min_length=2, max_length=2)]
BY_TREATY: tuple[Process, ...] = ("accession", "withdrawal", "termination")  # hazards of a treaty
BY_PAIR: tuple[Process, ...] = ("accession", "withdrawal")  # and of one state at that
OF_TWO: tuple[Process, ...] = ("rivalry_onset", "rivalry_end")  # hazards of two states
SHIPPED = Path(__file__).with_name("scenarios")
LARGEST_BYTES = 1_000_000


class ScenarioError(FuturesError):
    """A scenario cannot be read or contradicts itself or the record; `problems` lists everything that is wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        lines: list[str] = []
        for file in dict.fromkeys(p.file for p in problems):
            own = [p for p in problems if p.file == file]
            lines += [f"{file}: {len(own)} problem{'' if len(own) == 1 else 's'}", *(f"  {p}" for p in own)]
        super().__init__("\n".join([*lines, "Correct it, then run: foedus futures scenario check FILE"]))


class UnknownScenario(NotFound):
    """A scenario that is neither a file nor one that ships with foedus."""

    what = "scenario"


class Assumption(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every entry may carry: why it is assumed, and what that rests on."""

    says: str = ""
    source: str = ""


class Withdrawal(Assumption, frozen=True, kw_only=True):
    """States leave a treaty on a day."""

    day: date
    treaty: str
    states: States


class Accession(Assumption, frozen=True, kw_only=True):
    """States join a treaty on a day."""

    day: date
    treaty: str
    states: States


class Invitation(Assumption, frozen=True, kw_only=True):
    """States are asked to join: from that year to `last_year` their hazard of accession is `factor` times as large."""

    day: date
    treaty: str
    states: States
    factor: Factor
    last_year: Year | None = None


class Termination(Assumption, frozen=True, kw_only=True):
    """A treaty ends on a day."""

    day: date
    treaty: str


class Founding(Assumption, frozen=True, kw_only=True):
    """A treaty is founded on a day; `id` is the name by which other entries may speak of it."""

    day: date
    id: str
    name: str
    members: States
    pledges: tuple[Pledge, ...] = ("defence",)


class Attack(Assumption, frozen=True, kw_only=True):
    """One state attacks another on a day."""

    day: date
    attacker: str
    target: str


class RegimeChange(Assumption, frozen=True, kw_only=True):
    """A state is governed in another way from a day on."""

    day: date
    state: str
    regime: RegimeClass


class RivalryChange(Assumption, frozen=True, kw_only=True):
    """A rivalry of two states begins or ends on a day."""

    day: date
    between: Pair
    change: Literal["begins", "ends"] = "begins"


class Growth(Assumption, frozen=True, kw_only=True):
    """`add_points` percentage points on the yearly growth of GDP, from `first_year` to `last_year`, both included."""

    first_year: Year
    last_year: Year
    add_points: Points
    states: tuple[str, ...] = ()
    members_of: str = ""


class Spending(Assumption, frozen=True, kw_only=True):
    """Who spends less than `percent_gdp` on defence climbs to it in equal steps by the end of `by`; the rest stay."""

    by: Year
    percent_gdp: Percent
    first_year: Year | None = None
    states: tuple[str, ...] = ()
    members_of: str = ""


class Lever(Assumption, frozen=True, kw_only=True):
    """A hazard is `factor` times as large, everywhere or for some treaties or states; 0 switches it off.

    On founding, with states, it acts on who founds (`factor` for each of them in a set); without, on how many found.
    """

    process: Process
    factor: Factor
    treaties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    first_year: Year | None = None
    last_year: Year | None = None


class Membership(Assumption, frozen=True, kw_only=True):
    """States that must remain members of a treaty, or must never become one; years included at both ends."""

    treaty: str
    states: States
    rule: Literal["must", "never"]
    first_year: Year | None = None
    last_year: Year | None = None


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file. says : the story in a sentence or two; checked : the day somebody last read it against the record."""

    id: str
    title: str
    says: str
    checked: date
    withdrawal: tuple[Withdrawal, ...] = ()
    accession: tuple[Accession, ...] = ()
    invitation: tuple[Invitation, ...] = ()
    termination: tuple[Termination, ...] = ()
    founding: tuple[Founding, ...] = ()
    attack: tuple[Attack, ...] = ()
    regime: tuple[RegimeChange, ...] = ()
    rivalry: tuple[RivalryChange, ...] = ()
    growth: tuple[Growth, ...] = ()
    spending: tuple[Spending, ...] = ()
    lever: tuple[Lever, ...] = ()
    membership: tuple[Membership, ...] = ()

    def entries(self) -> list[tuple[str, Any]]:
        """(where, entry) of every assumption, table by table: ("withdrawal[0]", Withdrawal(...))."""
        return [(f"{table}[{i}]", entry) for table in TABLES for i, entry in enumerate(getattr(self, table))]


TABLES = tuple(f.name for f in msgspec.structs.fields(Scenario) if not f.required)
SHOCKS = ("withdrawal", "accession", "invitation", "termination", "founding", "attack", "regime", "rivalry")
BASELINE = Scenario(id="baseline", title="Baseline", says="Nothing is assumed.", checked=date(2026, 11, 22))


def parse(text: str, file: str) -> Scenario:
    """`text` of a scenario file. Raises ScenarioError with every problem of shape, each with its line."""
    try:
        raw = read_toml(text, file)
    except RecordError as error:
        raise ScenarioError(list(error.problems)) from None
    problems = shape_problems(raw, file, text, Scenario, TABLES, "docs/scenarios.md")
    if problems:
        raise ScenarioError(problems)
    return msgspec.convert(raw, Scenario, strict=True, builtin_types=(date,))


def shipped() -> list[str]:
    """Names of the scenarios that ship with foedus, sorted."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def located(asked: str) -> Path:
    """The file that `asked` names: a path, or the name of a shipped scenario. Raises UnknownScenario."""
    path = Path(asked)
    if path.is_file():
        return path
    if asked in shipped():
        return SHIPPED / f"{asked}.toml"
    from difflib import get_close_matches

    near = get_close_matches(path.stem, shipped(), 3, cutoff=0.4)
    raise UnknownScenario(asked, near, f"It must be a file, or one of: {', '.join(shipped())}.")


def text_of(path: Path) -> str:
    """The text of a scenario file. Raises ScenarioError when it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            says = f"is larger than {LARGEST_BYTES // 1_000_000} MB; that is no scenario"
            raise ScenarioError([Problem(str(path), "", says)])
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        says = f"is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise ScenarioError([Problem(str(path), "", says)]) from None
    except OSError as error:
        raise ScenarioError([Problem(str(path), "", f"cannot be read: {error.strerror}")]) from None
