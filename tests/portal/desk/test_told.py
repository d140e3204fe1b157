"""Was I told? Every message to a customer with its outcome, for those who look after them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.events.models import Event
from accounts.models import Address, Channel
from accounts.notices import reasons
from accounts.notices.models import Notice
from accounts.notices.outcomes import ROWS, Outcome, outcome_of
from tests.factories import NOW, InvitationFactory, OwnershipFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ONE_OF_EACH = {
    Outcome.WAITING: {"state": "queued", "reason": reasons.QUIET_HOURS},
    Outcome.GATHERED: {"state": "queued", "mode": "daily", "reason": reasons.DAILY},
    Outcome.SENT: {"state": "sent", "sent_at": NOW},
    Outcome.READ: {"state": "sent", "sent_at": NOW, "read_at": NOW + HOUR, "channel": "inbox"},
    Outcome.RETURNED: {"state": "sent", "sent_at": NOW, "returned_at": NOW, "returned_reason": reasons.BOUNCED},
    Outcome.FAILED: {"state": "failed", "reason": f"{reasons.REFUSED} (554)"},
    Outcome.NOT_SENT: {"state": "suppressed", "reason": reasons.SWITCHED_OFF},
    Outcome.TOO_LATE: {"state": "expired", "reason": reasons.TOO_LATE},
}


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def owner(tie):
    return tie.owner


@pytest.fixture
def service(client, tie):
    client.force_login(StaffFactory(group="Customer service", development=tie.home.development))
    return client


def write(owner=None, *, at=NOW, **fields):
    values = {"kind": "update-published", "channel": "email", "created_at": at, "due_at": at, "next_try_at": at}
    about = {"key": str(uuid4()), "subject_kind": "updates.update", "subject_id": str(uuid4())}
    return Notice.objects.create(owner=owner, **about | values | fields)


def shown(client, owner, **query):
    """The page and, of each row, what became of the message."""
    page = client.get(reverse("desk_owner:told", args=[owner.pk]), query)
    return page, [str(row.outcome) for row, _again in page.context["rows"]]


class TestOutcomes:
    @pytest.mark.parametrize("outcome", Outcome)
    def test_each_has_its_word_and_its_filter(self, service, owner, outcome):
        for number, (each, fields) in enumerate(ONE_OF_EACH.items()):
            assert outcome_of(write(owner, at=NOW - number * HOUR, **fields)) == each
        assert shown(service, owner)[1] == list(ONE_OF_EACH)
        assert shown(service, owner, outcome=outcome)[1] == [outcome]

    def test_the_filters_leave_nothing_out_and_nothing_twice(self, owner):
        for fields in ONE_OF_EACH.values():
            write(owner, **fields)
        assert sum(Notice.objects.filter(row).count() for row in ROWS.values()) == Notice.objects.count() == len(ROWS)

    def test_the_page_says_when_and_why_in_words(self, service, owner):
        for fields in ONE_OF_EACH.values():
            write(owner, **fields)
        text = shown(service, owner)[0].content.decode()
        said = [
            "Held back until morning.",
            "Waits for the daily summary.",
            "Sent on 22 November 2026, 10:00",
            "Opened in the portal on 22 November 2026, 11:00",
            "On 22 November 2026, 10:00: returned: nobody takes mail at this address.",
            "Refused by the receiving server (554).",
            "Switched off by the reader.",
            "It came too late.",
        ]
        assert [words for words in said if words not in text] == []


class TestFilters:
    def test_by_channel_kind_and_period(self, service, owner):
        write(owner, **ONE_OF_EACH[Outcome.READ])
        write(owner, at=NOW - timedelta(days=3), kind="promise", **ONE_OF_EACH[Outcome.FAILED])
        assert shown(service, owner, channel="inbox")[1] == ["read"]
        assert shown(service, owner, kind="promise")[1] == ["failed"]
        assert shown(service, owner, until="2026-11-20")[1] == ["failed"]
        assert shown(service, owner, since="2026-11-20")[1] == ["read"]

    @pytest.mark.parametrize("nonsense", [{"outcome": "x"}, {"kind": "'"}, {"since": "tomorrow"}, {"p": "-1"}])
    def test_what_cannot_be_read_filters_nothing(self, service, owner, nonsense):
        write(owner, **ONE_OF_EACH[Outcome.SENT])
        assert shown(service, owner, **nonsense)[1] == ["sent"]

    def test_all_that_is_theirs_and_nothing_else(self, service, owner):
        invitation = InvitationFactory(owner=owner)
        write(owner, **ONE_OF_EACH[Outcome.SENT])
        write(user=owner.user, **ONE_OF_EACH[Outcome.FAILED])
        write(invitation=invitation, **ONE_OF_EACH[Outcome.TOO_LATE])
        write(OwnershipFactory().owner, **ONE_OF_EACH[Outcome.NOT_SENT])
        write(user=UserFactory(), **ONE_OF_EACH[Outcome.NOT_SENT])
        assert sorted(shown(service, owner)[1]) == ["failed", "sent", "too-late"]

    def test_what_a_colleague_is_told_at_work_is_not_a_customers(self, service, tie):
        worker = StaffFactory(group="Site managers", development=tie.home.development)
        theirs = OwnershipFactory(owner__user=worker, home=tie.home).owner
        write(user=worker, **ONE_OF_EACH[Outcome.SENT])
        assert shown(service, theirs)[1] == []

    def test_of_an_owner_without_a_login_no_other_persons_are_shown(self, service, tie):
        theirs = OwnershipFactory(owner__user=None, home=tie.home).owner
        write(tie.owner, **ONE_OF_EACH[Outcome.SENT])
        assert shown(service, theirs)[1] == []


class TestWords:
    def words(self, client, owner, notice):
        return client.get(reverse("desk_owner:told_words", args=[owner.pk, notice.pk]))

    def test_the_text_is_shown_as_it_was_sent(self, service, owner):
        notice = write(owner, title="Windows", text="They are <b>in</b>.", **ONE_OF_EACH[Outcome.SENT])
        assert "They are &lt;b&gt;in&lt;/b&gt;." in self.words(service, owner, notice).content.decode()

    def test_after_half_a_year_the_page_says_that_it_is_gone(self, service, owner):
        notice = write(owner, **ONE_OF_EACH[Outcome.SENT])
        assert "The words are not kept" in self.words(service, owner, notice).content.decode()

    def test_somebody_elses_are_not_found(self, service, owner):
        assert self.words(service, owner, write(OwnershipFactory().owner, text="x")).status_code == 404

    def test_whoever_looks_after_one_of_two_homes_reads_no_words(self, service, owner):
        OwnershipFactory(owner=owner)
        notice = write(owner, text="The other home", **ONE_OF_EACH[Outcome.SENT])
        assert self.words(service, owner, notice).status_code == 404
        page, outcomes = shown(service, owner)
        assert (outcomes, "Read it" in page.content.decode()) == (["sent"], False)

    def test_looking_is_noted(self, service, owner):
        shown(service, owner)
        assert Event.objects.filter(verb="looked at", subject_id=str(owner.pk)).count() == 1


class TestCorrecting:
    def correct(self, client, owner, **fields):
        return client.post(reverse("desk_owner:told_address", args=[owner.pk]), {"email": "", "phone": ""} | fields)

    def test_customer_service_writes_another_address(self, service, owner):
        owner.addresses.create(channel=Channel.EMAIL, value="old@example.com", suppressed_reason=reasons.BOUNCED)
        page = shown(service, owner)[0].content.decode()
        assert ("Not written to" in page, reasons.BOUNCED in page) == (True, True)
        assert self.correct(service, owner, email="new@example.com").status_code == 302
        assert list(owner.addresses.values_list("value", "suppressed_reason")) == [("new@example.com", "")]

    def test_written_once_more_a_refused_address_is_tried_again(self, service, owner):
        owner.addresses.create(channel=Channel.EMAIL, value="sun@example.com", suppressed_reason=reasons.BOUNCED)
        self.correct(service, owner, email="sun@example.com")
        assert owner.addresses.get().suppressed_reason == ""

    def test_an_address_that_is_good_is_left_as_it_is(self, service, owner):
        owner.addresses.create(channel=Channel.EMAIL, value="sun@example.com", verified_at=NOW)
        self.correct(service, owner, email="sun@example.com", phone="138 0000 0001")
        assert owner.addresses.get(channel="email").verified_at == NOW
        assert owner.addresses.get(channel="sms").value == "+8613800000001"

    @pytest.mark.parametrize("wrong", [{"email": "none"}, {"phone": "12"}, {"email": "a\nb@example.com"}])
    def test_what_is_no_address_is_said_and_changes_nothing(self, service, owner, wrong):
        assert self.correct(service, owner, **wrong).status_code == 200
        assert Address.objects.count() == 0

    def test_of_an_erased_customer_nothing_is_written_anew(self, service, owner):
        type(owner).objects.filter(pk=owner.pk).update(erased_at=NOW)
        assert self.correct(service, owner, email="new@example.com").status_code == 404


class TestAgain:
    @pytest.mark.parametrize("outcome", [Outcome.RETURNED, Outcome.FAILED])
    def test_what_reached_nobody_is_sent_again(self, service, owner, outcome):
        notice = write(owner, **ONE_OF_EACH[outcome])
        service.post(reverse("desk_owner:told_again", args=[owner.pk, notice.pk]))
        notice.refresh_from_db()
        assert (notice.state, notice.returned_at, notice.reason) == ("queued", None, "")

    @pytest.mark.parametrize("reason", [reasons.NO_ADDRESS, reasons.ADDRESS_SUPPRESSED])
    def test_what_had_no_address_is_sent_once_there_is_one(self, service, owner, reason):
        notice = write(owner, state="suppressed", reason=reason)
        service.post(reverse("desk_owner:told_again", args=[owner.pk, notice.pk]))
        notice.refresh_from_db()
        assert notice.state == "queued"

    @pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.NOT_SENT, Outcome.TOO_LATE, Outcome.WAITING])
    def test_nothing_else_is(self, service, owner, outcome):
        notice = write(owner, **ONE_OF_EACH[outcome])
        assert "Try again" not in shown(service, owner)[0].content.decode()
        service.post(reverse("desk_owner:told_again", args=[owner.pk, notice.pk]))
        assert Notice.objects.values_list("state", flat=True).get() == ONE_OF_EACH[outcome]["state"]


def test_the_number_of_queries_does_not_grow(service, owner):
    counts = []
    for _each in range(2):
        for fields in ONE_OF_EACH.values():
            write(owner, **fields)
        shown(service, owner)  # the look is noted once
        with CaptureQueriesContext(connection) as queries:
            shown(service, owner)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_among_many_messages_a_customers_are_found_by_index(owner):
    others = [OwnershipFactory().owner for _each in range(5)]
    values = {"kind": "promise", "channel": "email", "subject_kind": "x.y", "subject_id": "z"}
    rows = [Notice(key=f"{n}", owner=others[n % 5], created_at=NOW, **values) for n in range(3000)]
    Notice.objects.bulk_create([*rows, Notice(key="mine", owner=owner, created_at=NOW, **values)])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE notices_notice")
    plan = Notice.objects.told_to(owner).order_by("-created_at", "pk")[:50].explain().lower()
    assert ("seq scan on notices_notice" in plan, "scan notices_notice\n" in plan + "\n") == (False, False)
    assert "index" in plan
