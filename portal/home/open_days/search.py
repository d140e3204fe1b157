"""Open days in the owners' search: those to come that are for a home of the reader's."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.search.sources import Hit, source, titles_first
from cms.search.words import words_of
from portal.bookings.models import OpenDay

FIELDS = ("title_en", "title_zh", "summary_en", "summary_zh")


@source("open-days", label=_("Open days"), icon="calendar")
def open_days(question, *, reader, limit):
    """Each once, at the first home that it is for."""
    found = {}
    for home in (home for home in reader.homes if home.is_followed):
        days = OpenDay.objects.published().open_to(home).with_times()
        for word in words_of(question):
            days = days.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in FIELDS)))
        for day in days.filter(last_ends__date__gte=reader.today).order_by("first_starts", "pk")[:limit]:
            found.setdefault(day.pk, _hit(day, home))
    return titles_first(list(found.values()), question)[:limit]


def _hit(day, home):
    lang = day.title.lang if day.title.is_fallback else ""
    return Hit(
        day.title, reverse("home:open-day", args=[home.pk, day.pk]), day.summary, day=day.first_starts, lang=lang
    )
