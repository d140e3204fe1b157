"""Having guides printed, from the owner's pages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.prints import actions
from cms.prints.content import digest_of, guides_of, reader_at
from cms.prints.models import GuidePrint
from tests.cms.checklists.guides import BRING, publish
from tests.factories import GuidePrintFactory, OwnershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(client):
    tie = OwnershipFactory()
    client.force_login(tie.owner.user)
    return tie


@pytest.fixture
def guide():
    return publish(at=timezone.now())


def address(tie, guide, name="guide-print"):
    return reverse(f"home:{name}", args=[tie.home.pk, guide.translation_key])


def ready(tie, guide):
    """A print of today's guide."""
    on, key = timezone.localdate(), guide.translation_key
    reader = reader_at(tie.home, tie.owner.user)
    digest = digest_of(reader, guides_of(reader, key=key, language="en", on=on))
    moments = {"asked_at": timezone.now(), "ready_at": timezone.now()}
    fields = {"home": tie.home, "asked_by": tie.owner.user, "guide_key": key, "digest": digest}
    return GuidePrintFactory(ready=True, **fields, **moments)


def test_asking_shows_how_far_it_is(client, tie, guide):
    response = client.post(address(tie, guide, "guide-print-ask"), follow=True)
    assert response.redirect_chain == [(address(tie, guide), 302)]
    assert GuidePrint.objects.get().guide_key == guide.translation_key
    assert "It is being printed" in response.content.decode()
    part = client.get(address(tie, guide), headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in part, "It is being printed" in part) == (False, True)


def test_a_print_is_offered_until_the_guide_changes(client, tie, guide):
    file = reverse("home:print-file", args=[tie.home.pk, ready(tie, guide).pk])
    assert file in client.get(address(tie, guide)).content.decode()
    publish(BRING[:1], key=guide.translation_key, number=2, at=timezone.now())
    assert file not in client.get(address(tie, guide)).content.decode()


def test_the_set_is_another_print_than_that_of_a_guide(client, tie, guide):
    ready(tie, guide)
    html = client.get(reverse("home:prints", args=[tie.home.pk])).content.decode()
    assert ("Fetch the PDF" in html, "Have it printed" in html) == (False, True)


def test_a_guide_that_does_not_fit_the_home_cannot_be_asked_for(client, tie):
    elsewhere = publish(at=timezone.now(), for_kinds=["renovation"])
    assert client.get(address(tie, elsewhere)).status_code == 404
    client.post(address(tie, elsewhere, "guide-print-ask"))
    assert not GuidePrint.objects.exists()


def test_what_is_refused_is_told(client, tie, guide, monkeypatch):
    monkeypatch.setattr(actions, "MOST_A_DAY", 0)
    response = client.post(address(tie, guide, "guide-print-ask"), follow=True)
    assert "That is enough for one day" in response.content.decode()
