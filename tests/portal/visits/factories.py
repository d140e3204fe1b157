"""Visits and what they need, each valid by itself."""

from datetime import UTC, date, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from portal.visits.models import Absence, Availability, Visit, VisitCell, VisitKind, VisitSetting
from tests.factories import NOW, TODAY, AssignmentFactory, DevelopmentFactory, OwnershipFactory, StaffFactory

TUESDAY = date(2026, 11, 24)
TEN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, that Tuesday


class VisitSettingFactory(DjangoModelFactory):
    class Meta:
        model = VisitSetting

    development = factory.SubFactory(DevelopmentFactory)
    kind = VisitKind.SURVEY


class AvailabilityFactory(DjangoModelFactory):
    """Somebody who works there can come on Tuesdays from 09:00 until 12:00. `team="site_manager"`: a whole team."""

    class Meta:
        model = Availability

    development = factory.SubFactory(DevelopmentFactory)
    person = factory.Maybe(
        "team", None, factory.SubFactory(StaffFactory, development=factory.SelfAttribute("..development"))
    )
    team = ""
    weekday = 1
    starts = time(9)
    ends = time(12)
    valid_from = TODAY - timedelta(days=300)


class AbsenceFactory(DjangoModelFactory):
    class Meta:
        model = Absence

    person = factory.LazyAttribute(lambda row: AssignmentFactory().user)
    first_day = TUESDAY
    last_day = TUESDAY


class VisitFactory(DjangoModelFactory):
    """A survey on Tuesday at ten, booked by the owner of a home. `asked=True`: no time chosen yet.

    `of_guest=True`: for an enquiry instead of a home.
    """

    class Meta:
        model = Visit
        skip_postgeneration_save = True

    class Params:
        ownership = factory.SubFactory(OwnershipFactory)
        of_guest = False
        asked = factory.Trait(state="asked", person=None, starts=None, ends=None, booked_at=None)
        done = factory.Trait(state="done", settled_at=TEN + timedelta(hours=1))

    home = factory.Maybe("of_guest", None, factory.SelfAttribute("ownership.home"))
    owner = factory.Maybe("of_guest", None, factory.SelfAttribute("ownership.owner"))
    enquiry = factory.Maybe("of_guest", factory.SubFactory("tests.factories.EnquiryFactory"), None)
    development = factory.LazyAttribute(lambda row: (row.home or row.enquiry).development)
    kind = VisitKind.SURVEY
    state = "booked"
    person = factory.SubFactory(StaffFactory, development=factory.SelfAttribute("..development"))
    starts = TEN
    ends = factory.LazyAttribute(lambda row: row.starts and row.starts + timedelta(hours=1))
    asked_at = NOW
    booked_at = NOW

    @factory.post_generation
    def cells(self, create, cells, **kwargs):
        """Its quarter hours, with half an hour for the way."""
        if create and self.is_live:
            VisitCell.objects.bulk_create(
                VisitCell(visit=self, person=self.person, quarter=self.starts + timedelta(minutes=15) * number)
                for number in range(6)
            )
