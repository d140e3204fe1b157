"""Making an open day known, changing it in the open, calling it off. Its times: `times`; another like it: `copying`."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record, record_each
from accounts.notices.circulars import tell_all
from accounts.notices.many import Occasion, tell_each
from cms import open_days as public

from . import waiting
from .copying import copy_open_day
from .errors import BookingError
from .households import told_of
from .locking import lock_with_slots
from .models import Booking, OpenDay, OpenDayChange, SafetyRule, Slot
from .models.open_days import LARGEST_PARTY, LONGEST_OFFER, OLDEST_CHILD
from .times import add_slot, new_slot_times, remove_slot

__all__ = [
    "add_slot",
    "cancel_open_day",
    "cancel_slot",
    "change_open_day",
    "change_slot",
    "copy_open_day",
    "publish_open_day",
    "remove_slot",
    "tells",
]

PLACE = ("meeting_point_en", "meeting_point_zh", "route_en", "route_zh")
TEXTS = ("title_en", "title_zh", "summary_en", "summary_zh", *PLACE, "bring_en", "bring_zh")
TERMS = ("opens_at", "closes_at", "change_until", "max_party", "one_per_home", "offer_hours", "min_age")
FIELDS = (*TEXTS, *TERMS, "past_milestone", "guide", "page")


def tells(changes):
    """Whether these changes of a published open day are told to those who have booked it."""
    return bool({*PLACE, "rules", "slots"} & set(changes))


@transaction.atomic
def publish_open_day(open_day, *, by, at):
    """Make it known to its audience, who are told. Published already, it stays as it is.

    Raises BookingError without a time to come or a place to meet, or when it is open to nobody.
    """
    open_day, slots = lock_with_slots(open_day)
    if open_day.is_published:
        return open_day
    if open_day.is_cancelled:
        raise BookingError(_("This open day has been called off. Please copy it instead."))
    _refuse_terms(open_day)
    _refuse_unfinished(open_day, slots.values(), at=at)
    if not open_day.people().exists():
        raise BookingError(_("Nobody would see it: no home that it is open to has an owner in the portal."))
    open_day.state, open_day.published_at = OpenDay.State.PUBLISHED, at
    open_day.save(update_fields=["state", "published_at"])
    record("published", open_day, by=by)
    public.changed()
    tell_all("open-day-published", open_day, at=at, expires=open_day.closes_at)
    return open_day


def _refuse_unfinished(open_day, slots, *, at):
    if not (open_day.meeting_point_en or open_day.meeting_point_zh):
        raise BookingError(_("Please say where visitors meet."))
    if not any(slot.is_open and not slot.has_begun(at=at) for slot in slots):
        raise BookingError(_("Please add at least one time that is still to come."))
    if open_day.closes_at <= at:
        raise BookingError(_("Booking would be closed already. Please look at when it closes."))


@transaction.atomic
def change_open_day(open_day, *, changes, by, at):
    """Write {field: value}; also "buildings" (rows), "rules" ([{"icon", "text_en", "text_zh"}, …]) and
    "slots" ({key: {"starts", "ends", "capacity", "guide"}}). What stands there already is no change.

    Of a published one, another time or place is told to those whom it concerns: one message a person, however much
    has changed. Other rules get another version, to be accepted anew. Raises BookingError; `bookings` are those for
    which a capacity would be too small.
    """
    open_day, slots = lock_with_slots(open_day)
    if open_day.is_cancelled:
        raise BookingError(_("This open day has been called off. It can't be changed any more."))
    new = _new_values(open_day, changes)
    noted = OpenDayChange(open_day=open_day, by=by, at=at)
    noted.before = {name: getattr(open_day, name) for name in PLACE if name in new}
    for name, value in new.items():
        setattr(open_day, name, value)
    _refuse_terms(open_day)
    if "buildings" in changes:
        open_day.buildings.set(changes["buildings"])
    noted.rules = "rules" in changes and _write_rules(open_day, changes["rules"])
    noted.times = new_slot_times(slots, changes.get("slots", {}), at=at)
    open_day.save()
    record("changed", open_day, by=by)
    if open_day.is_published:
        public.changed()
        if noted.before or noted.times or noted.rules:
            noted.save()
            tell_all("open-day-changed", noted, at=at, expires=_over(open_day, slots.values()))
        _offer_anew(slots.values(), at=at)
    return open_day


def _over(open_day, slots):
    """When nobody needs to hear of it any more; all its times may have been taken away."""
    return max((slot.ends for slot in slots), default=open_day.closes_at)


def _new_values(open_day, changes):
    unknown = set(changes) - {*FIELDS, "buildings", "rules", "slots"}
    if unknown:
        raise ValueError(f"No fields of an open day that may change: {sorted(unknown)}")
    return {name: changes[name] for name in FIELDS if name in changes and changes[name] != getattr(open_day, name)}


def _refuse_terms(open_day):
    """What the database would refuse, in words."""
    if not (open_day.title_en or open_day.title_zh):
        raise BookingError(_("Please give a title in at least one language."))
    if open_day.closes_at <= open_day.opens_at:
        raise BookingError(_("Booking has to close after it opens."))
    if not 1 <= open_day.max_party <= LARGEST_PARTY:
        raise BookingError(_("A party has one person at least, and %(count)d at most.") % {"count": LARGEST_PARTY})
    if not 1 <= open_day.offer_hours <= LONGEST_OFFER:
        raise BookingError(_("A freed place is held for an hour at least, and for a week at most."))
    if not 0 <= open_day.min_age <= OLDEST_CHILD:
        raise BookingError(_("Children are younger than that."))


def _write_rules(open_day, rules):
    """Replace the rules. Returns whether they are others than before; published, they get another version."""
    names = ("icon", "text_en", "text_zh")
    wanted = [tuple(rule[name] for name in names) for rule in rules]
    if wanted == list(open_day.rules.values_list(*names)):
        return False
    if any(not (text_en or text_zh) for _icon, text_en, text_zh in wanted):
        raise BookingError(_("Please write each rule in at least one language."))
    open_day.rules.all().delete()
    SafetyRule.objects.bulk_create(
        SafetyRule(open_day=open_day, order=order, **dict(zip(names, rule, strict=True)))
        for order, rule in enumerate(wanted)
    )
    if not open_day.is_draft:
        open_day.rules_version += 1
    return True


def _offer_anew(slots, *, at):
    """What an open day's change has made room for, or made time for."""
    for slot in slots:
        waiting.make_offers(slot, at=at)


def change_slot(slot, *, by, at, **values):
    """Another time or capacity: `starts`, `ends`, `capacity`, `guide`. See `change_open_day`; returns the Slot."""
    change_open_day(slot.open_day, changes={"slots": {slot.pk: values}}, by=by, at=at)
    return Slot.objects.select_related("open_day__development").get(pk=slot.pk)


@transaction.atomic
def cancel_open_day(open_day, *, reason_en="", reason_zh="", because=Booking.Because.OPEN_DAY, by, at):
    """Call it off, with whatever of it has not ended, and tell everybody who was booked. Called off, it stays so.

    `because`: "open_day" or "weather". Raises BookingError without a reason, for a draft, and when it is over.
    """
    open_day, slots = lock_with_slots(open_day)
    if open_day.is_cancelled:
        return open_day
    if open_day.is_draft:
        raise BookingError(_("This open day is not published yet. Nobody has to be told."))
    if open_day.is_over(at=at):
        raise BookingError(_("This open day is over. It can't be called off any more."))
    reasons = _reasons(reason_en, reason_zh)
    open_day.state, open_day.cancelled_at = OpenDay.State.CANCELLED, at
    open_day.cancel_reason_en, open_day.cancel_reason_zh = reasons
    open_day.save(update_fields=["state", "cancelled_at", "cancel_reason_en", "cancel_reason_zh"])
    record("called off", open_day, by=by, reason=because)
    public.changed()
    coming = [slot.pk for slot in slots.values() if slot.ends > at]
    _cancel_bookings(coming, because=because, by=by, at=at)
    tell_all("open-day-cancelled", open_day, at=at)
    for pk in coming:
        slots[pk].open_day = open_day
    waiting.close_line(coming, at=at)
    return open_day


@transaction.atomic
def cancel_slot(slot, *, reason_en="", reason_zh="", because=Booking.Because.SLOT, by, at):
    """Call off one time, and tell those who were booked. Called off already, it stays so.

    `because`: "slot" or "weather". Raises BookingError without a reason, or when the time is over.
    """
    open_day, slots = lock_with_slots(slot.open_day)
    slot = slots[slot.pk]
    if not slot.is_open:
        return slot
    if open_day.is_cancelled or slot.ends <= at:
        raise BookingError(_("This time is over, or called off with its open day."))
    slot.note_en, slot.note_zh = _reasons(reason_en, reason_zh)
    slot.state = Slot.State.CANCELLED
    slot.save(update_fields=["state", "note_en", "note_zh"])
    record("called off", slot, by=by, reason=because)
    public.changed()
    hit = _cancel_bookings([slot.pk], because=because, by=by, at=at)
    to = told_of(hit)
    occasions = [Occasion(subject=booking, to=to[booking.pk], due=at) for booking in hit]
    tell_each(occasions, "booking-called-off", at=at)
    waiting.close_line([slot.pk], at=at)
    return slot


def _reasons(reason_en, reason_zh):
    reasons = [" ".join(reason.split()) for reason in (reason_en, reason_zh)]
    if not any(reasons):
        raise BookingError(_("Please say why; the owners read it."))
    return reasons


def _cancel_bookings(slots, *, because, by, at):
    """Cancel whoever has not arrived, under the locks of these slots (keys). Returns the bookings."""
    rows = Booking.objects.select_for_update(no_key=True, of=("self",)).booked().filter(slot__in=slots)
    hit = list(rows.order_by("pk"))
    values = {"state": Booking.State.CANCELLED, "cancelled_at": at, "cancelled_because": because}
    Booking.objects.filter(pk__in=[booking.pk for booking in hit]).update(**values)
    record_each("cancelled", hit, by=by)
    return hit
