"""Who carries how much, against ability, size, exposure, benefit, and what each member adds to the coalition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from foedus.measure import Evidence, RankCorrelation, rank_correlation
from foedus.measure.concordance import Concordance, concordance
from foedus.record import Record, Treaty
from foedus.strategy.coalition import Game, Listed, Power, Worth
from foedus.strategy.errors import GameError, StrategyError
from foedus.strategy.figures import HELD, held
from foedus.strategy.game_file import CAPABILITIES, read_game
from foedus.strategy.money import Aim, aims_of, in_money
from foedus.strategy.nucleolus import Nucleolus, nucleolus
from foedus.strategy.shapley import Shapley, shapley

PROXIES = {  # of benefit: Sandler and Forbes (1980) (recalled)
    "gdp_share": "GDP",
    "population_share": "population",
    "border_share": "exposed border",
}
MOST_OF_A_PROXY = 0.4  # a proxy of which one member has more deserves a warning
SHARES = pl.Schema(
    {
        **HELD,
        "benefit_share": pl.Float64(),
        "fair_share": pl.Float64(),
        "nucleolus_share": pl.Float64(),
        "excess_points": pl.Float64(),
        "excess_musd": pl.Float64(),
        "burden_rank": pl.Int16(),
        "fair_rank": pl.Int16(),
    }
)


@dataclass(frozen=True, slots=True)
class Shares:
    """What `shares_of` finds.

    frame : schema SHARES, one row a member. capability : what the game is made of, in words. game, value : the
    coalition function and its Shapley value, over the members in `value.members`. tests : burden against every grid of
    proxies. size_effect : rank correlation of GDP with expenditure as a share of GDP. money : schema MONEY. assumed :
    in words.
    """

    treaty: str
    title: str
    day: date
    source: str
    frame: pl.DataFrame
    capability: str
    game: Game | Listed
    value: Shapley
    nucleolus: Nucleolus | None
    tests: tuple[Concordance, ...]
    size_effect: RankCorrelation
    money: pl.DataFrame
    assumed: tuple[str, ...]


def shares_of(
    record: Record,
    treaty: Treaty,
    day: date,
    *,
    function: str = "sum",
    capability: str = "milex",
    worth: Worth | None = None,
    evidence: Evidence | None = None,
    aims: Sequence[Aim] | None = None,
    growth: float = 0.0,
    within: float = 0.01,
    seed: int = 1,
    with_nucleolus: bool = False,
) -> Shares:
    """Burden shares of the members of `treaty` on `day`, and what would be fair by the measures named in the columns.

    function : "sum", "weakest-link", "best-shot" (see coalition.TECHNOLOGIES), or a TOML file with a coalition function
    (game_file.read_game). capability : a key of CAPABILITIES, what "sum" and "best-shot" add up; a weakest link is
    judged by effort, expenditure as a share of GDP, since size cannot mend a weak member. worth : what a level is
    worth; the square root by default for "sum", the level itself else. fair_share : Shapley value over the value of
    all, for a weakest link the value of each times its GDP over the sum of these (effort turned into money);
    excess_points : burden less fair share, percentage points of the members' total; excess_musd : the same in million
    USD. nucleolus_share : asked for, at most 10 members. benefit_share : mean of the shares of GDP, population and
    exposed border that are known for all who have a burden. Raises StrategyError when there are no figures, GameError
    for a function that cannot be.
    """
    members = tuple(sorted(treaty.members_on(day)))
    if len(members) < 2:
        raise StrategyError(f"{treaty.title} had {len(members)} members on {day}: there is nothing to share.")
    table, source = held(record, members, day, evidence)
    known = table.drop_nulls("burden_share")
    game, made_of = _game(record, known, function, capability, worth)
    value = shapley(game, within=within, seed=seed)
    division = nucleolus(game) if with_nucleolus else None
    by_effort = function == "weakest-link"
    frame = _joined(table, value, division, by_effort)
    agreed = aims_of(record, treaty, day) if aims is None else list(aims)
    proxies = {says: known[p].to_list() for p, says in PROXIES.items() if known[p].null_count() < known.height}
    return Shares(
        treaty=treaty.id,
        title=treaty.title,
        day=day,
        source=source,
        frame=frame,
        capability=made_of,
        game=game,
        value=value,
        nucleolus=division,
        tests=tuple(concordance(known["burden_share"].to_list(), proxies)),
        size_effect=rank_correlation(known["gdp_musd"].to_list(), known["milex_share_gdp"].to_list(), draws=1000),
        money=in_money(frame, agreed, evidence, growth=growth),
        assumed=_assumed(game, made_of, known, growth),
    )


def _game(
    record: Record, known: pl.DataFrame, function: str, capability: str, worth: Worth | None
) -> tuple[Game | Listed, str]:
    members = tuple(known["state"])
    if function.endswith(".toml") or Path(function).is_file():
        if worth is not None:
            raise GameError(f"{function} says what a coalition is worth; leave --worth out.")
        return read_game(record, Path(function), members)
    if capability not in CAPABILITIES:
        raise GameError(f'"{capability}" is not a capability; known: {", ".join(CAPABILITIES)}.')
    column, unit = CAPABILITIES[capability]
    if function == "weakest-link":
        column, unit = "milex_share_gdp", "military expenditure, per cent of GDP"
    if known[column].null_count():
        lacking = known.filter(pl.col(column).is_null())["name"].to_list()
        raise GameError(f"No {unit} is known for {', '.join(lacking)}; choose another capability.")
    default = Power(0.5) if function == "sum" else Power(1.0)
    return Game(members, tuple(known[column].to_list()), function, worth or default), unit


def _joined(table: pl.DataFrame, value: Shapley, division: Nucleolus | None, by_effort: bool) -> pl.DataFrame:
    fair = pl.DataFrame(
        {
            "state": value.members,
            "fair_share": value.shares,
            "nucleolus_share": [None] * len(value.members) if division is None else division.values / value.whole,
        },
        schema={"state": pl.String, "fair_share": pl.Float64, "nucleolus_share": pl.Float64},
    )
    if by_effort:
        money = pl.col("fair_share") * pl.col("gdp_musd")
        fair = fair.join(table.select("state", "gdp_musd"), on="state").with_columns(fair_share=money / money.sum())
        fair = fair.drop("gdp_musd")
    total = pl.col("milex_musd").filter(pl.col("burden_share").is_not_null()).sum()
    complete = [p for p in PROXIES if table.drop_nulls("burden_share")[p].null_count() == 0]
    benefit = pl.mean_horizontal(complete, ignore_nulls=False) if complete else pl.lit(None, dtype=pl.Float64)
    return (
        table.join(fair, on="state", how="left")
        .with_columns(benefit_share=benefit, excess=pl.col("burden_share") - pl.col("fair_share"))
        .with_columns(
            excess_points=100 * pl.col("excess"),
            excess_musd=pl.col("excess") * total,
            burden_rank=pl.col("burden_share").rank("min", descending=True),
            fair_rank=pl.col("fair_share").rank("min", descending=True),
        )
        .select(pl.col(name).cast(kind) for name, kind in SHARES.items())
        .sort("burden_share", "state", descending=[True, False], nulls_last=True)
    )


def _assumed(game: Game | Listed, capability: str, known: pl.DataFrame, growth: float) -> tuple[str, ...]:
    says = [f"The capability of a member is its {capability}; a coalition is judged by nothing else."]
    if isinstance(game, Game):
        says.append(f"Capabilities add up by {game.technology}; what they protect is worth: {game.worth}.")
    proxies = [PROXIES[p] for p in PROXIES if known[p].null_count() == 0]
    widest = known.filter(pl.col("border_share") > MOST_OF_A_PROXY)
    if not widest.is_empty():
        says.append(
            f"{widest['name'][0]} has {widest['border_share'][0]:.0%} of the exposed border: a long coast that few"
            " could attack counts like any other, so read the tests without this proxy too."
        )
    says.append(f"Benefit is the plain mean of shares of {', '.join(proxies)}; other weights give other answers.")
    says.append(
        f"Years ahead: equal steps to the target, GDP growing by {growth:g} % a year, prices of"
        f" {known['year'].to_list()[0]}."
    )
    if isinstance(game, Game) and capability.startswith("military"):
        says.append("What a member spends is both its burden and its capability here: compare with capability GDP.")
    says.append("The Shapley value is a norm of fairness, not a forecast and not what was agreed.")
    return tuple(says)
