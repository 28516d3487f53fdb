"""Collects the verdicts, says them at the end, and holds the suite to the number that its level allows."""

import pytest

from tests.verification.verdict import FALSE_ALARM, LEVEL, VERDICTS

_SAID = pytest.StashKey[list]()


def pytest_configure(config):
    config.stash[_SAID] = []


@pytest.fixture
def accept(request):
    """Call with a verdict: it must not reject."""

    def judge(verdict):
        said = request.config.stash[_SAID]
        said.append(verdict)
        assert len(said) <= VERDICTS, f"more than {VERDICTS} verdicts: the level of each must be lower"
        assert not verdict.rejects, str(verdict)

    return judge


def pytest_terminal_summary(terminalreporter, config):
    said = config.stash[_SAID]
    terminalreporter.section(f"{len(said)} verdicts, level {LEVEL:.0e} each, {FALSE_ALARM:.0e} all together")
    for verdict in said:
        terminalreporter.line(str(verdict))
