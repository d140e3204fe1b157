"""What a visit may be, asked before it takes anybody's time."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Owner, one_line
from progress.models import Assignment

from .errors import VisitError
from .models import Absence, Visit, VisitKind, VisitSetting
from .people import belongs


def check_words(note):
    """Raises VisitError unless it is one line, and a short one."""
    if len(note) > Visit._meta.get_field("note").max_length:
        raise VisitError(_("Please keep it short: 300 characters at most."))
    try:
        one_line(note)
    except ValidationError as error:
        raise VisitError(error.messages[0]) from error


def check_wish(visit, *, kind, home, enquiry, by_staff, at):
    """Whether the visit `visit`, new or asked for, may get a time here. Raises VisitError."""
    asked = not visit._state.adding
    if asked and (visit.home_id, visit.enquiry_id, visit.kind) != (home and home.pk, enquiry and enquiry.pk, kind):
        raise VisitError(_("This form has been sent already. Please begin anew."))
    if kind not in VisitKind.values:
        raise VisitError(_("There is no visit of this kind."))
    if by_staff:
        return
    if home is None:
        raise VisitError(_("Please ring us: we book this visit with you."))
    if not asked and not VisitSetting.objects.in_force(kind, home.development).by_owners:
        raise VisitError(_("We ask you to choose a time for this visit when it is due."))
    if home.visits.of_household().live().filter(kind=kind, starts__gt=at).exists():
        raise VisitError(_("A visit of this kind is booked already. You can move it."))


def check_place(visit, *, by, by_staff):
    """Raises VisitError unless whoever acts, or whom staff act for, is of the household today."""
    if visit.home is None:
        return
    if visit.of_former_household:
        raise VisitError(_("The home has changed hands since. This visit is over."))
    acting = visit.owner if by_staff else Owner.objects.active().filter(user=by).first()
    if acting is None and by_staff:
        return
    if acting is None or not belongs(acting, visit.home, visit.kind):
        raise VisitError(_("This home is theirs no more.") if by_staff else _("This home is not yours any more."))


def check_time(visit, starts, *, person, roster, by_staff):
    """Raises VisitError when the time is past, too soon, or not one that is offered."""
    if starts < roster.at:
        raise VisitError(_("This time is past. Please choose another one."))
    day = starts.astimezone(roster.zone).date()
    if (day - roster.at.astimezone(roster.zone).date()).days > 366:
        raise VisitError(_("Please choose a day within a year."))
    if starts < roster.earliest and starts != visit.starts:
        raise VisitError(_too_soon(visit.kind, by_staff=by_staff))
    if not by_staff and not roster.first <= day <= roster.last:
        raise VisitError(_("Please choose one of the days that are offered."))
    if person is not None:
        _check_person(person, visit, day)


def _too_soon(kind, *, by_staff):
    words = _("This is too soon: a survey is booked at least one working day ahead.")
    if kind != VisitKind.SURVEY:
        words = _("This is too soon. Please choose a later time.")
    if by_staff:
        return f"{words} {_('What is urgent can be marked as such.')}"
    return f"{words} {_('In an emergency, please ring us.')}"


def _check_person(person, visit, day):
    posts = Assignment.objects.live().filter(user=person, user__is_active=True)
    if visit.development is not None:
        posts = posts.filter(Q(development=None) | Q(development=visit.development))
    if not posts.exists():
        raise VisitError(_("%(name)s does not work there. Please choose somebody else.") % {"name": person})
    if not visit.urgent and Absence.objects.filter(person=person).between(day, day).exists():
        raise VisitError(_("%(name)s is away that day. Please choose somebody else.") % {"name": person})
