"""Silence is noticed: each update promises the next one, and who keeps quiet too long is reminded, then reported."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from progress.calendar.clock import CalendarError, clock_of
from progress.journeys.models import Journey, StageTemplate
from progress.models import Assignment
from progress.promises.actions import keep_promise, open_promise
from progress.promises.kinds import SITE_MANAGER, SUPERVISOR, Kind, Step, register
from progress.promises.models import Promise

from .models import Update

CODE = "next-update"


@register(CODE)
class NextUpdate(Kind):
    """To the homes of one update, as long as one of them is at a stage with regular news."""

    label = _("The next news from the site")
    touchpoint = "regular-news"
    team = Assignment.Role.SITE_MANAGER
    steps = (
        Step("two-days-before", days=-2),
        Step("due", to=(SITE_MANAGER,)),
        Step("three-days-late", days=3, to=(SITE_MANAGER, SUPERVISOR)),
    )

    def holds(self, promise):
        update = Update.objects.filter(pk=promise.subject_id or None).first()
        return update is not None and _expects_news(update)


def news_published(update, *, by, at):
    """Keep what was promised to homes that have all heard anew, and promise them the next news."""
    for promise in _kept_by(update):
        keep_promise(promise, by=by, at=at)
    if _expects_news(update):
        open_promise(
            key=f"{CODE}:{update.pk}",
            kind=CODE,
            development=update.development,
            due_at=_next_by(update.development, at=at),
            subject=update,
            by=by,
            at=at,
        )


def _next_by(development, *, at):
    """The end of the first working day from NEWS_INTERVAL_DAYS on; a calendar that is wrong stops no news."""
    later = at + timedelta(days=settings.NEWS_INTERVAL_DAYS)
    try:
        clock = clock_of(development)
        return clock.closing(clock.add_days(later.astimezone(clock.zone).date(), 0))
    except CalendarError:
        return later


def _expects_news(update):
    """Whether a home of `update` is at a stage in which owners get regular news."""
    journeys = Journey.objects.filter(home__updates=update, ended=None).with_stage()
    return journeys.filter(stage_now__in=StageTemplate.objects.filter(regular_news=True).values("pk")).exists()


def _kept_by(update):
    """Open promises of news in this development whose homes have all had some since, this update included."""
    promises = Promise.objects.open().filter(kind=CODE, development=update.development).exclude(subject_id="")
    promises = promises.select_related("development")
    by_update = {promise.subject_id: promise for promise in promises}
    through = Update.homes.through
    newer = through.objects.filter(
        home=OuterRef("home"),
        update__kind=Update.Kind.PROGRESS,
        update__state=Update.State.PUBLISHED,
        update__published_at__gt=OuterRef("update__published_at"),
    )
    without = through.objects.filter(~Exists(newer), update__in=list(by_update)).values_list("update", flat=True)
    waiting = {str(pk) for pk in without.distinct()}
    return [promise for subject_id, promise in by_update.items() if subject_id not in waiting]


def news_promised_to(home):
    """The promises of news that were made to `home` along with others."""
    updates = Update.objects.filter(homes=home, kind=Update.Kind.PROGRESS).order_by().values_list("pk", flat=True)
    return Promise.objects.filter(kind=CODE, subject_id__in=[str(pk) for pk in updates])


def next_news(home):
    """The open promise of the news after the newest to `home`, or None. Two queries."""
    newest = Update.objects.for_home(home).filter(kind=Update.Kind.PROGRESS).values_list("pk", flat=True).first()
    return Promise.objects.open().filter(key=f"{CODE}:{newest}").first()
