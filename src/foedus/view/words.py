"""Numbers, dates and lists as an English sentence wants them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

LEVELS = {
    "must_use_force": "must use force",
    "must_mobilise": "must mobilise",
    "must_assist": "must assist",
    "must_consult": "must consult",
    "must_stay_neutral": "must stay neutral",
    "must_not_attack": "must not attack",
    "may_act": "may act",
    "no_duty": "no duty",
}
PLEDGES = {
    "defence": "defence",
    "offence": "offence",
    "neutrality": "neutrality",
    "non_aggression": "non-aggression",
    "consultation": "consultation",
    "guarantee": "guarantee",
    "internal_order": "internal order",
    "cooperation": "cooperation",
}
CONFIDENCE = {
    "text": "text read",
    "secondary": "secondary source read",
    "recalled": "recalled, not yet checked",
}


def plain(word: str) -> str:
    """A word of the record's vocabulary as people write it: `armed_attack` -> "armed attack"."""
    return LEVELS.get(word) or PLEDGES.get(word) or word.replace("_", " ")


def day(value: date | None, precision: str | None = None) -> str:
    """A date as precisely as it is known: "4 April 1949", "April 1949", "1949", "about 1949"; "" for None."""
    if value is None:
        return ""
    if precision == "year":
        return str(value.year)
    if precision == "month":
        return f"{value:%B %Y}"
    if precision == "circa":
        return f"about {value:%B %Y}"
    return f"{value.day} {value:%B %Y}"


def listed(words: Sequence[str], most: int | None = None) -> str:
    """Words joined as a sentence joins them: "a, b and c"; beyond `most`: "a, b and 7 others"."""
    shown = list(words)
    if most is not None and len(shown) > most:
        shown = [*shown[:most], f"{len(words) - most} others"]
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1] if shown else ""


def count(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 state", "12 states"; small numbers stay figures, as analysts write them."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def money(musd: float) -> str:
    """Million USD to three significant digits with a readable unit: "1.49 tn USD"."""
    for factor, unit in ((1e6, "tn"), (1e3, "bn"), (1.0, "m")):
        if musd >= factor:
            value = musd / factor
            return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} {unit} USD"
    return f"{musd * 1e3:.0f} k USD" if musd >= 0.001 else "0 USD"


def per_cent(share: float, digits: int = 0) -> str:
    """A share in [0, 1] as per cent; never rounds a positive share to nought without saying so."""
    if 0 < share < 0.5 * 10 ** (-digits - 2):
        return f"under {10**-digits:g}%"
    return f"{share * 100:.{digits}f}%"


def sentence(text: str) -> str:
    """`text` with a capital first letter and a full stop."""
    trimmed = text.strip()
    return trimmed[:1].upper() + trimmed[1:] + ("" if trimmed.endswith((".", "!", "?")) else ".")


def a_or_an(noun: str) -> str:
    """`noun` with its indefinite article: "a pact", "an alliance"."""
    start = noun.lower()
    is_vowel = start[:1] in tuple("aeio") or (start.startswith("u") and not start.startswith(("uni", "us", "ut", "ur")))
    return f"{'an' if is_vowel else 'a'} {noun}"


_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number(n: int) -> str:
    """A number as a sentence writes it: up to twelve in letters, "no" for nought."""
    return _SMALL[n] if 0 <= n < len(_SMALL) else f"{n:,}"


def counted(n: int, one: str, many: str | None = None) -> str:
    """Like `count`, with small numbers in letters: "two parties", "no other treaty", "31 states"."""
    return f"{number(n)} {one if n in (0, 1) else many or one + 's'}"


def span(since: date | None, until: date | None, precision: Mapping[str, str] | None = None) -> str:
    """A stretch of time in words: "from 1 May 1950 to 3 June 1960", "until 1960", "since 1950", "" for neither."""
    known = precision or {}
    first, last = day(since, known.get("since")), day(until, known.get("until"))
    if since and until:
        return f"from {first} to {last}"
    return f"since {first}" if since else f"until {last}" if until else ""


_WITH_ARTICLE = (
    "United ",
    "Netherlands",
    "Philippines",
    "Central African Republic",
    "Dominican Republic",
    "Democratic Republic",
    "Federal Republic",
    "German Democratic Republic",
    "People's Republic",
    "Republic of",
    "Bahamas",
    "Comoros",
    "Cook Islands",
    "Gambia",
    "Holy See",
    "Independent State",
    "Maldives",
    "Marshall Islands",
    "Papal States",
    "Sahrawi Republic",
    "Seychelles",
    "Slovak Republic",
    "Solomon Islands",
    "Soviet Union",
    "Two Sicilies",
    "Kingdom of",
)
_ENDS_WITH_ARTICLE = (" Empire", " Republic", " Union", " Confederation", " Federation")


def the(state: str) -> str:
    """The name of a state inside a sentence: "the United States", "the Russian Empire", "Poland"."""
    takes = state.startswith(_WITH_ARTICLE) or state.endswith(_ENDS_WITH_ARTICLE)
    return f"the {state}" if takes else state


_BARE = ("NATO", "NORDEFCO", "AUKUS", "ANZUS", "SEATO", "Locarno", "CENTO")
_PLURAL = ("treaties", "conventions", "agreements", "letters", "pacts", "guarantees", "compacts", "arrangements")


def the_treaty(title: str) -> str:
    """The title of a treaty inside a sentence: "NATO", "the Warsaw Pact", "Russia's Central Asian treaties"."""
    first = title.split(maxsplit=1)[0]
    bare = title in _BARE or first.endswith(("'s", "’s")) or first.lower() in ("the", "a")
    return title if bare else f"the {title}"


def is_plural(title: str) -> bool:
    """Whether a title speaks of several texts: "Mediterranean Agreements", "Compacts of Free Association"."""
    head = re.split(r" (?:of|to|between|with|on|for) | \(", title)[0]
    return head.lower().endswith(_PLURAL)


def article(name: str) -> str:
    """How a sentence or table calls an article: "Article 5", "Secret protocol"."""
    return (
        f"Article {name}" if name[:1].isdigit() or re.fullmatch(r"[IVXL]+\b.*", name) else name[:1].upper() + name[1:]
    )


def unbracketed(text: str) -> str:
    """`text` fit to stand inside brackets: its own become commas."""
    return re.sub(r" \(([^()]*)\)", r", \1", text)
