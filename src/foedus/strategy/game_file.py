"""A coalition function from a TOML file: capabilities with a technology and a worth, or a value for each coalition."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from foedus.panel import state_figures
from foedus.record import Record
from foedus.strategy.coalition import Contest, Game, Listed, Power, Threshold, Worth
from foedus.strategy.errors import GameError

CAPABILITIES = {
    "milex": ("milex_musd", "military expenditure, million USD"),
    "gdp": ("gdp_musd", "GDP, million USD"),
    "population": ("population", "population"),
}
_KEYS = {"title", "capability", "unit", "technology", "worth", "value", "source"}


def read_game(record: Record, file: Path, members: Sequence[str]) -> tuple[Game | Listed, str]:
    """The game that `file` states for `members` (codes), and what its capabilities are, in words.

    Keys: `source` (where the numbers are from, or "assumed") and either `[capability]`, a number for each member, with
    `technology` ("sum"), `worth` ("power:0.5") and `unit`; or `[value]`, a number for each coalition, members joined by
    |. Members may be written as anywhere: code, COW number or name. Raises GameError naming file and key.
    """
    raw = _parsed(file)
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise GameError(f'{file}: no key "{unknown[0]}"; known: {", ".join(sorted(_KEYS))}.')
    if ("capability" in raw) == ("value" in raw):
        raise GameError(
            f"{file}: give either [capability], a number for each member, or [value], one for each coalition."
        )
    if not raw.get("source"):
        raise GameError(f'{file}: source is missing: say where the numbers are from, or source = "assumed".')
    try:
        if "value" in raw:
            value = {frozenset(_codes(record, file, key)): _number(file, key, v) for key, v in raw["value"].items()}
            return Listed.of(tuple(members), value), f"value as listed ({raw['source']})"
        given = {_codes(record, file, key)[0]: _number(file, key, v) for key, v in raw["capability"].items()}
        _same(file, given, members)
        game = Game(
            tuple(members),
            tuple(given[m] for m in members),
            str(raw.get("technology", "sum")),
            read_worth(record, str(raw.get("worth", "power:0.5")), given.get),
        )
    except GameError as error:
        says = str(error)
        raise GameError(says if says.startswith(str(file)) else f"{file}: {says}") from None
    return game, f"{raw.get('unit', 'capability')} ({raw['source']})"


def worth_asked(record: Record, text: str, capability: str) -> Worth:
    """The worth that `text` names, a threat that is a state taken by its latest figure of `capability`, a key of
    `CAPABILITIES`, in the record. Raises GameError."""

    def figure(state: str) -> float | None:
        value = state_figures(record, [state])[CAPABILITIES[capability][0]][0]
        return None if value is None else float(value)

    if capability not in CAPABILITIES:
        raise GameError(f'"{capability}" is not a capability; known: {", ".join(CAPABILITIES)}.')
    return read_worth(record, text, figure)


def read_worth(record: Record, text: str, known: Callable[[str], float | None]) -> Worth:
    """The worth that `text` names: power:EXPONENT, contest:THREAT[:STEEPNESS], threshold:QUOTA.

    THREAT and QUOTA are numbers in the unit of capability, or a state whose capability is `known`. Raises GameError.
    """
    name, _, rest = text.partition(":")
    parts = rest.split(":") if rest else []
    try:
        match name, parts:
            case "power", [exponent]:
                return Power(float(exponent))
            case "contest", [threat]:
                return Contest(_level(record, threat, known))
            case "contest", [threat, steepness]:
                return Contest(_level(record, threat, known), float(steepness))
            case "threshold", [quota]:
                return Threshold(_level(record, quota, known))
    except ValueError:
        pass
    raise GameError(
        f'"{text}" is not a worth. Write power:0.5, contest:THREAT, contest:THREAT:STEEPNESS or threshold:QUOTA, where'
        " THREAT and QUOTA are a number or a state whose figure is known."
    )


def _level(record: Record, text: str, known: Callable[[str], float | None]) -> float:
    try:
        return float(text)
    except ValueError:
        code = record.state(text).code
        value = known(code)
        if value is None:
            raise GameError(f"The capability of {record.state_name(code)} is not known here; give a number.") from None
        return value


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        says = getattr(error, "strerror", None) or "not UTF-8 text"
        raise GameError(f"{file}: cannot be read: {says}. Or name sum, weakest-link or best-shot.") from None
    except tomllib.TOMLDecodeError as error:
        raise GameError(f"{file}: not TOML: {error}") from None


def _codes(record: Record, file: Path, key: str) -> list[str]:
    return [record.state(part.strip()).code for part in key.split("|") if part.strip()] or [""]


def _number(file: Path, key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GameError(f'{file}: "{key}" must be a number, found {value!r}.')
    return float(value)


def _same(file: Path, given: dict[str, float], members: Sequence[str]) -> None:
    missing, other = sorted(set(members) - set(given)), sorted(set(given) - set(members))
    threats = [o for o in other if o]  # a state outside may stand as the threat of the worth
    if missing:
        raise GameError(f"{file}: no capability for {', '.join(missing)}. Every member with figures needs one.")
    if "" in threats:
        raise GameError(f"{file}: a capability without a name.")
