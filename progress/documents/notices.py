"""What owners are told about documents; registered in `DocumentsConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import Kind, register

from .models import DocumentBatch, HomeDocument


@register("document-published")
class DocumentPublished(Kind):
    """Once a batch and owner. What it says concerns whoever reads it: titles only where there is one document."""

    label = gettext_lazy("Documents of your home")
    topic = topics.DOCUMENTS
    mandatory = True  # a contract or an invoice may be among them
    model = DocumentBatch
    action = gettext_lazy("See the documents")

    def subjects(self):
        return DocumentBatch.objects.prefetch_related("documents__home__development")

    def still_true(self, batch):
        return bool(_shown(batch))

    def still_concerns(self, batch, person):
        return HomeDocument.objects.held_by_owner(person).filter(batch=batch).exists()

    def zone(self, batch):
        return _shown(batch)[0].home.development.time_zone

    def title(self, batch):
        documents = _shown(batch)
        if len(documents) > 1:
            return _("New documents of your home")
        return _("A new document for %(home)s") % {"home": documents[0].home}

    def paragraphs(self, batch):
        documents = _shown(batch)
        if len(documents) > 1:
            return [_("We have put documents of your home into the portal.")]
        what = _("“%(title)s” is in the portal now.")
        if documents[0].version > 1:
            what = _("There is a new version of “%(title)s” in the portal.")
        return [what % {"title": documents[0]}]

    def url(self, batch):
        return reverse("home:documents-new", args=[batch.pk])


def _shown(batch):
    return [document for document in batch.documents.all() if document.withdrawn_at is None]
