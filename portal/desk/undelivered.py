"""Messages that could not be delivered, for those who then reach people in another way."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from accounts.models import Owner
from accounts.notices import kinds
from accounts.notices.actions import try_again
from accounts.notices.models import Notice
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


def about(notice):
    """What the message is about, in words; a kind that no longer exists keeps its code."""
    try:
        return kinds.get(notice.kind).label
    except kinds.UnknownKindError:
        return notice.kind


def undelivered(user):
    """Notices that failed for good, to people of the developments that `user` sees."""
    return within(Notice, user).undelivered()


class UndeliveredIndexView(ScopedIndexView):
    page_title = _("Undelivered messages")

    columns = [
        TitleColumn(
            "person",
            label=_("To"),
            get_url=lambda notice: reverse("desk_undelivered:inspect", args=[notice.pk]),
        ),
        Column("channel", label=_("Channel"), accessor="get_channel_display"),
        Column("kind", label=_("About"), accessor=about),
        Column("reason", label=_("Why"), accessor="explanation"),
        DateColumn("created_at", label=_("Since"), sort_key="created_at"),
    ]

    def rows(self):
        return undelivered(self.request.user).select_related(*self.select_related)


class UndeliveredInspectView(ScopedInspectView):
    template_name = "desk/undelivered.html"

    def rows(self):
        return undelivered(self.request.user)


@require_POST
def again(request, pk):
    """Send it once more, as when an address or the mail server has been mended."""
    notice = get_object_or_404(undelivered(request.user), pk=pk)
    if try_again(notice, by=request.user, at=timezone.now()):
        messages.success(request, gettext("It is tried again now."))
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
    select_related = ("owner", "user", "invitation__owner")
    ordering = "-created_at"
    list_filter = ["channel"]
    search_fields = ("owner__name", "owner__customer_no")
    inspect_view_fields = ["owner", "user", "channel", "kind", "reason", "failures", "created_at"]
    index_view_class = UndeliveredIndexView
    inspect_view_class = UndeliveredInspectView
    without = ("add", "edit", "delete", "usage", "history", "history_results")
    panels = ()

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<uuid:pk>/again/", again, name="again")]  # the first is the menu's
