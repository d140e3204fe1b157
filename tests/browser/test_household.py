"""The household on a phone: invited by a printed code, seen, removed."""

import pytest
from django.urls import reverse

from accounts.models import Invitation
from progress.models import Ownership, Role
from tests.browser.conftest import DESKTOP, PASSWORD
from tests.factories import OwnershipFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", [None, DESKTOP])
def test_an_owner_invites_by_code_and_removes_a_tenant(visitor, size):
    ownership = OwnershipFactory(owner__name="Shen Yue", owner__user=UserFactory(password=PASSWORD))
    tenant = OwnershipFactory(home=ownership.home, role=Role.TENANT, owner__name="Zhou Min")
    owner = visitor(**({"size": size} if size else {}))
    owner.log_in(ownership.owner.user)
    owner.go(reverse("home:household", args=[ownership.home_id]))
    owner.page.get_by_role("link", name="Invite somebody").click()
    owner.check()
    owner.page.get_by_label("Their name").fill("Lin Wen")
    owner.page.get_by_text("a code to scan or print").click()
    owner.page.get_by_role("button", name="Invite").click()
    owner.check()
    assert owner.page.locator("figure svg").bounding_box()["width"] > 150
    guest = visitor()
    guest.go(Invitation.objects.get().path)
    guest.page.get_by_role("textbox").fill("lin@example.com")
    guest.page.get_by_role("button", name="Send me the link").click()
    guest.check()
    assert "We have sent your link to lin@example.com" in guest.page.inner_text("body")
    owner.go(reverse("home:household", args=[ownership.home_id]))
    assert "at lin@example.com" in owner.text()
    owner.page.get_by_role("button", name="Remove").click()
    owner.check()
    assert "Zhou Min no longer has access." in owner.page.inner_text("body")
    assert not Ownership.objects.live().filter(pk=tenant.pk).exists()
