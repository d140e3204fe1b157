"""Raising a ticket: for oneself in the portal, by mail, or by staff for somebody on the telephone.

The home's row is the lock for whatever its people raise, the owner's for how much waits. The counter of numbers is
taken after them, so that whoever raises waits for others only while a number is given.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.files.receiving import media_ahead
from accounts.models import Owner
from accounts.notices.actions import tell
from accounts.notices.messages import language_of
from progress import scope
from progress.households.actions import lock_home

from .assigning import choose, give
from .emergencies import alert, on_duty
from .errors import TicketError
from .files import MOST, attach
from .models import Counter, Step, Ticket
from .models.tickets import LONGEST
from .routing import route
from .steps import take_step

MOST_OPEN = 20  # that one person has waiting
MOST_AN_HOUR = 100  # of one home
TITLE = 60  # characters of one made from the first words
SUBJECTS = {"updates.update": "update", "documents.homedocument": "document", "journeys.milestone": "milestone"}


class _SentBeforeError(Exception):
    """The form was sent already; what came with it the second time is let go."""


def raise_ticket(
    *,
    ticket_id,
    home,
    owner,
    kind,
    component=None,
    title="",
    text,
    when_possible="",
    personal=False,
    subject=None,
    files=(),
    channel=Ticket.Channel.PORTAL,
    by,
    at,
    by_staff=False,
):
    """Raise a ticket about `home`, which is of the customer `owner`. Returns it, routed, numbered and with somebody.

    `ticket_id` comes from the form: sent twice, it still makes one. `files` are uploads, or what `MediaField` made of
    them. By staff (`by_staff`) `owner` may be None: nobody's but the home's. A danger in the words makes it an
    emergency, which is never refused for being too many.
    Raises TicketError when `owner` does not belong to the home or `by` may not, 20 of theirs wait or a hundred came
    from the home within the hour, or it says nothing or too much; FileError for a file that can't be used.
    """
    words = _checked(title=title, text=text, when_possible=when_possible, files=files, kind=kind)
    about = {"kind": kind, "component": component, "channel": channel, "by_staff": by_staff, **words, **_about(subject)}
    about["privacy"] = Ticket.Privacy.PERSONAL if personal else Ticket.Privacy.HOUSEHOLD
    try:
        with media_ahead(files, by=by) as stored:
            return _raise(ticket_id, home, owner, about, stored, by=by, at=at)
    except _SentBeforeError:
        return Ticket.objects.get(pk=ticket_id)


def _raise(ticket_id, home, owner, about, files, *, by, at):
    home = lock_home(home.pk)
    if earlier := Ticket.objects.filter(pk=ticket_id).first():
        _check_same(earlier, home=home, by=by)
        raise _SentBeforeError
    owner = _checked_owner(home, owner, by=by, by_staff=about["by_staff"])
    routing = route(about["kind"], about["component"], f"{about['title']}\n{about['text']}")
    if not about["by_staff"] and routing.priority != Ticket.Priority.EMERGENCY:
        _check_how_many(home, owner, at=at)
    ticket = Ticket.objects.create(
        pk=ticket_id,
        number=_next_number(home, at=at),
        home=home,
        development=home.development,
        owner=owner,
        raised_by=by,
        language=language_of(owner or by),
        touchpoint=routing.touchpoint,
        sensitivity=routing.sensitivity,
        team=routing.team,
        priority=routing.priority,
        reported_at=at,
        unanswered_since=None if about["by_staff"] else at,
        **about,
    )
    attach(ticket, files, by_staff=ticket.by_staff, at=at)
    data = {"kind": ticket.kind, "priority": ticket.priority, "by_staff": ticket.by_staff}
    take_step(ticket, Step.What.REPORTED, by=by, at=at, **data)
    _tell(ticket, at=at)
    return ticket


def _tell(ticket, *, at):
    """Whoever raised it has its number, one colleague has it, and of an emergency all on duty hear."""
    if ticket.owner:
        tell([ticket.owner], "ticket-received", ticket, at=at)
    colleague = choose(ticket, at=at)
    if colleague:
        give(ticket, to=colleague, by=None, at=at)
    elif not ticket.is_emergency:
        tell(on_duty(ticket.development, team=ticket.team, at=at), "ticket-unassigned", ticket, at=at)
    if ticket.is_emergency:
        alert(ticket, at=at)


def cleaned(text):
    """As it is kept: without what no database takes, lines end in one way."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _checked(*, title, text, when_possible, files, kind):
    text, title, when = cleaned(text), " ".join(cleaned(title).split()), " ".join(cleaned(when_possible).split())
    if kind not in Ticket.Kind.values:
        raise TicketError(_("Please choose what it is: a complaint, a repair, a question, a suggestion or praise."))
    if not text:
        raise TicketError(_("Please write a few words."))
    if len(text) > LONGEST or len(title) > 120 or len(when) > 300:
        raise TicketError(_("This is too long. Please say it in 4,000 characters at most."))
    if len(files) > MOST:
        raise TicketError(_("Please send ten files at most; you can add more to the conversation."))
    return {"title": title or title_of(text), "text": text, "when_possible": when}


def title_of(text):
    """The first words of a text: sixty characters at most, never half a word of those with spaces between."""
    words = " ".join(text.split())
    if len(words) <= TITLE:
        return words
    whole, space, _rest = words[:TITLE].rpartition(" ")
    return f"{whole if space and len(whole) > TITLE // 2 else words[: TITLE - 1]}…"


def _about(subject):
    if subject is None:
        return {}
    return {"subject_kind": SUBJECTS[subject._meta.label_lower], "subject_id": subject.pk}


def _check_same(earlier, *, home, by):
    if earlier.home_id != home.pk or earlier.raised_by_id != (by and by.pk):
        raise TicketError(_("This form has been sent already. Please begin anew."))


def _checked_owner(home, owner, *, by, by_staff):
    """The customer record, locked after the home. Without a login (mail) `by` is None; by staff, one who works here."""
    if by_staff and not _works_at(home, by):
        raise TicketError(_("You do not look after this home."))
    if owner is None and by_staff:
        return None
    found = owner and Owner.objects.active().select_for_update(no_key=True).filter(pk=owner.pk).first()
    belongs = found and home.ownerships.live().filter(owner=found).exists()
    themselves = by_staff or by is None or (found and found.user_id == by.pk)
    if not (belongs and themselves):
        raise TicketError(_("This is not part of your home any more."))
    return found


def _works_at(home, user):
    return type(home).objects.filter(scope.of_assigned(user, Ticket, "development"), pk=home.pk).exists()


def _check_how_many(home, owner, *, at):
    hotline = {"hotline": settings.COMPANY_HOTLINE}
    if Ticket.objects.open().filter(owner=owner).count() >= MOST_OPEN:
        raise TicketError(
            _("Twenty of your tickets wait for us. Please add to one of them, or ring %(hotline)s.") % hotline
        )
    lately = Q(home=home, reported_at__gt=at - timedelta(hours=1))
    if Ticket.objects.filter(lately).count() >= MOST_AN_HOUR:
        raise TicketError(
            _("Very much has come from your home within an hour. Please ring us, day and night: %(hotline)s.") % hotline
        )


def _next_number(home, *, at):
    """T-2611-0042: the forty-second of November 2026, by the calendar of the development. None is given twice."""
    month = at.astimezone(ZoneInfo(home.development.time_zone)).strftime("%y%m")
    Counter.objects.get_or_create(month=month)
    counter = Counter.objects.select_for_update().get(month=month)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"T-{month}-{counter.last:04}"
