"""What becomes of promises when a home changes hands, or a colleague leaves."""

from datetime import timedelta

import pytest

from accounts.leaving import leave, work_of
from accounts.models import User
from progress.promises import actions, kinds
from progress.promises.models import Promise
from progress.transfers.actions import transfer_home
from tests.factories import NOW, TODAY, DevelopmentFactory, HomeFactory, OwnerFactory, OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    @kinds.register("call-back")
    class CallBack(kinds.Kind):
        label = "A call back"


def promised(home, key, **kwargs):
    due_at = NOW + timedelta(days=5)
    return actions.open_promise(
        key=key, kind="call-back", development=home.development, home=home, due_at=due_at, by=None, at=NOW, **kwargs
    )


def test_a_resale_passes_on_the_homes_promises_and_ends_those_to_its_people():
    tie = OwnershipFactory()
    of_the_home, personal = promised(tie.home, "home"), promised(tie.home, "personal", owner=tie.owner)
    buyer = OwnerFactory()
    transfer_home(home=tie.home, to=[buyer], on=TODAY, by=None, at=NOW)
    states = dict(Promise.objects.values_list("pk", "state"))
    assert states == {of_the_home.pk: Promise.State.DUE, personal.pk: Promise.State.VOID}
    assert list(Promise.objects.for_user(buyer.user)) == [of_the_home]
    assert not Promise.objects.for_user(tie.owner.user).exists()


def test_what_a_leaver_answers_for_goes_to_the_successor_where_they_work():
    here = HomeFactory(development=DevelopmentFactory(), building=None)
    elsewhere = HomeFactory(development=DevelopmentFactory(), building=None)
    leaver = StaffFactory(development=here.development)
    successor = StaffFactory(development=here.development)
    administrator = User.objects.create_superuser("admin@example.com")
    mine = promised(here, "here", responsible=leaver)
    other = promised(elsewhere, "elsewhere", responsible=leaver)
    listed = {str(label): len(pieces) for label, pieces, *_more in work_of(leaver, viewer=administrator)}
    assert listed["Promises that they answer for"] == 2
    leave(leaver, to=successor, by=administrator, at=NOW)
    answers = dict(Promise.objects.values_list("pk", "responsible"))
    assert answers == {mine.pk: successor.pk, other.pk: leaver.pk}
