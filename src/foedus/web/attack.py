"""An event as it stands in an address, and the verdict on it: the options of `foedus casus` as a query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import Query

from foedus.casus import MAX_DEPTH, evaluate, read_event
from foedus.casus.stating import read_assumptions, read_facts, unread
from foedus.errors import EventError
from foedus.record import Record
from foedus.web.asking import On, Several, Text, day_of

if TYPE_CHECKING:
    from foedus.casus import Event, Verdict


@dataclass(frozen=True, slots=True)
class Attack:
    """What an address says of an event; every value as it was typed."""

    attacker: Several = ()
    target: Several = ()
    place: Text = ""
    kind: Text = ""
    on: On = None
    fact: Several = ()
    assume: Several = ()
    depth: Annotated[int, Query(ge=0, le=MAX_DEPTH)] = MAX_DEPTH

    @property
    def is_stated(self) -> bool:
        """Whether it says who attacks whom."""
        return bool(_some(self.attacker) and _some(self.target))

    @property
    def day(self) -> date:
        """The day of the event, today by default."""
        return day_of(self.on)

    def query(self, **changed: Any) -> str:
        """The same as the query of an address, without what is left at its default; `changed` replaces values."""
        values = {
            "attacker": _some(self.attacker),
            "target": _some(self.target),
            "place": self.place.strip(),
            "kind": self.kind if self.kind != "armed_attack" else "",
            "on": self.on.isoformat() if self.on else "",
            "fact": _some(self.fact),
            "assume": _some(self.assume),
            "depth": "" if self.depth == MAX_DEPTH else str(self.depth),
            **changed,
        }
        return urlencode({k: v for k, v in values.items() if v}, doseq=True)

    def command(self) -> str:
        """The command line that asks the same."""
        import shlex

        options = [(f"--{k}", v) for k in ("attacker", "target") for v in _some(getattr(self, k))]
        options += [("--place", self.place.strip()), ("--kind", self.kind), ("--on", self.day.isoformat())]
        options += [(f"--{k}", v) for k in ("fact", "assume") for v in _some(getattr(self, k))]
        options += [("--depth", "" if self.depth == MAX_DEPTH else str(self.depth))]
        return " ".join(["foedus casus", *(f"{name} {shlex.quote(v)}" for name, v in options if v)])


def event_of(record: Record, asked: Attack) -> Event:
    """The event that `asked` states. Raises EventError and UnknownState, each naming what is near."""
    if not asked.is_stated:
        missing = "target" if _some(asked.attacker) else "attacker"
        raise EventError(f"{missing}: missing. Say who attacks whom: attacker=RUS&target=EST")
    raw = {
        "date": asked.day,
        "attackers": _some(asked.attacker),
        "targets": _some(asked.target),
        "place": asked.place.strip() or None,
        "kind": asked.kind or "armed_attack",
        "facts": read_facts(record, _some(asked.fact)),
    }
    return read_event(record, raw)


def verdict_on(record: Record, asked: Attack) -> Verdict:
    """The verdict on the event that `asked` states, under its assumptions."""
    event = event_of(record, asked)
    return evaluate(record, event, depth=asked.depth, assume=read_assumptions(record, _some(asked.assume), event.day))


def notes_on(record: Record, event: Event) -> list[str]:
    """Facts that nothing reads, and states that did not exist on the day."""
    said = []
    for key, near in unread(record, event.facts).items():
        hint = f" Near: {', '.join(near)}." if near else ""
        said.append(f'No article reads the fact "{key}".{hint}')
    for code in (*event.states_attacking, *event.targets):
        if not record.in_system(code, event.day):
            name = record.state_name(code, event.day)
            said.append(f"{name} ({code}) was no member of the system of states on {event.day}.")
    return said


def _some(values: tuple[str, ...]) -> list[str]:
    return [v.strip() for v in values if v.strip()]
