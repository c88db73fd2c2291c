"""The workbench in a real browser: journeys, back, reload, keyboard, narrow, dark, without scripts, accessibility.

Every page of every test is watched: an error on the console or a request that leaves this machine fails it.
"""

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = [p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome") if Path(p).exists()]
if find_spec("playwright") is None or not CHROMIUM:
    pytest.skip("needs Playwright and a Chromium of the system", allow_module_level=True)

from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

DAY = "on=2020-01-01"
PAGES = [
    "/",
    "/?year=1914&state=FRA",
    "/treaties",
    "/treaties?q=zzz",
    "/treaties/csto-1992?" + DAY,
    "/states",
    "/states/POL?" + DAY,
    "/casus",
    "/casus?attacker=RUS&target=EST&" + DAY,
    "/casus?attacker=RUS&target=Atlantis",
    "/data",
    "/why?q=nato+sweden",
    "/model",
    "/futures?scenario=us-leaves-nato&treaty=csto&" + DAY,
    "/cyber?treaty=csto&" + DAY,
    "/strategy?treaty=csto&" + DAY,
    "/api",
    "/runs",
    "/runs/0000000000000000",
]
DARK = [
    "/?year=1914&state=FRA",
    "/treaties/csto-1992?" + DAY,
    "/casus?attacker=RUS&target=EST&" + DAY,
    "/model",
    "/runs",
]
FEW = PAGES[1:11:4]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
Opener = Callable[..., Page]
PATIENCE_MS = 60_000  # a first brief loads models; on a busy machine that takes a while
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=CHROMIUM[0], args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        )
        yield found
        found.close()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Opener]:
    """`opened(path, **context)`: a page; what it logs and fetches is looked at when the test ends."""
    contexts, errors, away = [], [], []

    def open_(path: str, *, status: int = 200, **context: Any) -> Page:
        made = browser.new_context(base_url=address, reduced_motion="reduce", **context)
        contexts.append(made)
        page = made.new_page()
        page.set_default_timeout(PATIENCE_MS)
        refused = re.compile(r"Failed to load resource: .* 4\d\d")  # a page that tells of an error has its status
        page.on(
            "console", lambda m: errors.append(m.text) if m.type == "error" and not refused.search(m.text) else None
        )
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on("request", lambda r: away.append(r.url) if not r.url.startswith((address, "data:")) else None)
        answer = page.goto(path)
        assert answer is not None and answer.status == status
        return page

    yield open_
    for made in contexts:
        made.close()
    assert errors == [] and away == []


def test_atlas_goes_through_the_years(opened: Opener) -> None:
    page = opened("/?year=1914")
    assert page.locator("#n-defence").inner_text() != "0"
    page.locator("#year").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#on")).to_have_text("31 December 1915")
    expect(page).to_have_url(re.compile(r"year=1915"))
    page.locator(".world a[data-state=FRA]").first.click()
    expect(page.locator("#chosen h2")).to_have_text("France")
    expect(page.locator("#chosen")).to_contain_text("Russian Empire")
    expect(page).to_have_url(re.compile(r"state=FRA"))
    assert page.locator(".world path.ally").count() >= 1
    page.go_back()
    expect(page.locator("#chosen h2")).to_have_text("Choose a state")
    page.go_back()
    expect(page.locator("#on")).to_have_text("31 December 1914")
    page.goto("/?year=1915&state=FRA")  # a link that is shared shows the same
    expect(page.locator("#chosen h2")).to_have_text("France")
    page.locator("#chosen h2 a").click()
    expect(page.locator("h1")).to_have_text("France")


def test_atlas_with_and_without_scripts_say_the_same(opened: Opener) -> None:
    """The map that the server draws for a year is the one that the script paints when the slider comes there."""
    page = opened("/?year=1900")
    classes = """() => [...document.querySelectorAll('.world a[data-code]')].map((a) =>
        [a.dataset.code, a.dataset.state, a.firstElementChild.classList.value.trim(), a.textContent.trim()].join())"""
    page.locator("#year").fill("1950")
    page.locator("#year").dispatch_event("change")
    expect(page.locator("#on")).to_have_text("31 December 1950")
    painted = page.evaluate(classes)
    page.goto("/?year=1950")
    assert page.evaluate(classes) == painted


def test_casus_answers_while_one_types(opened: Opener) -> None:
    page = opened("/casus")
    page.get_by_label("Attacker").fill("RUS")
    page.get_by_label("Target").fill("EST")
    expect(page.locator("#verdict")).to_contain_text("Must assist")
    expect(page).to_have_url(re.compile("attacker=RUS&target=EST"))
    page.get_by_label("Target").fill("Atlantis")
    expect(page.locator("#verdict .problem")).to_contain_text("Atlantis")
    page.get_by_label("Target").fill("POL")
    expect(page.locator("#verdict h2").first).to_have_text("The answer")
    page.reload()
    expect(page.get_by_label("Target")).to_have_value("POL")
    page.locator("#assume").select_option(index=0)
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#verdict")).to_contain_text("Stated:")
    page.go_back()
    expect(page.locator("#verdict")).not_to_contain_text("Stated:")


def test_a_question_is_answered_by_a_link(opened: Opener) -> None:
    page = opened("/casus?attacker=AUH&target=YUG&on=1914-07-28&kind=declaration_of_war")
    question = page.locator(".questions li", has_text="unprovoked")
    question.get_by_role("link", name="no", exact=True).click()
    expect(page).to_have_url(re.compile("fact=provoked%3Dno"))
    expect(page.locator("#verdict")).to_contain_text("Stated: provoked=no")


def test_finding_by_keyboard(opened: Opener) -> None:
    page = opened("/treaties?" + DAY)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("warsaw p")
    expect(page.locator("#found a").first).to_contain_text("Warsaw Pact")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Warsaw Pact")


def test_charts_of_a_treaty_are_drawn(opened: Opener) -> None:
    page = opened("/treaties/csto-1992?" + DAY)
    image = page.locator("figure img").first
    image.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('figure img').naturalWidth > 0")
    assert "width=860" in image.evaluate("i => i.currentSrc")


def test_a_run_from_order_to_removal(opened: Opener) -> None:
    page = opened("/runs")
    order = page.locator("form[data-kind=measure]")
    order.get_by_label("Treaty").fill("no such thing")
    order.get_by_role("button", name="Run").click()
    expect(page.locator("#problem")).to_contain_text("no such thing")
    order.get_by_label("Treaty").fill("csto-1992")
    order.get_by_label("From").fill("2020")
    order.get_by_label("To").fill("2020")
    order.get_by_role("button", name="Run").click()
    expect(page.locator("#run")).to_be_visible()
    expect(page.locator("#status")).to_have_text("done")
    expect(page.locator("table")).to_contain_text("n_members")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("main")).to_contain_text("None yet")


def test_light_and_dark(opened: Opener) -> None:
    page = opened("/data", color_scheme="light")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator("#theme").click()
    dark = page.evaluate(ground)
    assert light != dark
    page.reload()
    assert page.evaluate(ground) == dark
    assert opened("/data", color_scheme="dark").evaluate(ground) == dark


def test_a_scenario_is_checked_while_it_is_written(opened: Opener) -> None:
    page = opened("/futures?treaty=csto&" + DAY)
    page.get_by_role("link", name="The United States leaves NATO").click()
    text, told = page.locator("#scenario textarea"), page.locator("#checked")
    expect(told).to_contain_text("United States leaves NATO")
    text.fill('id = 3\n<script>alert("x")</script>')
    expect(told.locator(".problem")).to_contain_text("line 2")
    expect(text).to_have_attribute("aria-invalid", "true")
    page.locator("#scenario").get_by_role("button", name="Run").click()
    expect(page.locator("#problem")).to_be_visible()
    text.fill("")
    expect(told).to_be_empty()


@pytest.mark.parametrize("width", [400, 1600])
def test_nothing_is_wider_than_the_window(width: int, opened: Opener) -> None:
    page = opened("/", viewport={"width": width, "height": 900})
    for path in PAGES:
        page.goto(path)
        over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{path} is {over} px too wide at {width} px"


def test_reading_needs_no_scripts(opened: Opener) -> None:
    page = opened("/?year=1914", java_script_enabled=False)
    page.locator(".world a[data-state=FRA]").first.click()
    expect(page.locator("h1")).to_have_text("France")
    page.goto("/casus")
    page.get_by_label("Attacker").fill("RUS")
    page.get_by_label("Target").fill("EST")
    page.get_by_role("button", name="Who is bound?").click()
    expect(page.locator("#verdict")).to_contain_text("Must assist")
    page.goto("/treaties")
    page.get_by_label("Words").fill("warsaw")
    page.get_by_label("whatever the day").check()
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Warsaw Pact").click()
    expect(page.locator("h1")).to_have_text("Warsaw Pact")
    page.goto("/runs")
    expect(page.locator("main")).to_contain_text("Ordering a run needs scripts")


@pytest.mark.parametrize(
    ("theme", "paths"),
    [
        ("light", FEW),
        pytest.param("light", [p for p in PAGES if p not in FEW], marks=pytest.mark.slow),
        pytest.param("dark", DARK, marks=pytest.mark.slow),
    ],
    ids=["few", "others", "dark"],
)
def test_accessibility(theme: str, paths: list[str], opened: Opener) -> None:
    """The rules of axe-core for WCAG 2.2 level AA, on every page."""
    if find_spec("axe_playwright_python") is None:
        pytest.skip("needs axe-playwright-python, which holds the rules")
    rules = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    page, found = opened("/", color_scheme=theme), []
    for path in paths:
        page.goto(path)
        page.evaluate(rules)
        rules_run = RULES if theme == "light" else ["color-contrast"]  # the rest is the same in both
        report = page.evaluate(
            f"() => axe.run({{runOnly: {rules_run}, resultTypes: ['violations'], preload: false, iframes: false}})"
        )
        found += [
            f"{path}: {v['id']}: {n['target']} {n['failureSummary'][:160]}"
            for v in report["violations"]
            for n in v["nodes"][:2]
        ]
    assert found == []
