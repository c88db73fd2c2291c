"""The command line: parse, call one function, show the answer.

Only the room of the command that was asked for is imported, so that `foedus --help` answers at once.
"""

from foedus.cli.main import main

__all__ = ["main"]
