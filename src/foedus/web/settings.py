"""How the workbench is served: where it listens, who may ask, how much one may ask for."""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from foedus.errors import FoedusError

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


def is_loopback(host: str) -> bool:
    """Whether `host` is an address, or the name, of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def default_runs() -> Path:
    """Where runs are kept: `runs` in $FOEDUS_CACHE or in the user's data folder."""
    from platformdirs import user_data_path

    kept = os.environ.get("FOEDUS_CACHE")
    return (Path(kept) if kept else user_data_path("foedus")) / "runs"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one may ask for.

    url_bytes, body_bytes : of one request. rate, burst : requests of one address, per second and at once.
    jobs, waiting : runs at once and in the queue. job_seconds, job_mb : wall-clock time and memory of one run.
    computing : answers computed at once. patience : seconds that a reader waits for a long page before hearing how far
    it is. kept_bytes : memory for answers that are kept.
    """

    url_bytes: int = 8_000
    body_bytes: int = 256_000
    rate: float = 3_000.0
    burst: int = 6_000
    jobs: int = 1
    waiting: int = 16
    job_seconds: int = 4 * 3600
    job_mb: int = 4_000
    computing: int = 4
    patience: float = 4.0
    kept_bytes: int = 64_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the workbench listens and from what it answers.

    token : what a caller must show; "" only on this machine's own address. names : further host names it answers to.
    own : a folder of the user's own record files. sources : the folder of data sets. runs : where runs are kept.
    Raises FoedusError when it would listen to others without a token.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    token: str = ""
    names: tuple[str, ...] = ()
    own: Path | None = None
    sources: Path | None = None
    runs: Path = field(default_factory=default_runs)
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        if not self.is_local and len(self.token) < 16:
            raise FoedusError(f"{self.host} can be reached by others; a token of at least 16 characters is required.")

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)

    @property
    def hosts(self) -> frozenset[str]:
        """Host names, without port, that a request may be addressed to."""
        own = {f"[{self.host}]" if ":" in self.host else self.host}
        return frozenset({n.lower() for n in (*own, *self.names)} | (set(LOOPBACK_NAMES) if self.is_local else set()))


def new_token() -> str:
    """A random token of 192 bits."""
    return secrets.token_urlsafe(24)
