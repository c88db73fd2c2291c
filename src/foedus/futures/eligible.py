"""Which states may accede to which treaties by the record: the treaties' texts and the law of neutral states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from foedus.record import Record
from foedus.record.eligibility import bars


def eligible(record: Record, treaties: Sequence[str], states: Sequence[str], day: date) -> NDArray[np.bool_]:
    """(T, N): whether each state may be a member of each treaty by the law of `day`; every member of that day may.

    treaties, states : T ids of treaties of the record, N codes. What the record does not know bars nobody.
    """
    out = np.ones((len(treaties), len(states)), np.bool_)
    for a, id_ in enumerate(treaties):
        barred = bars(record, record.treaties[id_], day)
        out[a] = [code not in barred for code in states]
    return out
