"""A building with homes and owners, and a printer that is none."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from accounts.files.rendering import RenderError
from progress.leaflets import actions, diaries
from progress.updates.models import Audience, Update, UpdatePhoto
from tests.accounts.files.papers import pdf
from tests.accounts.files.pictures import encoded, picture
from tests.factories import NOW, BuildingFactory, OwnershipFactory, PrivateFileFactory, UserFactory
from tests.progress.test_milestones import windows

PAPER = pdf()


@pytest.fixture
def building():
    return BuildingFactory(name="Building 3")


@pytest.fixture
def steps(building):
    """The milestone "windows" of three homes, expected in the month to come, each with an owner."""
    steps = [windows(building) for _each in range(3)]
    for step in steps:
        OwnershipFactory(home=step.journey.home)
    return steps


@pytest.fixture
def people():
    return SimpleNamespace(one=UserFactory(), other=UserFactory())


@pytest.fixture
def printed(monkeypatch):
    """What went to the printer, [(html, names of photos)]; nothing is printed. `printed.fails = True`: an error."""

    class Printed(list):
        fails = False

    sheets = Printed()

    def render(html, *, images=None, at):
        sheets.append((html, sorted(images or {})))
        if sheets.fails:
            raise RenderError("no paper")
        return PAPER

    for module in (actions, diaries):
        monkeypatch.setattr(module, "render_pdf", render)
    return sheets


def post(*places, at=NOW, title="Windows reach floor nine", photos=0, **fields):
    """A published update for these places, with so many photos."""
    update = Update.objects.create(
        development=getattr(places[0], "development", places[0]),
        title_en=title,
        body_en="The cradle is on the south side.",
        author=UserFactory(name="Zhou Ning"),
        state="published",
        published_at=at,
        **fields,
    )
    for place in places:
        Audience.objects.create(update=update, **{place._meta.model_name: place})
        homes = [place] if place._meta.model_name == "home" else place.homes.all()
        update.homes.add(*homes)
    for order in range(photos):
        file = PrivateFileFactory(file__data=encoded(picture(color=(order, 9, 9))))
        UpdatePhoto.objects.create(update=update, file=file, order=order, caption_en=f"{title} {order}")
    return update


def clock():
    return NOW + timedelta(minutes=1)
