"""Staff write design changes, see who has answered, ring those who have not, and take the record out."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.events.models import Event
from accounts.files.models import PrivateFile
from accounts.files.rendering import RenderError
from accounts.models import Address
from progress.designs import records, tasks
from progress.designs.models import Answer, DesignCall, DesignChange, DesignRecord
from tests.factories import (
    NOW,
    TINY_JPEG,
    TODAY,
    AnswerFactory,
    DesignChangeFactory,
    DesignRecordFactory,
    HomeFactory,
    OwnershipFactory,
    StaffFactory,
)
from tests.progress.test_designs import TEXTS, amended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def tie():
    return OwnershipFactory(owner__name="Lin Wen")


@pytest.fixture
def manager(client, tie):
    user = StaffFactory(development=tie.home.development)
    client.force_login(user)
    return user


@pytest.fixture
def service(client, tie):
    user = StaffFactory(group="Customer service", development=tie.home.development)
    client.force_login(user)
    return user


def form_of(tie, **values):
    place = f"building:{tie.home.building_id}"
    day = TODAY + timedelta(days=10)
    return TEXTS | {"change_id": uuid4(), "places": [place], "home_numbers": "", "answer_by": day} | values


class TestWriting:
    def test_drafted_previewed_and_published(self, client, manager, tie):
        drawing = SimpleUploadedFile("rail.jpg", TINY_JPEG)
        client.post(reverse("site:design-new"), form_of(tie, drawings=[drawing]))
        change = DesignChange.objects.get()
        assert (change.author, [each.name for each in change.drawings.all()]) == (manager, ["rail.jpg"])
        preview = client.get(reverse("site:design", args=[change.pk])).content.decode()
        assert re.search(r"Owners and co-owners who are asked</dt>\s*<dd[^>]*>\s*1\s", preview)
        client.post(reverse("site:design-publish", args=[change.pk]))
        change.refresh_from_db()
        assert (change.state, list(change.homes.all())) == ("published", [tie.home])

    def test_a_day_that_is_past_is_an_error_beside_it(self, client, manager, tie):
        response = client.post(reverse("site:design-new"), form_of(tie, answer_by=TODAY - timedelta(days=1)))
        assert "at least 5 days" in str(response.context["form"].errors["answer_by"])
        assert not DesignChange.objects.exists()

    def test_half_a_language_is_an_error(self, client, manager, tie):
        response = client.post(reverse("site:design-new"), form_of(tie, means_en=""))
        assert "in at least one language" in response.content.decode()

    def test_a_building_elsewhere_is_none_of_the_choices(self, client, manager, tie):
        elsewhere = HomeFactory()
        response = client.post(reverse("site:design-new"), form_of(tie, places=[f"building:{elsewhere.building_id}"]))
        assert "places" in response.context["form"].errors

    def test_what_is_no_drawing_is_refused_by_name(self, client, manager, tie):
        upload = SimpleUploadedFile("rail.exe", b"MZ no drawing")
        response = client.post(reverse("site:design-new"), form_of(tie, drawings=[upload]))
        assert "rail.exe" in str(response.context["form"].errors["drawings"])
        assert not PrivateFile.objects.exists()

    def test_edited_as_a_draft_and_amended_once_published(self, client, manager, tie):
        change = DesignChangeFactory(development=tie.home.development, author=manager)
        client.post(reverse("site:design-edit", args=[change.pk]), form_of(tie, title_en="Another rail"))
        client.post(reverse("site:design-publish", args=[change.pk]))
        given = form_of(tie, title_en="A third rail", seen=1, note_en="The title")
        client.post(reverse("site:design-amend", args=[change.pk]), given)
        change.refresh_from_db()
        assert (change.title_en, change.text_version) == ("A third rail", 2)

    def test_who_amends_second_keeps_their_words(self, client, manager, tie):
        change = DesignChangeFactory(homes=[tie.home])
        amended(change)
        given = form_of(tie, title_en="My words", seen=1, note_en="The title")
        text = client.post(reverse("site:design-amend", args=[change.pk]), given).content.decode()
        assert ("A colleague has amended it" in text, "My words" in text) == (True, True)
        assert 'name="seen" value="2"' in text

    def test_withdrawn_with_a_reason_only(self, client, manager, tie):
        change = DesignChangeFactory(homes=[tie.home])
        url = reverse("site:design-withdraw", args=[change.pk])
        assert "say why" in client.post(url, {"reason_en": ""}, follow=True).content.decode()
        client.post(url, {"reason_en": "Glass is back"})
        change.refresh_from_db()
        assert change.state == "withdrawn"


class TestAnswers:
    @pytest.fixture
    def change(self, tie):
        silent = OwnershipFactory(home__building=tie.home.building, owner__name="Gao Ming")
        change = DesignChangeFactory(homes=[tie.home, silent.home])
        AnswerFactory(change=change, home=tie.home, owner=tie.owner, answer="objected", comment="Too dark")
        return change

    def test_those_at_the_telephone_read_names_and_site_managers_do_not(self, client, manager, service, change):
        url = reverse("site:design-answers", args=[change.pk]) + "?state="
        assert "Lin Wen" in client.get(url).content.decode()
        client.force_login(manager)
        text = client.get(url).content.decode()
        assert ("Too dark" in text, "Lin Wen" in text, "Make the record" in text) == (True, False, False)

    def test_the_silent_are_listed_first(self, client, service, change, tie):
        response = client.get(reverse("site:design-answers", args=[change.pk]))
        assert [row.home for row in response.context["rows"]] == [change.waiting_homes().get()]
        assert [count for _code, _label, count in response.context["states"]] == [1, 1, 0, 0, 2]

    def test_the_list_costs_the_same_with_one_and_with_three_homes(self, client, service, change):
        url, counts = reverse("site:design-answers", args=[change.pk]), []
        client.get(url)
        for _each in range(2):
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
            for _more in range(2):
                change.homes.add(OwnershipFactory(home__building=change.homes.first().building).home)
        assert counts[0] == counts[1]


class TestCalls:
    @pytest.fixture
    def change(self, tie):
        Address.objects.create(owner=tie.owner, channel="sms", value="+8613800138000")
        return DesignChangeFactory(homes=[tie.home])

    def url(self, change, tie):
        return reverse("site:design-call", args=[change.pk, tie.home.pk])

    def test_by_day_the_number_is_a_link_and_by_night_a_warning(self, client, service, change, tie, now):
        assert 'href="tel:+8613800138000"' in client.get(self.url(change, tie)).content.decode()
        now.move_to(NOW + timedelta(hours=13), tick=False)  # 23:00
        text = client.get(self.url(change, tie)).content.decode()
        assert ("Please do not ring now" in text, "ring after 08:00" in text) == (True, True)
        assert ("tel:+86138" in text, "+8613800138000" in text) == (False, True)

    def test_noted_with_who_when_and_what_came_of_it(self, client, service, change, tie):
        given = {"call_id": uuid4(), "owner": tie.owner.pk, "outcome": "reached", "note": "Will answer tonight"}
        for _each in range(2):
            client.post(self.url(change, tie), given)
        call = DesignCall.objects.get()
        assert (call.owner, call.by, call.at, call.note) == (tie.owner, service, NOW, "Will answer tonight")
        assert not Answer.objects.exists()

    def test_an_owner_of_another_home_is_none_of_the_choices(self, client, service, change, tie):
        given = {"call_id": uuid4(), "owner": OwnershipFactory().owner.pk, "outcome": "reached"}
        assert "owner" in client.post(self.url(change, tie), given).context["form"].errors


class TestRecord:
    @pytest.fixture
    def change(self, tie):
        silent = OwnershipFactory(home__building=tie.home.building, owner__name="Gao Ming").home
        change = DesignChangeFactory(homes=[tie.home, silent])
        AnswerFactory(change=change, home=tie.home, owner=tie.owner, answer="objected", comment="Too dark")
        return change

    def test_made_by_the_worker_in_the_language_of_whoever_asked(self, client, service, change):
        """The one whole rendering of this record in the suite."""
        client.post(reverse("site:design-record", args=[change.pk]), headers={"accept-language": "zh-hans"})
        client.post(reverse("site:design-record", args=[change.pk]), headers={"accept-language": "zh-hans"})
        record = DesignRecord.objects.get()
        record.language = "zh-hans"
        record.save()
        page = reverse("site:design-record-page", args=[record.pk])
        assert "hx-get" in client.get(page).content.decode()
        for _each in range(2):
            tasks.make_record(record.pk)
        record.refresh_from_db()
        assert "hx-get" not in client.get(page).content.decode()
        with record.file.file.open() as file:
            pdf = PdfReader(file)
            text = "".join(sheet.extract_text() for sheet in pdf.pages)
            assert pdf.trailer["/Root"]["/Lang"] == "zh-Hans"
        for words in ("Lin Wen", "Too dark", "栏杆改用钢材。", "The rail is of steel.", "2026年11月22日"):
            assert words in text
        fetched = client.get(reverse("site:design-record-file", args=[record.pk]))
        assert fetched.headers["Content-Type"] == "application/pdf"
        assert b"".join(fetched).startswith(b"%PDF-")
        assert Event.objects.filter(verb="fetched", actor=service).count() == 1

    def test_one_that_cannot_be_printed_is_given_up_after_three_times(self, change, monkeypatch):
        def fail(*given, **more):
            raise RenderError("no fonts")

        monkeypatch.setattr(records, "render_pdf", fail)
        row, at = DesignRecordFactory(change=change), NOW
        for _each in range(3):
            with pytest.raises(RenderError):
                records.make(row, at=at)
            records.make(row, at=at)  # another worker, while the first is at it
            at += timedelta(minutes=6)
        records.tidy(at=at)
        row.refresh_from_db()
        assert (row.state, row.claims) == ("failed", 3)

    def test_one_whose_task_was_lost_is_queued_again(self, change, django_capture_on_commit_callbacks):
        DesignRecordFactory(change=change)
        queued = []
        for minutes in (4, 5, 5):
            with django_capture_on_commit_callbacks() as callbacks:
                records.tidy(at=NOW + timedelta(minutes=minutes))
            queued.append(len(callbacks))
        assert queued == [0, 1, 0]

    def test_the_file_goes_after_30_days_and_the_page_says_so(self, client, service, change):
        row = DesignRecordFactory(change=change, ready=True)
        records.forget(DesignRecord.objects.all(), at=NOW + timedelta(days=30))
        assert DesignRecord.objects.get().file_id == row.file_id
        records.forget(DesignRecord.objects.all(), at=NOW + timedelta(days=31))
        assert not PrivateFile.objects.kept().exists()
        assert "thrown away" in client.get(reverse("site:design-record-page", args=[row.pk])).content.decode()
        assert client.get(reverse("site:design-record-file", args=[row.pk])).status_code == 404
