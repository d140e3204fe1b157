"""What makes the suite quick and leaves alone what it asks (a pytest plugin): room for the stack, and the order."""

import pytest

# Folders and modules of the longest tests. They come first: at the end, short ones fill what each worker has left.
LONGEST = (
    "tests/portal/care/test_two_years.py",
    "tests/portal/backups/test_drill.py",
    "tests/portal/demo/",
    "tests/attacks/test_hostile_text.py",
    "tests/test_urls.py",
    "tests/browser/",
    "tests/attacks/",
    "tests/running/",
    "tests/portal/backups/",
)


def _with_room(protocol, item, nextitem):
    return protocol(item, nextitem)


# CPython keeps its frames in pieces of 16 KB. A loop of calls at the edge of one asks the kernel for the next and gives
# it back at each turn: a fifth of the time of the tests that walk the addresses, so deep does Django lie below pytest.
# A frame that claims as much as this gets a piece of 1 MB, and what it calls fits in beside it. It is never touched, so
# it takes no memory.
_with_room.__code__ = _with_room.__code__.replace(co_stacksize=70_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    return _with_room(item.config.pluginmanager.get_plugin("runner").pytest_runtest_protocol, item, nextitem)


def _place(item):
    for place, start in enumerate(LONGEST):
        if item.nodeid.startswith(start):
            return place
    return len(LONGEST)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=_place)  # stable: within a module all stays as it is
