"""What an owner is told and asked: every page accessible and within its width, on a phone and on a desktop."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.notices import kinds, reasons
from accounts.notices.models import Notice
from accounts.notices.unsubscribing import path_for
from progress.designs.models import Answer
from tests.browser.conftest import DESKTOP, PASSWORD, PHONE
from tests.factories import (
    AnswerFactory,
    ContactFactory,
    DesignChangeFactory,
    DiaryFactory,
    LeafletFactory,
    OwnershipFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tie(live_server):
    user = User.objects.create_user(email="yue@example.com", name="Shen Yue", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return OwnershipFactory(owner__user=user)


@pytest.fixture
def asked(tie):
    """A change that waits for this home's answer."""
    return DesignChangeFactory(homes=[tie.home], answer_by=timezone.localdate() + timedelta(days=9))


@pytest.fixture
def objected(tie):
    change = DesignChangeFactory(homes=[tie.home])
    said = {"answer": Answer.Kind.OBJECTED, "comment": "Please keep the glass."}
    return AnswerFactory(change=change, home=tie.home, owner=tie.owner, **said).change


@pytest.fixture
def mail(tie):
    """One that came back; with the link by which such mail is switched off."""
    now = timezone.now()
    about = {"kind": "update-published", "subject_kind": "updates.update", "subject_id": "1", "owner": tie.owner}
    outcome = {"state": "sent", "sent_at": now, "returned_at": now, "returned_reason": reasons.BOUNCED}
    Notice.objects.create(key="came back", channel="email", **about, **outcome)
    return Notice.objects.create(key="on its way", channel="email", created_at=now, **about)


@pytest.mark.parametrize(("size", "dark"), [(PHONE, True), (DESKTOP, False)])
def test_what_an_owner_is_told_and_asked_is_accessible(visitor, tie, asked, objected, mail, size, dark):
    LeafletFactory(building=tie.home.building, sent=True)
    DiaryFactory(tie=tie, ready=True)
    ContactFactory(home=tie.home)
    person = visitor(size, dark=dark)
    person.log_in(tie.owner.user)
    paths = [f"/my/homes/{tie.home.pk}/{page}/" for page in ("designs", "leaflets", "people")]
    paths += [f"/my/designs/{change.pk}/" for change in (asked, objected)]
    paths += ["/my/told/", "/my/profile/messages/", path_for(mail, kinds.get(mail.kind))]
    for path in paths if size is PHONE else paths[::2]:
        person.go(path)
        assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_change_is_objected_to_on_a_phone(visitor, tie, asked):
    person = visitor()
    person.log_in(tie.owner.user)
    person.go(f"/my/designs/{asked.pk}/")
    person.page.get_by_text("I object", exact=True).click()
    person.page.locator("textarea").fill("Please keep the glass.")
    person.page.get_by_role("button", name="Send my objection").click()
    person.page.get_by_role("button", name="Withdraw my objection").wait_for()
    person.check()
    assert "Please keep the glass." in person.text()
