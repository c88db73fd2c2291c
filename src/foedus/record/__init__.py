"""The record: who promised what to whom, since when, by which article, and how we know.

Hand-written TOML and CSV files stand beside this code under `data/`; this room parses and validates them and answers
questions by date. It does no arithmetic. Start with `load()`, which gives a `Record`.
"""

from foedus.record.check import Found, check
from foedus.record.exchange import from_json, to_json
from foedus.record.load import load
from foedus.record.record import Record, Tie
from foedus.record.schema import Member, Obligation, Treaty
from foedus.record.spell import in_force

__all__ = [
    "Found",
    "Member",
    "Obligation",
    "Record",
    "Tie",
    "Treaty",
    "check",
    "from_json",
    "in_force",
    "load",
    "to_json",
]
