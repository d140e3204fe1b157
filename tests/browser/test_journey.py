"""The owner's journey, its changes and promises, and the pages of staff who date milestones: phone and desktop."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from progress.journeys import changing
from progress.journeys.actions import date_milestone, start_journey
from progress.journeys.evidence import Proof
from progress.journeys.models import JourneyTemplate, MilestoneChange
from progress.promises.actions import open_promise
from tests.browser.conftest import DESKTOP, PASSWORD, PHONE
from tests.factories import HomeDocumentFactory, OwnershipFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def login_of(user):
    user.set_password(PASSWORD)
    user.save()
    user.emailaddress_set.get_or_create(email=user.email, defaults={"verified": True, "primary": True})
    return user


@pytest.fixture
def tie(live_server):
    return OwnershipFactory(owner__user=login_of(User.objects.create_user(email="yue@example.com", name="Shen Yue")))


@pytest.fixture
def step(tie):
    """The windows of a home: moved, reached, withdrawn; and the pipes reported as reached."""
    today, now = timezone.localdate(), timezone.now()
    template = JourneyTemplate.objects.get(kind="new_home", version=1)
    journey = start_journey(home=tie.home, template=template, started=today - timedelta(days=90), by=None)
    windows, pipes = (journey.milestones.get(template__code=code) for code in ("windows", "pipes-and-wires"))
    for milestone in (windows, pipes):
        date_milestone(milestone, planned=today, forecast=None, actual=None, by=None, today=today)
    said = {"today": today, "at": now, "by": UserFactory()}
    changing.change_forecast([windows], later_by=9, reason_en="Cracked panes", **said)
    document = HomeDocumentFactory(home=tie.home, kind="report")
    claim = changing.claim_reached([windows], on=today, evidence=[Proof(None, today, document=document)], **said)
    changing.approve_change(claim, by=UserFactory(), at=now)
    changing.withdraw_reached([windows], reason_en="Another floor was meant", **said)
    changing.claim_reached([pipes], on=today, evidence=[Proof(None, today, document=document)], **said)
    return windows


def fits(person):
    return person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("size", "dark"), [(PHONE, True), (DESKTOP, False)])
def test_the_journey_its_changes_and_the_promises_are_accessible(visitor, tie, step, size, dark):
    person = visitor(size, dark=dark)
    person.log_in(tie.owner.user)
    paths = [f"/my/homes/{tie.home.pk}/{page}/" for page in ("journey", "promises")]
    paths += [f"/my/changes/{change.pk}/" for change in MilestoneChange.objects.made()]
    assert len(paths) == 5
    for path in paths if size is PHONE else paths[:3]:
        person.go(path)
        assert fits(person), path
    person.page.goto(f"{person.base}{paths[0]}")
    assert "Another floor was meant" in person.text()


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_the_day_the_board_and_the_approvals_are_accessible(visitor, tie, step, size):
    place = tie.home.development
    manager = login_of(StaffFactory(group="Site managers", development=place))
    for days in (2, -2):
        at = timezone.now() + timedelta(days=days)
        opened = at - timedelta(days=9)
        open_promise(key=str(days), kind="next-update", development=place, due_at=at, by=None, at=opened)
    person = visitor(size)
    person.log_in(manager)
    one = f"journey={step.journey_id}&step=windows"
    paths = ("/site/board/", "/site/approvals/", "/site/my-day/", f"/site/board/forecast/?{one}")
    for path in paths if size is PHONE else paths[:2]:
        person.go(path)
        assert fits(person), path
    if size is DESKTOP:
        return
    person.page.get_by_label("Or days later").fill("7")
    person.page.get_by_role("button", name="tell the owners").click()
    person.page.get_by_text("Please say why").first.wait_for()
    person.check()
