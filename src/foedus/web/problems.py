"""Errors as answers: RFC 9457 problem+json under /api, a page that says what to do elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from foedus.errors import FoedusError, NotFound
from foedus.web.composing import NotYet
from foedus.web.pages.rendering import rendered

TYPE = "application/problem+json"
_FOEDUS_OPTION = re.compile(r"^--([a-z]+): ")


def install(app: FastAPI) -> None:
    """Let `app` answer every error that foedus or the framework raises on purpose."""
    app.add_exception_handler(NotYet, _not_yet)
    app.add_exception_handler(FoedusError, _foedus)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


def refusal(scope: Scope, status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """The answer to a request that cannot be served, in the form that its address promises."""
    title = HTTPStatus(status).phrase
    if scope["path"].startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": scope["path"]}
        return Response(msgspec.json.encode(body | more), status, dict(headers or {}), TYPE)
    nearest = more.get("nearest", [])
    html = rendered(
        "error.html", title=title, status=status, detail=detail, nearest=nearest, active="", path=scope["path"]
    )
    return Response(html, status, dict(headers or {}), "text/html; charset=utf-8")


async def _foedus(request: Request, error: Exception) -> Response:
    """A name that matches nothing is 404; every other error of foedus is about what was asked: 422."""
    status = 404 if isinstance(error, NotFound) else 422
    nearest = list(error.nearest) if isinstance(error, NotFound) else []
    says = _FOEDUS_OPTION.sub(r"\1: ", str(error))
    return refusal(request.scope, status, says, error=type(error).__name__, nearest=nearest)


async def _not_yet(request: Request, error: Exception) -> Response:
    """A page that says how far it is and asks again by itself; a program is told when to."""
    assert isinstance(error, NotYet)
    again = {"retry-after": "3", "cache-control": "no-store"}
    if request.url.path.startswith(("/api/", "/charts/")):
        return refusal(request.scope, 503, str(error), again)
    html = rendered("waiting.html", active="", step=error.step)
    return Response(html, 202, again, "text/html; charset=utf-8")


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [{"where": ".".join(map(str, e["loc"])), "says": e["msg"]} for e in error.errors()[:20]]
    detail = "; ".join(f"{e['where']}: {e['says']}" for e in errors)
    return refusal(request.scope, 422, detail, errors=errors)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = str(error.detail) if error.detail != HTTPStatus(error.status_code).phrase else ""
    detail = said or {404: "There is nothing at this address.", 405: "This address does not take this method."}.get(
        error.status_code, HTTPStatus(error.status_code).description
    )
    return refusal(request.scope, error.status_code, detail, error.headers)


async def _bug(request: Request, error: Exception) -> Response:
    """What nobody foresaw: the server's log has the traceback, the caller does not."""
    return refusal(request.scope, 500, "foedus made a mistake; the server's log says which. Please report it.")
