"""What every event of one call of `foedus casus` is answered with: the options, and the verdict and draws they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.errors import EventError

if TYPE_CHECKING:
    import polars as pl

    from foedus.casus import Assumption, Event, Verdict
    from foedus.model.reliability import Likely
    from foedus.record import Record


@dataclass(frozen=True, slots=True)
class Answering:
    """The options of one call, as typed."""

    record: Record
    assume: Sequence[str]
    depth: int | None
    draws: int
    seed: int
    without: str | None
    sources: Path | None

    def verdict(self, event: Event) -> Verdict:
        """What the texts say."""
        from foedus.casus import MAX_DEPTH, evaluate

        depth = MAX_DEPTH if self.depth is None else self.depth
        return evaluate(self.record, event, depth=depth, assume=self.assumptions(event))

    def assumptions(self, event: Event) -> tuple[Assumption, ...]:
        """What states are said to do."""
        from foedus.casus.stating import read_assumptions

        return read_assumptions(self.record, self.assume, event.day)

    def likely(self, event: Event) -> Likely | None:
        """Who would come, if that was asked. Raises EventError for --without on its own or of an unknown term."""
        from foedus.casus.stating import LIKELY, asks_likely

        left_out = [t.strip() for t in (self.without or "").split(",") if t.strip()]
        strange = [t for t in left_out if t not in ("era", "opinion")]
        if strange:
            raise EventError(f'--without: "{strange[0]}" is no term that can be left out; expected era or opinion.')
        if not asks_likely(self.assume):
            if left_out:
                raise EventError(f"--without: leaves terms out of the draws; add --assume {LIKELY}.")
            return None
        from foedus.casus import MAX_DEPTH
        from foedus.model.reliability import Drawing, likely

        return likely(
            self.record,
            event,
            assume=self.assumptions(event),
            depth=MAX_DEPTH if self.depth is None else self.depth,
            drawing=Drawing(self.draws, self.seed, era="era" not in left_out, opinion="opinion" not in left_out),
            cinc=self._cinc(event),
        )

    def _cinc(self, event: Event) -> pl.DataFrame | None:
        from foedus.panel.capability import TODAY

        if event.day.year >= TODAY or self.sources is None:
            return None
        from foedus.sources.nmc import cinc

        return cinc(self.sources)

    @property
    def options(self) -> str:
        """The options that would draw the same again."""
        if not self.assume:
            return ""
        without = f" --without {self.without}" if self.without else ""
        from foedus.casus.stating import asks_likely

        drawn = f" --draws {self.draws} --seed {self.seed}{without}" if asks_likely(self.assume) else ""
        return f" --assume {','.join(self.assume)}{drawn}"
