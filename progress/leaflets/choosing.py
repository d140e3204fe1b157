"""Which photos a document shows, and how small: the best of each update before the second best of any."""

import logging
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from accounts.files.images import CONTENT_TYPE, fitted
from accounts.files.models import PrivateFile, private_storage

MOST_OF_A_LEAFLET = 6

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shot:
    """A photo as a document shows it; `caption` is a LocalizedText in the language that is active when asked."""

    name: str  # by which the document calls it
    file: PrivateFile
    row: object  # with a caption: UpdatePhoto or Evidence
    at: datetime
    about: object  # the update, whose title stands in where nobody wrote a caption

    @property
    def caption(self):
        return self.row.caption or self.about.title


def shots_of(update):
    """The photos of an update that can be shown, those with a caption first."""
    photos = [photo for photo in update.photos.all() if is_picture(photo.file)]
    photos.sort(key=lambda photo: (not photo.caption, photo.order))
    return [Shot(f"p{photo.pk}", photo.file, photo, update.published_at, update) for photo in photos]


def is_picture(file):
    """Whether a PrivateFile can be printed as a photo."""
    return file.content_type == CONTENT_TYPE and file.deleted_at is None


def chosen_photos(updates, most=MOST_OF_A_LEAFLET):
    """At most so many, the newest updates first, none twice; nothing of what was corrected since."""
    sound = [update for update in reversed(updates) if not update.corrections.all()]
    chosen = fairly([shots_of(update) for update in sound], most)
    return sorted(chosen, key=lambda shot: shot.at)


def fairly(lists, most):
    """The first of each list, then the second of each, and so on, at most so many; the same picture once."""
    chosen = {}
    for round_ in zip_longest(*lists):
        for shot in filter(None, round_):
            if len(chosen) < most:
                chosen.setdefault(shot.file.sha256, shot)
    return list(chosen.values())


def reduced(shots, box, *, note=lambda share: None):
    """{name: JPEG bytes} of the photos, each fitted into a square of `box` pixels. What is gone is left out."""
    images = {}
    for count, shot in enumerate(shots, start=1):
        try:
            with private_storage().open(shot.file.shown_as("large").name) as stored:
                images[shot.name], _width, _height = fitted(stored, box)
        except OSError as error:
            log.error("The photo %s could not be printed: %s.", shot.file.pk, error)
        note(count / len(shots))
    return images


def within(shots, boxes, room, *, note=lambda share: None):
    """The photos in the largest of `boxes` at which all of them together take at most `room` bytes, else the last."""
    for box in boxes:
        images = reduced(shots, box, note=note)
        if sum(map(len, images.values())) <= room:
            break
    return images
