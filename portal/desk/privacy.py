"""Customers who want to be erased: what would happen, and the answer. Only for who sees all that they have."""

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from accounts.again import ask_again
from accounts.privacy import erasure
from accounts.privacy.downloads import PrivacyError
from accounts.privacy.models import ErasureRequest
from progress.models import Ownership
from progress.scope import may_view

from .scoped import ScopedIndexView, ScopedInspectView, ScopedModelViewSet, ScopedPolicy, within, works_everywhere
from .transfers import moment

PERMISSION = "privacy.change_erasurerequest"


class WholeRecordPolicy(ScopedPolicy):
    """An erasure concerns the whole record: about a customer with another home elsewhere decides who sees both."""

    def within(self, user):
        rows = super().within(user)
        if works_everywhere(user):
            return rows
        elsewhere = Ownership.objects.filter(owner=OuterRef("owner")).exclude(
            pk__in=within(Ownership, user).values("pk")
        )
        return rows.exclude(Exists(elsewhere))


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The customer reads this, as you write it."),
    )


def _found(request, pk):
    if not request.user.has_perm(PERMISSION):
        raise Http404
    found = get_object_or_404(within(ErasureRequest, request.user).select_related("owner__user"), pk=pk)
    ask_again(request)
    return found


@require_POST
def agree(request, pk):
    found = _found(request, pk)
    try:
        erasure.approve(found, by=request.user, at=timezone.now())
        messages.success(request, gettext("Agreed. It is carried out when the waiting time is over."))
    except PrivacyError as error:
        messages.error(request, str(error))
    return redirect("desk_erasurerequest:inspect", pk)


@require_POST
def refuse(request, pk):
    found, form = _found(request, pk), RefuseForm(request.POST)
    if not form.is_valid():
        return render(request, "desk/erasures/refuse.html", {"form": form, "wish": found})
    try:
        erasure.refuse(found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        messages.success(request, gettext("Refused. The customer reads why."))
    except PrivacyError as error:
        messages.error(request, str(error))
    return redirect("desk_erasurerequest:inspect", pk)


class ErasureIndexView(ScopedIndexView):
    page_title = _("Wishes to be erased")
    columns = [
        TitleColumn(
            "owner", label=_("Customer"), get_url=lambda wish: reverse("desk_erasurerequest:inspect", args=[wish.pk])
        ),
        Column("number", label=_("Customer number"), accessor="owner.customer_no"),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        DateColumn("asked_at", label=pgettext_lazy("an erasure", "Asked"), sort_key="asked_at"),
        Column("due_at", label=_("To be carried out"), accessor=lambda wish: moment(wish.due_at), sort_key="due_at"),
    ]

    def get_add_url(self):
        return None


class ErasureInspectView(ScopedInspectView):
    """What would happen. Opening it is a look at the customer's file, and noted."""

    template_name = "desk/erasures/inspect.html"

    def get_asked_at_display_value(self):
        return moment(self.object.asked_at)

    def get_due_at_display_value(self):
        return moment(self.object.due_at)

    def get_decided_by_display_value(self):
        return self.object.decided_by or ""

    def get_decided_at_display_value(self):
        return moment(self.object.decided_at)

    def get_done_at_display_value(self):
        return moment(self.object.done_at)

    def get_context_data(self, **kwargs):
        wish = self.object
        return super().get_context_data(
            wish=wish,
            lines=erasure.what_would_happen(wish.owner) if wish.is_open else [],
            overdue=wish.is_undecided and wish.due_at <= timezone.now(),
            may_decide=wish.is_open and self.request.user.has_perm(PERMISSION),
            form=RefuseForm(),
            **kwargs,
        )


class ErasureRequestViewSet(ScopedModelViewSet):
    model = ErasureRequest
    path = "owner__ownerships__home__development"
    policy_class = WholeRecordPolicy
    icon = "bin"
    menu_label = _("Wishes to be erased")
    select_related = ("owner__user", "decided_by")
    ordering = "due_at"
    list_filter = ["state"]
    search_fields = ("owner__name", "owner__customer_no")
    inspect_view_fields = ["owner", "state", "asked_at", "due_at", "decided_by", "decided_at", "reason", "done_at"]
    index_view_class = ErasureIndexView
    inspect_view_class = ErasureInspectView
    without = ("add", "edit", "delete", "usage")
    panels = ()

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<uuid:pk>/agree/", agree, name="agree"),
            path("<uuid:pk>/refuse/", refuse, name="refuse"),
        ]


def counted(user):
    """The line of Today, (number, label, address, tone), for those who may see it; nothing where nothing waits."""
    if not may_view(user, ErasureRequest):
        return
    waiting = within(ErasureRequest, user).undecided()
    address = reverse("desk_erasurerequest:index") + "?state=waiting"
    if late := waiting.overdue(at=timezone.now()).count():
        label = ngettext("wish to be erased has waited too long", "wishes to be erased have waited too long", late)
        yield late, label, address, "warning"
    elif count := waiting.count():
        label = ngettext("wish to be erased waits for an answer", "wishes to be erased wait for an answer", count)
        yield count, label, address, "info"
