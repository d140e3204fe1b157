"""The desk's list of guides: whom each reaches, and how many have read it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from cms.guides.models import GuideReading
from tests.cms.guides.factories import GuidePageFactory
from tests.factories import NOW, TODAY, OwnerFactory, StaffFactory
from tests.progress.test_journeys import start

pytestmark = pytest.mark.django_db


@time_machine.travel(NOW, tick=False)
def test_it_counts_homes_and_readers_and_warns_of_a_guide_for_nobody(client):
    start()
    start("repair")
    page = GuidePageFactory(title="Handover", for_stages=["handover"])
    GuidePageFactory(title="Renovation", for_kinds=["renovation"], valid_from=TODAY + timedelta(days=1))
    GuideReading.objects.create(owner=OwnerFactory(), guide_key=page.translation_key, number=1, at=NOW)
    client.force_login(StaffFactory(group="Marketing"))
    response = client.get(reverse("desk_guides"))
    rows = [
        (row["text"].title, row["reach"].today, row["reach"].ever, row["readers"]) for row in response.context["rows"]
    ]
    assert rows == [("Handover", 0, 1, 1), ("Renovation", 0, 0, 0)]
    assert response.content.decode().count("fits no home") == 1
