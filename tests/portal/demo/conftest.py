from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.demo import news


def tiny_upload(name):
    """The photograph `name`, a hundred times smaller."""
    content = BytesIO()
    with Image.open(news.HERE / "photos" / f"{name}.jpg") as image:
        image.draft("RGB", (200, 150))
        image.resize((16, 12)).save(content, "JPEG")
    return SimpleUploadedFile(f"{name}.jpg", content.getvalue(), content_type="image/jpeg")


@pytest.fixture(scope="module")
def tiny_photos():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(news, "_upload", tiny_upload)
        yield
