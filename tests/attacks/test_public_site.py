"""Pages, guides and enquiries written by somebody hostile, or by a tired colleague with a bad clipboard."""

import json
import re
from datetime import timedelta
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from cms.checklists.forms import TickForm
from cms.guides.previews import preview_context
from progress.enquiries.models import Enquiry
from tests.cms.factories import article
from tests.cms.guides.factories import GuidePageFactory
from tests.factories import StaffFactory
from tests.portal.home.test_enquire import MONDAY, URL, filled_in

BROKEN = "Autumn\x0bnews \x1b[31m\x08</script><script>alert(1)</script>\ufffe"


@pytest.fixture
def marketing(client, db):
    client.force_login(StaffFactory(group="Marketing"))
    return client


class TestWords:
    @pytest.mark.django_db
    def test_what_a_bad_clipboard_brings_breaks_neither_the_feed_nor_the_page(self, client):
        page = article(title=BROKEN, lead=BROKEN, author_name=BROKEN)
        assert client.get("/en/news.xml").status_code == 200
        ElementTree.fromstring(client.get("/en/news.xml").content)  # noqa: S314  our own feed
        ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314
        html = client.get(page.url).content.decode()
        assert "<script>alert" not in html
        [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
        json.loads(data)

    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "\tjavascript:x"]
    )
    def test_a_link_in_a_text_runs_no_script(self, address):
        entity = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": address}}
        block = {"key": "a", "text": "here", "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
        block["entityRanges"] = [{"offset": 0, "length": 4, "key": 0}]
        state = json.dumps({"blocks": [block], "entityMap": {"0": entity}})
        assert "script:" not in ContentstateConverter(["link"]).to_database_format(state).lower()


class TestFiles:
    def put(self, client, name, content, kind):
        upload = SimpleUploadedFile(name, content, kind)
        return client.post(
            "/desk/images/multiple/add/",
            {"files[]": upload, "title": name},
            headers={"x-requested-with": "XMLHttpRequest"},
        )

    def test_a_drawing_with_a_script_in_it_is_no_picture(self, marketing):
        drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
        for name, kind in [("a.svg", "image/svg+xml"), ("a.png", "image/png"), ("a.svg.jpg", "image/jpeg")]:
            assert self.put(marketing, name, drawing, kind).json()["success"] is False
        assert not get_image_model().objects.exists()

    def test_two_hundred_megapixels_are_refused_by_their_header(self, marketing):
        data = BytesIO()
        Pillow.new("1", (20_000, 10_000)).save(data, "PNG")
        assert self.put(marketing, "plan.png", data.getvalue(), "image/png").json()["success"] is False

    def test_a_page_among_the_documents_is_never_shown_as_one(self, marketing):
        upload = SimpleUploadedFile("a.html", b"<script>alert(1)</script>", "text/html")
        answer = marketing.post(
            "/desk/documents/multiple/add/",
            {"files[]": upload, "title": "a"},
            headers={"x-requested-with": "XMLHttpRequest"},
        )
        if answer.json()["success"]:
            served = Client().get(get_document_model().objects.get().url)
            assert served.headers["Content-Disposition"].startswith("attachment")
            served.close()


@pytest.mark.django_db
class TestPreviews:
    @pytest.mark.parametrize("mode", ["zzz", "", "0", "../x", "00000000-0000-0000-0000-000000000000"])
    def test_a_way_of_looking_at_a_guide_that_is_none_shows_an_invented_home(self, mode):
        page = GuidePageFactory()
        assert preview_context(page, mode)["home"].number == "3-1102"


class TestTables:
    @pytest.mark.django_db
    def test_a_title_is_no_formula_in_a_report(self, marketing):
        article(title='=HYPERLINK("https://example.com";"x")')
        response = marketing.get("/desk/reports/pages/translations/", {"export": "csv"})
        table = b"".join(response.streaming_content).decode()
        assert "HYPERLINK" in table
        assert not re.search(r'(^|[,\n])"?[=+@-]', table)


@pytest.mark.django_db
class TestTicks:
    @pytest.mark.parametrize(
        "made_at",
        [
            "0001-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59-23:59",
            "9" * 5000,
            "2026-02-30T00:00Z",
            "\x00",
            "now",
            "１",
            "-1",
        ],
    )
    def test_no_clock_of_a_phone_is_an_error(self, made_at):
        form = TickForm({"op": "8" * 32, "item": "a", "ticked": "1", "made_at": made_at})
        if form.is_valid() and (moment := form.cleaned_data["made_at"]):
            assert not MONDAY - timedelta(days=7) <= moment <= MONDAY


@pytest.mark.django_db
class TestEnquiries:
    @pytest.fixture(autouse=True)
    def monday(self, time_machine):
        time_machine.move_to(MONDAY, tick=False)

    def test_what_is_corrected_on_the_page_before_is_never_lost_in_silence(self, client):
        form = filled_in(kind="repair")
        assert client.post(URL, form).status_code == 302
        worse = form | {"emergency": "on"}
        assert "sent already" in client.post(URL, worse).content.decode()
        again = worse | {"ticket": filled_in()["ticket"]}
        assert client.post(URL, again).status_code == 302
        assert sorted(Enquiry.objects.values_list("emergency", flat=True)) == [False, True]
        assert client.post(URL, form).status_code == 302  # a double click leads to the same page still
        assert Enquiry.objects.count() == 2

    @pytest.mark.parametrize(
        "data",
        [
            {"name": "Lin\r\nBcc: all@example.com"},
            {"name": "\x00"},
            {"focus": "\x00"},
            {"email": "a@example.com\nBcc: b@example.com"},
            {"email": "a@example.com,b@example.com"},
            {"phone": "1380013800013800138000" * 9},
            {"development": "' OR 1=1 --"},
            {"development": "\x00"},
            {"consent_version": "9" * 400},
            {"ticket": "\x00"},
            {"ticket": "é:1:2"},
            {"received_on": "99999-01-01"},
            {"area": "９" * 40},
            {"budget": "1e9999"},
            {"kind": ["renovation", "'; DROP TABLE"]},
        ],
    )
    def test_hostile_words_are_refused_at_the_form(self, client, data):
        assert client.post(URL, filled_in() | data).status_code == 200
        assert not Enquiry.objects.exists()

    def test_whoever_types_another_person_s_number_is_not_led_to_their_enquiry(self, client):
        theirs = client.post(URL, filled_in()).headers["Location"]
        mine = client.post(URL, filled_in(name="Somebody Else")).headers["Location"]
        assert mine != theirs

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_the_ends_of_time_do_no_harm(self, client, day):
        client.post(URL, filled_in(received_on=day, survey_on=day, survey_part="morning", emergency="on"))
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        assert client.get("/desk/enquiry/").status_code == 200
