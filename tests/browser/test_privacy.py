"""One's data: a copy made and fetched, and being erased, on a telephone."""

import zipfile

import pytest
from django.urls import reverse

from accounts.privacy.models import Download, ErasureRequest
from accounts.privacy.tasks import make_download
from tests.factories import HomeDocumentFactory, OwnershipFactory

from .conftest import PASSWORD, PHONE


@pytest.fixture
def owner(transactional_db):
    tie = OwnershipFactory(owner__customer_no="C-77")
    tie.owner.user.set_password(PASSWORD)
    tie.owner.user.save()
    HomeDocumentFactory(home=tie.home)
    return tie.owner


@pytest.mark.parametrize("dark", [False, True])
def test_a_copy_is_asked_for_and_fetched(visitor, owner, dark):
    me = visitor(size=PHONE, dark=dark)
    me.log_in(owner.user)
    me.go(reverse("home:privacy"))
    me.page.get_by_role("button", name="Have a copy made").click()
    me.check()
    make_download(str(Download.objects.get().pk))
    me.page.get_by_role("link", name="Fetch the copy").wait_for()  # the page asks by itself
    me.check()
    with me.page.expect_download() as fetched:
        me.page.get_by_role("link", name="Fetch the copy").click()
    assert "data.json" in zipfile.ZipFile(fetched.value.path()).namelist()


def test_being_erased_is_asked_for_and_taken_back(visitor, owner):
    me = visitor(size=PHONE)
    me.log_in(owner.user)
    me.go(reverse("home:privacy-held"))
    me.go(reverse("home:privacy-erasure"))
    me.page.get_by_label("Your customer number").fill("C-77")
    me.page.get_by_role("button", name="I want to be erased").click()
    me.check()
    assert "You want to be erased" in me.text()
    me.page.get_by_role("button", name="Take it back").click()
    me.check()
    assert ErasureRequest.objects.get().state == "taken-back"
