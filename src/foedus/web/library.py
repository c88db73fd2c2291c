"""What the server reads from: the record, the evidence of the user's data sets, composed documents."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from foedus.record import Record, load
from foedus.web.composing import Composer, Tell
from foedus.web.settings import Settings

if TYPE_CHECKING:
    from foedus.measure import Evidence
    from foedus.view.document import Document
    from foedus.web.jobs.desk import Desk


@dataclass
class Library:
    """What answers are made from; `desk` takes jobs. Documents and evidence are made when first asked for."""

    settings: Settings
    record: Record
    desk: Desk
    composer: Composer
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _evidence: Evidence | None = None

    @classmethod
    def opened(cls, settings: Settings) -> Library:
        """The library of `settings`. Raises RecordError when a file of the record is wrong."""
        from foedus.web.jobs.desk import Desk

        return cls(settings, load(settings.own), Desk(settings), Composer(settings.limits.patience))

    @property
    def sources(self) -> Path:
        """The folder of the user's data sets; it may not exist."""
        from foedus.sources import folder

        return folder(self.settings.sources)

    def evidence(self) -> Evidence:
        """What indicators are computed from, read once. Raises SourceError for a file that is wrong."""
        from foedus.measure import gather

        with self._lock:
            if self._evidence is None:
                self._evidence = gather(self.record, self.settings.sources)
            return self._evidence

    def warm(self) -> None:
        """Load what the first page needs, so that its reader does not wait for it: charts and tables take a while."""
        from foedus.web.atlas_year import atlas_on
        from foedus.web.pages.rendering import environment
        from foedus.web.world import outlines

        environment().get_template("atlas.html")
        outlines()
        atlas_on(self.record, date.today())

    def brief(self, treaty: str, day: date) -> Document:
        """The brief on a treaty (an id). Raises NotYet while it is being made."""
        return self.composer.document(("brief", treaty, day), lambda tell: self._brief(treaty, day, tell))

    def _brief(self, treaty: str, day: date, tell: Tell) -> Document:
        found = self.record.treaties[treaty]
        if found.on(day) and day.year >= date.today().year - 1 and not _has_baseline():
            self.composer.first(["brief", treaty, f"--on={day}", "--out=brief.html"], tell)
        from foedus.view.brief import compose

        return compose(self.record, found, day, progress=tell)

    def atlas(self, day: date) -> Document:
        """The atlas of a day. Raises NotYet while it is being made."""
        from foedus.view.atlas import compose

        return self.composer.document(("atlas", day), lambda tell: compose(self.record, day, progress=tell))

    def powers(self, day: date) -> Document:
        """The page on the powers beyond the Atlantic core. Raises NotYet while it is being made."""
        from foedus.view.powers import compose

        return self.composer.document(("powers", day), lambda tell: compose(self.record, day, progress=tell))

    def close(self) -> None:
        """End what is under way."""
        self.desk.close()
        self.composer.close()


def _has_baseline() -> bool:
    """Whether the run on which every outlook rests was made before."""
    from foedus.futures.baseline import folder

    return any(folder().glob("*/parts/*.json"))


def of(request: Request) -> Library:
    """The library of the application that `request` came to."""
    found: Library = request.app.state.library
    return found


Held = Annotated[Library, Depends(of)]
