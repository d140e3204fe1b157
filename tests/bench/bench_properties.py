"""Every property test of the suite with the full count of examples: the calendar's, the promises', the digests'.

20,000 examples each, a tenth of that where an example is a history in the database; 5,000 steps of the machine that
plays open days. `make bench`.
"""

import subprocess
import sys
from time import perf_counter

from django.db import connection

COMMAND = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "hypothesis", "--hypothesis-profile=full", "tests"]


def bench_properties():
    began = perf_counter()
    done = subprocess.run([sys.executable, *COMMAND], capture_output=True, text=True, timeout=3600)
    summary = done.stdout.strip().splitlines()[-1] if done.stdout else done.stderr
    print(f"\nproperties with 20,000 examples on {connection.vendor}, {perf_counter() - began:.0f} s: {summary}")
    assert done.returncode == 0, done.stdout[-4000:]
