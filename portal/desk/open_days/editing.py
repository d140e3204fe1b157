"""Writing an open day, copying it, publishing it with a look at whom it reaches, changing it, calling it off."""

from django.contrib import messages
from django.db.models import F
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.bookings import drafting, publishing
from portal.bookings.errors import BookingError
from portal.bookings.models import Booking, OpenDayMessage, WaitingEntry
from portal.bookings.models.messages import readers_of

from .access import editing, own_open_day, posted
from .forms import CancelForm, CopyForm, OpenDayForm, RulesFormSet, rules_of
from .reach import counted, reach_of


def _form_page(request, form, open_day=None):
    if "count" in request.POST:  # without a script, a button counts; it says nothing of what is missing
        form.errors.clear()
    data = request.POST if request.method == "POST" else _chosen(form)
    context = {"form": form, "open_day": open_day, "reach": reach_of(data, user=request.user)}
    return render(request, "desk/open_days/form.html", context)


def _chosen(form):
    """The audience that the form begins with."""
    row = form.instance
    chosen = {"development": form["development"].value(), "past_milestone": form["past_milestone"].value()}
    return chosen | {"buildings": [] if row._state.adding else list(row.buildings.values_list("pk", flat=True))}


@editing
def new(request):
    form = OpenDayForm(posted(request), user=request.user)
    if request.method == "POST" and "count" not in request.POST and form.is_valid():
        try:
            open_day = drafting.draft_open_day(
                open_day_id=form.cleaned_data["open_day_id"], values=form.values(), by=request.user, at=timezone.now()
            )
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The draft is kept. Next come the rules and the times."))
            return redirect("desk_openday:rules", open_day.pk)
    return _form_page(request, form)


@editing
def change(request, pk):
    """The form; of one that is published, a change of time or place is shown with whom it tells before it is made."""
    open_day = own_open_day(request, pk)
    if open_day.is_cancelled:
        return redirect("desk_openday:page", pk)
    form = OpenDayForm(posted(request), instance=open_day, user=request.user)
    if request.method != "POST" or "count" in request.POST or "again" in request.POST or not form.is_valid():
        return _form_page(request, form, open_day)
    changes = form.changes()
    if open_day.is_published and changes and "confirmed" not in request.POST:
        return _preview_of_change(request, open_day, form, changes)
    try:
        if changes:
            publishing.change_open_day(open_day, changes=changes, by=request.user, at=timezone.now())
    except BookingError as error:
        form.add_error(None, str(error))
        return _form_page(request, own_form_again(request, pk, form), own_open_day(request, pk))
    messages.success(request, _("Saved."))
    return redirect("desk_openday:page", pk)


def own_form_again(request, pk, form):
    """The same form on the row as it stands now, with what was refused."""
    again = OpenDayForm(request.POST, instance=own_open_day(request, pk), user=request.user)
    again.is_valid()
    for error in form.non_field_errors():
        again.add_error(None, error)
    return again


def _preview_of_change(request, open_day, form, changes):
    told = publishing.tells(changes)
    context = {
        "open_day": open_day,
        "form": form,
        "lines": [(form.fields[name].label, _words(open_day, name), _said(value)) for name, value in changes.items()],
        "tells": told,
        "parties": open_day.bookings.booked().count() if told else 0,
        "readers": readers_of(open_day).count() if told else 0,
        "reach": reach_of(request.POST | {"development": open_day.development_id}, user=request.user)
        if {"buildings", "past_milestone"} & set(changes)
        else None,
    }
    return render(request, "desk/open_days/change_preview.html", context)


def _words(open_day, name):
    return _said(open_day.buildings.all() if name == "buildings" else getattr(open_day, name))


def _said(value):
    """A value as a line of the preview has it."""
    if hasattr(value, "all"):
        return ", ".join(row.title for row in value) or _("the whole development")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if hasattr(value, "tzinfo"):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return "–" if value in (None, "") else str(value)


@editing
def rules(request, pk):
    """The safety rules, a line each; two empty ones wait below."""
    open_day = own_open_day(request, pk)
    formset = RulesFormSet(posted(request), initial=rules_of(open_day), prefix="rules")
    if request.method == "POST" and not open_day.is_cancelled and formset.is_valid():
        try:
            publishing.change_open_day(open_day, changes={"rules": formset.rules()}, by=request.user, at=timezone.now())
        except BookingError as error:
            formset.non_form_errors().append(str(error))
        else:
            messages.success(request, _("The rules are saved."))
            more = "more" in request.POST
            return redirect("desk_openday:rules" if more else "desk_openday:page", pk)
    accepted = open_day.bookings.live().filter(rules_version=F("open_day__rules_version")).count()
    context = {"open_day": open_day, "formset": formset, "accepted": accepted if open_day.is_published else 0}
    return render(request, "desk/open_days/rules.html", context)


@editing
def copy(request, pk):
    open_day = own_open_day(request, pk)
    form = CopyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = publishing.copy_open_day(open_day, by=request.user, at=timezone.now(), **form.cleaned_data)
        except BookingError as error:
            form.add_error("first_day", str(error))
        else:
            messages.success(request, _("A draft with all texts, rules and times. Please look through the times."))
            return redirect("desk_openday:page", made.pk)
    slots = open_day.slots.open()
    return render(request, "desk/open_days/copy.html", {"open_day": open_day, "form": form, "slots": slots})


@editing
def publish(request, pk):
    """Whom it reaches; posted, they are told."""
    open_day = own_open_day(request, pk)
    if not open_day.is_draft:
        return redirect("desk_openday:page", pk)
    refused = ""
    if request.method == "POST":
        try:
            publishing.publish_open_day(open_day, by=request.user, at=timezone.now())
        except BookingError as error:
            refused = str(error)
        else:
            messages.success(request, _published(open_day))
            return redirect("desk_openday:page", pk)
    context = {
        "open_day": open_day,
        "refused": refused,
        "reach": counted(open_day),
        "places": sum(slot.capacity for slot in open_day.slots.open()),
        "slots": open_day.slots.open().count(),
        "rules": open_day.rules.count(),
    }
    return render(request, "desk/open_days/publish.html", context)


def _published(open_day):
    owners = open_day.people().count()
    words = ngettext("Published. %(n)s owner is told.", "Published. %(n)s owners are told.", owners)
    return words % {"n": owners}


@editing
def cancel(request, pk):
    """Who is hit, and why it is; posted, all of them are told."""
    open_day = own_open_day(request, pk)
    if not open_day.is_published:
        return redirect("desk_openday:page", pk)
    form = CancelForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            publishing.cancel_open_day(open_day, by=request.user, at=timezone.now(), **form.cleaned_data)
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Called off. Everybody booked or waiting is told, with the reason."))
            return redirect("desk_openday:page", pk)
    context = {"open_day": open_day, "form": form, **hit_by(open_day)}
    return render(request, "desk/open_days/cancel.html", context)


def hit_by(open_day, slot=None):
    """Parties, people and readers of what would be called off."""
    where = {"slot": slot} if slot else {"slot__open_day": open_day}
    people = list(Booking.objects.booked().filter(**where).values_list("people", flat=True))
    booked = readers_of(open_day, slot=slot)
    waiting = readers_of(open_day, slot=slot, to=OpenDayMessage.To.WAITING)
    return {
        "parties": len(people),
        "people": sum(people),
        "waiting": WaitingEntry.objects.live().filter(**where).count(),
        "readers": (booked | waiting).distinct().count(),
    }
