"""Warranties on the desk: the list with what ends soon, and why one is longer."""

from datetime import date, timedelta

import time_machine
from django.urls import reverse

from progress.warranties.models import Warranty, WarrantyExtension
from tests.progress.warranty_factories import AT, TODAY, WarrantyFactory


def test_the_list_finds_what_ends_soon_by_its_longer_day_and_its_page_says_why(desk, ours):
    Warranty.objects.all().delete()
    ends = [TODAY + timedelta(days=days) for days in (-1, 14, 60, 61)]
    over, soon, later, _beyond = [WarrantyFactory(home=ours.home, ends=day) for day in ends]
    longer = WarrantyFactory(home=ours.home, ends=ends[1], extended_to=date(2031, 3, 2))
    WarrantyFactory(home=ours.home, ends=ends[1], voided_at=AT)
    days = {"repaired_on": TODAY, "from_day": ends[1], "to_day": longer.extended_to}
    WarrantyExtension.objects.create(warranty=longer, source_kind="tickets.ticket", source_id=longer.pk, **days)
    with time_machine.travel(AT, tick=False):
        listed = {
            value: list(desk.get(reverse("desk_warranty:index"), {"ends_soon": value}).context["object_list"])
            for value in ("over", "14", "60")
        }
        html = desk.get(reverse("desk_warranty:inspect", args=[longer.pk])).content.decode()
    assert listed == {"over": [over], "14": [soon], "60": [soon, later]}
    assert "Repaired on Wednesday 1 April 2026" in html
