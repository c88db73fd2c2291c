"""Answers that are kept: what is read is a pure function of its address and of the day, so it is made once.

An answer with an ETag is kept whole, packed too where that saves much, and given again without asking the application.
The oldest leave when they take more memory than they may.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PACKED_FROM = 1_000  # bytes; a shorter answer fits one packet anyhow
_TEXTS = ("text/", "application/json", "application/problem+json", "image/svg+xml", "application/javascript")
Key = tuple[str, bytes, date]


def lasting(body: bytes | str, media: str) -> Response:
    """An answer that is the same whenever it is asked for on one day: with an ETag, so that it is kept."""
    data = body.encode() if isinstance(body, str) else body
    etag = f'"{blake2b(data, digest_size=12).hexdigest()}"'
    return Response(data, headers={"etag": etag, "cache-control": "no-cache"}, media_type=media)


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: its headers, its body, the body packed ("" when that is not worth it)."""

    headers: tuple[tuple[bytes, bytes], ...]
    etag: str
    body: bytes
    packed: bytes

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return len(self.body) + len(self.packed)


class Shelf:
    """ASGI middleware that keeps the answers of `app` which carry an ETag."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app, self.most_bytes = app, most_bytes
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the shelf, or let the application answer and keep what may be kept."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        key = (scope["path"], scope["query_string"], date.today())
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            await _give(kept, scope, send)
            return
        first = await self._hear(scope, receive, send)
        if first is not None:
            self._keep(key, first)
            await _give(first, scope, send)

    async def _hear(self, scope: Scope, receive: Receive, send: Send) -> Kept | None:
        """The answer of the application when it may be kept; every other one is passed on as it comes."""
        start: Message | None = None
        body = bytearray()

        async def heard(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and message["status"] == 200 and _has_etag(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body.extend(message.get("body", b""))

        await self.app({**scope, "method": "GET"}, receive, heard)
        return _kept(start, bytes(body)) if start else None

    def _keep(self, key: Key, kept: Kept) -> None:
        if kept.size > self.most_bytes // 4:
            return
        old = self._kept.pop(key, None)
        self._kept[key] = kept
        self._bytes += kept.size - (old.size if old else 0)
        while self._bytes > self.most_bytes:
            self._bytes -= self._kept.popitem(last=False)[1].size


def _has_etag(message: Message) -> bool:
    return any(name == b"etag" for name, _ in message["headers"])


def _kept(start: Message, body: bytes) -> Kept:
    headers = Headers(raw=start["headers"])
    is_text = headers.get("content-type", "").startswith(_TEXTS)
    packed = gzip.compress(body, 5, mtime=0) if is_text and len(body) > PACKED_FROM else b""
    left = tuple((k, v) for k, v in start["headers"] if k != b"content-length")
    return Kept((*left, (b"vary", b"accept-encoding")), headers["etag"], body, packed)


async def _give(kept: Kept, scope: Scope, send: Send) -> None:
    asked = Headers(scope=scope)
    if kept.etag in [tag.strip().removeprefix("W/") for tag in asked.get("if-none-match", "").split(",")]:
        headers = [(k, v) for k, v in kept.headers if k in (b"etag", b"cache-control", b"vary", b"link")]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    is_packed = bool(kept.packed) and "gzip" in asked.get("accept-encoding", "")
    body = kept.packed if is_packed else kept.body
    coding = [(b"content-encoding", b"gzip")] if is_packed else []
    headers = [*kept.headers, *coding, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
