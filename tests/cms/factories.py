"""Pages for tests, each valid by itself."""

import json
from io import BytesIO
from itertools import count
from uuid import uuid4

from django.core.files.images import ImageFile
from PIL import Image as Pillow
from wagtail.images.models import Image

from cms.models import (
    ArticlePage,
    ComplaintsBoardPage,
    ContactPage,
    DesignerPage,
    DesignersPage,
    DevelopmentIndexPage,
    DevelopmentPage,
    HomePage,
    HouseTypePage,
    NewsIndexPage,
    OpenDayPage,
    QuestionsPage,
    ServicesPage,
    StandardPage,
)
from tests.factories import TODAY, DevelopmentFactory, HouseTypeFactory

_numbers = count(1)


def front(slug="home"):
    return HomePage.objects.get(slug=slug)


def add(parent, model, **values):
    """A live page below `parent`, unless `live=False`."""
    number = next(_numbers)
    page = model(**{"title": f"Page {number}", "slug": f"page-{number}"} | values)
    parent.refresh_from_db()  # it may have got other children meanwhile
    return parent.add_child(instance=page)


def stream(*blocks):
    """The value of a StreamField: `stream(("quote", {"text": "…"}), …)`; lists in it become list blocks."""
    return json.dumps([{"type": name, "value": _listed(value), "id": str(uuid4())} for name, value in blocks])


def _listed(value):
    if isinstance(value, list):
        return [{"type": "item", "value": _listed(each), "id": str(uuid4())} for each in value]
    return {name: _listed(each) for name, each in value.items()} if isinstance(value, dict) else value


def image(width=60, height=45, **values):
    """A small photo; each is another one."""
    number = next(_numbers)
    data = BytesIO()
    Pillow.new("RGB", (width, height), (number % 256, 90, 75)).save(data, "JPEG")
    data.seek(0)
    return Image.objects.create(title=f"Photo {number}", file=ImageFile(data, f"photo-{number}.jpg"), **values)


def picture(shown=None, caption=""):
    """The value of a picture block."""
    chosen = {"image": (shown or image()).pk, "alt_text": "The hall, tiled", "decorative": False}
    return {"image": chosen, "caption": caption}


RISKS = [
    ("outer", {"what": "Railway", "text": "450 m to the west."}),
    ("inner", {"what": "Garage ramp", "text": "In front of Building 4."}),
]


def place(parent=None, **values):
    """The page of a development."""
    parent = parent or DevelopmentIndexPage.objects.first() or add(front(), DevelopmentIndexPage)
    values["development"] = values.get("development") or DevelopmentFactory()
    return add(parent, DevelopmentPage, **{"risks": stream(*RISKS)} | values)


def house_type(parent=None, **values):
    """The page of a house type."""
    parent = parent or place()
    kind = values.pop("house_type", None) or HouseTypeFactory(development=parent.development)
    return add(parent, HouseTypePage, house_type=kind, **values)


def open_day(parent=None, **values):
    """The page of an open day."""
    return add(parent or place(), OpenDayPage, **values)


def article(parent=None, **values):
    parent = parent or NewsIndexPage.objects.first() or add(front(), NewsIndexPage)
    return add(parent, ArticlePage, **{"date": TODAY} | values)


def designer(parent=None, **values):
    parent = parent or DesignersPage.objects.first() or add(front(), DesignersPage)
    return add(parent, DesignerPage, **values)


MAKERS = {
    "home": front,
    "developments": lambda: add(front(), DevelopmentIndexPage),
    "development": place,
    "house type": house_type,
    "open day": open_day,
    "news": lambda: add(front(), NewsIndexPage),
    "article": article,
    "text": lambda: add(front(), StandardPage),
    "contact": lambda: add(front(), ContactPage),
    "designers": lambda: add(front(), DesignersPage),
    "designer": designer,
    "services": lambda: add(front(), ServicesPage),
    "questions": lambda: add(front(), QuestionsPage),
    "board": lambda: add(front(), ComplaintsBoardPage),
}  # one page of each kind
