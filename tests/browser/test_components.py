"""The page of components in a real browser: accessible in both themes, and its scripts at work."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def with_components(settings):
    settings.ROOT_URLCONF = "tests.portal.ui.urls"


@pytest.mark.parametrize(("size", "dark"), [(PHONE, False), (DESKTOP, True)])
def test_every_part_is_accessible(visitor, size, dark):
    person = visitor(size, dark=dark)
    person.go("/ui/")
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_lightbox_answers_to_the_keyboard(visitor):
    person = visitor(DESKTOP)
    person.page.emulate_media(reduced_motion="reduce")
    person.go("/ui/")
    first = person.page.locator("[data-gallery] a").first
    first.press("Enter")
    place = person.page.locator("dialog .num")
    for key, number in (("End", 6), ("ArrowRight", 6), ("Home", 1), ("ArrowLeft", 1), ("ArrowRight", 2)):
        person.page.keyboard.press(key)
        person.page.wait_for_timeout(200)
        assert place.inner_text() == f"Photo {number} of 6", key
    assert person.page.locator("dialog [aria-live]").inner_text() == "Photo 2 of 6. Building 3, structure"
    person.check()
    person.page.keyboard.press("Escape")
    assert first.evaluate("link => document.activeElement === link")


def test_too_many_photos_are_not_sent(visitor):
    person = visitor()
    person.go("/ui/frames/site/")
    files = person.page.locator("input[type=file]")
    files.evaluate("input => { input.multiple = true; }")
    files.set_input_files([{"name": f"{n}.png", "mimeType": "image/png", "buffer": b"x"} for n in range(11)])
    told = person.page.locator("[data-upload] [role=status]")
    assert told.inner_text() == "Please choose at most 10 at once; these are 11."
    assert not files.evaluate("input => input.checkValidity()")
    files.set_input_files([{"name": "1.png", "mimeType": "image/png", "buffer": b"x"}])
    assert told.inner_text() == "1 chosen, 0.1 MB together"
    assert files.evaluate("input => input.checkValidity()")


def test_a_form_on_its_way_is_not_sent_again(visitor):
    person = visitor()
    person.go("/ui/")
    sent = []
    person.page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    twice = """form => {
        form.addEventListener("submit", () => setTimeout(() => form.requestSubmit(), 1), {once: true});
        form.requestSubmit();
    }"""
    with person.page.expect_navigation(wait_until="networkidle"):
        person.page.locator("form.post-button").first.evaluate(twice)
    assert sent == ["POST"]
