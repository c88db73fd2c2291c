"""Each rule of the check has a record that breaks it, and the message says where and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from msgspec.structs import replace
from tests.record.minimal import RICH, changed, holding, rich, treaty

from foedus.errors import UnknownTreaty
from foedus.record import Record, check
from foedus.record.spell import overlap
from foedus.record.tables import PlaceStatus, StateSpell

OBLIGATION = """
[[obligation]]
id = "art9"
article = "9"
says = "More."
pledge = "defence"
level = "must_assist"
trigger = "attack"
kinds = ["armed_attack"]
area = "anywhere"
source = "text"
"""


def added(old: str = "", new: str = "") -> str:
    """RICH with one more obligation, in which `old` reads `new`."""
    assert old in OBLIGATION
    return RICH + OBLIGATION.replace(old, new, 1)


RULES = [
    # head
    (rich('id = "rich-1990"', 'id = "Rich_90"'), "id", "lower-case words"),
    (RICH.replace('id = "art2"', 'id = "art1"'), "obligation", '"art1" is used more than once'),
    (rich('end_mode = "dissolved"\n'), "end_mode", "is missing"),
    (rich("in_force = 1990-06-01\n").replace('"dissolved"', '"expired"'), "in_force", "is missing although"),
    (rich('related = ["nato-1949"]', 'replaces = ["rich-1990"]'), "replaces", "names the treaty itself"),
    (rich('{ ended = "month" }', '{ checked = "month" }'), "precision", '"checked" is no date of the head'),
    # sources
    (RICH + '[[source]]\nid = "text"\ntitle = "x"\nstatus = "recalled"\n', "source", '"text" is used more than once'),
    (rich("seen = 2019-12-31\n"), "source[0].seen", "is missing"),
    (rich('status = "text"', 'status = "recalled"'), "source[0].seen", "one of them is wrong"),
    (
        rich('states = ["FRA", "GBR"]\nsource = "text"', 'states = ["FRA", "GBR"]'),
        "member[0].source",
        "every value needs",
    ),
    (rich('says = "More."\nsource = "text"', 'says = "More."\nsource = "txt"'), "development[0].source", "atop-5"),
    (rich('according_to = ["text", "recalled"]', "according_to = []"), "according_to", "is missing"),
    (
        rich('threshold = "organ", source = "text"', 'threshold = "organ", source = "t"'),
        "obligation[0].practice",
        '"t" is no',
    ),
    # order of dates
    (rich("in_force = 1990-06-01", "in_force = 1989-06-01"), "in_force", "is before the signature on 1990-01-01"),
    (rich("until = 2001-02-03", "until = 2901-02-03"), "member[2].until", "expected a year from 1300 to 2100"),
    (rich("ended = 2010-01-01", "ended = 1990-06-01"), "ended", "is not after the treaty began"),
    (rich("until = 2001-02-03", "until = 1995-01-01"), "member[2].until", "is not after since 1995-01-01"),
    (rich("until = 1993-01-01", "until = 1991-01-01"), "institution[0].absent.until", "is not after since"),
    (rich("day = 1999-04-24", "day = 1989-04-24"), "development[0].day", "before the signature"),
    # states
    (rich('aimed_at = ["RUS"]', 'aimed_at = ["SUN"]'), "aimed_at", '"SUN" is not the code of a state. Write RUS.'),
    (rich('state = "BEL"', 'state = "PRU"'), "member[3].state", "Write DEU."),
    (rich('between = ["FRA", "GBR"]', 'between = ["FRA", "Italy"]'), "suspension[0]", "Write ITA."),
    (
        rich('state = "GBR"\nobligations', 'state = "XXX"\nobligations'),
        "reservation[0].state",
        "Codes are in states.csv",
    ),
    (rich('absent = [{ state = "GBR"', 'absent = [{ state = "UKG"'), "institution[0]", "Write GBR."),
    (rich('attackers = ["RUS"]', 'attackers = ["rus"]'), "obligation[0]", "Write RUS."),
    (rich('applies_to = ["FRA"]', 'applies_to = ["FRN"]'), "obligation[0]", "Write FRA."),
    (rich('to = "protected"', 'to = ["BEL", "QQQ"]'), "obligation[1]", '"QQQ" is not the code'),
    # members
    (rich("since = 1995-01-01", "since = 1989-01-01"), "member[ITA].since", "is before the treaty began"),
    (rich("until = 2001-02-03", "until = 2012-01-01"), "member[ITA].until", "must not be after the treaty's end"),
    (rich('how_left = "withdrawal"\n'), "member[ITA].how_left", "say how"),
    (rich('state = "BEL"', 'state = "GBR"'), "member[GBR]", "two memberships overlap"),
    # who may join
    (rich('regions = ["europe"]', 'regions = ["eurasia"]'), "eligible[0].regions", "nearest: asia"),
    (rich('members_of = ["nato-1949"]', 'members_of = ["nato-1950"]'), "eligible[0].members_of", "nearest: nato-1949"),
    (rich('members_of = ["nato-1949"]', 'members_of = ["rich-1990"]'), "eligible[0].members_of", "nobody could join"),
    (rich('states = ["RUS"]', 'states = ["SUN"]'), "eligible[0].states", "Write RUS."),
    (rich("until = 2005-01-01", "since = 2006-01-01\nuntil = 2005-01-01"), "eligible[0].until", "is not after since"),
    (
        rich('regions = ["europe"]\nmembers_of = ["nato-1949"]\nstates = ["RUS"]\n'),
        "eligible[0]",
        "names nobody: give regions, members_of or states",
    ),
    (rich('until = 2005-01-01\nsource = "text"', "until = 2005-01-01"), "eligible[0].source", "every value needs"),
    # areas
    (RICH + '[[area]]\nid = "home"\ninclude = ["place:ceuta"]\nsource = "text"\n', "area", '"home" overlap in time'),
    (rich('exclude = ["overseas:party"]', 'exclude = ["party"]'), "area[0]", "not of the form what:whose"),
    (rich('exclude = ["overseas:party"]', 'exclude = ["land:party"]'), "area[0]", "land is not one of"),
    (rich('exclude = ["overseas:party"]', 'exclude = ["place:atlantis"]'), "area[0]", "no such place"),
    (rich('exclude = ["overseas:party"]', 'exclude = ["region:mordor"]'), "area[0]", "no such region"),
    (rich('exclude = ["overseas:party"]', 'exclude = ["overseas:members"]'), "area[0]", "neither a role"),
    (rich('exclude = ["overseas:party"]', 'exclude = ["overseas:party@mordor"]'), "area[0]", "no such region: mordor"),
    (RICH + '[[area]]\nid = "more"\ninclude = ["place:ceuta"]\nsource = "text"\n', "area[1].id", "no obligation uses"),
    # obligations
    (rich('area = "home"', 'area = "hom"'), "obligation[0].area", '"hom" is no [[area]] of this file. Known: home'),
    (added('area = "anywhere"\n'), "obligation[2].area", "with trigger attack name"),
    (added('kinds = ["armed_attack"]\n'), "obligation[2].kinds", "list the kinds of event"),
    (added('article = "9"', 'article = "9"\nattacker = "listed"'), "obligation[2].attackers", "are missing"),
    (added('article = "9"', 'article = "9"\nattackers = ["RUS"]'), "obligation[2].attacker", 'must be "listed"'),
    (added('article = "9"', 'article = "9"\nattacker = "region"'), "obligation[2].attacker_region", "goes with"),
    (added('article = "9"', 'article = "9"\nattacker_region = "europe"'), "obligation[2].attacker_region", "goes with"),
    (
        added('article = "9"', 'article = "9"\nattacker = "region"\nattacker_region = "mordor"'),
        "obligation[2].attacker_region",
        'no such region: "mordor"',
    ),
    (
        added('article = "9"', 'article = "9"\nmin_attackers = 2\nmax_attackers = 1'),
        "obligation[2].max_attackers",
        "below",
    ),
    (added('article = "9"', 'article = "9"\nowes = "any"'), "obligation[2].owes", '"any" is not one of associate'),
    (added('article = "9"', 'article = "9"\nto = "members"'), "obligation[2].to", "any, associate"),
    (added('article = "9"', 'article = "9"\nto = "guarantor"'), "obligation[2].to", 'has the role "guarantor"'),
    (added('article = "9"', 'article = "9"\nprevails_over = ["x-1900"]'), "obligation[2].prevails_over", "no treaty"),
    (
        added('article = "9"', 'article = "9"\nyields_to = ["x-1900"]'),
        "obligation[2].yields_to",
        "no treaty of the record",
    ),
    # what refers to obligations
    (
        rich('obligations = ["art1"]\nsource', 'obligations = ["art7"]\nsource'),
        "suspension[0].obligations",
        "Known: art1, art2",
    ),
    (rich('obligations = ["art1"]\neffect', 'obligations = ["art7"]\neffect'), "reservation[0].obligations", '"art7"'),
]


@pytest.fixture(scope="module")
def base(record: Record) -> Record:
    """Every table, and NATO as the only treaty."""
    return changed(record, treaties={"nato-1949": record.treaties["nato-1949"]}, guidelines=())


def test_the_treaty_to_break_is_sound(base: Record) -> None:
    found = check(changed(base, treaties=base.treaties | {"rich-1990": treaty(RICH)}), ["rich-1990"])
    assert found.problems == () and found.remarks == ()


@pytest.mark.parametrize(("text", "where", "says"), RULES, ids=[f"{w}: {s[:24]}" for _, w, s in RULES])
def test_treaty_rule(base: Record, text: str, where: str, says: str) -> None:
    broken = treaty(text)
    found = check(changed(base, treaties=base.treaties | {broken.id: broken}), [broken.id])
    assert any(p.where == where and says in p.says for p in found.problems), "\n".join(map(str, found.problems))
    assert {p.file for p in found.problems} == {broken.id}


def test_a_treaty_without_obligations_and_unknown_treaty(base: Record) -> None:
    bare = replace(treaty(RICH), eligible=(), obligation=(), area=(), suspension=(), reservation=())
    (problem,) = check(holding(base, bare), [bare.id]).problems
    assert problem.where == "obligation" and "no_duty" in problem.says
    with pytest.raises(UnknownTreaty):
        check(base, ["no-such-1900"])


def test_remarks_do_not_make_a_record_invalid(base: Record) -> None:
    early = treaty(
        rich('related = ["nato-1949"]', 'related = ["later-2000"]').replace('state = "ITA"', 'state = "GFR"')
    )
    found = check(changed(base, treaties=base.treaties | {early.id: early}), [early.id])
    assert found.problems == ()
    assert {p.where for p in found.remarks} == {"related", "member[GFR].since"}


@dataclass
class Table:
    """One way to break a table: what it makes of the record, and what the check says."""

    makes: Callable[[Record], Record]
    where: str
    says: str


def _row(name: str, **fields: object) -> Callable[[Record], Record]:
    """The record with its first row of table `name` doubled with other `fields`."""

    def make(record: Record) -> Record:
        rows = getattr(record, name)
        if isinstance(rows, dict):
            first = next(iter(rows.values()))
            return changed(record, **{name: rows | {"new": replace(first, **fields)}})
        return changed(record, **{name: (*rows, replace(rows[0], **fields))})

    return make


TABLES = {
    "spell of nobody": Table(_row("spells", code="QQQ"), "code", '"QQQ" is not the code'),
    "name of nobody": Table(_row("names", code="SUN"), "code", "Write RUS."),
    "capital of nobody": Table(_row("capitals", code="QQQ"), "code", "QQQ"),
    "successor unknown": Table(_row("successions", successor="QQQ"), "successor", "QQQ"),
    "predecessor unknown": Table(_row("successions", predecessor="QQQ"), "predecessor", "QQQ"),
    "holder unknown": Table(_row("outline_spells", holder="QQQ"), "holder", "QQQ"),
    "figure of nobody": Table(_row("figures", state="QQQ"), "state", "QQQ"),
    "border of nobody": Table(_row("borders", b="QQQ"), "b", "QQQ"),
    "nuclear nobody": Table(_row("nuclear", state="QQQ"), "state", "QQQ"),
    "figure without source": Table(_row("figures", source=""), "source", '"(none)"'),
    "figure, source unknown": Table(_row("figures", source="world-factbook-2026; gossip"), "source", '"gossip"'),
    "place, source unknown": Table(_row("places", source="gossip"), "source", '"gossip"'),
    "place, region unknown": Table(_row("places", id="x", regions=("mordor",)), "x", 'no such region: "mordor"'),
    "place, holder unknown": Table(
        _row("places", id="x", status=(PlaceStatus(holder="SUN", status="colony", source="recalled"),)),
        "x",
        "Write RUS.",
    ),
    "place, dates turned": Table(
        _row(
            "places",
            id="x",
            status=(
                PlaceStatus(
                    holder="RUS", status="x", since=date(1900, 1, 1), until=date(1900, 1, 1), source="recalled"
                ),
            ),
        ),
        "x",
        "is not after since",
    ),
    "region, state unknown": Table(_row("regions", id="x", states=("QQQ",)), "x", "QQQ"),
    "region, place unknown": Table(_row("regions", id="x", places=("atlantis",)), "x", 'no such place: "atlantis"'),
    "guideline of no treaty": Table(
        lambda r: changed(r, guidelines=(replace(r.guidelines[0], treaty="x-1900"),)), "nato", "no treaty of the record"
    ),
    "state without spell": Table(
        lambda r: changed(r, spells=tuple(s for s in r.spells if s.code != "USA")), "USA", "has no spell"
    ),
    "spells that meet": Table(
        lambda r: changed(r, spells=(*r.spells, StateSpell(code="USA", since=date(1900, 1, 1), source="recalled"))),
        "USA",
        "runs into the next",
    ),
    "spell turned round": Table(
        lambda r: changed(
            r,
            spells=(
                *(s for s in r.spells if s.code != "USA"),
                StateSpell(code="USA", since=date(1900, 1, 1), until=date(1899, 1, 1), source="recalled"),
            ),
        ),
        "USA",
        "ends before it begins",
    ),
    "one name, two treaties": Table(
        lambda r: changed(r, treaties=r.treaties | {"rich-1990": treaty(rich('"riches"', '"OTAN"'))}),
        "aliases",
        '"otan" also means nato-1949',
    ),
}


@pytest.mark.parametrize("case", TABLES.values(), ids=TABLES.keys())
def test_table_rule(record: Record, case: Table) -> None:
    broken = case.makes(record)
    few = {k: v for k, v in broken.treaties.items() if k in ("nato-1949", "rich-1990")}
    guidelines = tuple(g for g in broken.guidelines if g.treaty in ("nato-1949", "x-1900"))
    found = check(changed(broken, treaties=few, guidelines=guidelines)).problems
    assert any(case.where in p.where and case.says in p.says for p in found), "\n".join(map(str, found))


def test_the_embedded_record_is_sound(record: Record) -> None:
    found = check(record)
    assert found.problems == ()
    assert found.read_share is not None and 0 < found.read_share < 1
    assert check(changed(record, treaties={}, guidelines=())).read_share is None


def test_nobody_is_a_member_twice_at_once(record: Record) -> None:
    for t in record.treaties.values():
        for i, a in enumerate(t.member):
            for b in t.member[:i]:
                if a.state == b.state:
                    assert not overlap((a.since, a.until), (b.since, b.until)), f"{t.id}: {a.state}"
