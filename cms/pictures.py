"""Pictures of public pages: few sizes, three formats, made ahead where they take long.

AVIF takes up to a second a picture. So a visitor's request makes JPEG at most, and shows the other formats
once the worker has made them (cms/tasks.py), by rendering the page inside `making_all`.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, Filter, Picture
from wagtail.images.shortcuts import get_renditions_or_not_found

QUICK, SLOW = "jpeg", ("avif", "webp")
LARGE = "max-1600x1600|format-webp"  # what the lightbox opens

_making_all = ContextVar("making_all", default=False)


@dataclass(frozen=True)
class Shape:
    """How large a picture is shown in one place: two sizes of the file, and `sizes` for the browser to choose by."""

    crops: tuple[str, str]
    sizes: str

    def specs(self, fmt):
        return [f"{crop}|format-{fmt}" for crop in self.crops]


SHAPES = {
    "wide": Shape(("fill-828x460", "fill-1656x920"), "100vw"),
    "hero": Shape(("fill-720x540", "fill-1280x960"), "(min-width: 62rem) 37rem, 100vw"),
    "card": Shape(("fill-480x315", "fill-960x630"), "(min-width: 62rem) 23rem, (min-width: 42rem) 50vw, 100vw"),
    "portrait": Shape(("fill-400x400", "fill-720x720"), "(min-width: 62rem) 22rem, 100vw"),
    "body": Shape(("width-720", "width-1280"), "(min-width: 44rem) 40rem, 100vw"),
    "gallery": Shape(("fill-480x360", "fill-800x600"), "(min-width: 62rem) 34rem, 50vw"),
    "logo": Shape(("max-240x44", "max-480x88"), "10rem"),
    "plan": Shape(("width-800", "width-1600"), "(min-width: 62rem) 36rem, 100vw"),
}


@contextmanager
def making_all():
    """Within it every format that is missing is made."""
    token = _making_all.set(True)
    try:
        yield
    finally:
        _making_all.reset(token)


def picture(image, shape, *, alt=None, first=False):
    """`<picture>` in this shape; nothing where it was deleted. `first`: the browser fetches it before all else."""
    if image is None:
        return ""
    shape = SHAPES[shape]
    found = get_renditions_or_not_found(image, shape.specs(QUICK))
    for fmt in SLOW:
        found |= _at_hand(image, shape.specs(fmt))
    found = _without_doubles(found)
    attrs = {"sizes": shape.sizes} if len(found) > len({spec.rpartition("|")[2] for spec in found}) else {}
    attrs |= {"alt": image.contextual_alt_text if alt is None else alt}
    attrs |= {"fetchpriority": "high"} if first else {"loading": "lazy", "decoding": "async"}
    return Picture(found, attrs)


def _without_doubles(renditions):
    """One of each width and format: a picture smaller than the shape gives the same twice."""
    kept = {}
    for spec, rendition in renditions.items():
        kept.setdefault((spec.rpartition("|")[2], rendition.width), (spec, rendition))
    return dict(kept.values())


def large(image):
    """The address of the picture as the lightbox shows it; of a smaller one until the worker has made that."""
    if image is None:
        return ""
    found = _at_hand(image, [LARGE]) or get_renditions_or_not_found(image, SHAPES["gallery"].specs(QUICK)[1:])
    return next(iter(found.values())).url


def _at_hand(image, specs):
    """{spec: rendition}, all of them or none; none but the worker makes them."""
    if _making_all.get():
        return image.get_renditions(*specs)
    found = image.find_existing_renditions(*map(Filter, specs))
    return {key.spec: rendition for key, rendition in found.items()} if len(found) == len(specs) else {}


def recall(images):
    """Fetch what is made of these pictures, in one query."""
    renditions = get_image_model().get_rendition_model().objects.all()
    prefetch_related_objects(images, Prefetch("renditions", renditions, to_attr="prefetched_renditions"))


def images_of(page):
    """The pictures of a page: its cover, and those in its blocks."""
    if page.cover:
        yield page.cover
    for field in page._meta.fields:
        if isinstance(field, StreamField):
            yield from _images_in(getattr(page, field.name))


def _images_in(value):
    if isinstance(value, AbstractImage):
        yield value
    elif isinstance(value, StructValue):
        for each in value.values():
            yield from _images_in(each)
    elif isinstance(value, ListValue):
        for each in value:
            yield from _images_in(each)
    elif isinstance(value, StreamValue):
        for child in value:
            yield from _images_in(child.value)
