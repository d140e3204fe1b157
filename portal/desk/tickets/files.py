"""The photos, videos and documents of a ticket, for the staff where it is."""

from django.views.decorators.http import require_safe

from accounts.files.delivery import deliver

from .access import looking, own_attachment


@looking
@require_safe
def file(request, pk, variant):
    """`variant`: thumb, large, or "file" for the thing itself."""
    attachment = own_attachment(request, pk)
    return deliver(request, attachment.file, variant=None if variant == "file" else variant)
