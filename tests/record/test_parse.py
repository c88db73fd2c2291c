"""What a single file's shape can show: every error names file, line, field, what was found and what to do."""

import pytest
from tests.record.minimal import LEAST, RICH, least, rich

from foedus.errors import Problem, RecordError
from foedus.record.parse import parse_treaty, read_rows
from foedus.record.tables import Place


def problems(text: str) -> list[Problem]:
    with pytest.raises(RecordError) as caught:
        parse_treaty(text, "here.toml")
    assert str(caught.value).startswith("here.toml: ")
    assert all(p.file == "here.toml" for p in caught.value.problems)
    return list(caught.value.problems)


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def test_the_sound_files_parse() -> None:
    assert {m.state for m in parse_treaty(LEAST, "x").member} == {"FRA", "GBR"}
    treaty = parse_treaty(RICH, "x")
    assert [m.how_left for m in treaty.member] == ["treaty_ended", "treaty_ended", "withdrawal", "treaty_ended"]
    assert treaty.member[0].since == treaty.in_force and treaty.member[0].until == treaty.ended


BROKEN = [
    # (case, old, new, where, words of the message, what stands on the line named)
    (
        "unknown head key",
        'kind = "treaty"',
        'kind = "treaty"\nnaem = "x"',
        "naem",
        ["not a key", "(nearest: name)"],
        "naem",
    ),
    ("unknown entry key", "since = 1995-01-01", "sinse = 1995-01-01", "member[1].sinse", ["(nearest: since)"], "sinse"),
    ("unknown key far off", 'seat = "Paris"', "zzz = 1", "institution[0].zzz", ["not a key", "Known keys"], "zzz"),
    ("quoted date", "signed = 1990-01-01", 'signed = "1990-01-01"', "signed", ['"1990-01-01" is not a date'], "signed"),
    (
        "bad date in quotes",
        "since = 1995-01-01",
        'since = "1995-13-07"',
        "member[1].since",
        ["YYYY-MM-DD"],
        "1995-13-07",
    ),
    (
        "year as a number",
        "ended = 2010-01-01",
        "ended = 2010",
        "ended",
        ["is not a date", "precision = {"],
        "ended = 2010",
    ),
    ("time of day", "signed = 1990-01-01", "signed = 1990-01-01T10:00:00", "signed", ["time of day"], "T10"),
    ("time alone", "day = 1999-04-24", "day = 10:00:00", "development[0].day", ["is not a date"], "10:00"),
    ("word", 'pledge = "defence"', 'pledge = "defense"', "obligation[0].pledge", ["(nearest: defence)"], "defense"),
    (
        "one word of a list",
        '"materiel"]',
        '"material"]',
        "obligation[0].action",
        ['"material" is not', "materiel"],
        "action",
    ),
    (
        "string for list",
        'aliases = ["riches", "the rich one"]',
        'aliases = "riches"',
        "aliases",
        ["expected `array`"],
        "aliases",
    ),
    (
        "word for list",
        'kinds = ["armed_attack"]',
        'kinds = "armed_attack"',
        "obligation[0].kinds",
        ["`array`"],
        "kinds",
    ),
    ("list for string", 'short = "Rich"', 'short = ["Rich"]', "short", ["expected `str`"], "short"),
    ("number for string", 'note = "Made up."', "note = 3", "note", ["expected `str`", "found 3"], "note"),
    ("string for bool", "universal = false", 'universal = "no"', "universal", ["expected `bool`"], "universal"),
    ("string for number", "atop = [3180]", 'atop = ["3180"]', "atop", ["expected `int`"], "atop"),
    (
        "number too large",
        "within_days = 30",
        f"within_days = {10**30}",
        "obligation[0].within_days",
        ["`int`"],
        "within",
    ),
    ("none at all", "max_attackers = 2", "max_attackers = 0", "obligation[0].max_attackers", ["`int`"], "max_att"),
    ("precision, word", 'ended = "month"', 'ended = "week"', "precision", ['"week" is not one of month'], "precision"),
    ("precision, shape", '{ ended = "month" }', '"month"', "precision", ["expected `object`"], "precision"),
    ("missing head key", 'name = "Treaty of Riches"\n', "", "name", ["is missing"], None),
    ("missing entry key", 'article = "1"\n', "", "obligation[0].article", ["is missing"], "[[obligation]]"),
    (
        "state and states",
        'state = "BEL"',
        'state = "BEL"\nstates = ["BEL"]',
        "member[2].state",
        ["missing"],
        'state = "BEL"',
    ),
    ("no states", 'states = ["FRA", "GBR"]', "states = []", "member[0].states", ["is missing"], "states = []"),
    ("quoted date inside", "since = 1999-09-05", 'since = "1999"', "obligation[0].practice", ["`date`"], "practice"),
    (
        "unknown key inside",
        'threshold = "organ"',
        'treshold = "organ"',
        "obligation[0].practice",
        ["treshold"],
        "practice",
    ),
    ("single brackets", "[[suspension]]", "[suspension]", "suspension", ["double brackets"], "[suspension]"),
    ("table for a value", 'short = "Rich"', "short.a.b = 1", "short", ["expected `str`"], "short"),
]


@pytest.mark.parametrize(("old", "new", "where", "words", "line"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_one_error(old: str, new: str, where: str, words: list[str], line: str | None) -> None:
    text = rich(old, new)
    (problem,) = problems(text)
    assert problem.where == where
    for word in words:
        assert word in problem.says
    assert problem.line == (line_of(text, line) if line else None)


def test_single_brackets_of_the_members() -> None:
    found = problems(least("[[member]]", "[member]"))
    assert [(p.where, p.line) for p in found] == [("member", line_of(LEAST, "[[member]]"))]


def test_all_errors_at_once_each_with_its_line() -> None:
    text = rich("signed = 1990-01-01", 'signed = "then"').replace('pledge = "guarantee"', 'pledge = "promise"')
    text = text.replace('effect = "widened"', 'effekt = "widened"')
    found = problems(text)
    assert [p.where for p in found] == [
        "signed",
        "obligation[1].pledge",
        "development[0].effekt",
        "development[0].effect",
    ]
    assert [p.line for p in found] == [line_of(text, w) for w in ('"then"', "promise", "effekt", "[[development]]")]
    with pytest.raises(RecordError, match=r"here.toml: 4 problems(?s:.*)line \d+, signed(?s:.*)foedus record check"):
        parse_treaty(text, "here.toml")


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# nothing but a remark\n", "\ufeff", "member = []", "member = {}", "member = 3"]
)
def test_empty_files_say_what_is_missing(text: str) -> None:
    assert problems(text)


def test_missing_everything_is_listed() -> None:
    assert {p.where for p in problems("")} == {"id", "name", "kind", "signed", "checked", "according_to", "member"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (least("signed = 2000-01-01", "signed = "), 4),
        (least("signed = 2000-01-01", "signed = 2000-13-01"), 4),
        (least("signed = 2000-01-01", "signed = 01.01.2000"), 4),
        (least("[[member]]", "[[member]"), 9),
        (least('name = "Treaty of Tests"', 'name = "Treaty of Tests'), 2),
        (least(more="id = 'again'\nid = 'again'\n"), 23),
        (least('kind = "treaty"', "kind = \x00"), 3),
    ],
)
def test_toml_syntax_names_the_line(text: str, line: int) -> None:
    (problem,) = problems(text)
    assert problem.line == line and "not valid TOML" in problem.says


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = " + "[" * 5000 + "]" * 5000,
        "a" + ".a" * 3000 + " = 1\n" + LEAST,
        least('name = "Treaty of Tests"', "name" + ".a" * 3000 + " = 1"),
        least("in_force = 2000-06-01", "in_force" + ".a" * 3000 + " = 1"),
        "a = " + "9" * 5000,
        least("signed = 2000-01-01", "signed = [[[[1]]]]"),
        LEAST + "[obligation.x]\ny = 1\n",
        "[[member.member]]\nx = 1\n",
        "member = [1, 'a', [], {}, 2000-01-01]\n",
        "obligation = [[[]]]\n" + LEAST,
    ],
)
def test_nested_garbage_is_an_error_of_the_record(text: str) -> None:
    assert problems(text)


def test_rows_of_a_list_file() -> None:
    text = '[[place]]\nid = "x"\nname = "X"\nkind = "island"\nlat = nan\nlon = 0.0\nsource = "recalled"\n[plaice]\n'
    with pytest.raises(RecordError) as caught:
        read_rows(text, "places.toml", "place", Place)
    assert {(p.where, p.line) for p in caught.value.problems} == {("plaice", 8), ("place[0].lat", 5)}
    with pytest.raises(RecordError, match="double brackets"):
        read_rows("[place]\nid = 'x'\n", "places.toml", "place", Place)
    with pytest.raises(RecordError, match=r"place\[0\].name: is missing"):
        read_rows("[[place]]\nid = 'x'\n", "places.toml", "place", Place)
    assert read_rows("", "places.toml", "place", Place) == []
