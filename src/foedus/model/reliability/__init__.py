"""reliability: whether a promise is kept when war comes.

`reference` fits Leeds and Anac (2005) again; `rates` counts how often commitments were honoured; `candidates` judges
models by wars they have not seen; `fitting` makes the one that ships. Start with `likely`, which says of an event who
would come, and with how much. Its answer is P(honoured | war began): attackers choose, so peace shows another side.
"""

from foedus.model.reliability.honouring import Commitment, Drawing, Honouring
from foedus.model.reliability.participation import Likely, Participant, Share, likely

__all__ = ["Commitment", "Drawing", "Honouring", "Likely", "Participant", "Share", "likely"]
