"""The nightly backup, where BACKUP_FOLDER names a place for it."""

import structlog
from django.conf import settings
from django.utils import timezone
from django_q.tasks import async_task

from accounts.jobs import nightly

from .actions import back_up
from .manifest import BackupError, LockedError

log = structlog.get_logger(__name__)
LONGEST = 6 * 60 * 60  # seconds


@nightly
def queue_backup(*, at):
    """A task of its own: it takes longer than the other jobs may."""
    if settings.BACKUP_FOLDER:
        async_task("portal.backups.tasks.back_up_tonight", timeout=LONGEST)


def back_up_tonight():
    """Make the backup. The queue gives the task out again while it runs; the second finds the folder locked."""
    try:
        back_up(settings.BACKUP_FOLDER, at=timezone.now(), keep=settings.BACKUP_KEEP)
    except LockedError:
        log.info("backup_at_work")
    except (BackupError, OSError) as error:
        log.error("not_backed_up", why=str(error))
