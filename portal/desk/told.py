"""Was I told? Every message to a customer with its outcome, and where they are reached now. Looking is noted."""

from functools import wraps

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from phonenumber_field.formfields import PhoneNumberField

from accounts.actions import AccountError, set_address
from accounts.events.looks import note_look
from accounts.models import Channel, Owner
from accounts.notices.actions import try_again
from accounts.notices.addresses import known_addresses, reachable
from accounts.notices.models import Notice
from accounts.notices.outcomes import ROWS, Outcome, about
from accounts.notices.outcomes import told as with_outcome
from progress.models import Ownership

from .scoped import within

MAY_CORRECT = "accounts.change_address"
PAGE = 50
ALL = [("", gettext_lazy("All"))]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FilterForm(forms.Form):
    """Which of the messages. What can't be read is said, and filters nothing."""

    kind = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=[*ALL, *Channel.choices], required=False)
    outcome = forms.ChoiceField(
        label=pgettext_lazy("of a message", "What became of it"), choices=[*ALL, *Outcome.choices], required=False
    )
    since = forms.DateField(label=pgettext_lazy("a period", "From"), widget=DAY, required=False)
    until = forms.DateField(label=pgettext_lazy("a period", "To"), widget=DAY, required=False)

    def __init__(self, *args, notices, **kwargs):
        super().__init__(*args, **kwargs)
        codes = notices.order_by().values_list("kind", flat=True).distinct()
        found = {(code, about(Notice(kind=code))) for code in codes}
        self.fields["kind"].choices = [*ALL, *sorted(found, key=lambda pair: pair[1])]

    def narrow(self, notices):
        given = self.cleaned_data if self.is_valid() else {}
        exact = {name: given[name] for name in ("kind", "channel") if given.get(name)}
        if given.get("since"):
            exact["created_at__date__gte"] = given["since"]
        if given.get("until"):
            exact["created_at__date__lte"] = given["until"]
        notices = notices.filter(**exact)
        return notices.filter(ROWS[given["outcome"]]) if given.get("outcome") else notices


class AddressForm(forms.Form):
    """Where the customer's record says that they are reached; the address of a login is changed by its holder."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    phone = PhoneNumberField(label=gettext_lazy("Telephone"), required=False)

    CHANNELS = {"email": Channel.EMAIL, "phone": Channel.SMS}

    @classmethod
    def of(cls, owner, data=None):
        initial = {}
        for name, channel in cls.CHANNELS.items():
            address = owner.addresses.filter(channel=channel).first()
            initial[name] = address.value if address else ""
        return cls(data, initial=initial)

    def save(self, owner, *, by, at):
        """What was changed; and what was written once more though it was refused is tried anew."""
        refused = set(owner.addresses.exclude(suppressed_reason="").values_list("channel", flat=True))
        for name, channel in self.CHANNELS.items():
            value = str(self.cleaned_data[name] or "")
            if name in self.changed_data or (value and channel in refused):
                set_address(owner, channel=channel, value=value, by=by, at=at)


def of_own_customers(view):
    """The customer of a development of the person's, by whose groups customers are seen; others aren't found."""

    @wraps(view)
    def guarded(request, pk, **ids):
        owner = get_object_or_404(within(Owner, request.user).select_related("user"), pk=pk)
        if not request.user.has_perm("accounts.view_owner"):
            raise Http404
        return view(request, owner, **ids)

    return guarded


@require_safe
@of_own_customers
def told(request, owner):
    return _page(request, owner, AddressForm.of(owner))


def _page(request, owner, address_form):
    notices = Notice.objects.told_to(owner)
    form = FilterForm(request.GET or None, notices=notices)
    shown = form.narrow(notices).order_by("-created_at", "pk")
    page = Paginator(shown, PAGE).get_page(request.GET.get("p"))
    again = set(Notice.objects.to_try_again().filter(pk__in=[row.pk for row in page]).values_list("pk", flat=True))
    person = reachable(Owner.objects.filter(pk=owner.pk)).get()
    note_look(owner, by=request.user, at=timezone.now())
    context = {
        "owner": owner,
        "form": form,
        "page": page,
        "rows": [(with_outcome(notice), notice.pk in again) for notice in page],
        "addresses": known_addresses(person),
        "address_form": address_form,
        "may_correct": request.user.has_perm(MAY_CORRECT) and not owner.erased_at,
        "may_read": _looks_after_all(owner, request.user),
    }
    return render(request, "desk/told.html", context)


def _looks_after_all(owner, user):
    """Whether all homes of the customer, past ones too, are in developments of the person's.

    A message may speak of any of them; whoever looks after some sees what became of it, not its words.
    """
    ties = Ownership.objects.filter(owner=owner)
    return not ties.exclude(pk__in=within(Ownership, user).filter(owner=owner).values("pk")).exists()


@require_safe
@of_own_customers
def words(request, owner, notice_id):
    """The text as it was sent, while it is kept."""
    if not _looks_after_all(owner, request.user):
        raise Http404
    notice = get_object_or_404(Notice.objects.told_to(owner), pk=notice_id)
    note_look(owner, by=request.user, at=timezone.now())
    return render(request, "desk/told_words.html", {"owner": owner, "notice": notice, "row": with_outcome(notice)})


@require_POST
@of_own_customers
def correct(request, owner):
    """Write another address onto the record; a promise to do so is kept by that."""
    if owner.erased_at or not request.user.has_perm(MAY_CORRECT):
        raise Http404
    form = AddressForm.of(owner, request.POST)
    if form.is_valid():
        try:
            form.save(owner, by=request.user, at=timezone.now())
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("From now on we write there."))
            return redirect("desk_owner:told", owner.pk)
    return _page(request, owner, form)


@require_POST
@of_own_customers
def again(request, owner, notice_id):
    """Send once more what reached nobody, as when the address has been corrected."""
    if not request.user.has_perm(MAY_CORRECT):
        raise Http404
    notice = get_object_or_404(Notice.objects.told_to(owner), pk=notice_id)
    if try_again(notice, by=request.user, at=timezone.now()):
        messages.success(request, _("It is tried again now."))
    return redirect("desk_owner:told", owner.pk)


urlpatterns = [
    path("<uuid:pk>/told/", told, name="told"),
    path("<uuid:pk>/told/address/", correct, name="told_address"),
    path("<uuid:pk>/told/<uuid:notice_id>/", words, name="told_words"),
    path("<uuid:pk>/told/<uuid:notice_id>/again/", again, name="told_again"),
]
