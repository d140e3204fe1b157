"""What the public site tells of open days: no names of people, and nothing that is not published."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms import open_days

from .models import OpenDay, SafetyRule, Slot

MOST = 6  # on a development's page
ICONS = {
    SafetyRule.Icon.SHOES: "check",
    SafetyRule.Icon.AGE: "user",
    SafetyRule.Icon.GROUP: "people",
}  # where ours has another name


@open_days.source
def coming_open_days(development, *, at):
    """Those published that are not over, with the places left; each leads to its page, or to where owners book."""
    days = OpenDay.objects.published().filter(development=development).upcoming(at=at)
    days = list(days.prefetch_related(_slots())[:MOST])
    addresses = _addresses_of(days)
    return [
        open_days.OpenDay(
            title=day.title,
            starts=day.first_starts,
            ends=day.last_ends,
            url=addresses.get(day.pk) or book_url(day),
            note=_places_left(day, at=at),
        )
        for day in days
    ]


def _slots():
    return Prefetch("slots", Slot.objects.with_places().order_by("starts", "pk"))


def book_url(open_day):
    return reverse("home:open-day-anywhere", args=[open_day.pk])


def _places_left(open_day, *, at):
    left = sum(max(slot.free, 0) for slot in open_day.slots.all() if slot.is_open and slot.starts > at)
    if not open_day.takes_bookings(at=at):
        return ""
    return ngettext("%(n)s place left", "%(n)s places left", left) % {"n": left} if left else _("Full: waiting list")


def _addresses_of(days):
    """{id of an open day: the address of its page in the reader's language}, of those whose page anybody may read."""
    keys = dict(OpenDay.objects.filter(pk__in=[day.pk for day in days]).values_list("pk", "page__translation_key"))
    pages = Page.objects.live().public().filter(translation_key__in=filter(None, keys.values()))
    urls = {page.translation_key: page.url for page in pages.filter(locale__language_code=get_language())}
    return {pk: urls[key] for pk, key in keys.items() if key in urls}


@open_days.facts_source
def facts(page, *, at):
    """Of the open day that names the page, in whatever language: the next of several, else the latest."""
    days = OpenDay.objects.exclude(state=OpenDay.State.DRAFT).filter(page__translation_key=page.translation_key)
    days = days.with_times().select_related("development").order_by("first_starts", "-published_at", "pk")
    days = list(days.prefetch_related(_slots(), "rules"))
    coming = [day for day in days if day.is_published and not day.is_over(at=at)]
    latest = sorted(days, key=lambda day: day.published_at)[-1:]
    return next((_facts(day, at=at) for day in coming or latest), None)


def _facts(day, *, at):
    return open_days.Facts(
        title=day.title,
        time_zone=day.development.time_zone,
        slots=tuple(_slot(slot) for slot in day.slots.all()),
        meeting_point=day.meeting_point,
        route=day.route,
        bring=day.bring,
        rules=tuple(open_days.Rule(ICONS.get(rule.icon, rule.icon), rule.text) for rule in day.rules.all()),
        min_age=day.min_age,
        max_party=day.max_party,
        opens_at=day.opens_at,
        closes_at=day.closes_at,
        is_cancelled=day.is_cancelled,
        reason=day.cancel_reason,
        is_over=day.is_over(at=at),
        url=book_url(day),
    )


def _slot(slot):
    return open_days.Slot(
        starts=slot.starts,
        ends=slot.ends,
        capacity=slot.capacity,
        left=max(slot.free, 0),
        is_cancelled=not slot.is_open,
        note=slot.note,
    )
