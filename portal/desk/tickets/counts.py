"""How many tickets stand in each queue: counted up to a limit, so that it costs the same however many there are."""

from django.contrib.auth import get_user_model
from django.db.models import IntegerField, Subquery

MOST = 99


class CountedUpTo(Subquery):
    """How many rows a sliced queryset has; the slice is the limit."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counted(queues, user):
    """{name: number, at most one more than `MOST`} of these {name: QuerySet}. One query for all of them."""
    counts = {name: CountedUpTo(rows.order_by().values("pk")[: MOST + 1]) for name, rows in queues.items()}
    found = get_user_model().objects.filter(pk=user.pk).order_by().values(**counts).first()
    return {name: number or 0 for name, number in found.items()}  # of no rows at all Django asks nothing, and says None


def in_words(count):
    """14, or 99+."""
    return f"{MOST}+" if count > MOST else str(count)
