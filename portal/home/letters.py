"""Which messages stand in a person's inbox."""

from accounts.notices.models import Notice
from progress.former import messages_are_over


def messages_of(user, *, on, has_home=False):
    """The person's inbox, newest first. Messages to a customer end 180 days after their last home; to a login, never.

    `has_home` saves the question to whoever has found that out already.
    """
    messages = Notice.objects.for_user(user).inbox()
    if not has_home and messages_are_over(user, on=on):
        messages = messages.filter(owner__isnull=True)
    return messages
