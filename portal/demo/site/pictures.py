"""The site's pictures, as marketing would upload them: drawn ones of its own, and photographs of the updates."""

from typing import NamedTuple

from django.core.files.images import ImageFile
from wagtail.images import get_image_model

from portal.demo import news

from .texts import HERE, read_pictures


class Picture(NamedTuple):
    """An image of Wagtail's, and what it shows, in both languages."""

    image: object
    words: dict


def path_of(name):
    """Where a picture's file lies."""
    own = [HERE / "pictures" / f"{name}.{ending}" for ending in ("jpg", "png")]
    return next((path for path in own if path.exists()), news.HERE / "photos" / f"{name}.jpg")


def upload_pictures(*, by):
    """{name: Picture} of all. What the originals are made into, visitors' first requests and the worker make."""
    return {name: Picture(_upload(name, words, by), words) for name, words in read_pictures().items()}


def discard(pictures):
    """Take their files away; the rows are rolled back."""
    for picture in pictures.values():
        picture.image.file.delete(save=False)


def _upload(name, words, by):
    path = path_of(name)
    image = get_image_model()(
        title=name.replace("-", " ").capitalize(), description=words["en"][:255], uploaded_by_user=by
    )
    if "focal" in words:
        names = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")
        for field, value in zip(names, words["focal"], strict=True):
            setattr(image, field, value)
    with path.open("rb") as file:
        image.file_size = path.stat().st_size
        image.file.save(path.name, ImageFile(file), save=True)
    return image
