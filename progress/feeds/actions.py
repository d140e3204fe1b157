"""Making, renewing and ending somebody's calendar address; and noting what their calendars are told."""

from datetime import UTC, timedelta

from django.db import transaction
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.events.actions import record
from accounts.models import Owner

from .models import FAREWELL, Feed, FeedEntry
from .sources import FUTURE, HISTORY, FeedDate, dates_of, reader_of

EXPIRY_SHOWN = timedelta(days=30)  # in the calendar itself, before the address is over
FETCH_NOTED = timedelta(hours=1)


class FeedError(Exception):
    """Refused. The message is worded for the person who asked."""


@transaction.atomic
def make_feed(owner, *, by, at):
    """Give `owner` a calendar address; the one they have stays. Raises FeedError for those who follow no home."""
    owner = _lock(owner)
    if owner is None or not reader_of(owner).homes:
        raise FeedError(_("There are no dates of a home to put into a calendar."))
    feed = Feed.objects.filter(owner=owner).first()
    if feed is None:
        feed = Feed.objects.create(owner=owner, made_by=by, made_at=at)
    elif feed.is_alive and feed.made_by_id == by.pk:
        return feed
    else:
        _readdress(feed, by=by, at=at)
    record("made", feed, by=by)
    return feed


@transaction.atomic
def renew_address(feed, *, by, at):
    """Another address in place of this one, which answers no more. Raises FeedError when there is none to replace."""
    feed = _locked(feed)
    if not feed.is_alive:
        raise FeedError(_("The calendar is switched off. Please make a new one."))
    _readdress(feed, by=by, at=at)
    record("renewed", feed, by=by)
    return feed


@transaction.atomic
def switch_off(feed, *, by, at):
    """The address answers no more. Switched off already, it stays so."""
    feed = _locked(feed)
    if feed.revoked_at is None:
        feed.version, feed.revoked_at = feed.version + 1, at
        feed.save(update_fields=["version", "revoked_at"])
        record("revoked", feed, by=by)
    return feed


@transaction.atomic
def end_feed(feed, *, home, by, at):
    """The last home is gone: calendars are told for a while that its dates are called off, then nothing."""
    feed = _locked(feed)
    if feed.is_alive:
        feed.ended_at = at
        feed.save(update_fields=["ended_at"])
        record("ended", feed, by=by, home=home, reason="transfer")
    return feed


def note_fetch(feed, *, at):
    """Note that a calendar has asked, once an hour at most."""
    if feed.last_fetched_at is None or feed.last_fetched_at <= at - FETCH_NOTED:
        Feed.objects.filter(pk=feed.pk, version=feed.version).update(last_fetched_at=at)


def entries_of(feed, *, at):
    """What its calendars are told at `at`: [FeedEntry], those that are called off among them for a while."""
    return _hand_out(feed.owner, lambda: _dates_in(feed, at=at), at=at)


def entry_of(owner, key, *, at):
    """The one date `key` for a file of its own: as it is, or called off if it was handed out before; else None."""

    def wanted():
        return {name: each for name, each in dates_of(reader_of(owner), at=at).items() if name == key}

    return next(iter(_hand_out(owner, wanted, at=at, only=key)), None)


def keys_handed_out(owner):
    """The keys of the dates that calendars of this person may hold."""
    return set(FeedEntry.objects.filter(owner=owner).values_list("key", flat=True))


def _dates_in(feed, *, at):
    if feed.ended_at:
        return {}
    dates = dates_of(reader_of(feed.owner), at=at)
    if feed.good_until - at < EXPIRY_SHOWN:
        dates["feed"] = _its_end(feed)
    return dates


def _its_end(feed):
    with override(feed.owner.reading_language):
        return FeedDate(
            key="feed",
            title=_("These dates end here. Please sign in to the portal to keep them."),
            start=feed.good_until.astimezone(UTC).date(),
        )


def _hand_out(owner, ask, *, at, only=None):
    """Bring what is noted up to what `ask` answers. Where nothing has changed, nothing is written.

    Two calendars that fetch at the same moment take turns, and the second asks anew: what they are told is the same.
    """
    known, dates = _known(owner, only), _recent(ask(), at=at)
    if any(_differences(known, dates, at=at)):
        with transaction.atomic():
            if _lock(owner) is None:
                return []
            known, dates = _known(owner, only), _recent(ask(), at=at)
            _write(owner, known, dates, at=at)
            known = _known(owner, only)
    told = [entry for key, entry in known.items() if key in dates or _is_farewell(entry, at=at)]
    return sorted(told, key=lambda entry: (entry.content["start"], str(entry.pk)))


def _known(owner, only):
    rows = FeedEntry.objects.filter(owner=owner)
    return {entry.key: entry for entry in (rows.filter(key=only) if only else rows)}


def _recent(dates, *, at):
    contents = {key: each.content for key, each in dates.items()}
    return {
        key: content
        for key, content in contents.items()
        if not _is_history(content, at=at) and _last_day(content) < (at + FUTURE).date()
    }


def _differences(known, dates, *, at):
    """(keys that are new, entries that say something else now, entries whose date is no more)."""
    new = [key for key in dates if key not in known]
    other = [each for key, each in known.items() if key in dates and (each.cancelled_at or each.content != dates[key])]
    gone = [
        each
        for key, each in known.items()
        if key not in dates and not each.cancelled_at and not _is_history(each.content, at=at)
    ]
    return new, other, gone


def _write(owner, known, dates, *, at):
    new, other, gone = _differences(known, dates, at=at)
    for entry in other:
        entry.content, entry.cancelled_at = dates[entry.key], None
    for entry in gone:
        entry.cancelled_at = at
    for entry in (*other, *gone):
        entry.sequence, entry.changed_at = entry.sequence + 1, at
    FeedEntry.objects.bulk_create(FeedEntry(owner=owner, key=key, content=dates[key], changed_at=at) for key in new)
    FeedEntry.objects.bulk_update([*other, *gone], ["content", "sequence", "changed_at", "cancelled_at"])


def _is_farewell(entry, *, at):
    return entry.cancelled_at is not None and at < entry.cancelled_at + FAREWELL


def _is_history(content, *, at):
    return _last_day(content) < (at - HISTORY).date()


def _last_day(content):
    last = content["end"] or content["start"]
    return parse_datetime(last).date() if "T" in last else parse_date(last)


def _lock(owner):
    """The customer, and nobody else's until the transaction ends; None once erased."""
    return Owner.objects.active().select_for_update(no_key=True).filter(pk=owner.pk).first()


def _locked(feed):
    return Feed.objects.select_for_update(of=("self",)).select_related("owner__user").get(pk=feed.pk)


def _readdress(feed, *, by, at):
    feed.version += 1
    feed.made_by, feed.made_at = by, at
    feed.last_fetched_at = feed.revoked_at = feed.ended_at = None
    feed.save()
