"""An enquiry comes in: kept once, promised an answer, told to the staff, confirmed to its sender."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.events.models import Event
from accounts.models import User
from accounts.notices.guests import Guest
from accounts.notices.models import Notice
from progress.calendar.models import CalendarOverride
from progress.enquiries import sender
from progress.enquiries.actions import EnquiryError, receive
from progress.enquiries.forms import EnquiryForm
from progress.enquiries.models import ConsentText, Enquiry, Note
from progress.models import Development
from progress.promises.models import Promise
from tests.concurrency import all_at_once
from tests.factories import DevelopmentFactory, EnquiryFactory, StaffFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
FRIDAY_EVENING = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)  # 19:00
ASKED = {"kind": "renovation", "name": "Lin Yue", "phone": "138 0013 8000", "call_when": "any", "agreed": "on"}


def given(**data):
    """What the form makes of what somebody typed."""
    form = EnquiryForm(ASKED | data, developments=Development.objects.all())
    assert form.is_valid(), form.errors
    return form.given


def sent(*, at=MONDAY, enquiry_id=None, version=1, **data):
    asked = given(**data)
    return receive(enquiry_id=enquiry_id or uuid4(), consent_version=version, language="en", given=asked, at=at)


def staff(group, development=None, role="customer_service", **fields):
    user = StaffFactory(group=group, development=development, everywhere=development is None, **fields)
    user.assignments.update(role=role)
    return User.objects.get(pk=user.pk)


class TestWhatPeopleType:
    @pytest.mark.parametrize(
        ("field", "typed", "meant"),
        [
            ("area", "１２０．５", Decimal("120.5")),
            ("area", "89 ㎡", Decimal("89")),
            ("area", "120平方米", Decimal("120")),
            ("budget", "３０万", 300_000),
            ("budget", "￥300,000元", 300_000),
            ("residents", "３口人", 3),
            ("phone", "１３８００１３８０００", "+8613800138000"),
            ("phone", "（０５７１）８７９５１１１１", "+8657187951111"),
            ("email", "lin＠example．com", "lin@example.com"),
            ("received_on", "２０２７-０３-０１", date(2027, 3, 1)),
        ],
    )
    def test_full_width_digits_and_units_are_understood(self, field, typed, meant):
        assert given(**{field: typed})[field] == meant

    @pytest.mark.parametrize(
        "data",
        [
            {"area": "big"},
            {"area": "0"},
            {"area": "1e9"},
            {"area": "９" * 10_000},
            {"budget": "-5"},
            {"residents": "2.5.1"},
            {"phone": "12"},
            {"phone": "1" * 10_000},
            {"name": ""},
            {"name": "Lin\r\nBcc: all@example.com"},
            {"name": "x" * 10_000},
            {"address": "a\nb"},
            {"focus": "x" * 10_000},
            {"email": "lin@example.com\nBcc: all@example.com"},
            {"kind": "castle"},
            {"agreed": ""},
            {"survey_on": "2026-11-30"},
            {"survey_part": "morning"},
            {"development": "00000000-0000-4000-8000-000000000000"},
        ],
        ids=str,
    )
    def test_what_makes_no_sense_is_refused_at_its_field(self, data):
        form = EnquiryForm(ASKED | data, developments=Development.objects.all())
        wrong = {"survey_on": "survey_part", "survey_part": "survey_on"}
        assert list(form.errors) == [wrong.get(next(iter(data)), next(iter(data)))]


class TestReceiving:
    def test_it_is_kept_with_a_number_the_words_agreed_to_and_its_event(self):
        enquiry = sent(area="89", focus="Two desks")
        assert (enquiry.state, enquiry.consent.version, enquiry.focus) == ("new", 1, "Two desks")
        assert [len(part) for part in enquiry.reference.split("-")] == [4, 4]
        event = Event.objects.get(subject_kind="enquiries.enquiry", subject_id=str(enquiry.pk))
        assert (event.verb, event.actor) == ("received", None)

    def test_sent_twice_it_is_one(self, told):
        service, key = staff("Customer service"), uuid4()
        assert sent(enquiry_id=key) == sent(enquiry_id=key)
        assert (Enquiry.objects.count(), told()) == (1, [(service, "enquiry-arrived")])

    def test_a_used_form_shows_nobody_else_s_enquiry(self):
        theirs = EnquiryFactory()
        with pytest.raises(EnquiryError, match="sent already"):
            sent(enquiry_id=theirs.pk)

    def test_from_the_same_telephone_within_minutes_it_is_one_and_the_difference_is_kept(self):
        first = sent(address="1 Willow Lane")
        again = sent(address="2 Willow Lane", phone="+86 138-0013-8000", at=MONDAY + timedelta(minutes=9))
        assert (again, Enquiry.objects.get().address, Promise.objects.count()) == (first, "1 Willow Lane", 1)
        assert Note.objects.get().text == "address: 2 Willow Lane"

    def test_later_or_about_something_else_it_is_another(self):
        sent()
        sent(at=MONDAY + timedelta(minutes=11))
        sent(kind="repair")
        assert Enquiry.objects.count() == 3

    def test_an_emergency_is_never_taken_for_a_repetition_of_less(self):
        sent(kind="repair")
        assert sent(kind="repair", emergency="on").emergency is True
        assert Enquiry.objects.count() == 2

    def test_after_new_consent_words_the_old_ones_are_not_agreed_to(self):
        ConsentText.objects.create(version=2, text_en="New", text_zh="新", since=MONDAY)
        with pytest.raises(EnquiryError, match="have changed"):
            sent(version=1)
        assert sent(version=2).agreed_to == "New"

    def test_what_was_agreed_to_stays_readable_in_its_language(self):
        enquiry = EnquiryFactory(language="zh-hans")
        ConsentText.objects.create(version=2, text_en="New", text_zh="新", since=MONDAY)
        enquiry.refresh_from_db()
        assert (enquiry.agreed_to.lang, enquiry.agreed_to[:6]) == ("zh-Hans", "您在此填写的")


class TestSurvey:
    @pytest.mark.parametrize(
        ("at", "first"),
        [
            (MONDAY, date(2026, 11, 24)),
            (MONDAY + timedelta(hours=9), date(2026, 11, 25)),  # read on Tuesday morning
            (FRIDAY_EVENING, date(2026, 12, 1)),
        ],
    )
    def test_it_is_a_working_day_after_the_one_on_which_we_read_it(self, at, first):
        with pytest.raises(EnquiryError, match="at the earliest") as refused:
            sent(survey_on=first - timedelta(days=1), survey_part="morning", at=at)
        assert refused.value.field == "survey_on"
        assert sent(survey_on=first, survey_part="morning", at=at).survey_on == first

    def test_days_off_and_the_far_future_are_refused(self):
        CalendarOverride.objects.create(calendar="CN", date=date(2026, 11, 26), working=False)
        for day, words in ((date(2026, 11, 26), "Nobody works"), (date(2027, 3, 1), "two months")):
            with pytest.raises(EnquiryError, match=words):
                sent(survey_on=day, survey_part="morning")
        assert Enquiry.objects.count() == 0

    def test_an_emergency_does_not_wait_for_any_day(self):
        assert sent(emergency="on", survey_on="2026-11-22", survey_part="morning").is_new


class TestPromise:
    def test_somebody_calls_within_two_working_hours(self):
        enquiry = sent(at=FRIDAY_EVENING)
        promise = Promise.objects.get(key=f"enquiry:{enquiry.pk}")
        assert promise.due_at == datetime(2026, 11, 30, 3, 0, tzinfo=UTC)  # 11:00 on Monday
        assert (promise.kind, promise.team, promise.development) == ("enquiry-confirmed", "customer_service", None)

    def test_the_working_hours_are_those_of_the_development(self):
        place = DevelopmentFactory(time_zone="Europe/London", calendar="GB-ENG")
        promise = Promise.objects.get(key=f"enquiry:{sent(development=str(place.pk)).pk}")
        assert (promise.development, promise.due_at) == (place, datetime(2026, 11, 23, 11, 0, tzinfo=UTC))

    def test_an_emergency_is_answered_at_once_even_on_a_friday_evening(self):
        enquiry = sent(at=FRIDAY_EVENING, emergency="on")
        promise = Promise.objects.get(key=f"enquiry:{enquiry.pk}")
        assert (promise.kind, promise.due_at - FRIDAY_EVENING) == ("enquiry-emergency", timedelta(minutes=30))


class TestToldToStaff:
    def test_customer_service_of_the_development_hears_of_it_and_of_none_whoever_works_everywhere(self, told):
        place = DevelopmentFactory()
        here, everywhere = staff("Customer service", place), staff("Customer service")
        staff("Customer service", DevelopmentFactory())
        staff("Supervisors", role="supervisor")
        sent(development=str(place.pk))
        assert {person for person, kind in told()} == {here, everywhere}
        Notice.objects.all().delete()
        sent(kind="repair")
        assert told() == [(everywhere, "enquiry-arrived")]

    def test_where_there_is_no_customer_service_supervisors_hear_of_it(self, told):
        supervisor = staff("Supervisors", role="supervisor")
        sent()
        assert told() == [(supervisor, "enquiry-arrived")]

    def test_where_there_is_nobody_administrators_do(self, told):
        chief = StaffFactory(group="Marketing", is_superuser=True)
        sent()
        assert told() == [(chief, "enquiry-arrived")]

    def test_an_emergency_wakes_both_by_text_message_as_well(self):
        service, supervisor = staff("Customer service"), staff("Supervisors", role="supervisor")
        sent(emergency="on")
        notices = Notice.objects.filter(kind="enquiry-emergency", channel="sms")
        assert {notice.user for notice in notices} == {service, supervisor}


class TestConfirmedToTheSender:
    def test_by_e_mail_and_to_a_mobile_number_by_text(self):
        enquiry = sent(email="lin@example.com")
        told = Notice.objects.exclude(guest=None).values_list("kind", "channel", "guest__address", "subject_id")
        assert set(told) == {
            ("enquiry-received", "email", "lin@example.com", str(enquiry.pk)),
            ("enquiry-received-sms", "sms", "+8613800138000", str(enquiry.pk)),
        }

    def test_a_landline_gets_no_text(self):
        sent(phone="0571 8795 1111")
        assert Guest.objects.count() == 0

    def test_one_address_gets_one_message_a_day_whoever_types_it(self):
        for minutes in range(0, 60 * 23, 60):
            sent(email="victim@example.com", phone=f"1380013{minutes:04d}", at=MONDAY + timedelta(minutes=minutes))
        assert Guest.objects.filter(channel="email").count() == 1
        sent(email="Victim@Example.com", at=MONDAY + timedelta(days=1, minutes=1))
        assert Guest.objects.filter(channel="email").count() == 2

    def test_in_all_there_are_never_many_an_hour(self, monkeypatch):
        monkeypatch.setattr(sender, "MOST_AN_HOUR", 3)
        for number in range(6):
            sent(phone=f"138001380{number:02d}")
        assert (Enquiry.objects.count(), Guest.objects.count()) == (6, 3)


class TestImpossible:
    @pytest.mark.parametrize(
        "fields",
        [
            {"state": "closed", "outcome": "Done"},
            {"state": "closed", "ended_at": MONDAY},
            {"state": "new", "ended_at": MONDAY},
            {"state": "lost"},
            {"survey_on": date(2026, 12, 1)},
            {"survey_part": "morning"},
            {"name": ""},
        ],
        ids=str,
    )
    def test_the_database_refuses_it(self, fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            EnquiryFactory(**fields)


def test_a_double_click_and_a_second_tab_at_the_same_moment_make_one(transactional_db):
    key = uuid4()
    outcomes = all_at_once(lambda number: sent(enquiry_id=key if number % 2 else uuid4()), range(6))
    assert (len(outcomes.returned), Enquiry.objects.count(), Promise.objects.count()) == (6, 1, 1)
