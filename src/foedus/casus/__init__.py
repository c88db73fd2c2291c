"""casus: an event in, who is bound out. The obligation engine.

"X attacks Y at Z: who must fight, who must consult, who must stay out, by which article?" It reads the record and
nothing else, does no input or output, and draws nothing at random. Start with `evaluate`; `docs/casus.md` explains the
semantics. "Bound" is a reading of texts: not a prediction, and not legal advice.
"""

from foedus.casus.cascade import MAX_DEPTH, Assumption, evaluate
from foedus.casus.event import Event, Spot
from foedus.casus.reading import events_of, read_event
from foedus.casus.verdict import Breach, Conflict, Finding, Overall, Question, Verdict

__all__ = [
    "MAX_DEPTH",
    "Assumption",
    "Breach",
    "Conflict",
    "Event",
    "Finding",
    "Overall",
    "Question",
    "Spot",
    "Verdict",
    "evaluate",
    "events_of",
    "read_event",
]
