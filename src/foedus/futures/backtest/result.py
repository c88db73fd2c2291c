"""`Backtest`: the scores of one back-test as small data, to and from JSON; some ship with foedus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from foedus.futures.backtest.questions import Level
from foedus.futures.errors import RunError

SCHEMA = "foedus-backtest/1"
SHIPPED = Path(__file__).with_name("shipped")
_DIGITS = 6  # of every number that is written: the last bits of a library do not change the file


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How one forecaster did on one question. n units, of which `happened` did; `expected` is the sum of its chances.

    log is None where something happened that had been called impossible; average_precision where nothing happened.
    """

    origin: int
    horizon: int
    level: Level
    forecaster: str
    n: int
    happened: int
    expected: float
    brier: float
    log: float | None
    average_precision: float | None


class Skill(msgspec.Struct, frozen=True, kw_only=True):
    """1 - foedus's score / the reference's, with an interval of 90 per cent; origin None: all origins, each as heavy.

    None where the reference's score is infinite or nought.
    """

    origin: int | None
    horizon: int
    level: Level
    score: str
    reference: str
    skill: float | None
    low: float | None
    high: float | None


class CountScore(msgspec.Struct, frozen=True, kw_only=True):
    """How many events there were since the origin, and what a forecaster thought: mean, 10th and 90th percentile."""

    origin: int
    horizon: int
    name: str
    forecaster: str
    observed: int
    mean: float
    low: float
    high: float
    crps: float


class SetScore(msgspec.Struct, frozen=True, kw_only=True):
    """New alliances by their exact founders. n_foreseen : of the `n_founded` sets, those that some world founded too.

    brier_sum : squared errors over all sets that were founded or foreseen; that of "nothing is founded" is n_founded.
    """

    origin: int
    horizon: int
    n_founded: int
    n_foreseen: int
    brier_sum: float


class CalibrationBin(msgspec.Struct, frozen=True, kw_only=True):
    """A bin of `scores.Bin` of one level and horizon, over all origins."""

    horizon: int
    level: Level
    low: float
    high: float
    n: int
    happened: int
    mean_forecast: float
    share: float
    share_low: float
    share_high: float


class CurvePoint(msgspec.Struct, frozen=True, kw_only=True):
    """Precision at a recall, of one level, horizon and forecaster, over all origins."""

    horizon: int
    level: Level
    forecaster: str
    recall: float
    precision: float


class Backtest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a back-test found. data_hash : of the history; notes : what was left out, for readers."""

    data: str
    data_hash: str
    newest: str
    version: str
    seed: int
    worlds: int
    networks: int
    origins: tuple[int, ...]
    horizons: tuple[int, ...]
    scores: tuple[Score, ...]
    skills: tuple[Skill, ...]
    counts: tuple[CountScore, ...]
    sets: tuple[SetScore, ...]
    calibration: tuple[CalibrationBin, ...]
    curves: tuple[CurvePoint, ...]
    notes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The same bytes for the same result."""
        raw = {"schema": SCHEMA, **_rounded(msgspec.to_builtins(self))}
        lines = [f'"{key}": {_value(value)}' for key, value in raw.items()]
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @staticmethod
    def from_json(data: bytes, where: str = "text") -> Backtest:
        """Raises RunError, naming `where`, for anything but a back-test."""
        try:
            raw = msgspec.json.decode(data, type=dict[str, Any])
            if raw.pop("schema", None) != SCHEMA:
                raise RunError(f"{where}: no back-test of schema {SCHEMA}. Make one: foedus futures backtest -o FILE")
            return msgspec.convert(raw, Backtest)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise RunError(f"{where}: no back-test: {error}. Make one: foedus futures backtest -o FILE") from None

    def skill_of(self, level: Level, horizon: int, reference: str, score: str = "brier") -> Skill | None:
        """The skill over all origins, if it was asked."""
        wanted = (None, horizon, level, score, reference)
        return next((s for s in self.skills if (s.origin, s.horizon, s.level, s.score, s.reference) == wanted), None)


def shipped(data: str) -> Backtest | None:
    """The back-test on `data` that ships with foedus, None where there is none."""
    path = SHIPPED / f"{data}.json"
    return Backtest.from_json(path.read_bytes(), path.name) if path.is_file() else None


def _value(value: Any) -> str:
    """Tables one row a line, so that a difference can be read."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        rows = ",\n ".join(msgspec.json.encode(row).decode() for row in value)
        return f"[\n {rows}\n]"
    return msgspec.json.encode(value).decode()


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
