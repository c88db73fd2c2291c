"""`foedus cyber`: shared threats, what sharing buys, a user's own exports, what a cyber attack could call."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.options import Json, On, Own, day_of, opened

if TYPE_CHECKING:
    from foedus.cyber import Alliance, Policy

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Example: foedus cyber shared nato",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Treaty = Annotated[
    str | None, typer.Argument(metavar="[TREATY]", help="An id, a name or an alias; or give --members instead.")
]
States = Annotated[
    str | None, typer.Option("--members", metavar="STATE,...", help="Any states instead of a treaty's parties.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same answer.")]
Inside = Annotated[
    bool, typer.Option("--inside", help="Keep actors whose reported origin is a member; left out by default.")
]
OnePolicy = Annotated[
    str, typer.Option("--policy", metavar="NAME|FILE", help="A policy that ships, or a TOML file: docs/cyber.md.")
]


@app.callback()
def cyber() -> None:
    """Which attackers allies have in common, and what sharing what they know would buy. Defence and timing only."""


@app.command(epilog="Example: foedus cyber shared --members AUS,CAN,GBR,NZL,USA")
def shared(
    treaty: Treaty = None,
    members: States = None,
    variant: Annotated[
        str, typer.Option("--variant", metavar="RULE", help="base, relations, blocs, known_origin, organisations.")
    ] = "base",
    exclude_inside: Annotated[
        bool, typer.Option("--exclude-inside", help="Leave out actors whose reported origin is a member.")
    ] = False,
    bundle: Annotated[
        Path | None, typer.Option("--bundle", metavar="FILE", help="Add the actors of your own STIX bundle.")
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option("--sources", metavar="DIR", help="Compare with EuRepoC and CFR incidents in this folder."),
    ] = None,
    on: On = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """The shared-threat matrix: actors said to have attacked two or more members, who is named most, how surely."""
    from foedus.cli import cyber_text
    from foedus.cyber import actors, load_own, null_zscores

    here = _alliance(treaty, members, on, own)
    of = (*actors(), *load_own(bundle).actors) if bundle else None
    found = here.threats(variant=variant, exclude_inside_origin=exclude_inside, of=of)
    answer = cyber_text.shared_answer(here, found, null_zscores(found), sources)
    cyber_text.shared_json(answer) if json else cyber_text.shared(answer)


@app.command(epilog="Example: foedus cyber compare nato --policy hub --policy machine --runs 20")
def compare(
    treaty: Treaty = None,
    members: States = None,
    policy: Annotated[
        list[str] | None,
        typer.Option("--policy", metavar="NAME|FILE", help="Repeatable; without it, those that ship."),
    ] = None,
    runs: Annotated[int, typer.Option("--runs", min=10, help="Draws of what is not known, for the ranges.")] = 100,
    campaigns: Annotated[
        int, typer.Option("--campaigns", min=1000, help="Campaigns with default parameters.")
    ] = 100_000,
    inside: Inside = False,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="A page with charts (.html or .pdf).")
    ] = None,
    on: On = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """Policies of sharing side by side: what each averts with default parameters and over the ranges of all that is
    assumed."""
    from foedus.cli import cyber_text
    from foedus.cli.writing import form_of, make_file, writable
    from foedus.cyber import compare as compared
    from foedus.cyber.policy import SHIPPED

    form = form_of(None, out) if out else ""
    if out:
        writable(out)
    here = _alliance(treaty, members, on, own)
    found = here.threats(exclude_inside_origin=not inside)
    policies = _policies(policy or list(SHIPPED))
    answer = compared(
        policies,
        found,
        here.regions,
        runs=runs,
        campaigns=campaigns,
        seed=seed,
        progress=_step if sys.stderr.isatty() else lambda step: None,
    )
    if out:
        from foedus.view.brief.cyber import comparison_page

        make_file(lambda progress: comparison_page(here, found, answer, opened(own), seed), out, form)
    elif json:
        cyber_text.compared_json(here, found, answer, seed)
    else:
        cyber_text.compared(here, found, answer, inside=inside)


@app.command(epilog="Example: foedus cyber members nato --joining UKR")
def members(
    treaty: Treaty = None,
    states: States = None,
    policy: OnePolicy = "hub",
    joining: Annotated[
        str | None, typer.Option("--joining", metavar="STATE", help="What a newcomer would change.")
    ] = None,
    fair: Annotated[
        bool, typer.Option("--shapley", help="Also each member's fair share (Shapley); takes longer.")
    ] = False,
    inside: Inside = False,
    seed: Seed = 1,
    on: On = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """What each member gives and gets under a policy, what its taking part is worth to the others, who rides free."""
    from foedus import cyber as room
    from foedus.cli import cyber_text

    here = _alliance(treaty, states, on, own)
    found = here.threats(exclude_inside_origin=not inside)
    chosen = room.read_policy(policy)
    rows = room.gains(chosen, found, here.regions, seed=seed)
    worth = room.shapley_values(chosen, found, here.regions, seed=seed) if fair else None
    newcomer = None
    if joining:
        code = opened(own).state(joining, here.day).code
        newcomer = (code, *room.joining(code, chosen, found, here.regions, seed=seed))
    cyber_text.gains(here, found, chosen, rows, worth, newcomer, json=json)


@app.command(epilog="Example: foedus cyber sensitivity aukus --base 16")
def sensitivity(
    treaty: Treaty = None,
    members: States = None,
    policy: OnePolicy = "hub",
    base: Annotated[int, typer.Option("--base", help="A power of two; runs are twelve times as many.")] = 64,
    inside: Inside = False,
    seed: Seed = 1,
    on: On = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """Which of the uncertain parameters move the answer (Sobol indices), beside the ranges they were drawn from."""
    from foedus.cli import cyber_text
    from foedus.cyber import read_policy, sobol, varied
    from foedus.cyber.variations import LEFT_OUT

    here = _alliance(treaty, members, on, own)
    found = here.threats(exclude_inside_origin=not inside)
    chosen = read_policy(policy)
    indices = sobol(chosen, found, here.regions, base=base, seed=seed)
    beside = _policies(["bilateral", "hub", "machine"])
    left_out = {name: varied(beside, found, here.regions, name, values, seed=seed) for name, values in LEFT_OUT.items()}
    cyber_text.sensitivity(here, chosen, indices, left_out, json=json)


@app.command(epilog="Example: foedus cyber policy machine")
def policy(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME|FILE", help="Policies to check and explain.")
    ] = None,
) -> None:
    """Check policies and say what they mean; without a name, list those that ship and every parameter with its
    range.
    """
    from foedus.cli import cyber_text

    if names:
        cyber_text.policies(_policies(names))
    else:
        cyber_text.assumptions()


@app.command("import", epilog="Example: foedus cyber import bundle.json -o items.parquet")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A STIX 2.1 bundle or a MISP event export, as JSON.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="A table of hashed items (.parquet or .csv).")
    ] = None,
    most: Annotated[
        str, typer.Option("--most", metavar="LEVEL", help="The most restricted level to write: clear to amber+strict.")
    ] = "amber",
    json: Json = False,
) -> None:
    """Take in an export of your own platform and measure its delays and overlaps; values are hashed, nothing is
    sent.
    """
    from foedus.cli import cyber_text
    from foedus.cli.writing import writable, write_whole
    from foedus.cyber import load_own

    if out:
        cyber_text.table_form(out)
        writable(out)
    found = load_own(file)
    table = found.table(most)
    if out:
        write_whole(out, cyber_text.table_bytes(table, out))
    cyber_text.imported(found, table.height, out, json=json)


@app.command(epilog="Example: foedus cyber call --attacker IRN --target ALB --severity destruction --on 2022-09-07")
def call(
    attacker: Annotated[str, typer.Option("--attacker", metavar="STATE", help="Who is said to have done it.")],
    target: Annotated[str, typer.Option("--target", metavar="STATE", help="Whose networks.")],
    severity: Annotated[
        str, typer.Option("--severity", metavar="HOW", help="espionage, disruption or destruction.")
    ] = "disruption",
    attribution: Annotated[
        str, typer.Option("--attribution", metavar="BY", help="none, some (single states) or collective.")
    ] = "some",
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="KEY=VALUE", help="As for foedus casus; repeatable.")
    ] = None,
    on: On = None,
    json: Json = False,
    own: Own = None,
) -> None:
    """A cyber attack: which articles it could call, by whose decision, and what was done in earlier cases."""
    from foedus.cli import cyber_text
    from foedus.cyber import CyberError
    from foedus.cyber import call as called

    pairs = [f.partition("=") for f in fact or ()]
    wrong = next((k for k, sign, _ in pairs if not sign or not k), None)
    if wrong is not None:
        raise CyberError(f'--fact "{wrong}": write KEY=VALUE, for instance organ="NAC decides that Article 5 applies".')
    record, day = opened(own), day_of(on)
    answer = called(
        record, attacker, target, day, severity=severity, attribution=attribution, facts={k: v for k, _, v in pairs}
    )
    cyber_text.called(record, answer, json=json)


def _alliance(treaty: str | None, members: str | None, on: str | None, own: Path | None) -> Alliance:
    from foedus.cyber import CyberError, alliance, of_states

    if (treaty is None) == (members is None):
        raise CyberError("Name a treaty, or states with --members AUS,CAN,...; one of the two.")
    record, day = opened(own), day_of(on)
    if treaty is not None:
        return alliance(record, treaty, day)
    return of_states(record, [s.strip() for s in (members or "").split(",") if s.strip()], day)


def _policies(names: list[str]) -> dict[str, Policy]:
    from foedus.cyber import read_policy

    return {Path(name).stem if name.endswith(".toml") else name: read_policy(name) for name in names}


def _step(name: str) -> None:
    print(f"\r{name:<40}", end="", file=sys.stderr, flush=True)
