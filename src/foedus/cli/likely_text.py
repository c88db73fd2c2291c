"""Who would come, on the terminal."""

from __future__ import annotations

from foedus.cli import show_text
from foedus.model.envelope import Fitted
from foedus.model.reliability.participation import Likely, Participant
from foedus.model.reliability.plain import cautions, coalition, percent
from foedus.record import Record

RARE = 0.05  # states that come in fewer draws than this are counted, not listed


def show(record: Record, likely: Likely, fit: Fitted, everything: bool = False) -> None:
    """Print who comes how often, the coalition's share, what the numbers rest on; `everything` lists the rare too."""
    listed = [p for p in likely.participants if everything or p.is_direct or p.comes >= RARE]
    for side, title in (("targets", "Who would come to the target's help"), ("attackers", "Who would join the attack")):
        rows = [_row(record, p) for p in listed if p.side == side]
        if rows:
            columns = (
                "who",
                "called by",
                "honours if called",
                "80%",
                "without era",
                "without opinion",
                "comes",
                "base rate",
            )
            show_text.table(title, columns, rows, right=(2, 3, 4, 5, 6, 7))
    rest = len(likely.participants) - len(listed)
    if rest:
        show_text.lines(f"{rest} more could be called by somebody's entry and come in under {RARE:.0%}: --all", "")
    if not likely.participants:
        show_text.lines("Who would come: nobody is bound to help, so there is nothing to draw.", "")
    show_text.lines(coalition(likely), "")
    duties = "; ".join(
        f"{level.replace('_', ' ')}: {r.honoured} of {r.called} kept" for level, r in likely.other_duties.items()
    )
    show_text.lines(f"Duties that send nobody, base rates of the era: {duties}.")
    show_text.lines(*cautions(likely, fit))
    show_text.lines(f"{likely.drawing.n} draws, seed {likely.drawing.seed}.", "")


def _row(record: Record, p: Participant) -> tuple[str, ...]:
    by = ", ".join(p.treaties[:2]) + (f" and {len(p.treaties) - 2} more" if len(p.treaties) > 2 else "")
    how = ("" if p.is_direct else "; after others enter") + ("; disputed" if p.is_disputed else "")
    if p.stated:
        return (
            f"{record.state_name(p.state)} ({p.state})",
            by + how,
            f"assumed: {p.stated}",
            "",
            "",
            "",
            percent(p.comes),
            "",
        )
    return (
        f"{record.state_name(p.state)} ({p.state})",
        by + how,
        percent(p.median),
        f"{percent(p.low)} to {percent(p.high)}",
        percent(p.without_era),
        percent(p.without_opinion) if p.polled else "not polled",
        percent(p.comes),
        f"{p.base_rate.honoured} of {p.base_rate.called}",
    )
