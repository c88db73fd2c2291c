"""Which models there are, by name, and the function that fits each. A new model is one line here.

Each function takes the keywords `data` (one of the model's own words), `until` (the last year of data that it may see,
None for all), `spec` (options to override, checked by the model), `sources` (folder of the user's data sets, None for
foedus's own) and `record`, and gives a `Fitted`. Modules are imported when asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.model.errors import ModelError

if TYPE_CHECKING:
    from foedus.model.envelope import Fitted
    from foedus.record import Record


@dataclass(frozen=True, slots=True)
class Model:
    """One model. where : "module:function". data : data sets it can be fitted to, the default first.

    shipped : those of `data` whose fit ships with foedus. check : "module:function" of `foedus model check`; it takes
    the same keywords and gives a text.
    """

    name: str
    what: str
    where: str
    data: tuple[str, ...]
    shipped: tuple[str, ...]
    check: str

    def file(self, data: str) -> str:
        """Name of the shipped file; the default data set's has no suffix."""
        return f"{self.name}.json" if data == self.data[0] else f"{self.name}-{data}.json"


_BOTH = ("record", "atop")
_ROOM = "foedus.model.membership"
_DRIVERS = "foedus.model.drivers"
MODELS = {
    m.name: m
    for m in (
        Model("founding", "which states found an alliance", f"{_ROOM}.founding:fit", _BOTH, _BOTH,
              f"{_ROOM}.founding_checks:founding_check"),
        Model("founding-counts", "how many alliances are founded in a year", f"{_ROOM}.counts:fit", _BOTH, _BOTH,
              f"{_ROOM}.founding_checks:counts_check"),
        Model("founding-sizes", "how many states found one, and with what pledge", f"{_ROOM}.sizes:fit", _BOTH, _BOTH,
              f"{_ROOM}.founding_checks:sizes_check"),
        Model("accession", "who joins an alliance in a year", f"{_ROOM}.hazards:accession", _BOTH, _BOTH,
              f"{_ROOM}.checks:accession_check"),
        Model("withdrawal", "who leaves one that goes on", f"{_ROOM}.hazards:withdrawal", _BOTH, _BOTH,
              f"{_ROOM}.checks:withdrawal_check"),
        Model("termination", "which alliance ends in a year", f"{_ROOM}.hazards:termination", _BOTH, _BOTH,
              f"{_ROOM}.checks:termination_check"),
        Model("growth", "growth of real GDP", f"{_DRIVERS}.growth:fit", ("gdp_pop",), ("gdp_pop",),
              f"{_DRIVERS}.checks:growth_check"),
        Model("regime", "moves between regime classes", f"{_DRIVERS}.regime:fit", ("record",), ("record",),
              f"{_DRIVERS}.checks:regime_check"),
        Model("rivalry", "when rivalries begin and end", f"{_DRIVERS}.rivalry:fit", ("record",), ("record",),
              f"{_DRIVERS}.checks:rivalry_check"),
        Model("spending", "share of GDP spent on forces", "foedus.model.spending.fit:fit", ("sipri",), ("sipri",),
              "foedus.model.spending.checks:check"),
        Model("disputes", "who begins a dispute with whom", "foedus.model.disputes.onset:fit", ("gml",), ("gml",),
              "foedus.model.disputes.checks:check"),
        Model(
            "reliability", "whether a promise is kept when war comes", "foedus.model.reliability.fitting:fit",
            ("leeds_anac",), ("leeds_anac",), "foedus.model.reliability.checking:check",
        ),
    )
}  # fmt: skip


def model(name: str) -> Model:
    """The model of that name. Raises ModelError with what is near."""
    if name not in MODELS:
        near = get_close_matches(name, MODELS, 2)
        hint = f" Near: {', '.join(near)}." if near else ""
        raise ModelError(f'No model is called "{name}".{hint} Known: {", ".join(MODELS)}.')
    return MODELS[name]


def fit(
    name: str,
    *,
    data: str | None = None,
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> Fitted:
    """Fit the model `name`. Raises ModelError for an unknown name, data set or option, and what the fit raises."""
    found, chosen = model(name), data_of(name, data)
    made: Fitted = called(found.where)(data=chosen, until=until, spec=dict(spec or {}), sources=sources, record=record)
    return made


def check(
    name: str,
    *,
    data: str | None = None,
    until: int | None = None,
    spec: Mapping[str, Any] | None = None,
    sources: Path | None = None,
    record: Record | None = None,
) -> str:
    """How the model `name` agrees with what happened, as text. Raises ModelError as `fit` does."""
    found, chosen = model(name), data_of(name, data)
    asked = {"data": chosen, "until": until, "spec": dict(spec or {}), "sources": sources, "record": record}
    return str(called(found.check)(**asked))


def data_of(name: str, data: str | None) -> str:
    """The data set asked for, the model's first by default. Raises ModelError for one that it is not fitted to."""
    known = model(name).data
    if data is not None and data not in known:
        raise ModelError(f'{name}: no data are called "{data}"; expected {" or ".join(known)}.')
    return known[0] if data is None else data


def called(where: str) -> Any:
    """The function that "module:function" names."""
    module, _, function = where.partition(":")
    return getattr(import_module(module), function)
