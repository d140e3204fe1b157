"""What marketing uploads for the public site."""

import pytest
from django.core.files.base import ContentFile
from wagtail.documents.models import Document

from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


def test_the_list_of_documents_opens_once_there_is_one(client):
    document = Document.objects.create(title="Price list", file=ContentFile(b"%PDF-1.4", name="prices.pdf"))
    client.force_login(StaffFactory(group="Marketing"))
    response = client.get("/desk/documents/")
    assert (response.status_code, document.url in response.content.decode()) == (200, True)
