"""Loaded by pytest before Django's settings are read (`-p tests.environment` in pyproject.toml)."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("PORTAL_MODE", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ["CACHE_URL"] = "locmemcache://"

# One folder a process for all that the portal writes: never what `make run` keeps in var/.
os.environ["PORTAL_DATA"] = tempfile.mkdtemp(prefix="portal-test-")
atexit.register(shutil.rmtree, os.environ["PORTAL_DATA"], ignore_errors=True)
