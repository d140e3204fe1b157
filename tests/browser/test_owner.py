"""An owner on a phone: in through the door, home, update, gallery, language."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from progress.updates.models import UpdatePhoto
from tests.browser.conftest import DESKTOP, PASSWORD, PHONE
from tests.factories import TODAY, OwnershipFactory, PrivateFileFactory, UpdateFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ownership(live_server):
    user = User.objects.create_user(email="shen.yue@example.com", name="Shen Yue", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    ownership = OwnershipFactory(owner__user=user, owner__name="Shen Yue")
    template = JourneyTemplate.objects.get(kind="new_home", version=1)
    start_journey(home=ownership.home, template=template, started=TODAY, by=None)
    return ownership


@pytest.fixture
def update(ownership):
    update = UpdateFactory(
        development=ownership.home.development, homes=[ownership.home], title_en="Nine floors", title_zh="九层封窗"
    )
    for order, (caption_en, caption_zh) in enumerate([("A cradle", "吊篮"), ("A pane", "玻璃"), ("A rack", "架子")]):
        UpdatePhoto.objects.create(
            update=update, file=PrivateFileFactory(), order=order, caption_en=caption_en, caption_zh=caption_zh
        )
    return update


@pytest.mark.parametrize(("size", "dark"), [(PHONE, True), (DESKTOP, False)])
def test_every_page_of_an_owner_is_accessible(visitor, ownership, update, size, dark):
    person = visitor(size, dark=dark)
    person.go("/en/")
    person.go("/account/login/")
    person.log_in(ownership.owner.user)
    photo = update.photos.first()
    for path in (
        "/my/",
        f"/my/homes/{ownership.home.pk}/journey/",
        f"/my/updates/{update.pk}/",
        f"/my/updates/{update.pk}/photos/{photo.pk}/",
        "/my/inbox/",
        "/my/profile/",
        "/account/email/",
        "/account/2fa/",
    ):
        person.go(path)
        assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_way_from_the_door_to_a_photo_and_back(visitor, ownership, update):
    person = visitor()
    person.log_in(ownership.owner.user)
    assert "Shen Yue" in person.text()
    person.page.get_by_role("link", name="Read the newest update").click()
    person.page.wait_for_url(f"**/my/updates/{update.pk}/")
    first = person.page.locator("[data-gallery] a").first
    first.click()
    dialog = person.page.get_by_role("dialog")
    dialog.wait_for()
    expect(dialog).to_contain_text("1 of 3")
    person.page.keyboard.press("ArrowRight")
    expect(dialog).to_contain_text("2 of 3")
    expect(dialog).to_contain_text("A pane")
    person.check()
    person.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert first.evaluate("link => document.activeElement === link")


def test_the_gallery_works_by_touch(visitor, ownership, update):
    person = visitor(PHONE)
    person.log_in(ownership.owner.user)
    person.go(f"/my/updates/{update.pk}/")
    person.page.locator("[data-gallery] a").first.tap()
    dialog = person.page.get_by_role("dialog")
    dialog.wait_for()
    strip = person.page.evaluate_handle(
        "() => [...document.querySelectorAll('dialog *')].find(e => e.scrollWidth > e.clientWidth + 100)"
    )
    strip.evaluate("element => element.scrollBy({left: element.clientWidth, behavior: 'instant'})")
    expect(dialog).to_contain_text("2 of 3")


def test_without_javascript_a_photo_has_its_own_page(chromium, live_server, visitor, ownership, update):
    person = visitor()
    person.log_in(ownership.owner.user)
    cookies = person.page.context.cookies()
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{live_server.url}/my/updates/{update.pk}/")
    page.locator("[data-gallery] a").first.click()
    page.get_by_role("link", name="Next photo").click()
    assert "Photo 2 of 3" in page.locator("main").inner_text()
    context.close()


def test_the_language_follows_the_browser_then_the_profile(visitor, ownership, update):
    person = visitor(language="zh-CN")
    person.page.goto(f"{person.base}/account/login/")
    assert person.page.locator("html").get_attribute("lang") == "zh-Hans"
    person.log_in(ownership.owner.user)
    person.go("/my/profile/")
    person.page.locator("input[name=language][value=zh-hans]").check(force=True)
    person.page.locator("main form button[type=submit]").first.click()
    person.page.wait_for_load_state()
    person.go("/my/")
    assert "九层封窗" in person.text()
    ownership.owner.user.refresh_from_db()
    assert ownership.owner.user.language == "zh-hans"
