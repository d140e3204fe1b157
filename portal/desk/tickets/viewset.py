"""Tickets in the Wagtail admin: the addresses of the queues, of one ticket, and of all that is done with it."""

from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.tickets.models import Ticket

from ..scoped import ScopedInspectView, ScopedModelViewSet
from . import acts, files, queues, telephone, writing
from .access import RELATED, tickets_of
from .counts import counted, in_words
from .page import context_of


class TicketInspectView(ScopedInspectView):
    """One ticket. Opening it is noted in the log."""

    template_name = "desk/tickets/ticket.html"

    def get_context_data(self, **kwargs):
        timezone.activate(self.object.development.time_zone)
        return super().get_context_data(**context_of(self.object, self.request.user), **kwargs)


def mine(user):
    """How many open tickets this person looks after, in words; "" for none."""
    count = counted({"mine": tickets_of(user).open().mine(user)}, user)["mine"]
    return in_words(count) if count else ""


class TicketViewSet(ScopedModelViewSet):
    model = Ticket
    icon = "comment"
    menu_label = _("Tickets")
    menu_name = "tickets"
    menu_order = 1
    add_to_admin_menu = True
    select_related = RELATED
    inspect_view_class = TicketInspectView
    without = ("index", "index_results", "add", "edit", "delete", "usage")
    panels = ()

    @cached_property
    def menu_item_class(self):
        """The menu says how many are one's own."""

        def render_component(item, request):
            component = super(item_class, item).render_component(request)
            if waiting := mine(request.user):
                component.label = f"{component.label} ({waiting})"
            return component

        item_class = type("TicketMenuItem", (super().menu_item_class,), {"render_component": render_component})
        return item_class

    def get_urlpatterns(self):
        own = [
            path("", queues.queues, name="index"),
            path("raise/", telephone.find, name="raise"),
            path("raise/<uuid:home_id>/", telephone.write_down, name="raise_at"),
            path("files/<uuid:pk>/<slug:variant>/", files.file, name="file"),
            path("<uuid:pk>/reply/", writing.reply, name="reply"),
            path("<uuid:pk>/note/", writing.note, name="note"),
            path("<uuid:pk>/sentence/", writing.sentence, name="sentence"),
            *(path(f"<uuid:pk>/{name}/", acts.page_of(name), name=name) for name in acts.ACTS),
            *(path(f"<uuid:pk>/{name}/", view, name=name) for name, view in acts.AT_ONCE.items()),
        ]
        return [*own, *super().get_urlpatterns()]
