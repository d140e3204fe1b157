"""Before what matters, staff prove once more who they are: each such address, and what becomes of what they posted."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.events.models import Event
from accounts.models import Invitation, User
from progress.imports.models import ImportRun
from progress.transfers.models import HomeTransfer
from tests.accounts.conftest import code_in
from tests.factories import NOW, StaffFactory, StaffInvitationFactory, UpdateFactory

pytestmark = pytest.mark.django_db

PASSWORD = "lantern under the eaves"
AGAIN = reverse("account_reauthenticate")


@pytest.fixture
def boss():
    """An administrator, who reaches everything, with a password."""
    return User.objects.create_superuser("admin@example.com", password=PASSWORD, name="Boss")


@pytest.fixture
def rows(ours, boss):
    colleague = StaffFactory(group="Site managers", development=ours.development)
    former = StaffFactory()
    Event.objects.create(actor=boss, verb="left", subject_kind="accounts.user", subject_id=str(former.pk))
    former.groups.clear()
    state = {"state": ImportRun.State.PREVIEWED, "heard_at": NOW, "sha256": "x", "name": "estate.xlsx"}
    return {
        "colleague": colleague,
        "former": former,
        "promise": StaffInvitationFactory(places=[ours.development]),
        "assignment": colleague.assignments.get(),
        "transfer": ours.rows["desk_hometransfer"],
        "merge": ours.rows["desk_ownermerge"],
        "import": ImportRun.objects.create(uploader=boss, **state),
    }


SENSITIVE = [
    ("get", "wagtailusers_users:edit", "colleague"),
    ("post", "wagtailusers_users:edit", "colleague"),
    ("get", "wagtailusers_users:invite", None),
    ("post", "wagtailusers_users:invite", None),
    ("post", "wagtailusers_users:invitation_resend", "promise"),
    ("post", "wagtailusers_users:invitation_revoke", "promise"),
    ("get", "wagtailusers_users:leave", "colleague"),
    ("post", "wagtailusers_users:leave", "colleague"),
    ("get", "wagtailusers_users:work", "former"),
    ("post", "wagtailusers_users:work", "former"),
    ("post", "wagtailusers_users:come_back", "former"),
    ("post", "wagtailusers_users:log_out", "colleague"),
    ("post", "wagtailusers_users:reset", "colleague"),
    ("get", "desk_assignment:add", None),
    ("post", "desk_assignment:add", None),
    ("get", "desk_assignment:edit", "assignment"),
    ("post", "desk_assignment:edit", "assignment"),
    ("get", "desk_hometransfer:new", None),
    ("post", "desk_hometransfer:new", None),
    ("post", "desk_hometransfer:confirm", None),
    ("post", "desk_hometransfer:undo", "transfer"),
    ("get", "desk_ownermerge:new", None),
    ("post", "desk_ownermerge:confirm", None),
    ("post", "desk_ownermerge:undo", "merge"),
    ("post", "desk_imports:confirm", "import"),
    ("post", "desk_imports:export", None),
    ("post", "account_email", None),
    ("get", "mfa_activate_totp", None),
    ("get", "mfa_add_webauthn", None),
]
FORMS = {
    "desk_imports:export": {"sheet": "homes", "kind": "csv"},
    "account_email": {"action_add": "1", "email": "new@example.com"},
}


@pytest.mark.parametrize(("method", "name", "row"), SENSITIVE)
def test_after_the_window_it_is_asked_again_and_nothing_changes(client, boss, rows, long_in, method, name, row):
    client.force_login(boss)
    long_in(client)
    before = Event.objects.count()
    url = reverse(name, args=[rows[row].pk] if row else [])
    answer = getattr(client, method)(url, FORMS.get(name, {}))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, AGAIN)
    assert Event.objects.count() == before


def test_a_window_is_a_quarter_of_an_hour(client, boss):
    url = reverse("wagtailusers_users:invite")
    with time_machine.travel(NOW) as clock:
        client.force_login(boss)
        clock.shift(timedelta(minutes=14))
        assert client.get(url).status_code == 200
        clock.shift(timedelta(minutes=2))
        assert client.get(url).url == f"{AGAIN}?next=%2Fdesk%2Fusers%2Finvite%2F"


class TestComingBack:
    @pytest.fixture
    def late(self, client, boss, long_in):
        client.force_login(boss)
        long_in(client)
        return client

    def prove(self, client, url):
        return client.post(url, {"password": PASSWORD, "next": url.split("next=")[1].replace("%2F", "/")})

    def test_what_was_looked_for_is_shown(self, late):
        asked = late.get(reverse("wagtailusers_users:invite") + "?name=Ye").url
        answer = late.post(asked, {"password": PASSWORD})
        assert answer.url == "/desk/users/invite/?name=Ye"

    def test_what_was_posted_is_done(self, late):
        group = Group.objects.get(name="Site managers")
        form = {"name": "Ye Fan", "email": "ye@example.com", "groups": [group.pk], "since": "2026-11-22"}
        asked = late.post(reverse("wagtailusers_users:invite") + "?name=Ye", form).url
        assert not Invitation.objects.exists()
        self.prove(late, asked)
        assert Invitation.objects.get().groups.get() == group

    @pytest.mark.parametrize(("name", "row"), [("invite", None), ("leave", "colleague"), ("work", "former")])
    def test_what_is_refused_is_shown_with_a_form_that_leads_to_its_own_page(self, late, rows, name, row):
        UpdateFactory(author=rows["former"])
        url = reverse(f"wagtailusers_users:{name}", args=[rows[row].pk] if row else [])
        refused = self.prove(late, late.post(url, {"to": "nobody"}).url)
        assert f'action="{url}"' in refused.content.decode()

    def test_a_wrong_password_does_nothing(self, late, rows):
        asked = late.post(reverse("wagtailusers_users:leave", args=[rows["colleague"].pk])).url
        late.post(asked, {"password": "wrong"})
        assert User.objects.get(pk=rows["colleague"].pk).is_active

    def test_a_post_that_was_given_up_is_not_done_later(self, late, rows):
        url = reverse("wagtailusers_users:leave", args=[rows["colleague"].pk])
        late.post(url)
        asked = late.get(url).url
        assert self.prove(late, asked).url == url
        assert User.objects.get(pk=rows["colleague"].pk).is_active

    def test_a_planned_transfer_is_called_off_after_all(self, late, rows):
        asked = late.post(reverse("desk_hometransfer:undo", args=[rows["transfer"].pk])).url
        self.prove(late, asked)
        assert HomeTransfer.objects.get(pk=rows["transfer"].pk).state == HomeTransfer.State.UNDONE

    def test_whoever_has_no_password_gets_a_code(self, client, long_in, mailoutbox):
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        long_in(client)
        url = reverse("wagtailusers_users:invite")
        asked = client.get(url).url
        assert asked.split("?")[0] == reverse("accounts:prove")
        client.post(asked)
        client.post(asked, {"code": code_in(mailoutbox[-1].body), "next": url})
        assert client.get(url).status_code == 200
