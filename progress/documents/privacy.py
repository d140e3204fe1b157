"""What documents hold about people."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, BY_TIME, After, Stays

from .actions import dismiss_batch
from .models import DocumentBatch, HomeDocument, WaitingFile

WAITS = 1  # days, for somebody to say where the files of a batch go


def seen_by(person):
    """What the person may see: of their homes, by their role."""
    return HomeDocument.objects.held_by_owner(person.owner) if person.owner else HomeDocument.objects.none()


def _waiting_too_long(*, at):
    return WaitingFile.objects.filter(batch__published_at=None, batch__created_at__lt=_after.before(at))


def _dismiss(rows, *, at):
    for batch in DocumentBatch.objects.filter(waiting__in=rows).distinct():
        dismiss_batch(batch)


_after = After(WAITS, rows=_waiting_too_long, act=_dismiss)

declare(
    HomeDocument,
    by="uploader private_to",
    rows=seen_by,
    files="file",
    heading=_("Documents of your home"),
    personal={
        "home kind title_en title_zh file file_name version created_at": Personal(
            _("contracts, invoices, plans and certificates of your home"),
            Stays(_("stays with the home; contracts and invoices are kept as long as law and warranty ask")),
            AS_LAW_ASKS,
        )
    },
    plain="id journey batch min_role series replaces withdrawn_at withdrawn_reason",
)
declare(DocumentBatch, by="uploader", plain="id created_at published_at")
declare(
    WaitingFile,
    personal={
        "file_name problem file": Personal(
            _("papers on their way to a home"),
            BY_TIME,
            _after,
            withheld=_("not placed yet: nobody has said whose they are"),
        )
    },
    plain="id batch",
)
