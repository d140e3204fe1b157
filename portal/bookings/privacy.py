"""What open days hold about people: who came, with whom, and who waited for a place."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, BLANKED, WITH_ITS_ROW, After, Stays

from .models import (
    Booking,
    OpenDay,
    OpenDayChange,
    OpenDayMessage,
    Passage,
    Reminder,
    SafetyRule,
    Slot,
    Visitor,
    WaitingEntry,
    WaitingStep,
)

KEPT = 90  # days after the visit


def _over(rows, path):
    def found(*, at):
        return rows.objects.filter(**{f"{path}__lt": at - timedelta(days=KEPT)})

    return found


class AfterVisit(After):
    @property
    def label(self):
        return _("90 days after the visit")


def _needs_of_past(*, at):
    return _over(Booking, "slot__ends")(at=at).exclude(needs="")


def _needs_of_waiting(*, at):
    return _over(WaitingEntry, "slot__ends")(at=at).exclude(needs="")


def _forget_needs(rows, *, at):
    rows.model.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(needs="")


def _names_of_past(*, at):
    return _over(Visitor, "booking__slot__ends")(at=at).exclude(name="")


def _forget_names(rows, *, at):
    Visitor.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(name="")


def _visitors_of(person):
    return Visitor.objects.filter(booking__owner=person.owner) if person.owner else Visitor.objects.none()


def _passages_of(person):
    return Passage.objects.filter(booking__owner=person.owner) if person.owner else Passage.objects.none()


def _steps_of(person):
    return WaitingStep.objects.filter(entry__owner=person.owner) if person.owner else WaitingStep.objects.none()


_who_was_inside = Stays(_("stays with the home, without your name: it shows who was on the site, and when"))
_care = _("to have the right way, and help, ready for you")
_served = Stays(_("stays without your name: it shows that nobody was passed over"))

declare(
    OpenDay,
    by="guide created_by",
    plain=(
        "id development title_en title_zh summary_en summary_zh page meeting_point_en meeting_point_zh "
        "route_en route_zh bring_en bring_zh min_age buildings past_milestone opens_at closes_at change_until "
        "max_party one_per_home offer_hours rules_version state cancelled_at cancel_reason_en cancel_reason_zh "
        "copied_from created_at published_at"
    ),
)
declare(OpenDayMessage, by="by", plain="id open_day slot to title_en title_zh text_en text_zh sent_at people")
declare(OpenDayChange, by="by", plain="id open_day times before rules at")
declare(SafetyRule, plain="id open_day order icon text_en text_zh")
declare(Slot, by="guide", plain="id open_day starts ends capacity state note_en note_zh")
declare(
    Booking,
    of="owner",
    by="booked_by",
    heading=_("Your bookings of open days"),
    personal={
        (
            "open_day slot home adults children state rules_version accepted_at created_at moved_at cancelled_at "
            "cancelled_because arrived_at left_at"
        ): Personal(_("to let you onto the site, and to know who is inside"), _who_was_inside, AS_LAW_ASKS),
        "step_free": Personal(_care, BLANKED),
        "needs": Personal(_care, BLANKED, AfterVisit(KEPT, rows=_needs_of_past, act=_forget_needs)),
    },
    plain="id by_staff walk_in people exclusive code_version",
)
declare(
    Visitor,
    rows=_visitors_of,
    heading=_("The people you brought"),
    personal={
        "name": Personal(
            _("to know who is inside the site"), BLANKED, AfterVisit(KEPT, rows=_names_of_past, act=_forget_names)
        ),
        "is_child rules_version accepted_at": Personal(
            _("to know that each visitor has accepted the rules of the site"), _who_was_inside, AS_LAW_ASKS
        ),
    },
    plain="id booking order",
)
declare(
    WaitingEntry,
    of="owner",
    heading=_("Your places in the line for open days"),
    personal={
        "slot home adults children state joined_at offered_at offer_until rules_version accepted_at": Personal(
            _("to offer places in the order of asking"), _served, AS_LAW_ASKS
        ),
        "step_free": Personal(_care, BLANKED),
        "needs": Personal(_care, BLANKED, AfterVisit(KEPT, rows=_needs_of_waiting, act=_forget_needs)),
    },
    plain="id people",
)
declare(
    WaitingStep,
    rows=_steps_of,
    personal={"what at": Personal(_("to explain who was served when"), _served, WITH_ITS_ROW)},
    plain="id entry free",
)
declare(
    Passage,
    rows=_passages_of,
    by="by",
    personal={"act at received_at": Personal(_("to know who is inside the site"), _who_was_inside, AS_LAW_ASKS)},
    plain="id booking",
)
declare(Reminder, plain="id booking step starts made_at")
