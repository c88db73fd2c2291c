"""A user's own exports: what is read, what is refused, and that nothing of a value survives."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.cyber import (
    CyberError,
    ImportRefused,
    bounded,
    galaxy,
    latency_report,
    load_misp_event,
    load_own,
    load_stix,
    stix,
)
from foedus.cyber.errors import UnknownName
from foedus.cyber.items import ITEMS, hashed
from foedus.cyber.tlp import MARKINGS

GREEN, AMBER_STRICT, RED = (
    next(i for i, x in MARKINGS.items() if x == name) for name in ("green", "amber+strict", "red")
)
BY = "identity--11111111-1111-4111-8111-111111111111"
AWAY = "identity--22222222-2222-4222-8222-222222222222"
T = "2025-03-{:02d}T00:00:00Z"


def uid(kind: str, n: int) -> str:
    return f"{kind}--00000000-0000-4000-8000-{n:012d}"


def common(kind: str, n: int, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": uid(kind, n),
        "created": T.format(5),
        "modified": T.format(5),
        **more,
    }


def indicator(n: int, *marks: str) -> dict[str, Any]:
    refs = {"object_marking_refs": list(marks)} if marks else {}
    return common(
        "indicator",
        n,
        pattern=f"[domain-name:value = 'secret{n}.example']",
        pattern_type="stix",
        valid_from=T.format(3),
        created_by_ref=BY,
        **refs,
    )


def bundle(*objects: Any) -> dict[str, Any]:
    return {"type": "bundle", "id": uid("bundle", 1), "objects": list(objects)}


def identity(id_: str) -> dict[str, Any]:
    return {**common("identity", 0, name="x"), "id": id_}


def sighting(n: int, of: dict[str, Any], where: str, day: int) -> dict[str, Any]:
    return common(
        "sighting",
        n,
        sighting_of_ref=of["id"],
        where_sighted_refs=[where],
        first_seen=T.format(day),
        last_seen=T.format(day + 1),
    )


def written(folder: Path, whole: Any) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


def test_a_bundle(tmp_path: Path) -> None:
    one, two, three = indicator(1, GREEN), indicator(2), indicator(3, GREEN, AMBER_STRICT)
    place = common("location", 8, country="DE")
    actor = common("threat-actor", 9, name="Own Bear")
    aims = common("relationship", 10, relationship_type="targets", source_ref=actor["id"], target_ref=place["id"])
    found = load_own(
        written(
            tmp_path,
            bundle(identity(BY), identity(AWAY), one, two, three, sighting(4, one, AWAY, 9), place, actor, aims),
        )
    )
    assert found.levels == {"green": 1, "amber+strict": 1, "red": 1}
    first = found.items[0]
    assert first.first_seen and first.published and first.seen_elsewhere and first.last_seen
    assert [t.day for t in (first.first_seen, first.published, first.seen_elsewhere, first.last_seen)] == [3, 5, 9, 10]
    assert found.actors[0].victims == {"DEU"}
    table = found.table()
    assert table.schema == ITEMS and table.height == 1
    assert "secret" not in str(table.to_dicts()) and first.item == hashed(one["pattern"])
    assert found.table("amber+strict").height == 2
    with pytest.raises(ImportRefused, match="highest level"):
        found.table("red")


def test_tlp_2_and_statements(tmp_path: Path) -> None:
    strict = {
        **common("marking-definition", 20),
        "name": "TLP:AMBER+STRICT",
        "extensions": {
            "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {
                "extension_type": "property-extension",
                "tlp_2_0": "amber+strict",
            }
        },
    }
    del strict["modified"]
    statement = {
        **common("marking-definition", 21),
        "definition_type": "statement",
        "definition": {"statement": "ours"},
    }
    del statement["modified"]
    found = load_stix(
        written(
            tmp_path, bundle(identity(BY), strict, statement, indicator(1, strict["id"]), indicator(2, statement["id"]))
        )
    )
    assert found.levels == {"amber+strict": 1, "red": 1}  # a statement is no level, so the item counts as unmarked


@pytest.mark.parametrize(
    ("whole", "says"),
    [
        ([], "neither a STIX"),
        ({"type": "bundle"}, "list of objects"),
        (bundle({"type": "indicator", "id": "x"}), "not STIX 2.1; nothing was taken in"),
        (bundle({**indicator(1), "valid_from": "yesterday"}), "not STIX 2.1"),
        (bundle(identity(BY), indicator(1, uid("marking-definition", 99))), "does not define"),
        (bundle("text"), "expected an object"),
        (
            bundle(
                common("location", 8, country="ZZ"),
                common("threat-actor", 9, name="x"),
                common(
                    "relationship",
                    10,
                    relationship_type="targets",
                    source_ref=uid("threat-actor", 9),
                    target_ref=uid("location", 8),
                ),
            ),
            'country "ZZ"',
        ),
    ],
)
def test_bundles_that_are_refused(tmp_path: Path, whole: Any, says: str) -> None:
    with pytest.raises(ImportRefused, match=says):
        load_own(written(tmp_path, whole)) if says.startswith("neither") else load_stix(written(tmp_path, whole))


def test_an_unknown_tlp_label(tmp_path: Path) -> None:
    mark = {
        **common("marking-definition", 20),
        "name": "TLP:PURPLE",
        "definition_type": "statement",
        "definition": {"statement": "x"},
    }
    del mark["modified"]
    with pytest.raises(ImportRefused, match="no level of the Traffic Light Protocol"):
        load_stix(written(tmp_path, bundle(mark)))


def test_deep_large_and_broken_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deep.json"
    for depth in (60, 200_000):
        path.write_text("[" * depth + "]" * depth)
        with pytest.raises(ImportRefused, match="nested deeper than 40"):
            load_own(path)
    path.write_text('{"type": "bundle", "objects": [')
    with pytest.raises(ImportRefused, match="not JSON"):
        load_own(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ImportRefused, match="not JSON"):
        load_own(path)
    monkeypatch.setattr(bounded, "MOST_BYTES", 10)
    path.write_text("[" + "0," * 20 + "0]")
    with pytest.raises(ImportRefused, match="Split it"):
        load_own(path)
    monkeypatch.setattr(bounded, "MOST_BYTES", 1000)
    monkeypatch.setattr(bounded, "MOST_VALUES", 10)
    with pytest.raises(ImportRefused, match="more than 10 values"):
        load_own(path)
    with pytest.raises(ImportRefused, match="cannot be read"):
        load_own(tmp_path / "none.json")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda x: (
        st.lists(x, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "id", "objects", "Event", "Attribute", "value", "to_ids"]), x, max_size=4
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_taken_or_refused_never_a_crash(whole: Any) -> None:
    from foedus.cyber import misp_event

    for reader in (stix.imported, misp_event.imported):
        with suppress(ImportRefused):
            reader(whole, "x")


def misp(**more: Any) -> dict[str, Any]:
    attribute = {
        "uuid": "a",
        "type": "domain",
        "value": "Secret.example",
        "to_ids": True,
        "first_seen": "2025-03-01T00:00:00+00:00",
        "Sighting": [{"type": "0", "date_sighting": "1741392000", "Organisation": {"uuid": "other"}}],
        **more,
    }
    event = {
        "uuid": "e",
        "date": "2025-02-01",
        "publish_timestamp": "1741132800",
        "distribution": "1",
        "Orgc": {"uuid": "us"},
        "Attribute": [attribute, {"value": "context", "to_ids": False}],
        "Tag": [{"name": "tlp:green"}],
    }
    return {"Event": event}


def test_a_misp_event(tmp_path: Path) -> None:
    found = load_misp_event(written(tmp_path, {"response": [misp()]}))
    assert (len(found.items), found.passed_by, found.levels) == (1, 1, {"green": 1})
    item = found.items[0]
    assert item.item == hashed("secret.example") and item.published and item.seen_elsewhere and item.first_seen
    assert (item.published - item.first_seen).days == 4 and (item.seen_elsewhere - item.published).days == 3


@pytest.mark.parametrize(
    ("whole", "says"),
    [
        ({"Event": 3}, "no MISP event"),
        (misp(value=3), "value must be a text"),
        (misp(Tag=[{"name": "tlp:mauve"}]), "no level"),
        (misp(first_seen="soon"), "is no time"),
        (misp(first_seen="9" * 400), "is no time"),
        (misp(Sighting="x"), "must be a list"),
    ],
)
def test_events_that_are_refused(tmp_path: Path, whole: Any, says: str) -> None:
    with pytest.raises(ImportRefused, match=says):
        load_misp_event(written(tmp_path, whole))


def test_untagged_events_are_restricted(tmp_path: Path) -> None:
    whole = misp()
    del whole["Event"]["Tag"]
    assert load_misp_event(written(tmp_path, whole)).levels == {"amber+strict": 1}
    whole["Event"]["distribution"] = "0"
    assert load_misp_event(written(tmp_path, whole)).levels == {"red": 1}


def test_latency_overlap_and_balance(tmp_path: Path) -> None:
    events = []
    for by, values in (("us", range(6)), ("them", range(4, 10))):
        for v in values:
            event = misp(value=f"v{v}")["Event"]
            events.append({"Event": {**event, "Orgc": {"uuid": by}}})
    report = latency_report(load_misp_event(written(tmp_path, events)).items)
    delays = {d.what.split(":")[0]: d.median for d in report.delays}
    assert delays == pytest.approx({"sharing": 4.0, "action": 3.0, "lifetime": 7.0})
    assert set(report.exclusive.values()) == {4 / 6} and list(report.overlap.values()) == pytest.approx([2 / 6])
    few = latency_report(load_misp_event(written(tmp_path, misp())).items)
    assert not few.delays and "5 are needed" in few.missing[0]


def test_a_galaxy_with_a_name_nobody_reviewed(tmp_path: Path) -> None:
    real = galaxy.clusters_folder()
    for name in ("country.json", "target-information.json"):
        (tmp_path / name).write_bytes((real / name).read_bytes())
    actor = {"uuid": "u", "value": "A", "meta": {"cfr-suspected-victims": ["Atlantis"]}}
    path = tmp_path / "threat-actor.json"
    path.write_text(json.dumps({"version": 1, "values": [actor]}))
    with pytest.raises(UnknownName, match='"Atlantis", a victim of A'):
        galaxy.load_misp_galaxy(tmp_path)
    actor["meta"] = {"cfr-suspected-state-sponsor": "Ruritania"}
    path.write_text(json.dumps({"version": 1, "values": [actor]}))
    with pytest.raises(UnknownName, match="Ruritania"):
        galaxy.load_misp_galaxy(tmp_path)
    path.write_text("{}")
    with pytest.raises(CyberError, match="not a cluster"):
        galaxy.load_misp_galaxy(tmp_path)


def test_the_shipped_table_is_what_the_galaxy_gives() -> None:
    from foedus.cyber.actors import origin, table_text
    from foedus.cyber.attack import load_attack

    found = galaxy.load_misp_galaxy(groups=load_attack().groups)
    if found.version != origin().galaxy_version:
        pytest.skip("another version of the galaxy is installed")
    import hashlib

    assert found.n_actors == 864
    assert hashlib.sha256(table_text(found.actors).encode()).hexdigest() == origin().table_sha256
