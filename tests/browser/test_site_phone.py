"""The main job, whole: posted from a phone on site, told to exactly its owners, read on theirs."""

from collections import Counter
from io import BytesIO

import pytest
from PIL import Image

from accounts.models import Channel, User
from accounts.notices.tasks import deliver_due
from progress.updates.models import Update
from tests.accounts.notices.server import MailServer
from tests.browser.conftest import PASSWORD
from tests.factories import BuildingFactory, OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def postbox(settings):
    """A real SMTP server that the worker delivers to."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        yield server


def person(name, factory, **fields):
    user = User.objects.create_user(email=f"{name}@example.com", name=name.title(), password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    if factory:
        ownership = factory(owner__user=user, **fields)
        ownership.owner.addresses.create(channel=Channel.EMAIL, value=user.email)
    return user


def picture(colour):
    buffer = BytesIO()
    Image.new("RGB", (640, 480), colour).save(buffer, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_an_update_for_one_building_reaches_its_owners_and_no_one_else(visitor, live_server, postbox):
    building = BuildingFactory(name="Building 3")
    neighbour = BuildingFactory(name="Building 4", development=building.development)
    first = person("first", OwnershipFactory, home__building=building)
    second = person("second", OwnershipFactory, home__building=building)
    other = person("other", OwnershipFactory, home__building=neighbour)
    manager = StaffFactory(email="manager@example.com", password=PASSWORD, development=building.development)
    manager.emailaddress_set.create(email=manager.email, verified=True, primary=True)

    phone = visitor()
    phone.log_in(manager)
    phone.go("/site/")
    phone.page.get_by_role("link", name="New update").click()
    phone.check()
    phone.page.get_by_label(str(building)).check(force=True)
    phone.page.get_by_label("Title in English").fill("Windows reach floor nine")
    phone.page.get_by_label("Text in English").fill("The replacement panes came on Monday.")
    phone.page.locator("input[type=file]").set_input_files([picture("green"), picture("orange")])
    phone.page.get_by_role("button", name="Save and check").click()
    phone.page.get_by_role("button", name="Publish now").wait_for()
    phone.check()
    assert Update.objects.get().photos.count() == 2
    phone.page.get_by_role("button", name="Publish now").click()
    phone.page.get_by_text("2 people are told now").wait_for()
    deliver_due()

    assert Counter(message["To"] for message in postbox.accepted) == {first.email: 1, second.email: 1}
    reader = visitor()
    reader.log_in(first)
    assert "Windows reach floor nine" in reader.text()
    reader.go(f"/my/updates/{Update.objects.get().pk}/")
    images = reader.page.locator("[data-gallery] img").all()
    assert [image.evaluate("image => image.decode().then(() => image.naturalWidth > 0)") for image in images] == [
        True,
        True,
    ]
    stranger = visitor()
    stranger.log_in(other)
    assert "Windows reach floor nine" not in stranger.text()
    assert stranger.page.goto(f"{stranger.base}/my/updates/{Update.objects.get().pk}/").status == 404
