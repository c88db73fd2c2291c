"""`Fitted`: what every fitted model ships as, a small JSON file that says from what it was made and how sure it is.

One shape for all processes (founding, accession, reliability, spending ...), so that a simulator can draw parameters
and a reader can follow each number. Numbers are rounded to twelve significant digits when a model is made, so that
the last bits of another linear-algebra library do not change the file: a rerun gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

import foedus
from foedus.model.errors import ModelError

SCHEMA = "foedus-fitted/1"
_DIGITS = 12
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model with p parameters.

    name : as in the registry, "accession". what : one sentence on what is explained. data : which data, as a user
    names them ("record", "atop", "leeds_anac"). data_hash : sha256 of the input arrays (`hash_of`).
    newest : ISO date of the newest input, never the day of the fit. spec : every choice that shaped the fit.
    terms, coef, covariance : p names, p estimates, p x p (rows of rows); on the scale that `spec` or `what` says.
    n : rows (units at risk). events : rows with an event, None where the outcome is no event.
    notes : what a reader must know. extra : further results that a program needs (scales, transition tables, checks).
    version : of foedus.
    """

    name: str
    what: str
    data: str
    data_hash: str
    newest: str
    terms: tuple[str, ...]
    coef: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    n: int
    events: int | None = None
    spec: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    version: str = foedus.__version__

    def __post_init__(self) -> None:
        p = len(self.terms)
        if len(self.coef) != p or len(self.covariance) != p or any(len(r) != p for r in self.covariance):
            raise ModelError(f"{self.name}: {p} terms need {p} coefficients and a covariance of {p} by {p}.")
        date.fromisoformat(self.newest)

    @property
    def cov(self) -> _Floats:
        """Covariance of `coef`, shape (p, p)."""
        return np.array(self.covariance, dtype=np.float64).reshape(len(self.terms), len(self.terms))

    @property
    def se(self) -> _Floats:
        """Standard errors, shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.cov)))

    @property
    def by_term(self) -> dict[str, float]:
        """Coefficients by term."""
        return dict(zip(self.terms, self.coef, strict=True))

    def draws(self, n: int, seed: int = 1) -> _Floats:
        """`n` draws of the parameters from N(coef, cov), shape (n, p); the same for the same seed, and the first
        rows of a longer draw. An eigenvector's sign is fixed, so that a library's choice does not matter."""
        values, vectors = np.linalg.eigh(self.cov)
        vectors = vectors * np.where(vectors[np.abs(vectors).argmax(axis=0), range(len(values))] < 0, -1.0, 1.0)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        normal = np.random.Generator(np.random.Philox(key=seed)).standard_normal((n, len(self.terms)))
        return np.asarray(np.array(self.coef) + normal @ root.T)

    def aligned(self, names: Sequence[str], values: _Floats | None = None) -> _Floats:
        """`values` (coef by default; or draws, shape (n, p)) in the order of `names`, 0 for names without a term.

        For kernels whose rows hold every term. Raises ModelError for a term that is not among `names`.
        """
        given = np.array(self.coef) if values is None else values
        unknown = [t for t in self.terms if t not in names]
        if unknown:
            raise ModelError(
                f"{self.name}: no column for the term {', '.join(unknown)}; fit it again with this version."
            )
        found = np.zeros((*given.shape[:-1], len(names)))
        found[..., [list(names).index(t) for t in self.terms]] = given
        return found

    def to_json(self) -> str:
        """As JSON that `from_json` reads back to an equal model; the same bytes for the same model."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1, sort_keys=True, allow_nan=False) + "\n"

    @staticmethod
    def from_json(text: str, where: str = "text") -> Fitted:
        """The model in `text`. Raises ModelError, naming `where`, when it is none."""
        try:
            raw = msgspec.json.decode(text, type=dict[str, Any])
            if raw.pop("schema", None) != SCHEMA:
                raise ModelError(f"{where}: not a fitted model of schema {SCHEMA}. Make one: foedus model fit")
            return msgspec.convert(raw, Fitted)
        except (msgspec.MsgspecError, UnicodeError, ValueError) as error:
            raise ModelError(f"{where}: not a fitted model: {error}. Make one: foedus model fit") from None


def fitted(
    name: str,
    *,
    what: str,
    data: str,
    data_hash: str,
    newest: str,
    terms: Sequence[str],
    coef: Iterable[float] | _Floats,
    covariance: _Floats,
    n: int,
    events: int | None = None,
    spec: Mapping[str, Any] | None = None,
    notes: Sequence[str] = (),
    extra: Mapping[str, Any] | None = None,
) -> Fitted:
    """A `Fitted` from arrays, rounded; arguments are its fields. NumPy values in `spec` and `extra` are taken too.

    Raises ModelError for a number that is not finite.
    """
    return Fitted(
        name=name,
        what=what,
        data=data,
        data_hash=data_hash,
        newest=newest,
        terms=tuple(terms),
        coef=tuple(_plain(np.asarray(list(coef), np.float64), name)),
        covariance=tuple(tuple(row) for row in _plain(np.asarray(covariance, np.float64), name)),
        n=int(n),
        events=None if events is None else int(events),
        spec=_plain(dict(spec or {}), name),
        notes=tuple(notes),
        extra=_plain(dict(extra or {}), name),
    )


def hash_of(*arrays: object) -> str:
    """sha256 of arrays (type, shape and bytes) and of texts, in the order given."""
    digest = hashlib.sha256()
    for part in arrays:
        if isinstance(part, str):
            digest.update(b"text\0" + part.encode() + b"\0")
        else:
            array = np.ascontiguousarray(part)
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(array.tobytes())
    return digest.hexdigest()


def _plain(value: Any, name: str) -> Any:
    """Lists, dicts, texts and rounded numbers only, as JSON will hold them."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v, name) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist(), name)
    if isinstance(value, list | tuple):
        return [_plain(v, name) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        if not np.isfinite(value):
            raise ModelError(f"{name}: a fitted number is {value}; the data do not determine it.")
        return float(f"{value:.{_DIGITS}g}")
    return value
