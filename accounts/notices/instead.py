"""A mandatory message that no mailbox takes comes as a text message instead, where there is a telephone."""

from accounts.models import Channel

from . import kinds
from .actions import queue_delivery
from .addresses import address_of, with_addresses
from .models import Notice


def tell_by_text_instead(notice, *, at):
    """Write the text message beside an e-mail that came to nothing. Returns whether there is one to be sent now.

    Once, however often it is asked; the kind is asked again at sending whether it is still true.
    """
    if notice.channel != Channel.EMAIL or not _must_arrive(notice.kind) or notice.person is None:
        return False
    [person] = [None] if notice.is_passing else with_addresses([notice.person])
    if person is None or address_of(person, Channel.SMS)[1]:
        return False
    same = ("kind", "subject_kind", "subject_id", "owner_id", "user_id", "expires_at")
    text = Notice(
        key=notice.key.removesuffix(Channel.EMAIL) + Channel.SMS,
        channel=Channel.SMS,
        created_at=at,
        due_at=at,
        next_try_at=at,
        **{name: getattr(notice, name) for name in same},
    )
    Notice.objects.bulk_create([text], ignore_conflicts=True)
    queue_delivery()
    return True


def _must_arrive(code):
    kind = kinds.known(code)
    return bool(kind and kind.mandatory)
