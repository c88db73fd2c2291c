"""The HTTP interface, version 1: the answers of the command line's --json under addresses."""

from fastapi import APIRouter

from foedus.web.answering import PROBLEMS
from foedus.web.api import casus, futures, jobs, measures, record, sources

router = APIRouter(responses=PROBLEMS)
for room in (record, casus, measures, futures, sources, jobs):
    router.include_router(room.router)

__all__ = ["router"]
