"""Messages that could not be delivered, for those who then reach people in another way."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from accounts.models import Owner
from accounts.notices.actions import try_again
from accounts.notices.circulars import go_on
from accounts.notices.models import Circular, Notice
from accounts.notices.outcomes import about, outcome_of
from progress.scope import may_view

from .scoped import (
    ScopedIndexView,
    ScopedInspectView,
    ScopedModelViewSet,
    ScopedPolicy,
    narrow,
    within,
    works_everywhere,
)


def undelivered(user):
    """Notices that failed for good or came back, to people of the developments that `user` sees."""
    return within(Notice, user).undelivered()


def stopped(user):
    """What was to be told to many, and broke off: for those who see the messages of all developments."""
    rows = Circular.objects.stopped()
    return rows if works_everywhere(user) and may_view(user, Notice) else rows.none()


class UndeliveredIndexView(ScopedIndexView):
    page_title = _("Undelivered messages")
    template_name = "desk/undelivered_list.html"

    columns = [
        TitleColumn(
            "person",
            label=_("To"),
            get_url=lambda notice: reverse("desk_undelivered:inspect", args=[notice.pk]),
        ),
        Column("channel", label=_("Channel"), accessor="get_channel_display"),
        Column("kind", label=_("About"), accessor=about),
        Column(
            "outcome",
            label=pgettext_lazy("of a message", "What became of it"),
            accessor=lambda notice: capfirst(outcome_of(notice).label),
        ),
        Column("reason", label=pgettext_lazy("the reason", "Why"), accessor="explanation"),
        DateColumn("created_at", label=_("Since"), sort_key="created_at"),
    ]

    def rows(self):
        return undelivered(self.request.user).select_related(*self.select_related)

    def get_context_data(self, **kwargs):
        """Beside the list: what may have come twice, which nobody can tell for certain; and what broke off."""
        repeated = within(Notice, self.request.user).perhaps_repeated().count()
        broken_off = [(circular, about(circular)) for circular in stopped(self.request.user)]
        return super().get_context_data(repeated=repeated, broken_off=broken_off, **kwargs)


LABELS = {"person": _("To"), "kind": _("About"), "reason": pgettext_lazy("the reason", "Why"), "created_at": _("Since")}


class UndeliveredInspectView(ScopedInspectView):
    template_name = "desk/undelivered.html"

    def rows(self):
        return undelivered(self.request.user).select_related(*UndeliveredViewSet.select_related)

    def get_page_subtitle(self):
        return str(self.object.person)

    def get_field_label(self, field_name, field):
        return LABELS.get(field_name) or super().get_field_label(field_name, field)

    def get_kind_display_value(self):
        return about(self.object)

    def get_reason_display_value(self):
        return self.object.explanation

    def get_created_at_display_value(self):
        return date_format(timezone.localtime(self.object.created_at), "DATETIME_FORMAT")


@require_POST
def again(request, pk):
    """Send it once more, as when an address or the mail server has been mended."""
    notice = get_object_or_404(undelivered(request.user), pk=pk)
    if try_again(notice, by=request.user, at=timezone.now()):
        messages.success(request, gettext("It is tried again now."))
    return redirect("desk_undelivered:index")


@require_POST
def circular_again(request, pk):
    """Go on telling the rest, as when what stopped it has been mended."""
    circular = get_object_or_404(stopped(request.user), pk=pk)
    if go_on(circular, by=request.user):
        messages.success(request, gettext("The others are told now."))
    return redirect("desk_undelivered:index")


class NoticePolicy(ScopedPolicy):
    """Messages to the customers of one's developments, and the invitations that were sent to them."""

    def within(self, user):
        if works_everywhere(user) or not may_view(user, Notice):
            return super().within(user)
        owners = narrow(Owner.objects.all(), user)
        return Notice.objects.filter(Q(owner__in=owners) | Q(invitation__owner__in=owners))


class UndeliveredViewSet(ScopedModelViewSet):
    model = Notice
    name = "desk_undelivered"
    path = "owner__ownerships__home__development"
    policy_class = NoticePolicy
    icon = "warning"
    menu_label = _("Undelivered")
    menu_order = 50
    add_to_admin_menu = True
    select_related = ("owner", "user", "invitation__owner", "guest")
    ordering = "-created_at"
    list_filter = ["channel"]
    search_fields = ("owner__name", "owner__customer_no")
    inspect_view_fields = ["person", "channel", "kind", "reason", "created_at"]
    index_view_class = UndeliveredIndexView
    inspect_view_class = UndeliveredInspectView
    without = ("add", "edit", "delete", "usage", "history", "history_results")
    panels = ()

    def get_urlpatterns(self):
        ours = [
            path("<uuid:pk>/again/", again, name="again"),
            path("circulars/<uuid:pk>/again/", circular_again, name="circular-again"),
        ]
        return [*super().get_urlpatterns(), *ours]  # the first is the menu's
