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
from foedus.web.errand import BASELINE, Errand
from foedus.web.jobs import told
from foedus.web.settings import Settings

if TYPE_CHECKING:
    from foedus.measure import Evidence
    from foedus.view.document import Document
    from foedus.web.jobs import Desk, Job


OUTLOOK_TO_COME = (
    "The run of simulated worlds that every outlook rests on is being made. The first time it takes a minute or two,"
    " since the simulator is compiled; then it is kept. This page shows the outlook when it is there."
)
OUTLOOK_FAILED = (
    "No outlook could be computed: the run of simulated worlds that it rests on could not be made. The command below"
    " says why."
)


@dataclass
class Library:
    """What answers are made from; `desk` takes jobs, `outlook` makes the run that outlooks rest on.

    Documents and evidence are made when first asked for.
    """

    settings: Settings
    record: Record
    desk: Desk
    composer: Composer
    outlook: Errand
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _evidence: Evidence | None = None

    @classmethod
    def opened(cls, settings: Settings) -> Library:
        """The library of `settings`. Raises RecordError when a file of the record is wrong."""
        from foedus.web.jobs import Desk

        own = str(settings.own.resolve()) if settings.own else ""
        composer = Composer(settings.limits.patience)
        return cls(settings, load(settings.own), Desk(settings), composer, Errand(BASELINE, own))

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
        """The brief on a treaty (an id); its outlook says so while the run that it rests on is made.

        Raises NotYet while the brief itself is being made.
        """
        from foedus.view.brief import compose

        found = self.record.treaties[treaty]
        missing = self._no_outlook() if found.on(day) and day.year >= date.today().year - 1 else ""

        def make(tell: Tell) -> Document:
            return compose(self.record, found, day, progress=tell, no_outlook=missing)

        return self.composer.document(("brief", treaty, day, missing), make)

    def _no_outlook(self) -> str:
        """Why no outlook can be shown yet; "" once the run that every outlook rests on is kept."""
        if not self.outlook.is_over(self.settings.limits.patience / 2):
            return OUTLOOK_TO_COME
        return "" if self.outlook.is_done else OUTLOOK_FAILED

    def atlas(self, day: date) -> Document:
        """The atlas of a day. Raises NotYet while it is being made."""
        from foedus.view.atlas import compose

        return self.composer.document(("atlas", day), lambda tell: compose(self.record, day, progress=tell))

    def powers(self, day: date) -> Document:
        """The page on the powers beyond the Atlantic core. Raises NotYet while it is being made."""
        from foedus.view.powers import compose

        return self.composer.document(("powers", day), lambda tell: compose(self.record, day, progress=tell))

    def run(self, job: Job) -> Document | None:
        """What a job that is done says, as a document: a run of futures, a comparison; None for other kinds.

        Raises StoreError and OutputError when its files are gone, NotYet while it is being made.
        """
        make = told.MAKERS.get(job.kind)
        if make is None:
            return None
        folder = self.desk.folder(job)
        return self.composer.document(("run", job.id, job.tries), lambda tell: make(self.record, folder))

    def close(self) -> None:
        """End what is under way."""
        self.desk.close()
        self.outlook.close()


def of(request: Request) -> Library:
    """The library of the application that `request` came to."""
    found: Library = request.app.state.library
    return found


Held = Annotated[Library, Depends(of)]
