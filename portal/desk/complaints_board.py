"""The complaints board on the desk: words without names, the owner's consent, and the second look."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from portal.tickets.board import actions
from portal.tickets.board.forms import WordsForm
from portal.tickets.board.models import Entry
from portal.tickets.errors import TicketError
from portal.tickets.models import Ticket

from .scoped import ScopedIndexView, ScopedModelViewSet, allowed, within

CHANGE, PUBLISH = "complaints_board.change_entry", "complaints_board.publish_entry"
TONES = {"asked": "warning", "agreed": "info", "published": "good"}


@allowed(CHANGE)
def words(request, pk):
    """The form for one ticket, with what the owner said to it so far."""
    tickets = within(Ticket, request.user).select_related("home__development", "home__building", "owner")
    ticket = get_object_or_404(tickets, pk=pk)
    timezone.activate(ticket.development.time_zone)
    entry = Entry.objects.filter(ticket=ticket).first()
    form = WordsForm(request.POST or None, instance=Entry.objects.filter(ticket=ticket).first())
    if request.method == "POST" and form.is_valid():
        try:
            actions.prepare(ticket, texts=form.texts(), by=request.user, at=timezone.now())
        except TicketError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The owner is asked. Nothing is public yet."))
            return redirect("desk_board:words", pk)
    context = {
        "ticket": ticket,
        "entry": entry,
        "form": form,
        "tone": TONES.get(entry.state, "quiet") if entry else "",
        "may_publish": entry is not None and entry.state == Entry.State.AGREED and request.user.has_perm(PUBLISH),
    }
    return render(request, "desk/board/words.html", context)


@allowed(PUBLISH)
@require_POST
def publish(request, pk):
    entry = get_object_or_404(within(Entry, request.user), ticket=pk)
    try:
        actions.publish(entry, by=request.user, at=timezone.now())
        messages.success(request, _("Published on the complaints board."))
    except TicketError as error:
        messages.error(request, str(error))
    return redirect("desk_board:words", pk)


class EntryIndexView(ScopedIndexView):
    columns = [
        TitleColumn(
            "title",
            label=gettext_lazy("Entry"),
            accessor=str,
            get_url=lambda entry: reverse("desk_board:words", args=[entry.ticket_id]),
        ),
        Column("ticket", label=gettext_lazy("Ticket"), accessor="ticket.number"),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display", sort_key="state"),
        DateColumn("asked_at", label=gettext_lazy("Asked"), sort_key="asked_at"),
        DateColumn("published_at", label=gettext_lazy("Published"), sort_key="published_at"),
    ]


class EntryViewSet(ScopedModelViewSet):
    model = Entry
    name = "desk_board"
    path = "ticket__development"
    icon = "globe"
    menu_label = gettext_lazy("Complaints board")
    menu_name = "complaints-board"
    menu_order = 13
    add_to_admin_menu = True
    inspect_view_enabled = False
    select_related = ("ticket",)
    list_filter = {"state": ["exact"], "ticket__development": ["exact"]}
    search_fields = ("title_en", "title_zh", "ticket__number")
    index_view_class = EntryIndexView
    without = ("add", "edit", "delete", "usage")
    panels = ()

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),  # first, since the menu leads to the first
            path("<uuid:pk>/words/", words, name="words"),
            path("<uuid:pk>/publish/", publish, name="publish"),
        ]
