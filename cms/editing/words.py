"""What becomes of a page and when, in words: on buttons, in warnings, in messages."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _


def day_and_time(moment, *, at):
    """`moment` as one says it: with the year only where it is another than that of `at`."""
    here = localtime(moment)
    if here.year != localtime(at).year:
        return date_format(here, "DATETIME_FORMAT")
    return _("%(day)s, %(time)s") % {
        "day": date_format(here, "MONTH_DAY_FORMAT"),
        "time": date_format(here, "TIME_FORMAT"),
    }


def to_come(moment, *, at):
    return moment if moment is not None and moment > at else None


def publishing(page, *, at):
    """What publishing this draft does: “Publish on 3 December, 09:00”."""
    begins, ends = to_come(page.go_live_at, at=at), to_come(page.expire_at, at=at)
    words = {
        "begins": begins and day_and_time(begins, at=at),
        "ends": ends and day_and_time(ends, at=at),
    }
    if begins and ends:
        return _("Publish on %(begins)s, until %(ends)s") % words
    if begins and page.live:
        return _("Publish these changes on %(begins)s") % words
    if begins:
        return _("Publish on %(begins)s") % words
    if ends:
        return _("Publish now, until %(ends)s") % words
    return _("Publish now")


def approving(page, *, at):
    """What approving this draft does: “Approve and publish on 3 December, 09:00”."""
    begins = to_come(page.go_live_at, at=at)
    if begins:
        return _("Approve, and publish on %(begins)s") % {"begins": day_and_time(begins, at=at)}
    return _("Approve, and publish now")


def handing_in(page, *, at):
    """What handing in this draft does: “Hand in for approval, to be published on 3 December, 09:00”."""
    begins = to_come(page.go_live_at, at=at)
    if begins:
        return _("Hand in, to be published on %(begins)s") % {"begins": day_and_time(begins, at=at)}
    return _("Hand in for approval")
