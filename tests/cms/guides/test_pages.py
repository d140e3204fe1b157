"""The pages of guides: for their editors alone, who are told of what makes no sense."""

import json

import pytest
import time_machine
from django.urls import reverse
from wagtail.models import Site
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from accounts.models import User
from cms.guides.models import Edition, GuidePage
from tests.cms.guides.factories import GuidePageFactory
from tests.factories import NOW, BuildingFactory, DevelopmentFactory, HomeFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("editor@example.com"))
    return client


def values(page, **changes):
    """What the editor's form sends for `page`."""
    body = streamfield([("text", rich_text("<h2>Bring</h2><p>A card.</p>"))])
    fields = {"title": page.title, "slug": page.slug, "lead": page.lead, "version": page.version, "body": body}
    fields |= {"what_changed": page.what_changed, "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    chosen = {name: value for name, value in changes.items() if name.startswith("for_")}
    others = {name: value for name, value in changes.items() if name not in chosen}
    return nested_form_data(fields | others) | chosen


def saved(client, page, *, publish=True, **changes):
    data = values(page, **changes) | ({"action-publish": "1"} if publish else {})
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=True)


class TestNeverPublic:
    @pytest.mark.parametrize("who", ["nobody", "an editor"])
    def test_its_own_address_shows_nothing(self, client, who):
        page = GuidePageFactory()
        if who == "an editor":
            client.force_login(StaffFactory(group="Marketing"))
        for each in (page, page.get_parent()):
            path = each.url_path.removeprefix(Site.objects.get().root_page.url_path)
            assert client.get(f"/en/{path}").status_code == 404

    def test_no_sitemap_names_it_and_its_link_leads_to_the_owners_page(self):
        page = GuidePageFactory()
        assert page.get_sitemap_urls() == []
        assert page.url == reverse("home:guide-anywhere", args=[page.translation_key])
        assert page.get_parent().specific.url is None


class TestEditor:
    def test_it_is_published_with_its_audience(self, editor):
        page, home = GuidePageFactory(published=False), HomeFactory()
        saved(editor, page, for_kinds=["new_home"], for_buildings=[str(home.building_id)], for_stages=["handover"])
        edition = Edition.objects.get(guide_key=page.translation_key)
        assert sorted(edition.audience.values_list("sort", "value")) == [
            ("building", str(home.building_id)),
            ("kind", "new_home"),
            ("stage", "handover"),
        ]

    def test_a_guide_for_nobody_is_saved_with_a_warning(self, editor):
        HomeFactory()  # without any journey
        response = saved(editor, GuidePageFactory(), for_kinds=["new_home"])
        assert "fits no home" in response.content.decode()

    def test_one_that_fits_a_home_is_not_warned_of(self, editor):
        HomeFactory()
        assert "fits no home" not in saved(editor, GuidePageFactory()).content.decode()

    def test_a_building_of_a_development_that_was_not_chosen_is_refused(self, editor):
        building, other = BuildingFactory(), DevelopmentFactory()
        response = saved(editor, GuidePageFactory(), for_developments=[str(other.pk)], for_buildings=[str(building.pk)])
        assert f"{building.name} stands in {building.development}" in response.content.decode()

    def test_a_stage_of_another_kind_of_work_is_refused(self, editor):
        response = saved(editor, GuidePageFactory(), for_kinds=["repair"], for_stages=["handover"])
        assert "No such stage belongs to the kinds of work" in response.content.decode()

    def test_a_number_that_was_passed_is_refused(self, editor):
        page = GuidePageFactory(version=3)
        assert "Edition 3 has been published already." in saved(editor, page, version=2).content.decode()

    def test_a_new_number_wants_to_say_what_has_changed(self, editor):
        page = GuidePageFactory()
        assert "what has changed in the new edition" in saved(editor, page, version=2).content.decode()
        saved(editor, page, version=2, what_changed="Less.")
        assert sorted(Edition.objects.values_list("number", flat=True)) == [1, 2]

    def test_a_building_taken_out_of_the_portal_does_not_widen_the_audience(self, editor):
        building = BuildingFactory()
        page = GuidePageFactory(for_buildings=[str(building.pk)])
        building.delete()
        html = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert "no longer in the portal" in html

    def test_script_in_a_text_is_dropped(self, editor):
        page = GuidePageFactory()
        block = {"text": "Bring <script>alert(1)</script>", "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
        content = {"blocks": [block | {"key": "a", "entityRanges": []}], "entityMap": {}}
        saved(editor, page, body=streamfield([("text", json.dumps(content))]))
        assert "<script>" not in GuidePage.objects.get(pk=page.pk).body[0].value.source

    def test_the_other_languages_audience_is_what_the_form_begins_with(self, editor):
        page = GuidePageFactory()
        GuidePageFactory(of=page, language="zh-hans", for_roles=["owner"])
        form = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["form"]
        assert form.initial["for_roles"] == ["owner"]


def test_the_preview_is_for_an_invented_home(rf):
    HomeFactory(number="9-999", area="55.55")
    fees = {"heading": "Fees", "lines": [{"label": "Fund", "rate": "110", "per": "m2", "months": None, "note": ""}]}
    page = GuidePageFactory(body=[("fees", fees)])
    seen = {mode: page.make_preview_request(preview_mode=mode).content.decode() for mode, _label in page.preview_modes}
    assert ["10,846.00" in html for html in seen.values()] == [True, False, False]  # area known, not known, a tenant
    assert [mode for mode, html in seen.items() if "9-999" in html] == []
