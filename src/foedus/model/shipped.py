"""Fitted models that ship with foedus: aggregate coefficients only, made by `foedus model fit --all`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from foedus.model.envelope import Fitted
from foedus.model.errors import ModelError
from foedus.model.registry import data_of, model


@cache
def shipped(name: str, data: str | None = None) -> Fitted:
    """The shipped fit of the model `name` (to its first data set by default). Raises ModelError when there is none."""
    found, chosen = model(name), data_of(name, data)
    file = files("foedus.model") / "fitted" / found.file(chosen)
    if not file.is_file():
        raise ModelError(
            f'No fit of {name} to "{chosen}" ships with foedus. Make one: foedus model fit {name} --data {chosen}'
        )
    return Fitted.from_json(file.read_text(encoding="utf-8"), found.file(chosen))
