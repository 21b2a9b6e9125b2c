"""
The command line.

Every command takes `--json` (one document on standard output; progress and logs on standard error) and
`--help` with an example. Exit codes: 0 done, 1 findings or a refusal, 2 wrong usage, 3 a fault of ours.
Heavy imports stay inside commands, so that `kinfold --help` answers at once.
"""

from kinfold.command.line import main

__all__ = ["main"]
