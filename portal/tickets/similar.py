"""Which open tickets of a home may be about the same: offered before one more is raised, never in its way."""

from cms.search.words import indexed

from .models import Ticket

LOOKED_AT = 50  # open tickets of one home, the newest first
MOST = 5
SAME, NEAR = 4, 2  # points for the same component, and for one beside it
ENOUGH = 2  # points; a shared word is one
COMMON = {
    *("the", "and", "for", "with", "that", "this", "from", "have", "has", "not", "was", "are", "our", "your", "my"),
    *("in", "on", "of", "to", "is", "it", "at", "an"),
}


def similar_open(home, component, text, user):
    """The open tickets of `home` that `user` sees and that may be about the same, the likeliest first, at most five.

    They are alike by component, by what that one is part of, and by words of their titles and texts. `component` may
    be None and `text` empty: then nothing is like it. One query, and what notes of staff say plays no part.
    """
    asked = _words(text)
    tickets = Ticket.objects.for_user(user).filter(home=home).open().select_related("component__parent")
    points = {}
    for ticket in tickets.order_by("-reported_at", "-pk")[:LOOKED_AT]:
        shared = len(asked & _words(f"{ticket.title} {ticket.text}"))
        points[ticket] = _nearness(component, ticket.component) + min(shared, SAME)
    alike = [ticket for ticket, found in points.items() if found >= ENOUGH]
    return sorted(alike, key=points.get, reverse=True)[:MOST]


def _words(text):
    """Pairs of Chinese characters and whole words; a single character or letter says nothing."""
    return {word for word in indexed(text).split() if len(word) > 1} - COMMON


def _nearness(one, other):
    if one is None or other is None:
        return 0
    if one.pk == other.pk:
        return SAME
    together = {one.pk, one.parent_id} & {other.pk, other.parent_id} - {None}
    return NEAR if together and (one.system == other.system or {one.pk, other.pk} & together) else 0
