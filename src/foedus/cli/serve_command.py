"""`foedus serve`: the workbench, in the browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from foedus.cli.options import Own, application


def serve(
    port: Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="Where to listen.")] = 8765,
    open_: Annotated[bool, typer.Option("--open", help="Open the first page in your browser.")] = False,
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="Another address than this machine's own; asks for a token."),
    ] = "127.0.0.1",
    name: Annotated[
        list[str] | None, typer.Option("--name", metavar="HOST", help="A further host name it answers to; repeatable.")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, max=64, help="Runs at once.")] = 1,
    runs: Annotated[
        Path | None,
        typer.Option("--runs", metavar="DIR", help="Where runs are kept; the user's data folder by default."),
    ] = None,
    sources: Annotated[
        Path | None, typer.Option("--sources", metavar="DIR", help="The folder of your data sets.")
    ] = None,
    own: Own = None,
) -> None:
    """The workbench: a local web application, every view a link, with an HTTP API. Stop it with Ctrl-C."""
    from foedus.web import serve as run
    from foedus.web.settings import Limits, Settings, default_runs, is_loopback, new_token

    token = "" if is_loopback(host) else new_token()
    settings = Settings(
        host=host,
        port=port,
        token=token,
        names=tuple(name or ()),
        own=own,
        sources=sources,
        runs=runs or default_runs(),
        limits=Limits(jobs=jobs),
    )
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/" + (f"?token={token}" if token else "")

    def started() -> None:
        print(f"foedus serves {address}\nStop it with Ctrl-C.", flush=True)
        if token:
            print("Others can reach this address. Put TLS in front of it, and keep the token.", file=sys.stderr)
        if open_:
            import webbrowser

            webbrowser.open(address)

    run(settings, on_start=started)


app = application(serve, "foedus serve --port 8800 --open")
