"""Plain data as JSON answers: the same as the command line's --json; lists in pages, with links to the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from fastapi import Request
from starlette.responses import Response

from foedus.web.asking import Page
from foedus.web.kept import lasting

JSON = "application/json"
PROBLEM: dict[str, Any] = {
    "description": "What is wrong, and what to do (RFC 9457).",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["title", "status", "detail"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "nearest": {"type": "array", "items": {"type": "string"}},
                },
            }
        }
    },
}
PROBLEMS: dict[int | str, dict[str, Any]] = dict.fromkeys((404, 405, 413, 422, 429), PROBLEM)


def whole(answer: Any) -> Response:
    """`answer` as JSON that is kept."""
    return lasting(msgspec.json.encode(answer), JSON)


def paged(request: Request, rows: Sequence[Any], page: Page) -> Response:
    """A page of `rows` as a JSON array; X-Total-Count says how many there are, Link where the next page is."""
    answer = whole(rows[page.offset : page.offset + page.limit])
    for name, value in paging(request, len(rows), page).items():
        answer.headers[name] = value
    return answer


def paging(request: Request, total: int, page: Page) -> dict[str, str]:
    """The headers that tell of the other pages of a list of `total` rows."""
    links = []
    if page.offset + page.limit < total:
        links.append(f'<{_at(request, page.offset + page.limit, page.limit)}>; rel="next"')
    if page.offset:
        links.append(f'<{_at(request, max(page.offset - page.limit, 0), page.limit)}>; rel="prev"')
    return {"x-total-count": str(total), **({"link": ", ".join(links)} if links else {})}


def _at(request: Request, offset: int, limit: int) -> str:
    kept = [(k, v) for k, v in parse_qsl(request.url.query) if k not in ("offset", "limit")]
    return f"{request.url.path}?{urlencode([*kept, ('offset', offset), ('limit', limit)])}"


def live(answer: Any, status: int = 200) -> Response:
    """`answer` as JSON that changes by itself: never kept."""
    return Response(msgspec.json.encode(answer), status, {"cache-control": "no-store"}, JSON)
