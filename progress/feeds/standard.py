"""The dates of this package: of milestones, promises, answers asked for, announcements. Upper apps register theirs."""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from progress.designs.models import Answer, DesignChange
from progress.journeys.models import Milestone
from progress.models import Home
from progress.promises import kinds
from progress.promises.models import Promise
from progress.updates.models import Update
from progress.updates.silence import CODE as NEWS

from .sources import HISTORY, FeedDate, source


@source("milestone")
def milestones(reader, *, at):
    """Each with the day to reckon with. One that was withdrawn has none until it is expected anew."""
    rows = Milestone.objects.filter(journey__home__in=reader.homes).exclude(
        state=Milestone.State.WITHDRAWN, forecast=None
    )
    dated = rows.exclude(planned=None, forecast=None, actual=None)
    homes = {home.pk: home for home in reader.homes}
    for step in dated.select_related("template", "journey").order_by("pk"):
        home = homes[step.journey.home_id]
        yield FeedDate(
            key=str(step.pk),
            title=reader.named(home, _milestone_title(step)),
            start=step.actual or step.expected,
            place=str(home.development),
            description=_milestone_words(step),
        )


def _milestone_title(step):
    what = {"milestone": step}
    if step.state == Milestone.State.REACHED:
        return _("Reached: %(milestone)s") % what
    return _("Forecast: %(milestone)s") % what if step.forecast else _("Planned: %(milestone)s") % what


def _milestone_words(step):
    """Never why a date has moved: staff write that for the owners of one home."""
    if step.state == Milestone.State.REACHED:
        return ""
    still_open = _("This day can still move. The portal says what is new, and why.")
    if step.moved:
        return f"{_('Planned for %(day)s.') % {'day': date_format(step.planned)}} {still_open}"
    return still_open


@source("promise")
def promises(reader, *, at):
    """What was promised and is still to be done, to this person or to everybody of a home: what kind of thing, when."""
    theirs = Q(owner=None) | Q(owner=reader.owner)
    rows = Promise.objects.open().filter(theirs, home__in=reader.homes, kind__in=kinds.shown())
    homes = {home.pk: home for home in reader.homes}
    for promise in rows.order_by("pk"):
        home = homes[promise.home_id]
        yield _promised(promise, home.development, reader.named(home, _promise_title(promise)))


@source("news")
def next_news(reader, *, at):
    """The news after the newest to each home."""
    newest = Update.objects.published().filter(kind=Update.Kind.PROGRESS, homes=OuterRef("pk"))
    newest = newest.order_by("-published_at", "-pk").values("pk")[:1]
    homes = Home.objects.filter(pk__in=[home.pk for home in reader.homes]).annotate(newest=Subquery(newest))
    updates = {f"{NEWS}:{pk}" for pk in homes.values_list("newest", flat=True) if pk}
    rows = Promise.objects.open().filter(key__in=updates, kind__in=kinds.shown()).select_related("development")
    for promise in rows.order_by("pk"):
        yield _promised(promise, promise.development, reader.at(promise.development, _promise_title(promise)))


def _promise_title(promise):
    return _("Promised to you: %(what)s") % {"what": kinds.get(promise.kind).label}


def _promised(promise, development, title):
    return FeedDate(
        key=str(promise.pk),
        title=title,
        start=promise.due_at,
        zone=development.time_zone,
        place=str(development),
    )


@source("design-change")
def answers_asked_for(reader, *, at):
    """By when a design change asks an answer of a home, until it has one; for those who may give it."""
    homes = {home.pk: home for home in reader.homes if home.is_hosted}
    answered = Answer.objects.standing().filter(
        change=OuterRef("designchange"), home=OuterRef("home"), text_version=OuterRef("designchange__text_version")
    )
    asked = DesignChange.homes.through.objects.filter(
        ~Exists(answered), home__in=homes, designchange__state=DesignChange.State.PUBLISHED
    )
    for each in asked.select_related("designchange").order_by("pk"):
        home, change = homes[each.home_id], each.designchange
        yield FeedDate(
            key=f"{change.pk}:{home.pk}",
            title=reader.named(home, _("Please answer by this day: %(title)s") % {"title": change.title}),
            start=change.answer_by,
            place=str(home.development),
        )


@source("announcement")
def announcements(reader, *, at):
    """Those for a time with a beginning and an end, such as hours without water; the others are no dates."""
    here = Update.homes.through.objects.filter(update=OuterRef("pk"), home__in=reader.homes)
    rows = Update.objects.published().filter(Exists(here), kind=Update.Kind.ANNOUNCEMENT, valid_from__isnull=False)
    rows = rows.filter(valid_until__gt=at - HISTORY)
    for update in rows.select_related("development").order_by("pk"):
        yield FeedDate(
            key=str(update.pk),
            title=reader.at(update.development, update.title),
            start=update.valid_from,
            end=update.valid_until,
            zone=update.development.time_zone,
            place=str(update.development),
        )
