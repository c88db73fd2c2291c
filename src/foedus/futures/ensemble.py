"""Many worlds: in this process, on the machine's cores, or on a Dask cluster; the same chunks, the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, cast

import polars as pl

from foedus.futures.chunk import Job, run_chunk
from foedus.futures.errors import RunError
from foedus.futures.parameters import Fits, shipped_fits
from foedus.futures.parts import chunks_of, frames_of, part
from foedus.futures.plan import BASELINE, Plan, check
from foedus.futures.store import Store
from foedus.futures.world import World

Progress = Callable[[int, int], None]
MOST_WORLDS, LAST_YEAR = 10_000_000, 2100


def job_of(world: World, plan: Plan = BASELINE, fits: Fits | None = None, *, until: int, seed: int = 1) -> Job:
    """A checked run. Raises RunError for years or a seed that cannot be, PlanError for a plan that does not fit."""
    if not world.origin < until <= min(world.origin + 100, LAST_YEAR):
        raise RunError(f"until {until}: expected {world.origin + 1} to {min(world.origin + 100, LAST_YEAR)}.")
    if not 0 <= seed < 2**63:
        raise RunError(f"seed {seed}: expected 0 to 2^63 - 1.")
    check(plan, world, until)
    return Job(world, plan, fits or shipped_fits(), until, seed)


def run(
    world: World, plan: Plan = BASELINE, fits: Fits | None = None, *, worlds: int, until: int, seed: int = 1
) -> dict[str, pl.DataFrame]:
    """Simulate in this process and keep the tables in memory: events, members, sizes, ties, drivers, system (`parts`).

    worlds : 1 or more. fits : the shipped ones by default. Raises what `job_of` raises.
    """
    job = job_of(world, plan, fits, until=until, seed=seed)
    _checked(worlds)
    made = [frames_of(run_chunk(job, k, n), job, k) for k, n in chunks_of(worlds)]
    return {name: _joined(name, [frames[name] for frames in made]) for name in made[0]}


def _joined(name: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Rows of all chunks; counts of the same cell are added up."""
    whole = pl.concat(frames)
    keys = [c for c in whole.columns if c != "worlds"]
    return whole.group_by(keys, maintain_order=True).agg(pl.col("worlds").sum()) if "worlds" in whole.columns else whole


def _checked(worlds: int) -> None:
    if not 1 <= worlds <= MOST_WORLDS:
        raise RunError(f"worlds {worlds}: expected 1 to {MOST_WORLDS:,}.")


def run_to(store: Store, job: Job, *, workers: int = 1, on: str = "", progress: Progress | None = None) -> list[int]:
    """Run what is not complete in `store` and write it; gives the numbers of the chunks that were damaged.

    workers : processes; 1 runs here. on : address of a Dask scheduler, "tcp://...". progress : called with worlds done
    and worlds in all. Raises RunError when a worker dies or the cluster cannot be reached, OutputError when a part
    cannot be written; complete parts are kept, and the same call goes on with the rest.
    """
    worlds = int(store.manifest["worlds"])
    _checked(worlds)
    todo = chunks_of(worlds)
    damaged = [k for k, _ in todo if store.damaged(k)]
    left = [(k, n) for k, n in todo if not store.complete(k)]
    done = worlds - sum(n for _, n in left)
    tell = progress or (lambda _done, _all: None)
    tell(done, worlds)
    for k, n, files in _parts(job, left, workers, on):
        store.write(k, files)
        done += n
        tell(done, worlds)
    return damaged


def _parts(job: Job, left: list[tuple[int, int]], workers: int, on: str) -> Iterator[tuple[int, int, dict[str, bytes]]]:
    if on:
        yield from _on_cluster(job, left, on)
    elif workers <= 1 or len(left) <= 1:
        for k, n in left:
            yield k, n, part(job, k, n)
    else:
        workers = min(workers, len(left))
        pool = ProcessPoolExecutor(workers, get_context("spawn"), _remember, (job,))
        try:
            for _ in range(workers):
                pool.submit(_ready)  # workers start meanwhile
            run_chunk(job, 0, 0)  # compiled once here, so that the workers find it in the cache
            yield from _in_turn(pool, _recalled, left, 2 * workers)
        except BrokenProcessPool:
            says = "A worker died (killed, or out of memory). Complete parts are kept: run the same command again"
            raise RunError(f"{says}, with fewer --workers if memory is short.") from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@dataclass
class _Held:
    job: Job | None = None


_held = _Held()  # the job of this worker process, sent once and not with each chunk


def _remember(job: Job) -> None:
    _held.job = job


def _ready() -> None:
    """A worker that has nothing to do yet starts, and reads the program."""
    import foedus.futures.year_kernels  # noqa: F401


def _recalled(k: int, n: int) -> dict[str, bytes]:
    assert _held.job is not None
    return part(_held.job, k, n)


def _in_turn(
    pool: Executor, call: Callable[[int, int], dict[str, bytes]], left: list[tuple[int, int]], ahead: int
) -> Iterator[tuple[int, int, dict[str, bytes]]]:
    """Results as they come, with at most `ahead` chunks under way, so that memory stays flat."""
    waiting = list(reversed(left))
    running: dict[Future[dict[str, bytes]], tuple[int, int]] = {}
    while waiting or running:
        while waiting and len(running) < ahead:
            k, n = waiting.pop()
            running[pool.submit(call, k, n)] = (k, n)
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            k, n = running.pop(future)
            yield k, n, future.result()


def _on_cluster(job: Job, left: list[tuple[int, int]], address: str) -> Iterator[tuple[int, int, dict[str, bytes]]]:
    try:
        import distributed
    except ImportError:
        raise RunError('--on needs the package distributed: pip install "foedus[cluster]"') from None
    try:
        client: Any = cast(Any, distributed).Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise RunError(f"{address}: no Dask scheduler answers there ({error}). Start one: dask scheduler") from None
    with client:
        whole = client.scatter(job, broadcast=True)
        waiting = list(reversed(left))
        ahead = 2 * max(1, len(client.scheduler_info()["workers"]))
        futures = {}

        def submit() -> Any:
            k, n = waiting.pop()
            future = client.submit(part, whole, k, n, pure=False)
            futures[future.key] = (k, n)
            return future

        running: Any = cast(Any, distributed).as_completed(
            [submit() for _ in range(min(ahead, len(waiting)))], loop=client.loop
        )
        for future in running:
            k, n = futures.pop(future.key)
            yield k, n, future.result()
            future.release()
            if waiting:
                running.add(submit())
