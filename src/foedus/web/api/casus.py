"""Who is bound when X attacks Y at Z."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from foedus.casus.plain import data_of
from foedus.web.answering import whole
from foedus.web.attack import Attack, verdict_on
from foedus.web.library import Held

router = APIRouter(tags=["casus"])


@router.get("/casus", summary="X attacks Y at Z: who is bound to do what, by which article")
def casus(held: Held, asked: Annotated[Attack, Depends()]) -> Response:
    """As `foedus casus --json`; the parameters are its options."""
    return whole(data_of(held.record, verdict_on(held.record, asked)))
