"""Photos of colleagues: a square, small, re-encoded as every photo is."""

import hashlib
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from accounts.events.actions import record
from accounts.files.actions import atomic_with_files, discard, store_image

from .models import Card

SIDE = 640  # pixels
ABOVE_THE_MIDDLE = (0.5, 0.35)  # where faces are


def as_portrait(photo):
    """The square of a photo (as `PhotosField` gives it) that shows the face. Takes a moment: before the transaction."""
    photo.content.seek(0)
    with Image.open(photo.content, formats=["JPEG"]) as image:
        side = min(SIDE, *image.size)
        picture = ImageOps.fit(image.convert("RGB"), (side, side), Image.Resampling.LANCZOS, centering=ABOVE_THE_MIDDLE)
    file = BytesIO()
    picture.save(file, "JPEG", quality=85, progressive=True)
    jpeg = file.getvalue()
    sha256 = hashlib.sha256(jpeg).hexdigest()
    return photo._replace(content=ContentFile(jpeg), sha256=sha256, size=len(jpeg), width=side, height=side)


@atomic_with_files()
def set_photo(card, portrait, *, by):
    """Show `portrait` from now on, or no photo for None; the one before is thrown away. Raises FileError."""
    card = Card.objects.select_for_update(of=("self",)).select_related("photo").get(pk=card.pk)
    before = card.photo
    card.photo = store_image(portrait, by=by) if portrait else None
    card.save(update_fields=["photo"])
    if before:
        discard(before)
    record("changed", card, by=by)
    return card
