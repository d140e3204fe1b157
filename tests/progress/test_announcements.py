"""Announcements: for everyone who lives there, as long as they are valid, and at night only in an emergency."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Channel
from accounts.notices import kinds
from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from progress.models import RightState, Role
from progress.updates import actions
from progress.updates.actions import UpdateError
from progress.updates.models import Update
from tests.factories import NOW, TODAY, OwnershipFactory, UpdateFactory, UserFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
TUESDAY = NOW + timedelta(days=2)
NIGHT = NOW + timedelta(hours=14)  # midnight in Shanghai


@pytest.fixture
def tie():
    return OwnershipFactory(owner__user__phone="+8613800000001")


def drafted(home, *, announced=True, **terms):
    terms = {"urgent": False, "emergency": False, "valid_from": None, "valid_until": TUESDAY} | terms
    return actions.draft_update(
        update_id=uuid4(),
        places=[home],
        texts={"title_en": "Water off on Tuesday", "body_en": "From nine to noon."},
        stage_code="",
        photos=[],
        by=UserFactory(),
        announcement=terms if announced else None,
    )


def announce(home, at=NOW, **terms):
    return actions.publish_update(drafted(home, **terms), by=None, at=at)


def channels():
    return set(Notice.objects.values_list("channel", flat=True))


class TestWhom:
    def test_tenants_are_told_of_announcements_and_not_of_progress(self, tie, told):
        tenant = OwnershipFactory(home=tie.home, role=Role.TENANT)
        actions.publish_update(drafted(tie.home, announced=False), by=None, at=NOW)
        assert [owner for owner, _kind in told()] == [tie.owner]
        announcement = announce(tie.home)
        assert {owner for owner, kind in told() if kind == "announcement-published"} == {tie.owner, tenant.owner}
        assert set(announcement.receipts.values_list("owner", flat=True)) == {tie.owner_id, tenant.owner_id}

    def test_a_tenant_sees_announcements_and_their_corrections_only(self, tie):
        tenant = OwnershipFactory(home=tie.home, role=Role.TENANT)
        UpdateFactory(development=tie.home.development, homes=[tie.home])
        announcement = announce(tie.home)
        texts = {"title_en": "On Wednesday", "body_en": "Not on Tuesday."}
        correction = actions.correct_update(announcement, correction_id=uuid4(), texts=texts, by=UserFactory(), at=NOW)
        assert set(Update.objects.for_user(tenant.owner.user)) == {announcement, correction}
        assert correction.receipts.filter(owner=tenant.owner).exists()

    def test_a_tenant_who_left_sees_and_hears_nothing(self, tie):
        tenant = OwnershipFactory(home=tie.home, role=Role.TENANT)
        announcement, kind = announce(tie.home), kinds.get("announcement-published")
        assert kind.still_concerns(announcement, tenant.owner)
        tenant.state, tenant.until = RightState.ENDED, TODAY
        tenant.save()
        assert not kind.still_concerns(announcement, tenant.owner)
        assert not Update.objects.for_user(tenant.owner.user).exists()

    def test_another_home_is_not_told(self, tie, told):
        stranger = OwnershipFactory()
        announce(tie.home)
        assert stranger.owner not in [owner for owner, _kind in told()]


class TestHow:
    @pytest.mark.parametrize(
        ("terms", "kind", "expected"),
        [
            ({}, "announcement-published", {"inbox", "email"}),
            ({"urgent": True}, "urgent-announcement", {"inbox", "email", "sms"}),
            ({"urgent": True, "emergency": True}, "emergency-announcement", {"inbox", "email", "sms"}),
        ],
    )
    def test_urgent_ones_go_by_sms_too(self, tie, terms, kind, expected):
        announce(tie.home, **terms)
        assert set(Notice.objects.values_list("kind", flat=True)) == {kind}
        assert channels() == expected

    @pytest.mark.parametrize(("emergency", "state"), [(False, "queued"), (True, "sent")])
    def test_at_night_only_an_emergency_rings(self, tie, emergency, state):
        announce(tie.home, at=NIGHT, urgent=True, emergency=emergency)
        deliver(clock=lambda: NIGHT)
        assert Notice.objects.get(channel=Channel.SMS).state == state

    def test_a_message_that_waits_beyond_its_validity_is_not_sent(self, tie):
        announce(tie.home, at=NIGHT, urgent=True, valid_until=NIGHT + HOUR)
        deliver(clock=lambda: NIGHT)
        deliver(clock=lambda: NIGHT + 10 * HOUR)
        assert Notice.objects.get(channel=Channel.SMS).state == "expired"

    def test_the_correction_of_an_emergency_goes_the_same_way(self, tie):
        announcement = announce(tie.home, urgent=True, emergency=True)
        texts = {"title_en": "Water is back", "body_en": "Since eight."}
        actions.correct_update(announcement, correction_id=uuid4(), texts=texts, by=UserFactory(), at=NOW)
        kind = Notice.objects.filter(channel=Channel.SMS).latest("created_at", "key").kind
        assert "emergency-correction" in Notice.objects.values_list("kind", flat=True)
        assert (kinds.get("emergency-correction").emergency, kind.startswith("emergency")) == (True, True)

    def test_the_texts_say_until_when_in_the_homes_time(self, tie):
        announcement = announce(tie.home, urgent=True)
        deliver(clock=lambda: NOW)
        mail = Notice.objects.get(channel=Channel.EMAIL)
        assert mail.title == "Urgent: Water off on Tuesday"
        assert "10:00" in mail.text.replace("10 a.m.", "10:00")
        assert "Water off on Tuesday" in kinds.get("urgent-announcement").sms(announcement)


class TestValidity:
    def valid(self, home, at):
        return Update.objects.announced([home], at=at).count()

    def test_it_stands_from_its_beginning_until_its_end(self, tie):
        announce(tie.home, valid_from=NOW + HOUR, valid_until=NOW + 3 * HOUR)
        assert [self.valid(tie.home, NOW + hours * HOUR) for hours in (0, 1, 2, 3)] == [0, 1, 1, 0]

    def test_the_most_pressing_stands_first(self, tie):
        plain, urgent = announce(tie.home), announce(tie.home, urgent=True)
        emergency = announce(tie.home, urgent=True, emergency=True)
        assert list(Update.objects.announced([tie.home], at=NOW)) == [emergency, urgent, plain]

    def test_it_is_no_news_from_the_site(self, tie):
        announcement = announce(tie.home)
        news = UpdateFactory(development=tie.home.development, homes=[tie.home])
        assert list(Update.objects.for_home(tie.home).news()) == [news]
        assert announcement in Update.objects.for_home(tie.home)

    def test_what_is_over_is_not_published_nor_scheduled(self, tie):
        draft = drafted(tie.home)
        with pytest.raises(UpdateError, match="no longer be valid"):
            actions.publish_update(draft, by=None, at=TUESDAY)
        with pytest.raises(UpdateError, match="no longer be valid"):
            actions.schedule_update(draft, publish_at=TUESDAY, by=None, at=NOW)
        assert Notice.objects.count() == 0

    def test_a_draft_can_become_news_again(self, tie):
        draft = drafted(tie.home, urgent=True)
        given = {"places": [tie.home], "stage_code": "", "photos": []}
        update = actions.edit_update(draft, texts={"title_en": "Windows"}, by=UserFactory(), **given)
        assert (update.kind, update.urgent, update.valid_until) == ("progress", False, None)

    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "announcement"},
            {"kind": "progress", "valid_until": TUESDAY},
            {"kind": "progress", "urgent": True},
            {"kind": "announcement", "valid_until": NOW, "valid_from": NOW},
            {"kind": "announcement", "valid_until": TUESDAY, "emergency": True},
        ],
        ids=["no end", "news with an end", "urgent news", "ends as it begins", "an emergency that is not urgent"],
    )
    def test_the_database_refuses_what_cannot_be(self, fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            UpdateFactory(**fields)
