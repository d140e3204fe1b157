"""What stands in a print: the guides that fit the home today, as the person who asked reads them."""

import hashlib
import logging
from dataclasses import dataclass, field
from io import BytesIO

import segno
from django.conf import settings
from django.urls import reverse
from PIL import Image

from cms.checklists.reading import Ticking, ticking_of
from cms.guides.models import Edition
from cms.guides.reading import Guide, guides_for
from progress.models import FOLLOWS_PROGRESS, Home, Ownership

MOST_GUIDES = 40
MOST_PICTURES = 80
MOST_PIXELS = 50_000_000
BOX = 1000  # pixels
QUALITY = 78

log = logging.getLogger(__name__)


@dataclass
class Reader:
    """Somebody at a home, with the roles they have there today."""

    home: Home
    roles: frozenset

    @property
    def follows(self):
        return bool(self.roles & frozenset(FOLLOWS_PROGRESS))


@dataclass
class Printed:
    """One guide on paper. Its addresses within the document begin with `anchor`."""

    guide: Guide
    ticking: Ticking
    anchor: str
    address: str
    sections: list = field(default_factory=list)

    @property
    def qr(self):
        return f"q-{self.guide.key}"


def reader_at(home, user):
    """The Reader of a home today; without roles when they do not live there (any more)."""
    ties = Ownership.objects.live().filter(home=home, owner__user=user, owner__erased_at=None)
    return Reader(home, frozenset(ties.values_list("role", flat=True)))


def guides_of(reader, *, key, language, on, with_body=False):
    """The Guides of a print, in the order in which owners see them; `key` empty for all of them."""
    if not reader.roles:
        return []
    editions = Edition.objects.for_home(reader.home, roles=reader.roles, on=on).in_order()
    editions = editions.filter(guide_key=key) if key else editions[:MOST_GUIDES]
    return guides_for(editions, on=on, follows=reader.follows, language=language, with_body=with_body)


def digest_of(reader, guides):
    """Changes whenever the words or the sums would; ticks come and go, and a print says of when they are."""
    facts = [(guide.edition.pk, guide.text.pk, str(guide.text.amended_at)) for guide in guides]
    return hashlib.sha256(repr((facts, str(reader.home.area), reader.follows)).encode()).hexdigest()


def printed_of(reader, guides, *, on):
    """The guides with their ticks and addresses."""
    printed = []
    for number, guide in enumerate(guides, start=1):
        address = settings.BASE_URL + reverse("home:guide", args=[reader.home.pk, guide.key])
        ticking = ticking_of(reader.home, guide.key, today=on)
        printed.append(Printed(guide, ticking, f"g{number}", address, guide.sections))
    return printed


def codes_of(printed):
    """{name: PNG bytes} of the codes that lead from the paper to the page."""
    codes = {}
    for each in printed:
        buffer = BytesIO()
        segno.make(each.address, error="m").save(buffer, kind="png", scale=8, border=0)
        codes[each.qr] = buffer.getvalue()
    return codes


def pictures_of(printed, *, note=lambda share: None):
    """{name: JPEG bytes} of the guides' pictures, encoded anew. What cannot be read is left out, and logged."""
    found = {name_of(image): image for each in printed for image in _images(each) if image}
    pictures = {}
    for count, (name, image) in enumerate(list(found.items())[:MOST_PICTURES], start=1):
        try:
            pictures[name] = _encoded(image)
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            log.error("The picture %s could not be printed: %s.", image.pk, error)
        note(count / len(found))
    return pictures


def name_of(image):
    return f"i{image.pk}"


def _images(printed):
    for section in printed.sections:
        for chunk in section.chunks:
            if chunk.kind == "gallery":
                yield from (picture["image"] for picture in chunk.value["pictures"])
            elif chunk.kind in {"picture", "plan", "map"}:
                yield chunk.value["image"]


def _encoded(image):
    with image.file.open("rb") as stored, Image.open(stored) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        opened.draft("RGB", (BOX, BOX))
        opened.thumbnail((BOX, BOX), Image.Resampling.LANCZOS)
        drawn = opened.convert("RGBA")
        paper = Image.new("RGB", drawn.size, "white")
        paper.paste(drawn, mask=drawn.getchannel("A"))
    buffer = BytesIO()
    paper.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()
