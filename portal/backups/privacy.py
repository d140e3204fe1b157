"""Backups say nothing about people in the database; what lies in their folder ends with `--keep`."""

from accounts.privacy.registry import declare

from .models import Restore

declare(Restore, plain="id backup made_at started_at finished_at")
