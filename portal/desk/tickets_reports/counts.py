"""What tickets came to, counted by the database: a fixed number of queries, whatever the period and the number of rows.

A figure is of the tickets reported in the period. Those about what was promised, how content owners were and whom we
called afterwards are kept elsewhere, by the ticket's id, and gathered here.
"""

from collections import Counter, defaultdict
from datetime import timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, OuterRef, Q, Subquery, UUIDField
from django.db.models.functions import TruncMonth, TruncWeek

from portal.surveys.models import Satisfaction
from portal.tickets.closing.models import Call
from portal.tickets.models import Ticket
from portal.tickets.patterns.models import given_jobs
from progress.promises.models import Promise

AGES = ((0, 1), (1, 3), (3, 7), (7, 14), (14, 30), (30, None))  # days: from, below
OPEN = Q(state__in=[Ticket.State.NEW, Ticket.State.OPEN, Ticket.State.PAUSED])
SUBJECT = Ticket._meta.label_lower
BY_WEEKS = timedelta(weeks=20)  # a longer period is drawn month by month


def with_contractor(tickets):
    """Adds `contractor`: the one who has, or had, the ticket last."""
    last = given_jobs().filter(ticket=OuterRef("pk")).order_by("-given_at", "pk")
    return tickets.annotate(contractor=Subquery(last.values("contractor")[:1], output_field=UUIDField()))


def volume(tickets, *, starts, ends, zone):
    """[(beginning of the week or month, tickets reported)]; one without any is left out."""
    trunc = TruncWeek if ends - starts <= BY_WEEKS else TruncMonth
    rows = tickets.annotate(part=trunc("reported_at", tzinfo=zone)).order_by("part").values("part")
    return list(rows.annotate(reported=Count("pk")).values_list("part", "reported"))


def ages(tickets, *, at):
    """How old those are that are open now: [(from days, below days or None, tickets)]. Reopening keeps the age."""
    counted = {f"age{begins}": Count("pk", filter=_between(begins, ends, at=at)) for begins, ends in AGES}
    found = tickets.filter(OPEN).aggregate(**counted)
    return [(begins, ends, found[f"age{begins}"]) for begins, ends in AGES]


def _between(begins, ends, *, at):
    younger = Q(reported_at__gt=at - timedelta(days=ends)) if ends else Q()
    return Q(reported_at__lte=at - timedelta(days=begins)) & younger


def by(tickets, field, *, at):
    """{value of `field`: its figures}, the most reported first."""
    tickets = with_contractor(tickets).order_by()
    taken = ExpressionWrapper(F("resolved_at") - F("reported_at"), output_field=DurationField())
    rows = tickets.values(field).annotate(
        reported=Count("pk"),
        open=Count("pk", filter=OPEN),
        late=Count("pk", filter=OPEN & Q(due_at__lt=at)),
        reopened_ones=Count("pk", filter=Q(reopened__gt=0)),
        taken=Avg(taken),
    )
    more = _of_others(tickets, field)
    return {row[field]: row | more[row[field]] for row in rows.order_by("-reported", field)}


def _of_others(tickets, field):
    """{value of `field`: what the ledger of promises, the surveys and the calls say of its tickets}"""
    group = {str(pk): value for pk, value in tickets.values_list("pk", field)}
    promises = Promise.objects.filter(
        subject_kind=SUBJECT, kind__startswith="ticket-", development__in=_places(tickets)
    )
    scores = Satisfaction.objects.answered().filter(subject_kind=SUBJECT, development__in=_places(tickets))
    calls = Call.objects.after_repairs().filter(ticket__in=tickets.values("pk")).values_list("ticket", "state")
    promised, content, called = defaultdict(Counter), defaultdict(list), defaultdict(Counter)
    for subject, state in promises.values_list("subject_id", "state").iterator():
        if subject in group:
            promised[group[subject]][state] += 1
    for subject, score in scores.values_list("subject_id", "score").iterator():
        if subject in group:
            content[group[subject]].append(score)
    for ticket, state in calls:
        called[group[str(ticket)]][state] += 1
    return {
        value: _kept(promised[value]) | _content(content[value]) | _called(called[value])
        for value in set(group.values())
    }


def _places(tickets):
    return tickets.values("development").distinct()


def _kept(states):
    """Waived and void ones are no failing and don't count; one that is still open neither."""
    kept, late, missed = (states[state] for state in (Promise.State.KEPT, Promise.State.LATE, Promise.State.MISSED))
    return {"kept": kept, "promised": kept + late + missed, "kept_share": per_cent(kept, kept + late + missed)}


def _content(scores):
    return {"answers": len(scores), "score": round(sum(scores) / len(scores), 1) if scores else None}


def _called(states):
    done, owed = states[Call.State.DONE], sum(states.values()) - states[Call.State.VOID]
    return {"calls": owed, "called": done, "called_share": per_cent(done, owed)}


def per_cent(part, whole):
    return round(100 * part / whole) if whole else None
