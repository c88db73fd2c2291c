"""The HTML file needs no network and no script, harms nobody, and can be read by a screen reader; the PDF is one."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from foedus.errors import OutputError
from foedus.record import Record, load
from foedus.view.brief import compose
from foedus.view.document import Document, Picture, Section, Table, Text
from foedus.view.page import html, safe_url
from foedus.view.typeset import pdf

TODAY = date(2026, 6, 1)
VOID = {"meta", "link", "br", "img", "input", "hr", "col"}
HOSTILE = """\
id = "hostile-2001"
name = "<script>alert(1)</script> #eval(\\"1\\") \\\\ \\" $x$ [x] // *b* `raw` @ref"
kind = "treaty"
signed = 2001-01-01
in_force = 2001-01-01
checked = 2020-01-01
according_to = "own"
note = "</style><img src=x onerror=alert(2)> #panic() \\u202e {{ 7 * 7 }} ⟦99⟧"

[[member]]
states = ["FRA", "GBR"]
source = "own"

[[obligation]]
id = "art1"
article = "1\\"); #panic("
says = "<b onclick='x'>Each</b> helps & \\"the\\" other. #import \\"x\\""
pledge = "defence"
level = "must_assist"
trigger = "attack"
kinds = ["armed_attack"]
area = "anywhere"
source = "own"

[[source]]
id = "own"
title = "<iframe src='https://example.org'></iframe>"
url = "javascript:alert(3)"
status = "text"
seen = 2020-01-01
"""


class Reader(HTMLParser):
    """What a test asks of a page: its tags with attributes, ids, headings, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "a":
            self.links.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if "a" in self.open:
            self.links[-1] += data

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def nato(record: Record) -> Document:
    return compose(record, record.treaty("nato"), TODAY)


@pytest.fixture(scope="module")
def page(nato: Document) -> str:
    return html(nato)


@pytest.fixture(scope="module")
def hostile(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Document:
    folder = tmp_path_factory.mktemp("own")
    (folder / "treaties").mkdir()
    (folder / "treaties" / "hostile-2001.toml").write_text(HOSTILE, encoding="utf-8")
    own = load(folder)
    document = compose(own, own.treaty("hostile-2001"), TODAY)
    kept = [Section(s.id, s.title, tuple(b for b in s.blocks if not isinstance(b, Picture))) for s in document.sections]
    return replace(document, sections=tuple(s for s in kept if s.blocks))


def test_nothing_is_fetched_and_nothing_runs(page: str) -> None:
    tags = Reader(page).tags
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & {name for name, _ in tags}
    for name, attrs in tags:
        assert not [a for a in attrs if a.startswith("on")], (name, attrs)
        assert "src" not in attrs and "srcset" not in attrs, (name, attrs)
        for key in ("href", "xlink:href"):
            if key in attrs:
                assert attrs[key].startswith(("#", "http://", "https://") if name == "a" else "#"), (name, attrs)
    assert "@import" not in page and not re.search(r"url\(\s*['\"]?(?!#)", page)


def test_structure_for_a_screen_reader(page: str) -> None:
    reader = Reader(page)
    assert reader.open == []
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})[:5]
    targets = {attrs["href"][1:] for attrs in reader.named("a") if attrs.get("href", "").startswith("#")}
    assert targets <= set(ids)
    levels = [int(name[1]) for name, _ in reader.tags if re.fullmatch(r"h[1-6]", name)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert reader.named("html")[0]["lang"] == "en" and reader.named("main")[0]["id"] == "content"
    assert reader.tags[[name for name, _ in reader.tags].index("a")][1]["href"] == "#content"
    images = [attrs for _, attrs in reader.tags if attrs.get("role") == "img"]
    assert len(images) == 2 * len(reader.named("figure")) > 0
    assert all(attrs["aria-label"].strip() for attrs in images)
    assert all("scope" in attrs for attrs in reader.named("th"))
    assert len(reader.named("caption")) == len(reader.named("table"))
    assert all(text.strip() for text in reader.links)


def test_colours_of_the_text_can_be_read() -> None:
    from foedus.view import theme

    style = Path(theme.__file__).with_name("templates").joinpath("document.css").read_text(encoding="utf-8")
    inks = {
        *re.findall(r"(?<!-)color: (#[0-9a-f]{6})", style),
        *re.findall(r"--(?:ink|muted|accent): (#[0-9a-f]{6})", style),
    }
    assert len(inks) > 5
    for ink in {*inks, theme.MUTED, theme.INK}:
        ground = "#e9edf1" if ink == "#3d4a57" else "#cfe3ee" if ink == "#123a5e" else "#f5f7f9"
        assert contrast(ink, ground) >= 4.5, ink
    assert contrast("#ffffff", theme.ACCENT) >= 4.5 and contrast(theme.INK, "#b9c4ce") >= 4.5


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours, WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_a_hostile_record_does_no_harm(hostile: Document) -> None:
    text = html(hostile)
    reader = Reader(text)
    assert not {"script", "img", "iframe"} & {name for name, _ in reader.tags}
    assert not [attrs for _, attrs in reader.tags if any(a.startswith("on") for a in attrs)]
    assert "javascript:" not in text and "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{ 7 * 7 }}" in text
    assert len(reader.named("style")) == 1


def test_a_hostile_record_sets_as_text(hostile: Document) -> None:
    assert pdf(hostile).startswith(b"%PDF")


def test_only_web_addresses_are_links() -> None:
    assert safe_url("https://example.org/a") == "https://example.org/a"
    for url in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org", "", "JaVaScRiPt:x"):
        assert safe_url(url) == ""


def test_the_pdf_of_nato(nato: Document) -> None:
    heard: list[str] = []
    data = pdf(nato, progress=heard.append)
    assert data.startswith(b"%PDF")
    assert max(int(n) for n in re.findall(rb"/Count (\d+)", data)) > 1
    assert heard[-1] == "setting the pages" and any(step.startswith("chart: ") for step in heard)


def test_a_pdf_that_cannot_be_set_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    def fail(*args: object, **kwargs: object) -> bytes:
        raise RuntimeError("no such font")

    monkeypatch.setattr(typst, "compile", fail)
    document = Document("T", "K", "1 May 2000", (Section("a", "A", (Text(("x",)),)),), (), "foedus", "0")
    with pytest.raises(OutputError, match="could not be set: no such font"):
        pdf(document)


def test_a_table_loses_only_its_empty_columns() -> None:
    table = Table("c", ("A", "B", "C"), (("x", "–", "1"), ("y", "–", "–")), align="ldr").trimmed()
    assert table.columns == ("A", "C") and table.rows == (("x", "1"), ("y", "–")) and table.align == "lr"
