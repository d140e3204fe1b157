"""A published document is called otherwise, shown to more or fewer people, or withdrawn as a whole."""

from uuid import uuid4

import pytest

from accounts.events.models import Event
from accounts.files.forms import CheckedUpload
from accounts.files.images import read_photo
from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from progress.documents import actions
from progress.documents.actions import DocumentError
from progress.documents.models import HomeDocument, MinRole
from progress.models import Role
from tests.accounts.files.pictures import photo
from tests.factories import NOW, HomeDocumentFactory, OwnershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return UserFactory()


@pytest.fixture
def ownership():
    return OwnershipFactory()


@pytest.fixture
def family(ownership):
    return OwnershipFactory(home=ownership.home, role=Role.FAMILY)


def publish(home, staff, kind="plan", title="Plan", **changes):
    upload = CheckedUpload("scan.jpg", read_photo(photo("scan.jpg")), "")
    given = {"batch_id": uuid4(), "upload": upload, "home": home, "kind": kind, "by": staff, "at": NOW}
    return actions.publish_document(**given | {"titles": {"title_en": title, "title_zh": ""}} | changes)


def change(document, staff, *, title="Plan", min_role=MinRole.FAMILY):
    titles = {"title_en": title, "title_zh": ""}
    actions.change_document(document, titles=titles, min_role=min_role, by=staff, at=NOW)


def seen_by(tie):
    return list(HomeDocument.objects.for_user(tie.owner.user).order_by("version").values_list("title_en", "version"))


class TestChanging:
    def test_a_title_is_that_of_all_versions_and_stands_in_the_log(self, ownership, staff, told):
        first = publish(ownership.home, staff)
        publish(ownership.home, staff, replaces=first)
        before = len(told())
        change(first, staff, title="Ground floor")
        assert seen_by(ownership) == [("Ground floor", 1), ("Ground floor", 2)]
        assert Event.objects.filter(verb="changed", home_id=ownership.home_id).count() == 2
        assert len(told()) == before

    def test_shown_to_more_people_only_these_are_told_and_only_once(self, ownership, family, staff, told):
        document = publish(ownership.home, staff, min_role=MinRole.OWNER)
        deliver_due()
        assert (told(), seen_by(family)) == ([(ownership.owner, "document-published")], [])
        for role in (MinRole.FAMILY, MinRole.OWNER, MinRole.FAMILY):
            change(document, staff, min_role=role)
        assert seen_by(family) == [("Plan", 1)]
        assert len(told()) == 2
        assert (family.owner, "document-published") in told()
        deliver_due()
        assert Notice.objects.get(owner=family.owner, channel="inbox").state == "sent"

    def test_shown_to_fewer_people_it_is_gone_for_the_others_who_are_not_told(self, ownership, family, staff, told):
        document = publish(ownership.home, staff)
        before = told()
        change(document, staff, min_role=MinRole.OWNER)
        assert (seen_by(family), seen_by(ownership)) == ([], [("Plan", 1)])
        assert told() == before

    @pytest.mark.parametrize("role", [MinRole.FAMILY, MinRole.TENANT])
    def test_a_contract_stays_for_owners(self, ownership, staff, role):
        document = publish(ownership.home, staff, "contract")
        with pytest.raises(DocumentError, match="owners and co-owners only"):
            change(document, staff, min_role=role)

    def test_nothing_changed_leaves_no_trace(self, ownership, staff):
        document = publish(ownership.home, staff)
        change(document, staff)
        assert not Event.objects.filter(verb="changed").exists()

    def test_what_is_withdrawn_is_told_to_nobody(self, ownership, family, staff, told):
        document = publish(ownership.home, staff, min_role=MinRole.OWNER)
        actions.withdraw_document(document, reason="wrong", by=staff, at=NOW)
        change(document, staff)
        assert told() == [(ownership.owner, "document-published")]


class TestWithdrawingAll:
    def test_all_versions_go_at_once(self, ownership, staff):
        first = publish(ownership.home, staff)
        newer = publish(ownership.home, staff, replaces=first)
        other = HomeDocumentFactory(home=ownership.home, title_en="Other")
        actions.withdraw_document(newer, reason="another home's", all_versions=True, by=staff, at=NOW)
        assert seen_by(ownership) == [("Other", other.version)]
        assert Event.objects.filter(verb="withdrawn").count() == 2

    def test_one_version_leaves_the_one_before_it(self, ownership, staff):
        first = publish(ownership.home, staff)
        newer = publish(ownership.home, staff, replaces=first)
        assert actions.shown_versions(first) == [2, 1]
        actions.withdraw_document(newer, reason="a page is missing", by=staff, at=NOW)
        assert (actions.shown_versions(first), seen_by(ownership)) == ([1], [("Plan", 1)])

    def test_what_was_withdrawn_before_keeps_its_reason(self, ownership, staff):
        first = publish(ownership.home, staff)
        actions.withdraw_document(first, reason="first", by=staff, at=NOW)
        newer = publish(ownership.home, staff, replaces=first)
        actions.withdraw_document(newer, reason="second", all_versions=True, by=staff, at=NOW)
        first.refresh_from_db()
        assert first.withdrawn_reason == "first"
