"""When colleagues can come in the demonstration, and the visits that were, are booked, and wait for a time."""

from datetime import time, timedelta
from functools import partial

from portal.visits import day as on_the_day
from portal.visits.asking import ask_for_visit
from portal.visits.booking import book_visit
from portal.visits.models import Availability, Visit, VisitKind
from portal.visits.offers import free_times
from progress.enquiries.models import Enquiry
from progress.models import HOSTS, Assignment

from . import news

BEGAN = -60  # the day since when colleagues have said when they can come
WORKDAYS = range(5)
HOURS = ((time(9), time(12)), (time(13, 30), time(17, 30)))
TEAMS = (("willow", Assignment.Role.SITE_MANAGER), ("", Assignment.Role.SUPERVISOR))


def happened(loaded):
    """[(moment, what happens then)]: a survey that is done, visits that are booked, one that waits for its owner."""
    visits = Visits(loaded)
    at = partial(_morning, loaded)
    return [
        (at(BEGAN), visits.say_when),
        (at(-24), partial(visits.survey, "27")),
        (at(-20, 15), partial(visits.finish, "27", VisitKind.SURVEY)),
        (at(-6), partial(visits.ask, "6-1202", VisitKind.HANDOVER, within=(5, 20))),
        (at(-5, 19), partial(visits.book, "6-1202", VisitKind.HANDOVER)),
        (at(-3, 11), visits.survey_enquiry),
        (at(-2), partial(visits.ask, "6-501", VisitKind.CHECK, within=(2, 30))),
    ]


def _morning(loaded, day, hour=9):
    return news.afternoon(loaded.day(day), hour)


class Visits:
    def __init__(self, loaded):
        self.loaded = loaded

    def say_when(self, *, at):
        Availability.objects.bulk_create(
            Availability(
                development=self.loaded.places.get(place),
                team=team,
                weekday=weekday,
                starts=starts,
                ends=ends,
                valid_from=at.date(),
            )
            for place, team in TEAMS
            for weekday in WORKDAYS
            for starts, ends in HOURS
        )

    def ask(self, number, kind, *, within, at):
        """`within`: from and until which day, counted from the newest Friday."""
        first, last = within
        ask_for_visit(
            visit_id=_id_of(number, kind),
            kind=kind,
            home=self.loaded.homes[number],
            within=(self.loaded.day(first), self.loaded.day(last)),
            by=self.loaded.staff["xu"],
            at=at,
        )

    def book(self, number, kind, *, at):
        """The owner takes the first time that is free for what we asked them to choose."""
        home, visit = self.loaded.homes[number], Visit.objects.get(pk=_id_of(number, kind))
        owner = _host_of(home)
        offer = free_times(kind=kind, home=home, moving=visit, at=at)[0]
        book_visit(visit_id=visit.pk, kind=kind, starts=offer.starts, home=home, owner=owner, by=owner.user, at=at)

    def survey(self, number, *, at):
        """Booked by staff with the owner on the telephone, for the day before it is done."""
        home = self.loaded.homes[number]
        self._book_survey(number, self.loaded.day(-21), at=at, home=home, owner=_host_of(home))

    def finish(self, number, kind, *, at):
        visit = Visit.objects.get(pk=_id_of(number, kind))
        on_the_day.confirm_visit(visit, by=visit.person, at=visit.starts - timedelta(hours=20))
        on_the_day.finish(visit, by=visit.person, at=at, outcome="Measured; the kitchen wall is not straight 已量房")

    def survey_enquiry(self, *, at):
        enquiry = Enquiry.objects.get(pk=news.id_of("enquiry brook"))
        self._book_survey("brook", self.loaded.day(10), at=at, enquiry=enquiry)

    def _book_survey(self, key, day, *, at, **where):
        """With the site's manager at the first time from `day` on."""
        kind, person = VisitKind.SURVEY, self.loaded.staff["tang"]
        offers = free_times(kind=kind, person=person, at=at, **{k: v for k, v in where.items() if k != "owner"})
        starts = next(offer.starts for offer in offers if offer.starts >= news.afternoon(day, 0))
        by = self.loaded.staff["xu"]
        book_visit(
            visit_id=_id_of(key, kind), kind=kind, starts=starts, person=person, by=by, by_staff=True, at=at, **where
        )


def _host_of(home):
    ties = home.ownerships.live().filter(role__in=HOSTS).select_related("owner__user")
    return ties.earliest("since").owner


def _id_of(number, kind):
    return news.id_of(f"visit {number} {kind}")
