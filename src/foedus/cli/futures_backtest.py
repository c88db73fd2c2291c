"""`foedus futures backtest`: would the simulator have been right?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli import show_text
from foedus.cli.options import Json, Own, opened
from foedus.errors import FoedusError

if TYPE_CHECKING:
    from foedus.futures.backtest.questions import Level
    from foedus.futures.backtest.result import Backtest

Sources = Annotated[
    Path | None, typer.Option("--sources", metavar="DIR", envvar="FOEDUS_SOURCES", help="Your copies of ATOP.")
]


def backtest(
    origin: Annotated[
        str, typer.Option("--origin", metavar="YEARS", help="Years at whose end forecasts are made, with commas.")
    ] = "1950,1970,1990,2000,2005",
    horizon: Annotated[
        str, typer.Option("--horizon", metavar="YEARS", help="How many years ahead, with commas.")
    ] = "5,10",
    data: Annotated[
        str, typer.Option("--data", metavar="NAME", help="record, or atop from your own copies.")
    ] = "record",
    worlds: Annotated[int, typer.Option("--worlds", metavar="N", help="Simulated at each origin.")] = 1000,
    networks: Annotated[
        int, typer.Option("--networks", metavar="N", help="Simulated by the temporal ERGM; 0 leaves it out.")
    ] = 200,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed gives the same bytes.")] = 1,
    shipped: Annotated[bool, typer.Option("--shipped", help="Show the result that ships, without a new run.")] = False,
    by_origin: Annotated[
        bool, typer.Option("--by-origin", help="Show what was expected and seen at each origin, and where loss lies.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write the whole result, JSON.")
    ] = None,
    sources: Sources = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """Fit every model on what was known at each origin, run forward, and score it on what happened.

    Beside it: no change, historical rates, a dyadic logit, a temporal ERGM. Skill above 0 means better than these.
    """
    from foedus.cli.writing import writable, write_whole

    if out is not None:
        writable(out)
    found = _shipped(data) if shipped else _made(origin, horizon, data, worlds, networks, seed, sources, own)
    if out is not None:
        write_whole(out, found.to_json().encode())
        print(f"Wrote {out}: {len(found.scores)} scores at {len(found.origins)} origins.")
    elif json:
        sys.stdout.write(found.to_json())
    else:
        _show(found)
        if by_origin:
            _show_origins(found)


def _shipped(data: str) -> Backtest:
    from foedus.futures.backtest import result

    found = result.shipped(data)
    if found is None:
        raise FoedusError(
            f'No back-test on "{data}" ships with foedus; expected record or atop, or leave --shipped out.'
        )
    return found


def _made(
    origin: str,
    horizon: str,
    data: str,
    worlds: int,
    networks: int,
    seed: int,
    sources: Path | None,
    own: Path | None,
) -> Backtest:
    from foedus.futures.backtest.run import backtest as made
    from foedus.model.membership.histories import history_of

    origins, horizons = _years(origin, "--origin"), _years(horizon, "--horizon")
    record = opened(own)
    history = history_of(data, None, sources, record)

    def tell(step: str) -> None:
        print(step, file=sys.stderr, flush=True)

    return made(
        history,
        record,
        origins=origins,
        horizons=horizons,
        worlds=worlds,
        networks=networks,
        seed=seed,
        progress=tell,
    )


def _years(text: str, option: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise FoedusError(f'{option} "{text}": expected whole numbers with commas between, as in 1990,2000.') from None


def _show(found: Backtest) -> None:
    from foedus.futures.backtest.questions import LEVELS

    references = list(dict.fromkeys(s.reference for s in found.skills))
    rows = []
    for horizon in found.horizons:
        for level in LEVELS:
            own = [s for s in found.scores if (s.level, s.horizon, s.forecaster) == (level, horizon, "foedus")]
            if own:
                skills = [_skill_text(found, level, horizon, r) for r in references]
                happened, n = sum(s.happened for s in own), sum(s.n for s in own)
                rows.append((f"{horizon} years", level, f"{happened} of {n}", *skills))
    title = (
        f"Skill (Brier) of foedus against each reference, {found.data}, origins {', '.join(map(str, found.origins))}"
    )
    show_text.table(title, ("after", "question", "happened", *references), rows)
    show_text.lines(
        "Above 0: better than the reference; in brackets the interval of 90 %, by a bootstrap over both sides.",
        "Log scores, counts (CRPS), calibration, precision and recall: -o FILE or --json. More: docs/backtest.md",
    )


def _skill_text(found: Backtest, level: object, horizon: int, reference: str) -> str:
    s = found.skill_of(level, horizon, reference)  # type: ignore[arg-type]
    if s is None or s.skill is None or s.low is None or s.high is None:
        return "–"
    return f"{s.skill:+.2f} [{s.low:+.2f}, {s.high:+.2f}]"


def _show_origins(found: Backtest) -> None:
    """Expected and seen at each origin; numbers of events; and the parts of the Brier score over all origins."""
    years = tuple(map(str, found.origins))
    title = "Expected, seen, and skill against no change"
    show_text.table(title, ("after", "question", *years), _by_question(found))
    title = "Numbers of events: expected (10th to 90th percentile), seen"
    show_text.table(title, ("after", "events", *years), _by_event(found))
    title = "Brier = reliability (wrong levels) - resolution (sorting) + uncertainty"
    show_text.table(title, ("after", "question", "reliability", "resolution", "uncertainty"), _parts(found))


def _by_question(found: Backtest) -> list[tuple[str, ...]]:
    from foedus.futures.backtest.questions import LEVELS

    scores = {(s.horizon, s.level, s.origin, s.forecaster): s for s in found.scores}

    def cell(horizon: int, level: Level, origin: int) -> str:
        own, plain = (scores.get((horizon, level, origin, name)) for name in ("foedus", "no change"))
        if own is None or plain is None:
            return "–"
        skill = f", {1.0 - own.brier / plain.brier:+.2f}" if plain.brier else ""
        return f"{own.expected:.0f}, {own.happened}{skill}"

    return [(f"{h} years", q, *(cell(h, q, o) for o in found.origins)) for h in found.horizons for q in LEVELS]


def _by_event(found: Backtest) -> list[tuple[str, ...]]:
    ours = {(c.horizon, c.name, c.origin): c for c in found.counts if c.forecaster == "foedus"}

    def cell(key: tuple[int, str, int]) -> str:
        c = ours.get(key)
        return f"{c.mean:.0f} ({c.low:.0f} to {c.high:.0f}), {c.observed}" if c else "–"

    names = dict.fromkeys(name for _, name, _ in ours)
    return [(f"{h} years", n, *(cell((h, n, o)) for o in found.origins)) for h in found.horizons for n in names]


def _parts(found: Backtest) -> list[tuple[str, ...]]:
    from foedus.futures.backtest.questions import LEVELS
    from foedus.futures.backtest.scores import parts

    rows = []
    for horizon in found.horizons:
        for level in LEVELS:
            bins = [b for b in found.calibration if (b.horizon, b.level) == (horizon, level)]
            if bins:
                p = parts([b.n for b in bins], [b.mean_forecast for b in bins], [b.share for b in bins])
                numbers = (p.reliability, p.resolution, p.uncertainty)
                rows.append((f"{horizon} years", level, *(f"{v:.5f}" for v in numbers)))
    return rows
