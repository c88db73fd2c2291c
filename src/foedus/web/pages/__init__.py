"""The pages: each is a link that can be shared and reloaded, and says which command and which address give the same."""

from fastapi import APIRouter

from foedus.web.pages import about, atlas, casus, charts, data, documents, rooms, runs, states, treaties

router = APIRouter()
for part in (atlas, treaties, states, casus, documents, rooms, data, about, runs, charts):
    router.include_router(part.router)

__all__ = ["router"]
