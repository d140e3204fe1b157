"""Marketing writes and hands in; a supervisor publishes."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse
from django.utils import translation
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowState

from accounts.groups import make_groups
from accounts.notices import kinds
from cms.editing.moderation import NAME, make_moderation
from cms.models import HomePage, StandardPage
from tests.factories import StaffFactory

PAGE_RIGHTS = ("can_edit", "can_add_subpage", "can_publish", "can_unpublish", "can_lock")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):  # a test before may have left another
        yield


@pytest.fixture
def author(db):
    return StaffFactory(group="Marketing")


@pytest.fixture
def supervisor(db):
    return StaffFactory(group="Supervisors")


@pytest.fixture
def page(author):
    """A draft below the English front page."""
    home = HomePage.objects.get(slug="home")
    page = home.add_child(instance=StandardPage(title="Our promise", slug="promise", live=False, owner=author))
    page.save_revision(user=author)
    return page


@pytest.fixture
def handed_in(page, author):
    page.get_workflow().start(page, author)
    return page.current_workflow_state


def rights(user, page):
    tester = page.permissions_for_user(user)
    return [name for name in PAGE_RIGHTS if getattr(tester, name)()]


def act(client, user, handed_in, action, **data):
    """The supervisor's button in the editor."""
    client.force_login(user)
    task = handed_in.current_task_state_id
    url = reverse("wagtailadmin_pages:workflow_action", args=[handed_in.object_id, action, task])
    return client.post(url, data)


class TestRights:
    def test_marketing_writes_and_does_not_publish(self, page, author):
        assert rights(author, page) == ["can_edit", "can_add_subpage", "can_lock"]

    def test_marketing_does_not_withdraw_what_is_live(self, author):
        assert rights(author, HomePage.objects.get(slug="home")) == ["can_edit", "can_add_subpage", "can_lock"]

    def test_a_supervisor_does_all_of_it(self, supervisor):
        assert rights(supervisor, HomePage.objects.get(slug="home")) == list(PAGE_RIGHTS)

    @pytest.mark.parametrize("group", ["Site managers", "Customer service"])
    def test_nobody_else_touches_pages(self, page, group):
        assert rights(StaffFactory(group=group), page) == []

    def test_in_a_small_firm_marketing_publishes(self, page, author, settings):
        settings.PAGE_APPROVAL = False
        make_groups()
        assert "can_publish" in rights(author, page)
        settings.PAGE_APPROVAL = True
        make_groups()
        assert "can_publish" not in rights(type(author).objects.get(pk=author.pk), page)


class TestWorkflow:
    def arranged(self):
        tasks = [[group.name for group in task.groups.all()] for task in GroupApprovalTask.objects.all()]
        pages = [(each.page.depth, each.workflow.name) for each in WorkflowPage.objects.all()]
        return [workflow.name for workflow in Workflow.objects.all()], tasks, pages

    def test_it_stands_once_however_often_it_is_made(self, db):
        expected = [NAME], [["Supervisors"]], [(1, NAME)]
        assert self.arranged() == expected
        make_moderation()
        assert self.arranged() == expected

    def test_what_wagtail_made_becomes_ours(self, db):
        Workflow.objects.update(name="Moderators approval")
        GroupApprovalTask.objects.update(name="Moderators approval")
        GroupApprovalTask.objects.get().groups.clear()  # its group is not ours and has gone
        make_moderation()
        assert self.arranged() == ([NAME], [["Supervisors"]], [(1, NAME)])

    def test_it_is_made_where_there_is_none(self, db):
        Workflow.objects.all().delete()
        GroupApprovalTask.objects.all().delete()
        make_moderation()
        assert self.arranged() == ([NAME], [["Supervisors"]], [(1, NAME)])

    def test_what_an_administrator_arranged_stays(self, db):
        others = Group.objects.create(name="The board")
        GroupApprovalTask.objects.get().groups.set([others])
        Workflow.objects.update(name="The board looks at it")
        make_moderation()
        assert self.arranged() == (["The board looks at it"], [["The board"]], [(1, "The board looks at it")])

    def test_without_pages_there_is_nothing_to_look_after(self, db):
        WorkflowPage.objects.all().delete()
        apps.get_model("wagtailcore", "Site").objects.all().delete()
        apps.get_model("wagtailcore", "Page").objects.all().delete()
        make_moderation()
        assert WorkflowPage.objects.count() == 0


class TestHandingIn:
    def test_supervisors_hear_of_it_through_the_outbox(self, supervisor, handed_in, author, told):
        StaffFactory(group="Supervisors", is_active=False)
        assert (told(), mail.outbox) == ([(supervisor, "page-handed-in")], [])  # nothing within the request
        kind = kinds.get("page-handed-in")
        assert (kind.still_true(handed_in), kind.title(handed_in)) == (True, "Waits for your approval: Our promise")
        assert kind.url(handed_in) == f"/desk/pages/{handed_in.object_id}/edit/"

    def test_approved_it_is_live_and_its_author_hears(self, client, supervisor, handed_in, page, author, told):
        act(client, supervisor, handed_in, "approve")
        page.refresh_from_db()
        handed_in.refresh_from_db()
        assert (page.live, handed_in.status) == (True, WorkflowState.STATUS_APPROVED)
        assert told() == [(supervisor, "page-handed-in"), (author, "page-looked-at")]
        assert mail.outbox == []

    def test_sent_back_it_stays_a_draft_and_its_author_reads_why(
        self, client, supervisor, handed_in, page, author, told
    ):
        act(client, supervisor, handed_in, "reject", comment="Which warranty?")
        page.refresh_from_db()
        handed_in.refresh_from_db()
        assert (page.live, handed_in.status) == (False, WorkflowState.STATUS_NEEDS_CHANGES)
        assert told() == [(supervisor, "page-handed-in"), (author, "page-looked-at")]
        kind = kinds.get("page-looked-at")
        assert (kind.title(handed_in), kind.paragraphs(handed_in)) == (
            "Please change: Our promise",
            ["Which warranty?"],
        )

    def test_handed_in_again_supervisors_hear_again(self, client, supervisor, handed_in, author, told):
        act(client, supervisor, handed_in, "reject", comment="Which warranty?")
        handed_in.refresh_from_db()
        handed_in.resume(author)
        assert [kind for who, kind in told() if who == supervisor] == ["page-handed-in", "page-handed-in"]

    def test_marketing_does_not_approve_its_own(self, client, handed_in, page, author):
        act(client, author, handed_in, "approve")
        page.refresh_from_db()
        assert page.live is False

    def test_whoever_hands_in_and_approves_is_not_told_twice_of_it(self, client, supervisor, page, told):
        page.get_workflow().start(page, supervisor)
        act(client, supervisor, page.current_workflow_state, "approve")
        assert told() == []
