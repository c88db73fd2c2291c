"""Every command and every option is named in docs/cli.md."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from foedus.cli.main import COMMANDS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def leaves(name: str, command: Any) -> list[tuple[str, Any]]:
    """The commands below `command` that take options: ("record check", ...), or itself."""
    below = getattr(command, "commands", None)
    if not below:
        return [(name, command)]
    return [leaf for child, found in below.items() for leaf in leaves(f"{name} {child}", found)]


ALL = [
    leaf
    for name in COMMANDS
    for leaf in leaves(name, typer.main.get_command(import_module(f"foedus.cli.{name}_command").app))
]


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_named_on_the_page(name: str, command: Any) -> None:
    room, _, rest = name.partition(" ")
    assert f"## {room}" in PAGE
    section = PAGE.split(f"## {room}")[1].split("\n## ")[0]
    if rest:
        assert f"`{name}" in section, f"docs/cli.md does not name: foedus {name}"
    above = PAGE.split("\n## ")[0]
    for parameter in command.params:
        for option in (o for o in parameter.opts if o.startswith("--")):
            here = section + above + (PAGE.split("## brief")[1].split("\n## ")[0] if name == "atlas" else "")
            assert f"{option} " in here or f"{option}`" in here, f"docs/cli.md does not name {option} of: foedus {name}"
