"""What is left to somebody who had a home: their messages, for a while."""

from datetime import timedelta

from django.db.models import Max

from .models import Ownership, RightState

MESSAGES_KEPT = timedelta(days=180)


def messages_are_over(user, *, on):
    """Whether the person's last home ended 180 days ago or longer, and none is to come."""
    ties = Ownership.objects.filter(owner__user=user)
    if ties.exclude(state=RightState.ENDED).exists():
        return False
    last = ties.aggregate(last=Max("until"))["last"]
    return last is not None and last + MESSAGES_KEPT <= on
