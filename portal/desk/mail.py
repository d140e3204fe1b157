"""Mail that came in, on the desk: what nobody could place is given to a customer, let in, or thrown away."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from accounts.models import Owner
from portal.tickets.errors import TicketError
from portal.tickets.mail import sorting
from portal.tickets.mail.models import IncomingMail
from portal.tickets.mail.reading import read
from progress.models import Home
from progress.scope import may_view

from .choosers import home_chooser, owner_chooser
from .scoped import ScopedIndexView, ScopedInspectView, ScopedModelViewSet, ScopedPolicy, allowed, narrow, within

CHANGE = "ticket_mail.change_incomingmail"
TONES = {"to-sort": "warning", "held": "warning", "taken": "good", "stopped": "quiet", "discarded": "quiet"}
SHOWN = 20_000  # characters of its words
HELD, MOST_HELD = IncomingMail.State.HELD, 5000


class MailPolicy(ScopedPolicy):
    """Mail of the customers of one's developments, and what nobody knows the sender of."""

    def within(self, user):
        return IncomingMail.objects.for_user(user)


class WhoseForm(forms.Form):
    home = forms.ModelChoiceField(
        label=gettext_lazy("Home"), queryset=Home.objects.none(), widget=home_chooser.widget_class
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Written by"), queryset=Owner.objects.none(), widget=owner_chooser.widget_class
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["home"].queryset = narrow(Home.objects.select_related("development"), user)
        self.fields["owner"].queryset = narrow(Owner.objects.active(), user)
        for field in self.fields.values():
            field.widget.user = user


def _own(request, pk):
    rows = within(IncomingMail, request.user).select_related(*MailViewSet.select_related)
    return get_object_or_404(rows, pk=pk)


def _context(mail, user, form=None):
    undone = mail.state in {"to-sort", "held", "stopped"}
    may_change = user.has_perm(CHANGE) and undone
    initial = {"owner": mail.owner, "home": mail.home}
    return {
        "mail": mail,
        "tone": TONES.get(mail.state, "info"),
        "letter": _letter(mail),
        "may_change": may_change,
        "form": form or (WhoseForm(user=user, initial=initial) if may_change and mail.raw_id else None),
        "also_held": within(IncomingMail, user).held().filter(sender=mail.sender).count() if undone else 0,
    }


def _letter(mail):
    """What it says, or None where its content has gone, or can't be read."""
    if mail.raw is None:
        return None
    try:
        with mail.raw.file.open("rb") as raw:
            letter = read(raw.read(), stripped=mail.stripped)
    except Exception:  # staff shall see the row all the same
        return None
    letter.text = letter.text[:SHOWN]
    return letter


def _act(request, act, said, leads_to):
    try:
        act()
        messages.success(request, said)
    except TicketError as error:
        messages.error(request, str(error))
    return redirect(*leads_to)


@allowed(CHANGE)
@require_POST
def assign(request, pk):
    mail = _own(request, pk)
    form = WhoseForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            sorting.assign(mail, by=request.user, **form.cleaned_data)
            messages.success(request, _("It becomes a ticket in a moment."))
            return redirect("desk_mail:index")
        except TicketError as error:
            form.add_error(None, str(error))
    return render(request, "desk/mail/mail.html", _context(mail, request.user, form))


@allowed(CHANGE)
@require_POST
def let_in(request, pk):
    mail = _own(request, pk)
    said = _("It goes its way now, like all mail.")
    return _act(request, lambda: sorting.release(mail, by=request.user), said, ["desk_mail:index"])


@allowed(CHANGE)
@require_POST
def discard(request, pk):
    mail, now = _own(request, pk), timezone.now()
    said = _("Thrown away.")
    return _act(request, lambda: sorting.discard(mail, by=request.user, at=now), said, ["desk_mail:index"])


@allowed(CHANGE)
@require_POST
def discard_held(request, pk):
    """All that is held back from the sender of this one."""
    mail, rows = _own(request, pk), within(IncomingMail, request.user)
    gone = sorting.discard_held(mail.sender, among=rows, by=request.user, at=timezone.now())
    messages.success(request, ngettext("%(n)d e-mail thrown away.", "%(n)d e-mails thrown away.", gone) % {"n": gone})
    return redirect("desk_mail:index")


def waiting_mail(user):
    """What waits to be sorted, where `user` sees it; what is held from one address counts once."""
    rows = within(IncomingMail, user)
    return rows.to_sort().count() + rows.held().values("sender").distinct().count()


class MailIndexView(ScopedIndexView):
    template_name = "desk/mail/list.html"
    columns = [
        TitleColumn(
            "subject",
            label=gettext_lazy("Subject"),
            accessor=lambda mail: mail.subject or _("without a subject"),
            get_url=lambda mail: reverse("desk_mail:inspect", args=[mail.pk]),
        ),
        Column("sender", label=gettext_lazy("From"), sort_key="sender"),
        Column("state", label=gettext_lazy("State"), accessor=lambda mail: capfirst(mail.get_state_display())),
        Column("why", label=pgettext_lazy("the reason", "Why"), accessor=lambda mail: capfirst(mail.get_why_display())),
        Column("ticket", label=gettext_lazy("Ticket"), accessor=lambda mail: mail.ticket.number if mail.ticket else ""),
        DateColumn("received_at", label=gettext_lazy("Received"), sort_key="received_at"),
    ]

    def get_base_queryset(self):
        """What is held back from one address has one line above the list, and is listed where it is asked for."""
        rows = super().get_base_queryset()
        return rows if self.request.GET.get("state") == HELD else rows.exclude(state=HELD)

    def get_context_data(self, **kwargs):
        return super().get_context_data(held=_held(self.request.user), **kwargs)


def _held(user):
    """[(address, how many, id of one of them)] of what is held back."""
    pairs = within(IncomingMail, user).held().order_by("sender", "received_at").values_list("sender", "pk")[:MOST_HELD]
    found = {}
    for sender, pk in pairs:
        found.setdefault(sender, []).append(pk)
    return [(sender, len(pks), pks[0]) for sender, pks in found.items()]


class MailInspectView(ScopedInspectView):
    """One mail. Opening it is noted in the log."""

    template_name = "desk/mail/mail.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**_context(self.object, self.request.user), **kwargs)


class MailViewSet(ScopedModelViewSet):
    model = IncomingMail
    name = "desk_mail"
    policy_class = MailPolicy
    icon = "mail"
    menu_label = gettext_lazy("Mail to sort")
    menu_name = "mail"
    menu_order = 14
    add_to_admin_menu = True
    select_related = ("owner", "home__development", "ticket", "raw")
    ordering = "-received_at"
    list_filter = ["state", "why"]
    search_fields = ("sender", "subject", "owner__name", "ticket__number")
    index_view_class = MailIndexView
    inspect_view_class = MailInspectView
    without = ("add", "edit", "delete", "usage")
    panels = ()

    @cached_property
    def menu_item_class(self):
        """The menu says how many wait."""

        def render_component(item, request):
            component = super(item_class, item).render_component(request)
            if waiting := waiting_mail(request.user):
                component.label = f"{component.label} ({waiting})"
            return component

        def is_shown(item, request):
            return may_view(request.user, IncomingMail)

        inner = {"render_component": render_component, "is_shown": is_shown}
        item_class = type("MailMenuItem", (super().menu_item_class,), inner)
        return item_class

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<uuid:pk>/assign/", assign, name="assign"),
            path("<uuid:pk>/let-in/", let_in, name="let_in"),
            path("<uuid:pk>/discard/", discard, name="discard"),
            path("<uuid:pk>/discard-held/", discard_held, name="discard_held"),
        ]
