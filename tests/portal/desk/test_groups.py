"""What each group of the staff may do."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from accounts.groups import make_groups

pytestmark = pytest.mark.django_db

CUSTOMERS = {"accounts", "progress", "journeys", "updates", "notices", "files", "events"}


def snapshot():
    """Everything the groups hold, by id, so that rows made anew are noticed."""
    return (
        sorted(Group.objects.values_list("pk", "name", "permissions__pk")),
        sorted(GroupPagePermission.objects.values_list("pk", "group", "page", "permission")),
        sorted(GroupCollectionPermission.objects.values_list("pk", "group", "collection", "permission")),
    )


def permissions_of(name):
    held = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in held}


def test_the_groups_are_there_after_migrating():
    assert set(Group.objects.values_list("name", flat=True)) == {
        "Marketing",
        "Site managers",
        "Customer service",
        "Supervisors",
        "Repairs",
    }


def test_making_them_again_changes_nothing():
    before = snapshot()
    make_groups()
    assert snapshot() == before


def test_a_permission_taken_or_given_by_hand_is_put_right():
    before = snapshot()
    Group.objects.get(name="Marketing").permissions.set(Group.objects.get(name="Supervisors").permissions.all())
    make_groups()
    assert [row[1:] for row in snapshot()[0]] == [row[1:] for row in before[0]]


def test_marketing_has_pages_images_and_documents_and_nothing_of_customers():
    marketing = Group.objects.get(name="Marketing")
    assert {code.split(".")[0] for code in permissions_of("Marketing")} & CUSTOMERS == set()
    assert set(marketing.page_permissions.values_list("permission__codename", flat=True)) == {
        "add_page",
        "change_page",
        "lock_page",
    }
    on_collections = marketing.collection_permissions.values_list("permission__codename", flat=True)
    assert {code.split("_")[1] for code in on_collections} == {"image", "document"}


def test_marketing_writes_pages_and_supervisors_publish_them():
    held = GroupPagePermission.objects.values_list("group__name", "permission__codename")
    assert {group for group, _code in held} == {"Marketing", "Supervisors"}
    assert {group for group, code in held if code == "publish_page"} == {"Supervisors"}


def test_site_managers_post_updates_and_see_no_owners():
    held = permissions_of("Site managers")
    assert {"updates.add_update", "updates.change_update", "journeys.change_milestone"} <= held
    assert not {code for code in held if "owner" in code or "invitation" in code}


def test_customer_service_sees_owners_and_invites_them_and_posts_nothing_but_announcements():
    held = permissions_of("Customer service")
    assert {"accounts.view_owner", "accounts.add_invitation", "updates.view_update", "updates.announce_update"} <= held
    assert not {"updates.add_update", "accounts.change_owner", "progress.change_ownership"} & held


def test_supervisors_have_what_the_others_at_the_desk_have():
    assert permissions_of("Site managers") | permissions_of("Customer service") < permissions_of("Supervisors")


def test_no_group_may_delete_anything_but_what_pages_show_or_grant_rights_of_its_own():
    groups = ("Site managers", "Customer service", "Supervisors", "Repairs")
    held = {code for name in groups for code in permissions_of(name)}
    assert {code for code in held if ".delete_" in code or code.startswith("auth.")} == {
        "cms.delete_contactcard",
        "cms.delete_pricetable",
        "tickets.delete_duty",
        "tickets.delete_emergencyword",
        "tickets.delete_route",
        "wagtailredirects.delete_redirect",
    }
