"""Two uploads of the same document at once become two versions, not two documents."""

from time import sleep
from unittest.mock import patch
from uuid import uuid4

import pytest

from accounts.files.forms import CheckedUpload
from accounts.files.images import read_photo
from progress.documents import actions
from progress.documents.models import HomeDocument
from tests.accounts.files.pictures import photo
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, HomeFactory, UserFactory


@pytest.fixture
def slowly():
    """Between the look at the latest version and the next one there is time for others."""
    following = actions._next

    def wait(latest):
        sleep(0.3)
        return following(latest)

    with patch.object(actions, "_next", wait):
        yield


def both_at_once():
    home, staff = HomeFactory(), UserFactory()
    uploads = [CheckedUpload("plan.jpg", read_photo(photo()), "") for _each in range(2)]

    def publish(upload):
        actions.publish_document(
            batch_id=uuid4(), upload=upload, home=home, kind="plan", titles={"title_en": "Roof"}, by=staff, at=NOW
        )

    all_at_once(publish, uploads)
    return sorted(HomeDocument.objects.values_list("version", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_uploads_of_one_title_are_two_versions(slowly):
    assert both_at_once() == [1, 2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql  # SQLite has one writer at a time
def test_without_the_lock_they_would_be_two_documents(slowly):
    with without_locks():
        assert both_at_once() == [1, 1]
