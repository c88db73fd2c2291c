"""A fitted model from a file of either kind, or the shipped one of a name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from foedus.model.envelope import SCHEMA, Fitted
from foedus.model.errors import ModelError
from foedus.model.registry import MODELS

if TYPE_CHECKING:
    from foedus.model.hyperevents.result import Fit


def read_model(asked: str, data: str | None = None) -> Fitted | Fit:
    """The fit that ships under the name `asked` (to `data`), else the one in the file `asked`.

    Raises ModelError for what is neither.
    """
    if asked in MODELS:
        from foedus.model.shipped import shipped

        return shipped(asked, data)
    if data is not None:
        raise ModelError(f"--data {data}: goes with the name of a model, not with a file; drop it.")
    path = Path(asked)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        says = getattr(error, "strerror", None) or "not UTF-8 text"
        raise ModelError(
            f"{asked}: cannot be read: {says}. Make one: foedus model fit; or name a model: {', '.join(MODELS)}."
        ) from None
    if f'"{SCHEMA}"' in text:
        return Fitted.from_json(text, asked)
    from foedus.model.hyperevents.result import Fit

    return Fit.from_json(text)
