"""Reports that the portal makes itself and puts among the documents of a home."""

from django.db import transaction

from .actions import _add, _tell
from .models import DocumentBatch, Kind, MinRole


@transaction.atomic
def file_report(*, batch_id, home, file, title_en, title_zh, file_name, by, at):
    """Put the PrivateFile `file` among the documents of `home`, for everyone who lives there, and tell them.

    The same title makes the next version. `batch_id` makes twice once. Returns the HomeDocument.
    """
    batch, is_new = DocumentBatch.objects.get_or_create(pk=batch_id, defaults={"uploader": by, "published_at": at})
    if not is_new:
        return batch.documents.get()
    document = _add(
        batch,
        home=home,
        kind=Kind.REPORT,
        file=file,
        by=by,
        min_role=MinRole.TENANT,
        title_en=title_en,
        title_zh=title_zh,
        file_name=file_name,
    )
    _tell(batch, at=at)
    return document
