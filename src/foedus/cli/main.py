"""Find the command, run it, turn errors into text. Exit 0 done, 1 a check failed, 2 wrong input."""

from __future__ import annotations

import sys
from importlib import import_module

COMMANDS = {
    "brief": "one self-contained HTML or PDF file on an alliance",
    "atlas": "the same for the whole system of alliances, 1815 to today",
    "powers": "the powers beyond the Atlantic core: capability, bonds, rivals, who hedges",
    "list": "treaties in force on a day, of a state, with a kind of pledge",
    "show": "one treaty: members, obligations, areas, institutions, sources",
    "state": "one state: its treaties, figures, borders",
    "casus": "X attacks Y at Z: who is bound to do what, by which article",
    "measure": "what holds an alliance together: indicators by year, for a treaty or the system",
    "model": "what drives alliances: fit a model, show it, check it against what happened",
    "strategy": "fair shares, what a joint budget should buy, ways to defend an alliance compared",
    "cyber": "threats that allies share, and what sharing what they know would buy",
    "serve": "the workbench: all of this in the browser, and an HTTP API",
    "futures": "what could happen: many simulated worlds, scenarios, comparisons, back-tests",
    "why": "where a date or a figure comes from",
    "panel": "tables of states, dyads and treaties by year, from your own data sets",
    "record": "check the record: shape, dates, references, sources",
    "sources": "the scholarly data sets: what is known, what is here, add, verify, cite",
}


def main(argv: list[str] | None = None) -> None:
    """Run `foedus` with `argv` (the process's own arguments by default); always ends in SystemExit."""
    args = sys.argv[1:] if argv is None else argv
    if not args or args[0] in ("--help", "-h", "help"):
        print(help_text())
        sys.exit(0)
    if args[0] in ("--version", "-V"):
        import foedus

        print(f"foedus {foedus.__version__}")
        sys.exit(0)
    if args[0] not in COMMANDS:
        sys.exit(_unknown(args[0]))
    sys.exit(_run(args[0], args[1:]))


def help_text() -> str:
    """What `foedus --help` prints; written here because importing Typer for it would take most of the time."""
    lines = [
        "Usage: foedus COMMAND [OPTIONS]",
        "",
        "Who has promised what to whom since 1815: alliances, article by article, each value with its source.",
        "",
        "Commands:",
        *(f"  {name:<8} {says}" for name, says in COMMANDS.items()),
        "",
        "Options: --version; --help, also after each command.",
        "Everywhere: --on YYYY-MM-DD (today by default), --json, --record DIR (your own files added to the record).",
        "",
        "Example: foedus show nato --on 1990-10-03",
    ]
    return "\n".join(lines)


def _unknown(command: str) -> int:
    from difflib import get_close_matches

    near = get_close_matches(command, COMMANDS, 1)
    hint = f" Did you mean: foedus {near[0]}?" if near else ""
    print(f'foedus has no command "{command}".{hint} Commands: {", ".join(COMMANDS)}.', file=sys.stderr)
    return 2


def _run(command: str, args: list[str]) -> int:
    from foedus.errors import FoedusError

    app = import_module(f"foedus.cli.{command}_command").app
    try:
        app(args=args, prog_name=f"foedus {command}")
        sys.stdout.flush()
    except FoedusError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        _discard_output()
        return 0
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except SystemExit as stop:
        return _flushed(int(stop.code or 0) if not isinstance(stop.code, str) else 2)
    return 0


def _flushed(code: int) -> int:
    """`code`, once everything said has left; a reader that has gone is no error."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        return 0
    return code


def _discard_output() -> None:
    """Send what is still unsaid to nowhere, so that the interpreter does not stumble over it at exit."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
