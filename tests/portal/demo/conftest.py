from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from PIL import Image

from portal.demo import news
from tests.factories import NOW


def tiny_upload(name):
    """The photograph `name`, a hundred times smaller."""
    content = BytesIO()
    with Image.open(news.HERE / "photos" / f"{name}.jpg") as image:
        image.draft("RGB", (200, 150))
        image.resize((16, 12)).save(content, "JPEG")
    return SimpleUploadedFile(f"{name}.jpg", content.getvalue(), content_type="image/jpeg")


@pytest.fixture(scope="session")
def tiny_photos():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(news, "_upload", tiny_upload)
        news.photo_called.cache_clear()
        yield
    news.photo_called.cache_clear()


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tiny_photos):
    """The demonstration as of NOW. It is loaded once for a module; each test works on top of it and is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW, tick=False):
            call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)
