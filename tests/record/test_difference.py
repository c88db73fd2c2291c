"""What a user's own files change is said in words, entry by entry."""

from datetime import date

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.record import Record, Treaty
from foedus.record.difference import differences
from foedus.record.exchange import tables_of
from foedus.record.schema import Member, Obligation, Source
from foedus.record.tables import War


def _with(record: Record, treaty: Treaty) -> Record:
    tables = tables_of(record)
    return Record(tables.rows, {**tables.treaties, treaty.id: treaty}, tables.sources, tables.origin)


def _said(before: Record, after: Record) -> list[str]:
    return [str(change) for change in differences(before, after)]


def test_a_record_differs_in_nothing_from_itself(record: Record) -> None:
    assert differences(record, record) == ()


def test_a_changed_date_and_a_new_key(record: Record) -> None:
    nato = record.treaty("nato")
    members = tuple(msgspec.structs.replace(m, since=date(2024, 3, 8)) if m.state == "SWE" else m for m in nato.member)
    articles = tuple(
        msgspec.structs.replace(o, requires_organ="Council") if o.id == "art5" else o for o in nato.obligation
    )
    changed = msgspec.structs.replace(nato, member=members, obligation=articles, short="Nato")
    assert _said(record, _with(record, changed)) == [
        "nato-1949: short NATO -> Nato",
        "nato-1949: member SWE: since 2024-03-07 -> 2024-03-08",
        "nato-1949: obligation art5: requires_organ (none) -> Council",
    ]


def test_the_order_of_entries_is_no_difference(record: Record) -> None:
    nato = record.treaty("nato")
    turned = {
        table: tuple(sorted(getattr(nato, table), key=repr))
        for table in ("member", "obligation", "institution", "source")
    }
    assert _said(record, _with(record, msgspec.structs.replace(nato, **turned))) == []


def test_a_new_treaty_and_one_that_is_gone(record: Record) -> None:
    day = date(2030, 1, 1)
    treaty = Treaty(
        id="x-2030",
        name="X",
        kind="treaty",
        signed=day,
        checked=day,
        according_to="recalled",
        member=tuple(Member(state=code, since=day, source="recalled") for code in ("FRA", "DEU", "GBR")),
        obligation=(
            Obligation(
                id="a1",
                article="1",
                pledge="defence",
                level="must_assist",
                trigger="standing",
                says=".",
                source="recalled",
            ),
        ),
    )
    after = _with(record, treaty)
    says = "3 parties (DEU, FRA, GBR), signed 2030-01-01, defence"
    assert _said(record, after) == [f"treaty x-2030: new, {says}"]
    assert _said(after, record) == [f"treaty x-2030: gone, was {says}"]


def test_a_second_spell_a_lost_article_a_source_and_a_row(record: Record) -> None:
    csto = record.treaty("csto")
    again = Member(state="GEO", since=date(2031, 1, 1), source="recalled", how="readmission")
    changed = msgspec.structs.replace(csto, member=(*csto.member, again), obligation=csto.obligation[1:])
    tables = tables_of(_with(record, changed))
    rows = {
        **tables.rows,
        "wars.csv": [*tables.rows["wars.csv"], War(id="w", name="W", since=date(2031, 1, 1), source="s")],
    }
    sources = {**tables.sources, "s": Source(id="s", title="S", status="recalled")}
    said = _said(record, Record(rows, tables.treaties, sources, tables.origin))
    assert said[0] == ("csto-1992: member GEO (2): new, source recalled, state GEO, since 2031-01-01, how readmission")
    assert said[1].startswith(f"csto-1992: obligation {csto.obligation[0].id}: gone, was ")
    assert said[2:] == [
        "sources: s: new, id s, title S, status recalled",
        "wars.csv: w: new, source s, id w, name W, since 2031-01-01",
    ]


@settings(max_examples=25)
@given(data=st.data())
def test_every_changed_field_is_told_and_told_back(record: Record, data: st.DataObject) -> None:
    treaty = record.treaty(data.draw(st.sampled_from(["nato", "csto", "rio-1947", "anzus"])))
    i = data.draw(st.integers(0, len(treaty.obligation) - 1))
    field = data.draw(st.sampled_from(["says", "article", "area", "note", "requires_organ"]))
    before = getattr(treaty.obligation[i], field)
    word = data.draw(
        st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=8).filter(before.__ne__)
    )
    articles = list(treaty.obligation)
    articles[i] = msgspec.structs.replace(articles[i], **{field: word})
    after = _with(record, msgspec.structs.replace(treaty, obligation=tuple(articles)))
    (there,), (back,) = differences(record, after), differences(after, record)
    assert (there.field, there.before, there.after) == (field, before, word)
    assert (back.before, back.after) == (there.after, there.before)
