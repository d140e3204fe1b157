"""Occasions that are rows of other apps: a step reached, a visit made, a repair done, a warranty that ends."""

from zoneinfo import ZoneInfo

from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast as Typed
from django.db.models.functions import Coalesce, Concat, TruncDate

from portal.bookings.models import Booking
from portal.tickets.models import Ticket
from portal.visits.models import Visit, VisitKind
from progress.enquiries.models import Enquiry
from progress.journeys.models import Milestone
from progress.warranties.models import Warranty

from .anchors import Occasions, register
from .expressions import in_hex
from .models import Anchor

FIRST = "first"
OF_ENQUIRIES = (FIRST, VisitKind.SHOWROOM)  # before there is a contract


def on_day(path, place):
    """The day of a moment, on the calendar of its place."""
    return TruncDate(path, tzinfo=ZoneInfo(place.time_zone))


@register(Anchor.MILESTONE)
class Milestones(Occasions):
    """A step of a journey: for what is owed after it the day it was reached; before it, the day it is expected."""

    home, development, subject_kind = "journey__home", "journey__home__development", "journeys.milestone"

    def rows(self, rule):
        kind, stage, step = rule.anchor_code.split("/")
        rows = Milestone.objects.filter(
            journey__template__kind=kind, template__stage__code=stage, template__code=step
        ).exclude(state=Milestone.State.WITHDRAWN)
        if rule.offset < 0:
            return rows.annotate(expected_on=Coalesce("actual", "forecast", "planned")).filter(
                expected_on__isnull=False
            )
        return rows.annotate(expected_on=F("actual")).filter(actual__isnull=False)

    def day(self, place):
        return F("expected_on")


@register(Anchor.VISIT)
class Visits(Occasions):
    """A visit that was made at a home. "first": the first one of whoever has enquired and not decided yet."""

    home, development, subject_kind = "home", "development", "visits.visit"

    def rows(self, rule):
        done = Visit.objects.filter(state=Visit.State.DONE)
        if rule.anchor_code == VisitKind.SHOWROOM:
            return done.filter(kind=rule.anchor_code, enquiry__in=Enquiry.objects.going_on())
        if self.of_enquiries(rule):
            earlier = done.filter(enquiry=OuterRef("enquiry"), settled_at__lt=OuterRef("settled_at"))
            return done.filter(enquiry__in=Enquiry.objects.going_on()).exclude(Exists(earlier))
        done = done.filter(home__isnull=False, of_former_household=False)
        return done.filter(kind=rule.anchor_code) if rule.anchor_code else done

    def of_enquiries(self, rule):
        return rule.anchor_code in OF_ENQUIRIES

    def day(self, place):
        return on_day("settled_at", place)


@register(Anchor.BOOKING)
class Bookings(Occasions):
    """An open day that somebody of the home came to."""

    home, development, subject_kind = "home", "open_day__development", "bookings.booking"

    def rows(self, rule):
        return Booking.objects.filter(state__in=[Booking.State.ARRIVED, Booking.State.LEFT], home__isnull=False)

    def day(self, place):
        return on_day("arrived_at", place)


@register(Anchor.TICKET)
class Repairs(Occasions):
    """A repair that was done."""

    home, development, subject_kind = "home", "development", "tickets.ticket"

    def rows(self, rule):
        return Ticket.objects.filter(
            kind=Ticket.Kind.REPAIR, outcome=Ticket.Outcome.FIXED, resolved_at__isnull=False, of_former=False
        )

    def day(self, place):
        return on_day("resolved_at", place)


@register(Anchor.WARRANTY)
class Warranties(Occasions):
    """The last day of a warranty. Those of one work that last equally long end together: one message tells of all."""

    home, development, subject_kind = "home", "home__development", "warranties.warranty"

    def rows(self, rule):
        rows = Warranty.objects.standing().with_last_day()
        return rows.filter(term__system=rule.anchor_code) if rule.anchor_code else rows

    def day(self, place):
        return F("last")

    def key(self, rule):
        lasts = [
            Coalesce(Typed(path, CharField()), Value("0")) for path in ("term__months", "term__seasons", "component")
        ]
        parts = [in_hex("home"), in_hex("source_id"), *lasts]
        spaced = [piece for part in parts for piece in (Value("."), part)][1:]
        return Concat(*spaced, output_field=CharField())


@register(Anchor.ENQUIRY)
class Enquiries(Occasions):
    """An enquiry that came in, and was not closed or thrown out since."""

    development, subject_kind = "development", "enquiries.enquiry"

    def of_enquiries(self, rule):
        return True

    def rows(self, rule):
        rows = Enquiry.objects.going_on()
        return rows.filter(kind=rule.anchor_code) if rule.anchor_code else rows

    def day(self, place):
        return on_day("created_at", place)
