"""A process that forks others to be killed: a line `backup /folder` on stdin is answered with the id of a child that
runs that command."""

import os
import sys

import django
from django.core.management import call_command


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        child = os.fork()
        if not child:
            run(line.split())
        print(child, flush=True)  # noqa: T201
        os.waitpid(child, 0)
        print("gone", flush=True)  # noqa: T201


def run(arguments):
    status = 1
    try:
        os.dup2(2, 1)
        call_command(*arguments, verbosity=0)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
