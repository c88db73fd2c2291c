"""A fitted model and the list of models, as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foedus.model.envelope import Fitted


def summary(fit: Fitted) -> str:
    """Coefficients with errors, what each term means where that is known, what the fit rests on."""
    from foedus.model.membership.words import TERMS

    width = max(len("term"), *(len(t) for t in fit.terms))
    lines = [f"{fit.name}: {fit.what}", *_about(fit), ""]
    lines.append(f"{'term':<{width}} {'coef':>9} {'se':>8} {'z':>7} {'p':>7}  meaning")
    for term, coef, se in zip(fit.terms, fit.coef, fit.se.tolist(), strict=True):
        z = coef / se if se > 0 else math.nan
        p = f"{math.erfc(abs(z) / math.sqrt(2)):>7.4f}" if se > 0 else f"{'':>7}"
        shown = f"{z:>7.2f}" if se > 0 else f"{'':>7}"
        lines.append(f"{term:<{width}} {coef:>9.4f} {se:>8.4f} {shown} {p}  {TERMS.get(term, '')}".rstrip())
    return "\n".join([*lines, "", *(f"Note: {note}" for note in fit.notes)])


def _about(fit: Fitted) -> list[str]:
    events = "" if fit.events is None else f", {fit.events:,} events"
    lines = [f"Fitted to {fit.data}, to {fit.newest}: {fit.n:,} rows{events}. foedus {fit.version}."]
    if "loglik" in fit.extra and "loglik_null" in fit.extra:
        lines.append(f"Log-likelihood {fit.extra['loglik']:.2f} ({fit.extra['loglik_null']:.2f} without terms).")
    link = {
        "cloglog": "Link: Pr = 1 - exp(-exp(x beta)); exp(coef) multiplies the yearly rate.",
        "log": "Link: log of the mean; exp(coef) multiplies it.",
    }.get(str(fit.spec.get("link")))
    if link:
        lines.append(link)
    if fit.spec.get("clusters"):
        lines.append(f"Errors clustered by {' and '.join(fit.spec['clusters'])}.")
    lines.append(f"Input sha256 {fit.data_hash[:16]}...")
    return lines


def models_text() -> str:
    """Every model: name, what it explains, data, and whether a fit ships."""
    from foedus.model.registry import MODELS

    width = max(len(n) for n in MODELS)
    lines = [f"{'model':<{width}}  {'data (shipped fits marked *)':<28}  explains"]
    for m in MODELS.values():
        data = ", ".join(d + "*" * (d in m.shipped) for d in m.data)
        lines.append(f"{m.name:<{width}}  {data:<28}  {m.what}")
    return "\n".join(lines)
