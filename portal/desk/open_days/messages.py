"""Messages to those of an open day: written, looked at with how many they reach, sent once, kept."""

from django.contrib import messages as said
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from portal.bookings.errors import BookingError
from portal.bookings.messages import send_message
from portal.bookings.models.messages import readers_of

from .access import booking_for, own_open_day, posted
from .message_forms import MessageForm


@booking_for
def messages(request, pk):
    """What was sent, and the form; posted, a look at it with the count; confirmed, it is sent."""
    open_day = own_open_day(request, pk)
    form = MessageForm(posted(request), open_day=open_day)
    if request.method == "POST" and "again" not in request.POST and form.is_valid():
        given = form.cleaned_data
        readers = readers_of(open_day, slot=given["slot"], to=given["to"]).count()
        if not ("confirmed" in request.POST and readers):
            context = {"open_day": open_day, "form": form, "readers": readers, "slot": given["slot"]}
            context |= {"to": dict(form.fields["to"].choices)[given["to"]], "words": form.in_words()}
            return render(request, "desk/open_days/message_preview.html", context)
        try:
            return _sent(request, open_day, form)
        except BookingError as error:
            form.add_error(None, str(error))
    sent = open_day.messages.select_related("slot", "by")
    page = Paginator(sent, 20).get_page(request.GET.get("page"))
    return render(request, "desk/open_days/messages.html", {"open_day": open_day, "form": form, "page": page})


def _sent(request, open_day, form):
    given = form.cleaned_data
    message = send_message(
        message_id=given["message_id"],
        open_day=open_day,
        slot=given["slot"],
        to=given["to"],
        texts=form.texts(),
        by=request.user,
        at=timezone.now(),
    )
    words = ngettext("Sent to %(n)s person.", "Sent to %(n)s people.", message.people) % {"n": message.people}
    said.success(request, words)
    return redirect("desk_openday:messages", open_day.pk)
