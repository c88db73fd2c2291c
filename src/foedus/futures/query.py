"""SQL over the parts of a run: DuckDB, read-only, with nothing but the run's own tables in reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.futures.errors import StoreError
from foedus.futures.parts import TABLES
from foedus.futures.store import Store

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS = 100_000


def sql(store: Store, query: str, most: int = MOST_ROWS) -> pl.DataFrame:
    """The rows of one SELECT over events, members, sizes, ties, system, states and treaties.

    states, treaties : the names behind the numbers (columns number, code; number, id, title, defence, start).
    The database cannot read other files, write, install or change settings. Raises StoreError for what is not one
    SELECT, for an SQL error, and for more than `most` rows.
    """
    import duckdb
    import polars as pl

    m = store.manifest
    start = list(m["members_at_start"]) + [0] * (len(m["treaties"]) - len(m["members_at_start"]))
    base = duckdb.connect(":memory:")
    try:
        statements = base.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise StoreError("Expected one SELECT; nothing else is allowed here.")
        folder = str(store.folder.resolve() / "parts").replace("'", "''")
        base.execute(f"SET allowed_directories = ['{folder}']")
        base.execute("CREATE TABLE states (number INTEGER, code VARCHAR)")
        base.executemany("INSERT INTO states VALUES (?, ?)", list(enumerate(m["states"])))
        base.execute(
            "CREATE TABLE treaties (number INTEGER, id VARCHAR, title VARCHAR, defence BOOLEAN, start INTEGER)"
        )
        rows = zip(range(len(start)), m["treaties"], m["titles"], m["defence"], start, strict=True)
        base.executemany("INSERT INTO treaties VALUES (?, ?, ?, ?, ?)", list(rows))
        for name in TABLES:
            store.scan(name)  # says what is missing
            files = ", ".join(f"'{folder}/{name}-{k:05d}.parquet'" for k in range(store.n_chunks))
            base.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{files}])")
        base.execute("SET enable_external_access = false")
        base.execute("SET lock_configuration = true")
        answer = base.execute(query)
        names = [column[0] for column in answer.description or []]
        found = answer.fetchmany(most + 1)
    except duckdb.Error as error:
        raise StoreError(f"SQL: {error}") from None
    finally:
        base.close()
    if len(found) > most:
        raise StoreError(f"More than {most:,} rows; add LIMIT, or aggregate.")
    return pl.DataFrame(found, schema=names, orient="row", infer_schema_length=None)
