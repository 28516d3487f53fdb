"""All commands, and how the program ends."""

from __future__ import annotations

import sys
import traceback
import warnings

import click

from incomesim import __version__
from incomesim.cli.bench import bench
from incomesim.cli.check import check
from incomesim.cli.hindcast import hindcast
from incomesim.cli.mobility import mobility
from incomesim.cli.population import population
from incomesim.cli.run import run
from incomesim.cli.schema import schema
from incomesim.errors import IncomesimError, InvalidInput

__all__ = ["commands", "main"]

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code."""
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        sys.exit(_run_command())


def _show_warning(message: Warning | str, *_place: object, **_more: object) -> None:
    click.echo(f"warning: {message}", err=True)


def _run_command() -> int:
    try:
        commands.main(prog_name="incomesim", standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; nothing was written that is not complete", err=True)
        return _INTERRUPTED
    except InvalidInput as invalid:
        count = len(invalid.problems)
        click.echo(f"{invalid}\n{count} problem{'s' if count > 1 else ''} found", err=True)
        return invalid.exit_code
    except IncomesimError as problem:
        click.echo(f"error: {problem}", err=True)
        return problem.exit_code
    except MemoryError:
        click.echo("error: out of memory; take fewer years, regions or groups, or smaller row groups", err=True)
        return 5
    except BrokenPipeError:
        return 1
    except Exception:
        traceback.print_exc()
        click.echo("this is a defect in incomesim; please report it with the lines above", err=True)
        return 1
    return 0


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="incomesim")
def commands() -> None:
    """Simulate the incomes of every household of a place, with and without a package of policies."""


for _command in (run, check, population, mobility, hindcast, bench, schema):
    commands.add_command(_command)
