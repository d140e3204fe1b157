"""What an owner reads of guides: only what fits, the stage of today first, and what changed since."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.guides.models import GuideReading
from progress.models import Role
from tests.cms.guides.factories import GuidePageFactory
from tests.factories import NOW, OwnershipFactory, UserFactory
from tests.progress.test_journeys import start

pytestmark = pytest.mark.django_db
FEES = (
    "fees",
    {"heading": "Fees", "lines": [{"label": "Fund", "rate": "110", "per": "m2", "months": None, "note": ""}]},
)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def reader(client, tie):
    client.force_login(tie.owner.user)
    return client


def the_list(client, home):
    return client.get(reverse("home:guides", args=[home.pk])).content.decode()


def the_guide(client, home, page, **query):
    response = client.get(reverse("home:guide", args=[home.pk, page.translation_key], query=query))
    return response.status_code, response.content.decode()


def again(page, **changes):
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()


class TestList:
    def test_guides_of_todays_stage_stand_before_those_for_any_time(self, reader, tie):
        start(home=tie.home)
        for title, stages in (
            ("At any time", ["always"]),
            ("For all", []),
            ("Now", ["welcome"]),
            ("Not", ["handover"]),
        ):
            GuidePageFactory(title=f"Guide: {title}", for_stages=stages)
        html = the_list(reader, tie.home)
        places = [html.index(f"Guide: {title}") for title in ("Now", "At any time", "For all")]
        assert (places, "Guide: Not" in html) == (sorted(places), False)

    def test_one_that_has_changed_says_so_with_what(self, reader, tie):
        page = GuidePageFactory()
        the_guide(reader, tie.home, page)
        assert "Changed" not in the_list(reader, tie.home)
        again(
            page,
            version=2,
            what_changed="The card may be a copy.",
            body=[("text", "<h2>What to bring</h2><p>A copy.</p>")],
        )
        html = the_list(reader, tie.home)
        assert "The card may be a copy." in html
        assert "Changed: What to bring" in html

    def test_without_guides_it_says_what_will_stand_there(self, reader, tie):
        assert "No guides yet" in the_list(reader, tie.home)

    def test_thirty_guides_take_as_many_queries_as_three(self, reader, tie):
        start(home=tie.home)
        counted = []
        for number in (3, 27):
            for page in GuidePageFactory.create_batch(number):
                the_guide(reader, tie.home, page)
                again(page, version=2, what_changed="More.")
            the_list(reader, tie.home)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                html = the_list(reader, tie.home)
            counted.append(len(queries))
        assert html.count("More.") == 30
        assert counted[0] == counted[1] <= 16


class TestGuide:
    def test_opening_it_is_noted_once_for_each_edition(self, reader, tie):
        page = GuidePageFactory()
        for _visit in range(2):
            the_guide(reader, tie.home, page)
        again(page, version=2, what_changed="More.")
        the_guide(reader, tie.home, page)
        assert sorted(GuideReading.objects.values_list("owner", "number")) == [(tie.owner.pk, 1), (tie.owner.pk, 2)]

    @pytest.mark.parametrize("asked", [{"method": "head"}, {"headers": {"X-Offline": "keep"}}])
    def test_a_look_that_nobody_takes_is_not_noted(self, reader, tie, asked):
        url = reverse("home:guide", args=[tie.home.pk, GuidePageFactory().translation_key])
        getattr(reader, asked.pop("method", "get"))(url, **asked)
        assert GuideReading.objects.count() == 0

    def test_what_has_changed_is_said_as_long_as_a_visit_lasts(self, reader, tie):
        page = GuidePageFactory()
        the_guide(reader, tie.home, page)
        again(page, version=2, what_changed="More.")
        said = []
        for minutes in (90, 100, 180):
            with time_machine.travel(NOW + timedelta(minutes=minutes)):
                said.append("What has changed since you read it" in the_guide(reader, tie.home, page)[1])
        assert said == [True, True, False]

    def test_it_has_its_contents_and_the_sections_they_lead_to(self, reader, tie):
        page = GuidePageFactory(body=[("text", "<p>First.</p><h2>Bring &amp; take</h2><h2>Look</h2>"), FEES])
        html = the_guide(reader, tie.home, page)[1]
        assert [f'href="#s{n}"' in html and f'id="s{n}"' in html for n in (1, 2, 3)] == [True] * 3
        assert "Bring &amp; take</a>" in html

    def test_sums_are_those_of_ones_own_home(self, reader, tie):
        tie.home.area = "98.60"
        tie.home.save()
        html = the_guide(reader, tie.home, GuidePageFactory(body=[FEES]))[1]
        assert "10,846.00" in html
        assert "98.60 m²" in html

    def test_a_home_whose_area_nobody_knows_has_no_sums_and_is_told(self, reader, tie):
        html = the_guide(reader, tie.home, GuidePageFactory(body=[FEES]))[1]
        assert "We do not know the area of your home yet" in html

    def test_a_tenant_reads_it_without_the_fees(self, client, tie):
        tenant = OwnershipFactory(home=tie.home, role=Role.TENANT)
        client.force_login(tenant.owner.user)
        status, html = the_guide(client, tie.home, GuidePageFactory(body=[("text", "<h2>Bring</h2>"), FEES]))
        assert (status, "Bring" in html, "Fund" in html, ">Fees<" in html) == (200, True, False, False)

    def test_plain_words_stay_plain(self, reader, tie):
        note = ("note", {"tone": "info", "title": HOSTILE, "text": ""})
        html = the_guide(reader, tie.home, GuidePageFactory(title=HOSTILE, lead=HOSTILE, body=[note]))[1]
        assert HOSTILE not in html


class TestRights:
    def test_what_does_not_fit_the_home_is_not_found(self, reader, tie):
        page = GuidePageFactory(for_stages=["handover"])
        assert the_guide(reader, tie.home, page)[0] == 404

    @pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 200), (Role.FAMILY, 404), (Role.TENANT, 404)])
    def test_a_guide_for_owners_is_for_no_other_role(self, client, tie, role, status):
        page = GuidePageFactory(for_roles=["owner"])
        client.force_login(OwnershipFactory(home=tie.home, role=role).owner.user)
        assert the_guide(client, tie.home, page)[0] == status

    def test_a_former_owner_and_a_stranger_find_nothing(self, client, tie, stranger):
        page = GuidePageFactory()
        for user in (OwnershipFactory(home=tie.home, former=True).owner.user, stranger):
            client.force_login(user)
            assert the_guide(client, tie.home, page)[0] == 404

    def test_without_a_home_the_way_leads_to_the_one_that_it_fits(self, reader, tie):
        other = OwnershipFactory(owner=tie.owner).home
        page = GuidePageFactory(for_buildings=[str(other.building_id)])
        response = reader.get(reverse("home:guide-anywhere", args=[page.translation_key]))
        assert response.url == reverse("home:guide", args=[other.pk, page.translation_key])


class TestLanguages:
    def test_the_other_language_is_shown_as_such(self, client, tie):
        tie.owner.user.language = "zh-hans"
        tie.owner.user.save()
        client.force_login(tie.owner.user)
        html = the_guide(client, tie.home, GuidePageFactory(title="What to bring"))[1]
        assert '<span lang="en">What to bring</span>' in html
        assert 'class="fallback"' in html

    def test_a_newer_edition_in_the_other_language_is_one_step_away(self, client):
        tie = OwnershipFactory(owner__user=UserFactory(language="zh-hans"))
        client.force_login(tie.owner.user)
        page = GuidePageFactory(title="Old")
        GuidePageFactory(of=page, language="zh-hans", title="收房")
        again(page, version=2, title="Newest", what_changed="More.")
        html = the_guide(client, tie.home, page)[1]
        assert 'href="?in=en"' in html
        assert '<span lang="en">Newest</span>' in the_guide(client, tie.home, page, **{"in": "en"})[1]
        assert "收房" in the_guide(client, tie.home, page, **{"in": "xx"})[1]


class TestElsewhere:
    def test_the_front_page_has_three_for_the_stage_and_the_journey_all(self, reader, tie):
        start(home=tie.home)
        GuidePageFactory.create_batch(4, for_stages=["welcome"])
        counted = []
        for name in ("home:home", "home:journey"):
            html = reader.get(reverse(name, args=[tie.home.pk])).content.decode()
            counted.append(html.count(f"/homes/{tie.home.pk}/guides/") - html.count(f'/homes/{tie.home.pk}/guides/"'))
        assert counted == [3, 4]

    @pytest.mark.parametrize("role", Role)
    def test_a_phone_has_five_tabs_at_most(self, client, tie, role):
        client.force_login(OwnershipFactory(home=tie.home, role=role).owner.user)
        tabs = client.get(reverse("home:guides", args=[tie.home.pk])).context["masthead"]["tabs"]
        assert len([tab for tab in tabs if not tab.desk_only]) == 5  # on a phone
        assert [tab.url for tab in tabs if tab.current] == [reverse("home:guides", args=[tie.home.pk])]
