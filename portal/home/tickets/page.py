"""What the page of one ticket shows: what waits for whom, by when, who has it, and what its people may do."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.tickets.board.models import Entry as BoardEntry
from portal.tickets.clocks.models import Pause
from portal.tickets.clocks.pausing import may_answer
from portal.tickets.clocks.showing import shown
from portal.tickets.closing import moments, scores
from portal.tickets.closing.models import Call, Resolution, ServiceSheet
from portal.tickets.closing.warranty import decision_of
from portal.tickets.formal.models import FormalComplaint
from portal.tickets.models import Ticket
from portal.tickets.subjects import subject_of
from portal.visits.models import Visit

from .forms import NotFixedForm, ReplyForm, ScoreForm
from .own import is_mine, may_act
from .talk import talk_of

State = Ticket.State
STATES = {  # in words for whoever waits
    State.NEW: ("info", pgettext_lazy("a ticket", "we have it")),
    State.OPEN: ("info", pgettext_lazy("a ticket", "in hand")),
    State.PAUSED: ("quiet", pgettext_lazy("a ticket", "waits")),
    State.RESOLVED: ("", pgettext_lazy("a ticket", "waits for you")),
    State.MERGED: ("quiet", State.MERGED.label),  # only for whoever does not see the other one
}
ASKED = {  # the question of the main card, by what came of it
    "fixed": gettext_lazy("Fixed? You say so"),
    "answered": gettext_lazy("Is that an answer?"),
    "not_covered": gettext_lazy("Not covered: is that clear?"),
}


def state_of(ticket):
    """(tone, words, whether it waits for its people) of a ticket, as the badge has them."""
    if ticket.is_emergency and ticket.is_open:
        return "danger", ticket.get_priority_display(), False
    if ticket.state in STATES:
        tone, words = STATES[ticket.state]
        return tone, str(words), ticket.state == State.RESOLVED
    return ("good" if ticket.outcome == "fixed" else "quiet"), ticket.get_outcome_display(), False


def next_step(ticket):
    """What comes next and whose turn it is, in a sentence."""
    name = ticket.assignee.name if ticket.assignee else ""
    if ticket.state == State.RESOLVED:
        return _("Your turn: please look, and say whether it is done.")
    if ticket.state in (State.CLOSED, State.MERGED):
        return ""
    if ticket.state == State.PAUSED:
        return _("It waits, as was agreed; we look at it again by ourselves.")
    if not name:
        return _("We choose who looks after it, and answer you.")
    sentence = _("%(name)s answers you first.") if ticket.state == State.NEW else _("%(name)s looks after it.")
    return sentence % {"name": name}


def page_of(request, ticket, *, at, reply=None, refusal=None, score=None):
    """The context; `reply`, `refusal` and `score` are forms that were refused."""
    acts, mine = may_act(request, ticket), is_mine(request, ticket)
    tone, words, waits = state_of(ticket)
    asked = scores.question_for(ticket, request.user, at=at) if acts else None
    decision = decision_of(ticket)
    return {
        "home": ticket.home,
        "ticket": ticket,
        "about": subject_of(ticket),
        "badge": {"tone": tone, "words": words, "waits": waits},
        "next_step": next_step(ticket),
        "acts": acts,
        "is_mine": mine,
        "clocks": shown(ticket, at),
        "call": _call(ticket),
        "visits": _visits(ticket),
        "people": _people(ticket),
        "decision": decision,
        "covered": decision.get_covered_display() if decision else "",
        "sheets": ServiceSheet.objects.filter(ticket=ticket, pdf__isnull=False),
        "entries": talk_of(ticket, request.user),
        "score_form": (score or ScoreForm()) if asked else None,
        **_to_decide(request, ticket, acts=acts, refusal=refusal),
        **_ways(ticket, acts=acts, mine=mine, at=at, reply=reply),
    }


def _to_decide(request, ticket, *, acts, refusal):
    """The card at the top: the resolution that waits for a word, or the pause that waits for agreement."""
    resolution = Resolution.objects.filter(ticket=ticket).order_by("-at", "-pk").first()
    waits = resolution if ticket.state == State.RESOLVED and resolution and resolution.is_open else None
    asked = Pause.objects.filter(ticket=ticket, state=Pause.State.ASKED).first() if ticket.is_open else None
    running = Pause.objects.filter(ticket=ticket, state=Pause.State.RUNNING).first() if ticket.is_open else None
    return {
        "resolution": resolution,
        "waiting": waits if acts else None,
        "asked_words": ASKED.get(ticket.outcome, _("Is that in order for you?")),
        "closes_at": moments.closes_at(waits) if waits and not ticket.unanswered_since else None,
        "refusal_form": refusal or NotFixedForm(),
        "refused": refusal is not None,
        "asked_pause": asked if asked and acts and may_answer(ticket, request.user) else None,
        "running_pause": running,
    }


def _ways(ticket, *, acts, mine, at, reply):
    """What the person may do besides, each only where it can be done."""
    can_reopen = acts and moments.can_be_reopened(ticket, at=at)
    complaint = FormalComplaint.objects.filter(ticket=ticket).exists() if mine else False
    return {
        "reply_form": (reply or ReplyForm()) if acts and ticket.state not in (State.CLOSED, State.MERGED) else None,
        "can_reopen": can_reopen,
        "reopen_until": moments.last_day_to_reopen(ticket) if can_reopen else None,
        "can_withdraw": acts and mine and (ticket.is_open or ticket.state == State.RESOLVED),
        "can_share": acts and mine,
        "can_complain": mine and (complaint or acts),
        "has_complaint": complaint,
        "on_board": mine and BoardEntry.objects.filter(ticket=ticket).exists(),
    }


def _call(ticket):
    """The call after a repair that is still owed."""
    return Call.objects.due().filter(ticket=ticket, why=Call.Why.REPAIR).first()


def _visits(ticket):
    visits = Visit.objects.of_household().filter(subject_kind="tickets.ticket", subject_id=str(ticket.pk))
    return list(visits.select_related("person").order_by("-starts", "-pk")[:3])


def _people(ticket):
    """[(name, what they do)]: who answers for it, and those of us who wrote, each once."""
    people = {}
    if ticket.assignee:
        people[ticket.assignee_id] = (ticket.assignee.name, _("Looks after it from beginning to end"))
    writers = ticket.messages.public().filter(by_staff=True).select_related("author")
    for message in writers:
        people.setdefault(message.author_id, (message.author.name, _("Works on it, too")))
    return list(people.values())[:4]
