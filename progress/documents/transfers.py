"""What a home that changes hands takes along of its documents, for the preview. Nothing is moved: the scope decides."""

from django.utils.translation import gettext_lazy as _

from progress.transfers.parts import Line, Part, register

from .models import PRIVATE_KINDS, HomeDocument, still_theirs


@register
class Documents(Part):
    def passes_on(self, home):
        documents = HomeDocument.objects.current().filter(home=home).exclude(kind__in=PRIVATE_KINDS)
        return [Line(_("plans, permits, certificates and reports"), documents.count())]

    def ends(self, home):
        private = HomeDocument.objects.current().filter(still_theirs(), home=home, kind__in=PRIVATE_KINDS)
        return [Line(_("contracts and invoices, which the new owner does not see"), private.count())]
