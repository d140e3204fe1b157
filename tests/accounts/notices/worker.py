"""Processes for the tests that kill them: `python -m tests.accounts.notices.worker deliver|qcluster`."""

import os
import sys

import django
from django.core.management import execute_from_command_line


def main(what):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from . import kinds  # noqa: F401  registers them

    if what == "qcluster":
        execute_from_command_line(["manage.py", "qcluster"])
    else:
        breed()


def breed():
    """For each line on stdin, answer with the process id of a child that delivers what is due."""
    from accounts.notices.tasks import deliver_due

    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            deliver_due()
            os._exit(0)
        print(child, flush=True)  # noqa: T201
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1])
