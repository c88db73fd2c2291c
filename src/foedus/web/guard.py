"""What every request passes first: right host, right token, no foreign page behind it, not too large, not too often.

The order matters: nothing is computed for a request that is refused. Answers leave with headers that forbid scripts and
styles other than the workbench's own files, framing, and sniffing of types.
"""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from foedus.web.problems import refusal
from foedus.web.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
COOKIE = "foedus_token"
SAFE = ("GET", "HEAD", "OPTIONS")
MOST_ADDRESSES = 1_000


class Guard:
    """ASGI middleware that refuses what `settings` does not allow, before anything else sees it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self._pace = Pace(settings.limits.rate, settings.limits.burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, welcome or pass on one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        answer = self._refused(scope, Headers(scope=scope)) or self._welcomed(scope)
        if answer is not None:
            await answer(scope, receive, _dressed(send))
            return
        await self.app(scope, _bounded(receive, self.settings.limits.body_bytes), _dressed(send))

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        """The refusal of a request, or None when it may pass."""
        limits = self.settings.limits
        host = _without_port(headers.get("host", ""))
        if host not in self.settings.hosts:
            return refusal(scope, 421, f'This server does not answer to the host "{host[:80]}".')
        if not self._pace.admits(str((scope.get("client") or ("",))[0]), time.monotonic()):
            return refusal(scope, 429, "Too many requests; wait a second.", {"retry-after": "1"})
        if (
            len(scope["raw_path"] if "raw_path" in scope else scope["path"]) + len(scope["query_string"])
            > limits.url_bytes
        ):
            return refusal(scope, 414, f"The address is longer than {limits.url_bytes} bytes.")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > limits.body_bytes:
            return refusal(scope, 413, f"A request may carry at most {limits.body_bytes} bytes.")
        if self.settings.token and not self._is_known(scope, headers):
            says = "A token is required: open the address that the server printed, or send Authorization: Bearer TOKEN."
            return refusal(scope, 401, says, {"www-authenticate": "Bearer"})
        if scope["method"] not in SAFE and (foreign := _foreign(headers)):
            return refusal(scope, 403, foreign)
        return None

    def _is_known(self, scope: Scope, headers: Headers) -> bool:
        given = [headers.get("authorization", "").removeprefix("Bearer "), _cookie(headers), _in_address(scope)]
        return any(hmac.compare_digest(g.encode(), self.settings.token.encode()) for g in given if g)

    def _welcomed(self, scope: Scope) -> Response | None:
        """A token in the address moves into a cookie, so that links do not carry it."""
        if not self.settings.token or not _in_address(scope) or scope["method"] != "GET":
            return None
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            COOKIE, self.settings.token, httponly=True, samesite="strict", secure=scope["scheme"] == "https"
        )
        return answer


class Pace:
    """A bucket of requests for each address: `burst` at once, refilled at `rate` a second."""

    def __init__(self, rate: float, burst: int) -> None:
        self.rate, self.burst = rate, float(burst)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def admits(self, address: str, now: float) -> bool:
        """Take one request of `address` at `now` (seconds); False when its bucket is empty."""
        left, then = self._left.pop(address, (self.burst, now))
        left = min(self.burst, left + (now - then) * self.rate)
        self._left[address] = (max(left - 1, 0.0), now)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        return left >= 1


def _without_port(host: str) -> str:
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _foreign(headers: Headers) -> str:
    """Why a request that changes something looks as if another site sent it; "" when it does not."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return "A page of another site may not change anything here."
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        return f'A page of "{origin[:80]}" may not change anything here.'
    if headers.get("content-type", "application/json").partition(";")[0].strip().lower() != "application/json":
        return "What changes something is sent as application/json; a form of another site cannot do that."
    return ""


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _in_address(scope: Scope) -> str:
    query: str = scope["query_string"].decode("latin-1")
    return parse_qs(query).get("token", [""])[0]


def _bounded(receive: Receive, most: int) -> Receive:
    """`receive` that ends the connection when a body without a stated length grows beyond `most` bytes."""
    seen = 0

    async def read() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > most else message

    return read


def _dressed(send: Send) -> Send:
    """`send` that adds the security headers to every answer."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return dressed
