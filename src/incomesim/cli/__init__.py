"""The command line: parse, call, print, exit code. The only place that prints.

Data goes to stdout, messages to stderr. Exit codes: 0 done, 1 defect, 2 usage, 3 scenario or data
invalid, 4 folder busy or not writable, 5 disk or memory, 130 interrupted.
"""

from __future__ import annotations

from incomesim.cli.main import commands, main

__all__ = ["commands", "main"]
