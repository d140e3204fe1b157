"""What staff write to those who are booked, wait or came: looked at first, sent once, kept with how many were told."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.notices.circulars import tell_all

from .errors import BookingError
from .locking import lock_open_day
from .models import OpenDayMessage
from .models.messages import readers_of

KIND = "open-day-message"


@transaction.atomic
def send_message(*, message_id, open_day, slot, to, texts, by, at):
    """Tell the readers whom `slot` (None: all) and `to` name, now. Returns the OpenDayMessage.

    `texts`: title_en, title_zh, text_en, text_zh. The same id again is the same message, told once. Raises
    BookingError when there is nobody to tell, no language has both texts, or the id is another open day's.
    """
    lock_open_day(open_day)  # of two clicks at once the second sees the first
    sent = OpenDayMessage.objects.filter(pk=message_id).first()
    if sent:
        if sent.open_day_id != open_day.pk:
            raise BookingError(_("This form has been used already. Please open it again."))
        return sent
    if slot is not None and slot.open_day_id != open_day.pk:
        raise BookingError(_("This time belongs to another open day."))
    if not any(texts[f"title_{language}"] and texts[f"text_{language}"] for language in ("en", "zh")):
        raise BookingError(_("Please write title and text in at least one language."))
    people = readers_of(open_day, slot=slot, to=to).count()
    if not people:
        raise BookingError(_("Nobody would read it: there is no such booking."))
    message = OpenDayMessage.objects.create(
        id=message_id, open_day=open_day, slot=slot, to=to, by=by, sent_at=at, people=people, **texts
    )
    record("sent", message, by=by)
    tell_all(KIND, message, at=at)
    return message
