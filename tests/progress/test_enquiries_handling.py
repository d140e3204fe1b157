"""What staff do about an enquiry, who sees it, and when it goes."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from accounts.events.models import Event
from accounts.models import Address, Channel, User
from accounts.notices.guests import Guest
from accounts.notices.models import Notice
from accounts.notices.privacy import GUESTS_KEPT
from accounts.notices.tasks import deliver_due
from accounts.privacy import retention
from accounts.privacy.registry import Person
from progress.calendar.clock import clock_of
from progress.enquiries import handling
from progress.enquiries.actions import EnquiryError
from progress.enquiries.models import Enquiry, Note
from progress.enquiries.privacy import KEPT, SPAM_KEPT, about
from progress.promises.actions import keep_promise, open_promise
from progress.promises.models import Promise
from progress.promises.sweep import sweep
from tests.concurrency import all_at_once
from tests.factories import NOW, DevelopmentFactory, EnquiryFactory, OwnershipFactory, StaffFactory
from tests.progress.test_enquiries import sent, staff

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def service():
    return staff("Customer service")


def promise_of(enquiry):
    return Promise.objects.get(key=f"enquiry:{enquiry.pk}")


class TestStates:
    def test_confirming_keeps_the_promise_and_says_who_looks_after_it(self, service):
        enquiry = sent(at=NOW)
        done = handling.confirm(enquiry, how="telephone", by=service, at=NOW + timedelta(minutes=5))
        assert (done.state, done.handled_by, promise_of(done).state) == ("confirmed", service, "kept")
        event = Event.objects.get(subject_id=str(enquiry.pk), verb="confirmed")
        assert (event.actor, event.reason) == (service, "telephone")

    def test_after_its_time_the_promise_is_kept_late(self, service):
        enquiry = sent(at=NOW)
        handling.contact(enquiry, by=service, at=LATER)
        assert (promise_of(enquiry).state, Enquiry.objects.get().state) == ("late", "contacted")

    def test_confirmed_twice_it_is_confirmed_once(self, service):
        enquiry = sent(at=NOW)
        for _each in range(2):
            handling.confirm(enquiry, by=service, at=NOW)
        assert Event.objects.filter(subject_id=str(enquiry.pk), verb="confirmed").count() == 1

    def test_nothing_is_closed_before_anybody_called(self, service):
        enquiry = sent(at=NOW)
        with pytest.raises(EnquiryError, match="call first"):
            handling.close(enquiry, outcome="Bought elsewhere", by=service, at=NOW)
        handling.confirm(enquiry, by=service, at=NOW)
        with pytest.raises(EnquiryError, match="what came of it"):
            handling.close(enquiry, outcome="  ", by=service, at=NOW)
        closed = handling.close(enquiry, outcome="Bought elsewhere", by=service, at=LATER)
        assert (closed.state, closed.outcome, closed.ended_at) == ("closed", "Bought elsewhere", LATER)

    def test_spam_ends_the_promise_and_can_still_be_confirmed(self, service):
        enquiry = sent(at=NOW)
        handling.mark_spam(enquiry, by=service, at=NOW)
        assert promise_of(enquiry).state == "void"
        again = handling.confirm(enquiry, by=service, at=NOW)
        assert (again.state, again.ended_at) == ("confirmed", None)

    @pytest.mark.parametrize(
        ("state", "refused"),
        [
            ("closed", ["confirm", "contact", "mark_spam", "hand_over"]),
            ("spam", ["contact", "close", "mark_spam", "hand_over"]),
            ("contacted", ["confirm", "mark_spam"]),
        ],
    )
    def test_other_ways_are_refused(self, service, state, refused):
        ended = {"closed": {"ended_at": NOW, "outcome": "Done"}, "spam": {"ended_at": NOW}}
        enquiry = EnquiryFactory(state=state, **ended.get(state, {}))
        more = {"close": {"outcome": "Done"}, "hand_over": {"to": service}}
        for verb in refused:
            with pytest.raises(EnquiryError, match="In the meantime"):
                getattr(handling, verb)(enquiry, by=service, at=NOW, **more.get(verb, {}))
        assert Enquiry.objects.get().state == state

    def test_two_colleagues_at_the_same_moment_confirm_it_once(self, transactional_db):
        enquiry, people = sent(at=NOW), [staff("Customer service") for _each in range(4)]
        all_at_once(lambda user: handling.confirm(enquiry, by=user, at=NOW), people)
        assert Event.objects.filter(verb="confirmed", subject_id=str(enquiry.pk)).count() == 1


class TestHandingOver:
    def test_the_colleague_is_told_and_answers_for_the_promise(self, service, told):
        enquiry, colleague = sent(at=NOW), staff("Supervisors", role="supervisor")
        handling.hand_over(enquiry, to=colleague, by=service, at=NOW)
        assert (Enquiry.objects.get().handled_by, promise_of(enquiry).responsible) == (colleague, colleague)
        assert (colleague, "enquiry-yours") in told()

    def test_only_to_somebody_who_sees_it(self, service):
        enquiry = sent(at=NOW)
        for stranger in (
            StaffFactory(group="Marketing", everywhere=True),
            staff("Customer service", DevelopmentFactory()),
            staff("Customer service", is_active=False),
        ):
            with pytest.raises(EnquiryError, match="does not see"):
                handling.hand_over(enquiry, to=stranger, by=service, at=NOW)


class TestNotes:
    def test_sent_twice_it_is_written_once(self, service):
        enquiry, key = EnquiryFactory(), uuid4()
        for _each in range(2):
            handling.note(enquiry, note_id=key, text="Has a dog", by=service, at=NOW)
        assert Note.objects.get().text == "Has a dog"

    def test_another_s_note_is_not_found_by_its_key(self, service):
        note = handling.note(EnquiryFactory(), note_id=uuid4(), text="Secret", by=service, at=NOW)
        for enquiry, user in ((EnquiryFactory(), service), (note.enquiry, staff("Customer service"))):
            with pytest.raises(EnquiryError, match="begin anew"):
                handling.note(enquiry, note_id=note.pk, text="Mine", by=user, at=NOW)


class TestScope:
    def test_who_sees_an_enquiry_of_a_development_and_of_none(self, service):
        place = DevelopmentFactory()
        here, nowhere = EnquiryFactory(development=place), EnquiryFactory()
        seen = {
            "everywhere": service,
            "here": staff("Customer service", place),
            "supervisor": staff("Supervisors", place, role="supervisor"),
            "elsewhere": staff("Customer service", DevelopmentFactory()),
            "marketing": StaffFactory(group="Marketing", everywhere=True),
            "site": StaffFactory(group="Site managers", everywhere=True),
            "owner": OwnershipFactory(home__development=place).owner.user,
        }
        found = {who: set(Enquiry.objects.for_user(user)) for who, user in seen.items()}
        none = {who: set() for who in ("elsewhere", "marketing", "site", "owner")}
        assert found == {"everywhere": {here, nowhere}, "here": {here}, "supervisor": {here}} | none

    def test_emergencies_stand_first_then_the_oldest_that_waits(self):
        old, urgent = EnquiryFactory(created_at=NOW - timedelta(days=1)), EnquiryFactory(emergency=True)
        new, done = EnquiryFactory(), EnquiryFactory(state="confirmed", created_at=NOW - timedelta(days=9))
        assert list(Enquiry.objects.waiting_first()) == [urgent, old, new, done]


class TestPromisesWithoutADevelopment:
    def test_the_sweep_warns_and_escalates_to_whoever_works_everywhere(self, service, told):
        supervisor = staff("Supervisors", role="supervisor")
        staff("Customer service", DevelopmentFactory())
        promise = promise_of(sent(at=NOW))
        Notice.objects.all().delete()
        sweep(at=promise.due_at - timedelta(minutes=30))
        assert told() == [(service, "promise")]
        sweep(at=promise.due_at)
        assert (set(told()), promise_of(Enquiry.objects.get()).state) == (
            {(service, "promise"), (supervisor, "promise")},
            "missed",
        )

    def test_it_stands_in_my_day_of_the_team_everywhere_alone(self, service):
        promise = promise_of(sent(at=NOW))
        elsewhere = staff("Customer service", DevelopmentFactory())
        assert [list(Promise.objects.answered_by(user)) for user in (service, elsewhere)] == [[promise], []]
        assert [list(Promise.objects.for_user(user)) for user in (service, elsewhere)] == [[promise], []]

    def test_what_is_no_longer_new_is_let_go_of(self, service):
        enquiry = sent(at=NOW)
        Enquiry.objects.update(state="confirmed")
        sweep(at=LATER)
        assert promise_of(enquiry).state == "void"

    def test_the_company_s_clock_counts(self, settings):
        settings.TIME_ZONE = "Asia/Shanghai"
        assert clock_of(None).zone.key == "Asia/Shanghai"

    def test_it_is_kept_like_any_other(self, service):
        promise = open_promise(key="p", kind="enquiry-confirmed", development=None, due_at=LATER, by=None, at=NOW)
        assert keep_promise(promise, by=service, at=NOW).state == "kept"


class TestMessageToTheSender:
    def deliver(self, at=NOW):
        deliver_due()
        return {notice.channel: notice for notice in Notice.objects.exclude(guest=None)}

    def test_it_says_the_number_and_nothing_that_was_typed(self, mailoutbox, time_machine):
        time_machine.move_to(NOW)
        enquiry = sent(at=NOW, email="lin@example.com", name="Buy http://spam.example", focus="Click here")
        notices = self.deliver()
        [mail] = mailoutbox
        assert (mail.to, enquiry.reference in mail.subject) == (["lin@example.com"], True)
        said = [mail.subject, mail.body, str(mail.alternatives), notices["sms"].text]
        assert [words for words in said if "spam.example" in words or "Click here" in words] == []
        assert ("List-Unsubscribe" in mail.extra_headers, notices["email"].state) == (False, "sent")

    def test_taken_for_spam_meanwhile_nothing_goes_out(self, service, mailoutbox, time_machine):
        time_machine.move_to(NOW)
        handling.mark_spam(sent(at=NOW, email="lin@example.com"), by=service, at=NOW)
        assert {notice.state for notice in self.deliver().values()} == {"suppressed"}
        assert mailoutbox == []

    def test_it_is_written_in_their_language(self, mailoutbox, time_machine):
        time_machine.move_to(NOW)
        sent(at=NOW, email="lin@example.com")
        Guest.objects.update(language="zh-hans")
        self.deliver()
        assert 'lang="zh-Hans"' in str(mailoutbox[0].alternatives)


class TestPrivacy:
    def test_spam_goes_after_a_month_and_what_is_closed_after_two_years(self):
        at = datetime(2029, 1, 1, tzinfo=UTC)
        ages = {"spam": SPAM_KEPT, "closed": KEPT}
        for state, days in ages.items():
            for more in (0, 1):
                ended = at - timedelta(days=days - 1 + more, hours=1)
                EnquiryFactory(state=state, ended_at=ended, outcome="Done", created_at=at - timedelta(days=800))
        EnquiryFactory(state="confirmed", created_at=at - timedelta(days=KEPT, hours=1))
        kept = EnquiryFactory(created_at=at - timedelta(days=KEPT - 1))
        retention.run(at=at)
        assert set(Enquiry.objects.values_list("state", flat=True)) == {"spam", "closed", "new"}
        assert (Enquiry.objects.count(), Enquiry.objects.filter(pk=kept.pk).exists()) == (3, True)

    def test_the_addresses_of_guests_go_with_their_messages(self, time_machine):
        time_machine.move_to(NOW)
        sent(at=NOW, email="lin@example.com")
        retention.run(at=NOW + timedelta(days=GUESTS_KEPT, hours=1))
        assert (Guest.objects.count(), Notice.objects.exclude(guest=None).count()) == (0, 0)

    def test_a_customer_s_copy_has_what_came_from_numbers_that_are_proved_to_be_theirs(self):
        owner = OwnershipFactory(owner__user__phone="+8613800138000").owner
        Address.objects.create(owner=owner, channel=Channel.EMAIL, value="lin@example.com", verified_at=NOW)
        Address.objects.create(owner=owner, channel=Channel.EMAIL, value="typed@example.com", verified_at=None)
        theirs = [EnquiryFactory(phone="+8613800138000"), EnquiryFactory(email="Lin@example.com")]
        EnquiryFactory(email="typed@example.com")
        assert set(about(Person.of_owner(owner))) == set(theirs)

    def test_of_a_person_without_addresses_it_has_nothing(self):
        EnquiryFactory(email="")
        assert list(about(Person.of_user(User(email=None, phone=None)))) == []
