"""What may be ordered: each kind of job with its options, checked before anything runs, and the command it becomes.

Options become arguments as `--name=value` and names of the record as the ids they mean, so that no text of a request
is ever read as an option, a path or a command.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from foedus.record import Record
from foedus.record.schema import Kind as EventKind
from foedus.web.asking import is_day

if TYPE_CHECKING:
    from foedus.futures.scenario import Scenario
    from foedus.futures.scenario_explain import Line

Year = Annotated[int, Field(ge=1814, le=2100)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1, description="The same seed gives the same answer.")]
OwnText = Annotated[str, Field(min_length=1, max_length=100_000)]
JobId = Annotated[str, Field(pattern="^[0-9a-f]{16}$", description="The id of a job of the kind futures.")]
RESULT = {"result": "result.parquet"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a job will do. commands : run one after the other. tables : name -> Parquet file, or a pattern of several.

    has_answer : whether the last command prints JSON that is the result. files : written into the folder first.
    resumes : whether running it again goes on where it was, rather than from the beginning. parts, n_parts : a pattern
    of files and how many there are in the end, by which progress is told; "" where the work has no parts.
    """

    commands: tuple[tuple[str, ...], ...]
    tables: Mapping[str, str] = field(default_factory=dict)
    has_answer: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    resumes: bool = False
    parts: str = ""
    n_parts: int = 0


class Order(BaseModel):
    """One kind of job and its options."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    kind: str
    title: ClassVar[str]

    @abstractmethod
    def plan(self, record: Record) -> Plan:
        """The commands that this order becomes. Raises FoedusError for what cannot be, before anything runs."""


class MeasureOrder(Order):
    """Every indicator of a treaty, or of the system, for any years: `foedus measure`."""

    title: ClassVar[str] = "Indicators by year"
    kind: Literal["measure"]
    treaty: Name = Field(description='A treaty, or the word "system".')
    first: Year | None = Field(None, alias="from")
    last: Year | None = Field(None, alias="to")

    def plan(self, record: Record) -> Plan:
        """`foedus measure TREATY --from --to -o result.parquet`."""
        subject = "system" if self.treaty == "system" else record.treaty(self.treaty).id
        years = [f"--{name}={y}" for name, y in (("from", self.first), ("to", self.last)) if y is not None]
        return Plan((("measure", subject, *years, "--out=result.parquet"),), RESULT)


class DeterrenceOrder(Order):
    """Every ordered pair of states on a day: who would be bound. `foedus casus --matrix`."""

    title: ClassVar[str] = "Deterrence map"
    kind: Literal["deterrence"]
    on: Annotated[date | None, BeforeValidator(is_day)] = None
    event: EventKind = "armed_attack"

    def plan(self, record: Record) -> Plan:
        """`foedus casus --matrix --on DAY -o result.parquet`."""
        day = [f"--on={self.on}"] if self.on else []
        arguments = ("casus", "--matrix", *day, f"--kind={self.event}", "--out=result.parquet")
        return Plan((arguments,), RESULT)


class CyberOrder(Order):
    """Ways of sharing what allies know about attackers, side by side with ranges: `foedus cyber compare`."""

    title: ClassVar[str] = "Ways of sharing compared"
    kind: Literal["cyber"]
    treaty: Name
    runs: Annotated[int, Field(ge=10, le=1_000, description="Draws of what is not known.")] = 100
    seed: Seed = 1

    def plan(self, record: Record) -> Plan:
        """`foedus cyber compare TREATY --runs --seed --json`."""
        id_ = record.treaty(self.treaty).id
        return Plan(
            (("cyber", "compare", id_, f"--runs={self.runs}", f"--seed={self.seed}", "--json"),), has_answer=True
        )


class ThreatsOrder(Order):
    """Attackers that allies have in common, by what is reported: `foedus cyber shared`."""

    title: ClassVar[str] = "Attackers in common"
    kind: Literal["threats"]
    treaty: Name
    on: Annotated[date | None, BeforeValidator(is_day)] = None

    def plan(self, record: Record) -> Plan:
        """`foedus cyber shared TREATY --on --json`."""
        day = [f"--on={self.on}"] if self.on else []
        return Plan((("cyber", "shared", record.treaty(self.treaty).id, *day, "--json"),), has_answer=True)


class SharesOrder(Order):
    """Each member's burden against ability, size, exposure, benefit and its Shapley value: `foedus strategy shares`."""

    title: ClassVar[str] = "Fair shares"
    kind: Literal["shares"]
    treaty: Name
    function: Literal["sum", "weakest-link", "best-shot"] = "sum"
    seed: Seed = 1

    def plan(self, record: Record) -> Plan:
        """`foedus strategy shares TREATY --function --seed --json`."""
        options = (f"--function={self.function}", f"--seed={self.seed}", "--json")
        return Plan((("strategy", "shares", record.treaty(self.treaty).id, *options),), has_answer=True)


class DoctrinesOrder(Order):
    """Tripwire, forward defence, rapid reaction and others over many events: `foedus strategy doctrines`."""

    title: ClassVar[str] = "Doctrines compared"
    kind: Literal["doctrines"]
    treaty: Name
    draws: Annotated[int, Field(ge=10, le=20_000)] = 500
    seed: Seed = 1

    def plan(self, record: Record) -> Plan:
        """`foedus strategy doctrines TREATY --draws --seed -o result.parquet`."""
        options = (f"--draws={self.draws}", f"--seed={self.seed}", "--out=result.parquet")
        return Plan((("strategy", "doctrines", record.treaty(self.treaty).id, *options),), RESULT)


class AllocateOrder(Order):
    """What a joint budget should buy: `foedus strategy allocate` on a plan that ships, or on your own text."""

    title: ClassVar[str] = "What a joint budget should buy"
    kind: Literal["allocate"]
    example: Literal["nato", "gcc"] = "gcc"
    text: OwnText | None = Field(None, description="A plan of your own as TOML, in place of the example.")

    def plan(self, record: Record) -> Plan:
        """`foedus strategy allocate EXAMPLE|plan.toml --json`."""
        file, files = ("plan.toml", {"plan.toml": self.text}) if self.text else (self.example, {})
        return Plan((("strategy", "allocate", file, "--json"),), has_answer=True, files=files)


class FuturesOrder(Order):
    """Many simulated worlds, year by year, under a scenario: `foedus futures run`, then `show`."""

    title: ClassVar[str] = "Futures"
    kind: Literal["futures"]
    until: Annotated[int, Field(ge=2027, le=2100)] = 2035
    worlds: Annotated[int, Field(ge=10, le=100_000)] = 1_000
    seed: Seed = 1
    text: OwnText | None = Field(None, description="A scenario as TOML; without it nothing is assumed.")

    def plan(self, record: Record) -> Plan:
        """`foedus futures run --until --worlds --seed --scenario=FILE -o run`; the scenario is checked first."""
        from foedus.futures.chunk import CHUNK

        files = {}
        if self.text:
            explained_scenario(self.text, record, self.until)
            files = {"scenario.toml": self.text}
        options = [f"--until={self.until}", f"--worlds={self.worlds}", f"--seed={self.seed}", "--out=run"]
        options += ["--scenario=scenario.toml"] if files else []
        commands = (("futures", "run", *options), ("futures", "show", "run", "--json"))
        tables = {name: f"run/parts/{name}-*.parquet" for name in ("events", "members", "sizes", "ties", "system")}
        seals, n = "run/parts/[0-9]*.json", -(-self.worlds // CHUNK)
        return Plan(commands, tables, has_answer=True, files=files, resumes=True, parts=seals, n_parts=n)


class CompareOrder(Order):
    """Two finished runs of futures side by side: `foedus futures compare`."""

    title: ClassVar[str] = "Two futures compared"
    kind: Literal["compare"]
    a: JobId
    b: JobId

    def plan(self, record: Record) -> Plan:
        """`foedus futures compare A B --json`; the runs are found by the ids of their jobs."""
        return Plan((("futures", "compare", f"../{self.a}/run", f"../{self.b}/run", "--json"),), has_answer=True)


def explained_scenario(text: str, record: Record, until: int | None) -> tuple[Scenario, list[Line]]:
    """The scenario `text` and what it assumes, line by line. Raises ScenarioError with every problem and its line."""
    from foedus.futures.scenario import parse
    from foedus.futures.scenario_check import last_full_year, resolved
    from foedus.futures.scenario_explain import explain

    origin = last_full_year(record)
    found = resolved(parse(text, "scenario.toml"), text, "scenario.toml", record, origin, until)
    return found, explain(found, record, origin)


AnyOrder = Annotated[
    MeasureOrder
    | DeterrenceOrder
    | FuturesOrder
    | CompareOrder
    | ThreatsOrder
    | CyberOrder
    | SharesOrder
    | DoctrinesOrder
    | AllocateOrder,
    Field(discriminator="kind"),
]
KINDS: Mapping[str, type[Order]] = {
    "measure": MeasureOrder,
    "deterrence": DeterrenceOrder,
    "futures": FuturesOrder,
    "compare": CompareOrder,
    "threats": ThreatsOrder,
    "cyber": CyberOrder,
    "shares": SharesOrder,
    "doctrines": DoctrinesOrder,
    "allocate": AllocateOrder,
}
