"""Treaty files to break: the least sound one, one that uses every table; and records with parts replaced."""

import copy
from typing import Any

from foedus.record import Record, Treaty
from foedus.record.parse import parse_treaty

LEAST = """\
id = "test-2000"
name = "Treaty of Tests"
kind = "treaty"
signed = 2000-01-01
in_force = 2000-06-01
checked = 2020-01-01
according_to = "recalled"

[[member]]
states = ["FRA", "GBR"]
source = "recalled"

[[obligation]]
id = "art1"
article = "1"
says = "Each helps the other."
pledge = "defence"
level = "must_assist"
trigger = "attack"
kinds = ["armed_attack"]
area = "anywhere"
source = "recalled"
"""

RICH = """\
id = "rich-1990"
name = "Treaty of Riches"
short = "Rich"
aliases = ["riches", "the rich one"]
kind = "treaty"
text = "public"
signed = 1990-01-01
in_force = 1990-06-01
ended = 2010-01-01
end_mode = "dissolved"
precision = { ended = "month" }
aimed_at = ["RUS"]
open_to = "anybody"
universal = false
related = ["nato-1949"]
atop = [3180]
differs_from_atop = ["members: a day"]
checked = 2020-01-01
according_to = ["text", "recalled"]
note = "Made up."

[[member]]
states = ["FRA", "GBR"]
source = "text"

[[member]]
state = "ITA"
signed = 1994-12-01
since = 1995-01-01
until = 2001-02-03
how = "accession"
how_left = "withdrawal"
precision = { since = "month" }
source = "text"

[[member]]
state = "BEL"
role = "protected"
source = "text"

[[eligible]]
article = "7"
says = "Any other European state, and members of NATO."
regions = ["europe"]
members_of = ["nato-1949"]
states = ["RUS"]
admits_neutrals = true
until = 2005-01-01
source = "text"

[[area]]
id = "home"
since = 1990-06-01
include = ["territory:party@europe", "place:west-berlin", "region:rio-zone"]
exclude = ["overseas:party"]
control = "sovereign"
says = "At home."
source = "text"

[[obligation]]
id = "art1"
article = "1"
says = "Each helps the other."
pledge = "defence"
level = "must_assist"
trigger = "attack"
kinds = ["armed_attack"]
area = "home"
action = ["military", "materiel"]
discretion = "deems_necessary"
attacker = "listed"
attackers = ["RUS"]
max_attackers = 2
within_days = 30
practice = [{ kind = "cyber", since = 1999-09-05, threshold = "organ", source = "text" }]
condition = [{ fact = "attacker_communist", holds = false, says = "not red", applies_to = ["FRA"], source = "text" }]
source = "text"

[[obligation]]
id = "art2"
article = "2"
says = "All guard the protected."
pledge = "guarantee"
level = "must_assist"
trigger = "attack"
kinds = ["armed_attack"]
area = "anywhere"
to = "protected"
source = "text"

[[suspension]]
between = ["FRA", "GBR"]
since = 2000-01-01
what = "obligations"
obligations = ["art1"]
source = "text"

[[reservation]]
state = "GBR"
obligations = ["art1"]
effect = "condition"
fact = "resists"
holds = false
says = "Only if not."
source = "text"

[[institution]]
name = "A council"
kind = "council"
since = 1991-01-01
seat = "Paris"
absent = [{ state = "GBR", since = 1992-01-01, until = 1993-01-01, source = "text" }]
source = "text"

[[development]]
day = 1999-04-24
name = "A summit"
effect = "widened"
says = "More."
source = "text"

[[source]]
id = "text"
title = "The text"
date = "1990-01-01"
seen = 2019-12-31
status = "text"
"""


def least(old: str = "", new: str = "", more: str = "") -> str:
    """LEAST with `old` replaced by `new` once and `more` put at its end."""
    assert old in LEAST
    return LEAST.replace(old, new, 1) + more


def rich(old: str = "", new: str = "") -> str:
    """RICH with `old` replaced by `new` once."""
    assert old in RICH
    return RICH.replace(old, new, 1)


def treaty(text: str) -> Treaty:
    return parse_treaty(text, "test.toml")


def changed(record: Record, **parts: Any) -> Record:
    """`record` with some of its public parts (treaties, spells, places ...) replaced; their look-ups are built anew."""
    new = copy.copy(record)
    stale = "_treaty" if parts.keys() <= {"treaties", "guidelines"} else "_"
    for name in [name for name in vars(record) if name.startswith(stale)]:
        delattr(new, name)
    for name, value in parts.items():
        assert hasattr(record, name), name
        setattr(new, name, value)
    return new


def holding(record: Record, *treaties: Treaty) -> Record:
    """`record` with these treaties only."""
    return changed(record, treaties={t.id: t for t in treaties}, guidelines=())
