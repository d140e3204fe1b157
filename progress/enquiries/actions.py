"""An enquiry comes in: kept once, promised an answer, told to the staff, confirmed to its sender."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.models import User
from accounts.notices.actions import tell
from progress import scope
from progress.calendar.clock import clock_of
from progress.models import Assignment
from progress.promises.actions import open_promise

from .models import ConsentText, Enquiry, Note
from .sender import confirm_to_sender
from .times import SurveyError, answer_due, check_survey

SAME_WITHIN = timedelta(minutes=10)
MOST_ADDED = 5  # what comes again within these minutes and says something else
TEAMS = (Assignment.Role.CUSTOMER_SERVICE, Assignment.Role.SUPERVISOR)


class EnquiryError(Exception):
    """Refused. The message is worded for the person who reads it; `field` of the form is at fault."""

    def __init__(self, message, *, field=None):
        super().__init__(message)
        self.field = field


@transaction.atomic
def receive(*, enquiry_id, consent_version, language, given, at):
    """Keep what was asked for: `given`, the fields of an Enquiry.

    The newest consent text's row is the lock: one enquiry after the other. `enquiry_id` comes from the form: sent
    twice, it makes one enquiry. By the same person from the same telephone about the same within ten minutes it is one
    as well, and what was said differently is noted there. Raises EnquiryError when the consent text is another one by
    now, the day of the survey is not possible, or the form was used for something else.
    """
    consent = ConsentText.objects.select_for_update().order_by("-version").first()
    if earlier := Enquiry.objects.filter(pk=enquiry_id).first():
        return _same(earlier, given)
    if consent is None or consent.version != consent_version:
        raise EnquiryError(_("Our words about your details have changed. Please read them and send it again."))
    if twin := _twin_of(given, at=at):
        return _added_to(twin, given, at=at)
    clock = clock_of(given["development"])
    _check_survey(given, clock=clock, at=at)
    enquiry = Enquiry.objects.create(
        pk=enquiry_id, reference=_reference(), consent=consent, language=language, created_at=at, **given
    )
    record("received", enquiry, by=None)
    _promise_answer(enquiry, clock=clock, at=at)
    tell(staff_for(enquiry), "enquiry-emergency" if enquiry.emergency else "enquiry-arrived", enquiry, at=at)
    confirm_to_sender(enquiry, at=at)
    return enquiry


def _same(earlier, given):
    """What a form made that is sent once more. What was corrected since, or is somebody else's, needs a form anew."""
    if any(getattr(earlier, name) != value for name, value in given.items()):
        raise EnquiryError(_("This form has been sent already. Please look it over and send it again."))
    return earlier


def _check_survey(given, *, clock, at):
    """An emergency goes at once, whatever day was wished for."""
    if given["survey_on"] and not given["emergency"]:
        try:
            check_survey(given["survey_on"], clock=clock, at=at)
        except SurveyError as error:
            raise EnquiryError(str(error), field="survey_on") from None


def _twin_of(given, *, at):
    """What the same person sent from the same telephone about the same a moment ago. An emergency is never taken for
    anything less; and whoever knows a number alone is not shown what was asked from it."""
    same = {name: given[name] for name in ("name", "phone", "kind", "emergency")}
    found = Enquiry.objects.filter(**same, created_at__gt=at - SAME_WITHIN).exclude(state=Enquiry.State.SPAM)
    return found.order_by("created_at").first()


def _added_to(twin, given, *, at):
    """Whatever was said differently the second time is kept beside the first."""
    fields = {field.name: field for field in Enquiry._meta.concrete_fields}
    changed = {name: value for name, value in given.items() if value and value != getattr(twin, name)}
    lines = [f"{fields[name].verbose_name}: {value}" for name, value in changed.items()]
    if lines and twin.notes.filter(by=None).count() < MOST_ADDED:
        Note.objects.create(enquiry=twin, text="\n".join(lines)[:2000], by=None, at=at)
        record("amended", twin, by=None)
    return twin


def _reference():
    """Eight digits, as one reads them out over the telephone. They say nothing of how many there are."""
    while True:
        number = f"{secrets.randbelow(10_000):04d}-{secrets.randbelow(10_000):04d}"
        if not Enquiry.objects.filter(reference=number).exists():
            return number


def _promise_answer(enquiry, *, clock, at):
    return open_promise(
        key=f"enquiry:{enquiry.pk}",
        kind="enquiry-emergency" if enquiry.emergency else "enquiry-confirmed",
        development=enquiry.development,
        due_at=answer_due(emergency=enquiry.emergency, clock=clock, at=at),
        subject=enquiry,
        by=None,
        at=at,
    )


def staff_for(enquiry):
    """Who is told: customer service of its development, else the supervisors; in an emergency both.

    Of none, whoever works everywhere. Where nobody is assigned, the administrators.
    """
    here = Q(development__isnull=True)
    if enquiry.development_id:
        here |= Q(development=enquiry.development_id)
    told = {}
    for role in TEAMS:
        if not told or enquiry.emergency:
            posts = Assignment.objects.live().filter(here, role=role)
            told |= {user.pk: user for user in _who_may(User.objects.filter(pk__in=posts.values("user")))}
    return list(told.values()) or _who_may(User.objects.filter(is_superuser=True))


def _who_may(users):
    return [user for user in users.order_by("pk") if scope.may_view(user, Enquiry)]
