"""The static files as production has them: collected once, kept in var/test-static until one of them changes."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

from .processes import PATIENCE, ROOT

KEPT = ROOT / "var" / "test-static"


def collected_static():
    """The folder. Compressing it all takes ten seconds and more, which each test would wait for otherwise."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = KEPT / _fingerprint()
        if not folder.exists():
            for outdated in KEPT.glob("*/"):
                shutil.rmtree(outdated)
            _collect(folder.with_suffix(".unfinished"))
            folder.with_suffix(".unfinished").rename(folder)
    return folder


def _collect(folder):
    environment = os.environ | {
        "PORTAL_MODE": "production",
        "SECRET_KEY": "for nothing but collecting files",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": "sqlite://:memory:",
        "STATIC_ROOT": str(folder),
    }
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=3 * PATIENCE)


def _fingerprint():
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted((ROOT / "portal").glob("*/static/**/*")):
        if path.is_file():
            digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]
