"""How to cite a data set: BibTeX, or a line of text, from `citations.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from foedus.errors import SourceError
from foedus.sources.registry import citations, data_set

FORMATS = ("bibtex", "plain")
_FIELDS = (
    "author",
    "year",
    "title",
    "booktitle",
    "editor",
    "journal",
    "volume",
    "number",
    "pages",
    "publisher",
    "doi",
    "url",
    "note",
)


def cite(names: Iterable[str], form: str = "bibtex") -> str:
    """The citations of the data sets `names`, each once, in the order asked. Raises SourceError."""
    if form not in FORMATS:
        raise SourceError(f'"{form}" is no format of a citation; expected bibtex or plain.')
    write = _bibtex if form == "bibtex" else _plain
    keys = dict.fromkeys(key for name in names for key in data_set(name).cite)
    return ("\n\n" if form == "bibtex" else "\n").join(write(key, citations()[key]) for key in keys)


def _bibtex(key: str, work: Mapping[str, str]) -> str:
    fields = [f"  {name} = {{{_tex(str(work[name]))}}}" for name in _FIELDS if name in work]
    return "\n".join([f"@{work['type']}{{{key},", ",\n".join(fields), "}"])


def _plain(_: str, work: Mapping[str, str]) -> str:
    authors = work["author"].replace("{", "").replace("}", "").replace(" and ", "; ")
    where = ", ".join(str(work[f]) for f in ("booktitle", "journal", "publisher") if f in work)
    if "volume" in work:
        where += f" {work['volume']}" + (f"({work['number']})" if "number" in work else "")
    if "pages" in work:
        where += f": {work['pages'].replace('--', '-')}"
    address = f"https://doi.org/{work['doi']}" if "doi" in work else work.get("url", "")
    parts = [
        f"{authors} ({work['year']}). {work['title']}",
        where,
        f"[{work['note']}]" if "note" in work else "",
        address,
    ]
    return ". ".join(p.rstrip(".") for p in parts if p) + ("" if address else ".")


def _tex(text: str) -> str:
    return text.replace("&", r"\&").replace("%", r"\%").replace("_", r"\_")
