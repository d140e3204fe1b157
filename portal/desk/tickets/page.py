"""One ticket on the desk: what was said and done, what can be done next, and the home's file beside it."""

from django.shortcuts import render
from django.utils import timezone

from portal.tickets.clocks.showing import shown as clocks_shown
from portal.tickets.closing.warranty import decision_of
from portal.tickets.macros.models import Macro
from portal.tickets.subjects import subject_of
from portal.visits.models import Visit

from .access import CHANGE
from .beside import file_of
from .choices import acts_for, asked_of_owner, first_acts
from .forms import NoteForm, ReplyForm
from .queues import STATE_TONES
from .talk import conversation


def context_of(ticket, user, *, seen_steps=None, reply=None, note=None):
    """What the page shows. `reply`, `note`: forms that were refused, with what was written in them."""
    now, may_change = timezone.now(), user.has_perm(CHANGE)
    writable = may_change and ticket.state != ticket.State.MERGED
    return {
        "ticket": ticket,
        "about": subject_of(ticket),
        "tone": STATE_TONES.get(ticket.state, "quiet"),
        "clocks": clocks_shown(ticket, now, staff=True),
        "entries": conversation(ticket, seen_steps=seen_steps),
        "beside": file_of(ticket, user),
        "visits": linked_visits(ticket, user),
        "acts": acts_for(ticket) if may_change else [],
        "first_acts": first_acts(ticket) if may_change else None,
        "asked": asked_of_owner(ticket),
        "decision": decision_of(ticket),
        "may_change": may_change,
        "reply_form": (reply or ReplyForm(ticket=ticket)) if writable else None,
        "note_form": (note or NoteForm(ticket=ticket)) if writable else None,
        "notes_first": note is not None,
        "macros": list(Macro.objects.in_use()) if writable else [],
        "merged_here": list(ticket.merged.order_by("reported_at")),
        "today": timezone.localdate(),
    }


def linked_visits(ticket, user):
    """The visits that were asked for because of this ticket, the last first."""
    visits = Visit.objects.of_staff(user).filter(subject_kind="tickets.ticket", subject_id=str(ticket.pk))
    return list(visits.select_related("person").order_by("-starts", "-pk"))


def shown(request, ticket, **forms):
    """The page with a form that was refused."""
    return render(request, "desk/tickets/ticket.html", context_of(ticket, request.user, **forms))
