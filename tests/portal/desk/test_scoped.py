"""Rows of another development are not there, whichever way one asks the Wagtail admin for them."""

import json
import re
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import ModelLogEntry, ReferenceIndex
from wagtail.permissions import policy_registry

from accounts.events.models import Event
from accounts.models import Owner
from portal.desk.scoped import ScopedPolicy
from progress.models import Assignment, Building, Development, Home, Ownership, RightState
from tests.factories import OwnerFactory, StaffFactory
from tests.portal.desk.conftest import VIEWSETS

ROW_VIEWS = ["edit", "inspect", "history", "history_results"]
CLOSED_VIEWS = ["delete", "usage", "copy"]


def status(client, namespace, view, row):
    """The status of one view of one row; None when there is no such view."""
    try:
        return client.get(reverse(f"{namespace}:{view}", args=[row.pk])).status_code
    except NoReverseMatch:
        return None


@pytest.mark.parametrize("namespace", VIEWSETS)
def test_lists_hold_only_rows_of_the_assigned_developments(desk, ours, theirs, namespace):
    for view in ("index", "index_results"):
        response = desk.get(reverse(f"{namespace}:{view}"))
        assert ours.rows[namespace] in response.context["object_list"]
        assert theirs.rows[namespace] not in response.context["object_list"]
        assert str(theirs.rows[namespace].pk) not in response.content.decode()


@pytest.mark.parametrize("namespace", VIEWSETS)
def test_every_view_of_a_foreign_row_is_not_found(desk, ours, theirs, namespace):
    own = {view: status(desk, namespace, view, ours.rows[namespace]) for view in ROW_VIEWS + CLOSED_VIEWS}
    foreign = {view: status(desk, namespace, view, theirs.rows[namespace]) for view in ROW_VIEWS + CLOSED_VIEWS}
    assert {view: own[view] for view in ROW_VIEWS if own[view]} == {view: 200 for view in ROW_VIEWS if own[view]}
    assert foreign == {view: own[view] and 404 for view in ROW_VIEWS + CLOSED_VIEWS}
    assert [own[view] for view in CLOSED_VIEWS] == [None, None, None]


@pytest.mark.parametrize("namespace", VIEWSETS)
def test_views_are_not_found_without_an_assignment_or_in_marketing(client, ours, namespace):
    for person in (
        StaffFactory(group="Supervisors"),
        StaffFactory(group="Marketing", development=ours.development),
    ):
        client.force_login(person)
        answers = {status(client, namespace, view, ours.rows[namespace]) for view in ROW_VIEWS}
        assert answers <= {404, None}


def test_a_home_of_ones_own_elsewhere_is_not_on_the_desk(desk, supervisor, theirs):
    """Otherwise a member of staff could rewrite the ownership of their own home."""
    Owner.objects.filter(pk=theirs.owner.pk).update(user=supervisor)
    assert Home.objects.for_user(supervisor).filter(pk=theirs.home.pk).exists()
    assert status(desk, "desk_home", "edit", theirs.home) == 404


@pytest.mark.parametrize("namespace", VIEWSETS)
def test_a_changed_foreign_row_stays_as_it_was(desk, theirs, namespace):
    row = theirs.rows[namespace]
    try:
        url = reverse(f"{namespace}:edit", args=[row.pk])
    except NoReverseMatch:
        return
    assert desk.post(url, {"name": "Taken over", "number": "1"}).status_code == 404
    assert Event.objects.filter(subject_id=str(row.pk), verb="changed").count() == 0


@pytest.mark.parametrize("export", ["csv", "xlsx"])
def test_an_export_is_not_offered(desk, ours, export):
    response = desk.get(reverse("desk_owner:index"), {"export": export})
    assert response["Content-Type"].startswith("text/html")


def test_a_filter_names_only_ones_own_developments(desk, ours, theirs):
    html = desk.get(reverse("desk_home:index")).content.decode()
    assert str(ours.development.pk) in html
    assert str(theirs.development.pk) not in html
    found = desk.get(reverse("desk_home:index"), {"development": str(theirs.development.pk)})
    assert theirs.home not in found.context["object_list"]


def test_a_search_finds_only_ones_own_owners(desk, ours, theirs):
    Owner.objects.update(name="Shen Yue")
    found = desk.get(reverse("desk_owner:index"), {"q": "shen"}).context["object_list"]
    assert list(found) == [ours.owner]


def test_an_owners_homes_elsewhere_are_not_named(desk, ours, theirs):
    Ownership.objects.create(owner=ours.owner, home=theirs.home, since="2026-01-01", state=RightState.LIVE)
    for url in (reverse("desk_owner:index"), reverse("desk_owner:inspect", args=[ours.owner.pk])):
        html = desk.get(url).content.decode()
        assert str(ours.home) in html
        assert str(theirs.home) not in html


class TestWriting:
    def test_a_home_in_a_foreign_development_is_refused(self, desk, theirs):
        response = desk.post(reverse("desk_home:add"), {"development": theirs.development.pk, "number": "9-901"})
        assert "development" in response.context["form"].errors
        assert not Home.objects.filter(number="9-901").exists()

    def test_a_building_cannot_be_moved_to_a_foreign_development(self, desk, ours, theirs):
        building = ours.home.building
        form = {"development": theirs.development.pk, "name": building.name}
        desk.post(reverse("desk_building:edit", args=[building.pk]), form)
        assert Building.objects.get(pk=building.pk).development == ours.development

    def test_an_ownership_of_a_foreign_home_is_refused_and_the_home_is_not_named(self, desk, ours, theirs):
        form = {"home": theirs.home.pk, "owner": ours.owner.pk, "role": "owner", "since": "2026-11-22"}
        response = desk.post(reverse("desk_ownership:add"), form)
        assert "home" in response.context["form"].errors
        assert str(theirs.home) not in response.content.decode()

    def test_rows_are_made_with_an_event_and_without_wagtails_log(self, desk, ours, supervisor):
        desk.post(reverse("desk_building:add"), {"development": ours.development.pk, "name": "Building 9"})
        building = Building.objects.get(name="Building 9")
        event = Event.objects.get(subject_id=str(building.pk))
        assert (event.verb, event.subject_kind, event.actor) == ("created", "progress.building", supervisor)
        desk.post(
            reverse("desk_building:edit", args=[building.pk]),
            {"development": ours.development.pk, "name": "Building 10"},
        )
        history = desk.get(reverse("desk_building:history", args=[building.pk])).context["object_list"]
        assert [event.verb for event in history] == ["changed", "created"]
        assert ModelLogEntry.objects.count() == 0

    def test_a_new_owner_comes_with_a_home_and_may_come_in_at_once(self, desk, ours):
        form = {
            "name": "Shen Yue",
            "customer_no": "C77",
            "language": "zh-hans",
            "home": ours.home.pk,
            "role": "co_owner",
            "since": "2026-01-01",
        }
        assert desk.post(reverse("desk_owner:add"), form).status_code == 302
        ownership = Ownership.objects.get(owner__customer_no="C77")
        assert (ownership.home, ownership.role, ownership.state) == (ours.home, "co_owner", RightState.LIVE)

    def test_an_ownership_that_is_over_ends_at_once(self, desk, ours):
        ownership = ours.rows["desk_ownership"]
        form = {"role": "owner", "until": "2026-01-31"}
        desk.post(reverse("desk_ownership:edit", args=[ownership.pk]), form)
        ownership.refresh_from_db()
        assert ownership.state == RightState.ENDED

    def test_the_home_of_an_ownership_stays(self, desk, ours, theirs):
        ownership = ours.rows["desk_ownership"]
        form = {"home": theirs.home.pk, "owner": theirs.owner.pk, "role": "tenant", "since": "2020-01-01"}
        desk.post(reverse("desk_ownership:edit", args=[ownership.pk]), form)
        ownership.refresh_from_db()
        assert (ownership.home, ownership.owner, ownership.role) == (ours.home, ours.owner, "tenant")

    def test_nobody_is_sent_everywhere_by_whoever_works_at_one_development(self, desk, supervisor):
        form = {"user": supervisor.pk, "role": "supervisor", "development": "", "since": "2026-01-01"}
        response = desk.post(reverse("desk_assignment:add"), form)
        assert response.context["form"].errors == {"development": ["Please choose one of your developments."]}
        assert not Assignment.objects.filter(development=None).exists()

    def test_whoever_works_everywhere_may_send_somebody_everywhere(self, client, supervisor):
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        form = {"user": supervisor.pk, "role": "supervisor", "development": "", "since": "2026-01-01"}
        client.post(reverse("desk_assignment:add"), form)
        assert Assignment.objects.get(user=supervisor, development=None).state == RightState.LIVE

    def test_a_development_is_added_by_whoever_works_everywhere(self, desk, client):
        form = {"name_en": "Linyin Garden", "name_zh": "", "time_zone": "Asia/Shanghai", "calendar": "CN"}
        assert desk.post(reverse("desk_development:add"), form).status_code == 404
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        client.post(reverse("desk_development:add"), form)
        assert Development.objects.filter(name_en="Linyin Garden").count() == 1


class TestChoosers:
    @pytest.mark.parametrize(("chooser", "namespace"), [("choose_home", "desk_home"), ("choose_owner", "desk_owner")])
    def test_choosers_offer_and_take_only_ones_own_rows(self, desk, ours, theirs, chooser, namespace):
        own, foreign = ours.rows[namespace], theirs.rows[namespace]
        listed = [desk.get(reverse(f"{chooser}:{view}")).content.decode() for view in ("choose", "choose_results")]
        assert [(str(own.pk) in html, str(foreign.pk) in html) for html in listed] == [(True, False)] * 2
        chosen = desk.get(reverse(f"{chooser}:chosen", args=[own.pk]))
        assert json.loads(chosen.content)["result"]["id"] == str(own.pk)
        assert [
            desk.get(reverse(f"{chooser}:chosen", args=[pk])).status_code for pk in (foreign.pk, uuid4(), "no-id")
        ] == [404] * 3
        several = desk.get(reverse(f"{chooser}:chosen_multiple"), {"id": [own.pk, foreign.pk]})
        assert [row["id"] for row in json.loads(several.content)["result"]] == [str(own.pk)]

    def test_choosers_make_no_rows(self, desk):
        for chooser in ("choose_home", "choose_owner"):
            assert desk.post(reverse(f"{chooser}:choose") + "create/", {"name": "X"}).status_code == 404

    def test_choosers_are_not_found_in_marketing(self, client, ours):
        client.force_login(StaffFactory(group="Marketing", everywhere=True))
        assert client.get(reverse("choose_owner:choose")).status_code == 404


class TestSideDoors:
    """What Wagtail offers beside a viewset's own views."""

    def test_the_site_history_knows_nothing_of_customers(self, desk, theirs):
        elsewhere = Client()
        elsewhere.force_login(StaffFactory(group="Supervisors", development=theirs.development))
        form = {"name": "Renamed Elsewhere", "customer_no": "C9", "language": "en"}
        elsewhere.post(reverse("desk_owner:edit", args=[theirs.owner.pk]), form)
        assert Owner.objects.get(pk=theirs.owner.pk).name == "Renamed Elsewhere"
        for query in ({}, {"export": "csv"}):
            report = desk.get(reverse("wagtailadmin_reports:site_history"), query)
            assert b"Renamed Elsewhere" not in report.getvalue()

    @pytest.mark.parametrize("action", ["delete", "assign_role", "set_active_state"])
    @pytest.mark.parametrize("model", ["accounts/user", "accounts/owner", "progress/home", "updates/update"])
    def test_there_are_no_actions_on_many_rows(self, desk, ours, model, action):
        url = f"/desk/bulk/{model}/{action}/"
        assert desk.get(url, {"id": str(ours.owner.pk)}).status_code == 404
        assert desk.post(url + "?id=all").status_code == 404

    def test_editing_sessions_answer_only_for_rows_one_may_change(self, desk, ours, theirs):
        def ping(row):
            url = reverse("wagtailadmin_editing_sessions:ping", args=["progress", "home", row.pk, 1])
            return desk.post(url).status_code

        assert [ping(ours.home), ping(theirs.home)] == [200, 404]

    def test_every_model_has_a_policy_that_knows_developments(self, ours, theirs, supervisor):
        for namespace in VIEWSETS:
            own, foreign = ours.rows[namespace], theirs.rows[namespace]
            policy = policy_registry.get(own)
            assert isinstance(policy, ScopedPolicy)
            seen = policy.instances_user_has_any_permission_for(supervisor, ["view", "change"])
            assert (own in seen, foreign in seen) == (True, False)
            assert not policy.user_has_permission_for_instance(supervisor, "view", foreign)

    def test_edit_links_lead_only_to_ones_own_rows(self, ours, theirs, supervisor):
        finder = AdminURLFinder(supervisor)
        for namespace in set(VIEWSETS) - {"desk_undelivered", "desk_warranty"}:  # nobody edits these
            assert finder.get_edit_url(ours.rows[namespace])
            assert finder.get_edit_url(theirs.rows[namespace]) is None

    def test_customers_are_not_in_the_reference_index(self, ours):
        models = {ContentType.objects.get_for_model(row) for row in ours.rows.values()}
        assert not ReferenceIndex.objects.filter(base_content_type__in=models).exists()

    def test_customers_are_no_snippets_and_have_no_search_area(self, desk):
        html = desk.get("/desk/").content.decode()
        assert set(re.findall(r"/desk/snippets/([a-z/]+)", html)) == {"cms/contactcard/", "cms/pricetable/"}
        assert "/desk/help/" not in html

    def test_wagtails_interface_for_programs_is_silent_about_customers(self, desk):
        pages = json.loads(desk.get("/desk/api/main/pages/").content)
        assert {page["meta"]["type"] for page in pages["items"]} == {"cms.HomePage"}
        assert desk.get("/desk/api/main/owners/").status_code == 404


def test_owners_without_a_home_are_seen_by_whoever_works_everywhere(client, ours):
    homeless = OwnerFactory()
    for person, expected in [
        (StaffFactory(group="Supervisors", development=ours.development), 404),
        (StaffFactory(group="Supervisors", everywhere=True), 200),
    ]:
        client.force_login(person)
        assert status(client, "desk_owner", "inspect", homeless) == expected
