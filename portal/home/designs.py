"""Design changes of my home: what, why, what it means, and the one answer that the home gives."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.files.delivery import deliver
from accounts.notices.actions import mark_read_about
from progress.designs import answering
from progress.designs.errors import DesignError
from progress.designs.models import Answer, DesignChange, DesignDrawing
from progress.designs.people import hosts_by_home
from progress.designs.standing import rows_of

from .guards import own_home, private
from .homes import homes_of
from .needs import Need, source


class SeenForm(forms.Form):
    """`seen`: the version of the text that the person has read."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class ObjectionForm(SeenForm):
    comment = forms.CharField(
        label=gettext_lazy("What you object to, and why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Please say what you object to, so that we can act on it.")},
    )


@source
def answers_wanted(user, home):
    """What the owners are asked and have not answered."""
    if not home.is_hosted:
        return []
    return [
        Need(
            title=str(change.title),
            text=_("A design change: please answer by %(day)s.")
            % {"day": date_format(change.answer_by, "DATE_FORMAT")},
            url=reverse("home:design", args=[change.pk]),
            action=_("Read it and answer"),
        )
        for change in DesignChange.objects.waiting_at(home)[:5]
    ]


@private
@require_safe
def designs(request, home_id):
    """All design changes for the home: what waits first, then the others, the newest on top."""
    home = own_home(request, home_id)
    if not home.is_followed:
        raise Http404
    waiting = list(DesignChange.objects.waiting_at(home))
    known = DesignChange.objects.known().filter(homes=home).exclude(pk__in=[change.pk for change in waiting])
    standing = {answer.change_id: answer for answer in Answer.objects.standing().filter(home=home)}
    others = [(change, standing.get(change.pk)) for change in known.order_by("-published_at", "pk")[:200]]
    return render(request, "home/designs/list.html", {"home": home, "waiting": waiting, "others": others})


def _own_change(request, pk):
    """A change known to this person, and their homes that it concerns."""
    change = get_object_or_404(
        DesignChange.objects.for_user(request.user).known().select_related("development", "author"), pk=pk
    )
    followed = {home.pk: home for home in homes_of(request) if home.is_followed}
    concerned = change.homes.filter(pk__in=followed).order_by().values_list("pk", flat=True)
    homes = [followed[pk] for pk in followed if pk in set(concerned)]
    if not homes:
        raise Http404
    timezone.activate(change.zone)
    request.home = homes[0]
    return change, homes


@private
@require_safe
def design(request, pk):
    change, homes = _own_change(request, pk)
    if request.method == "GET":
        mark_read_about(change, user=request.user, at=timezone.now())
    return _page(request, change, homes)


def _page(request, change, homes, refused=None):
    """`refused`: {home's id: the form whose words stay}."""
    rows, hosts = rows_of(change, homes), hosts_by_home(homes)
    context = {
        "change": change,
        "home": homes[0],
        "several": len(homes) > 1,
        "places": [_place(request, change, row, hosts[row.home.pk], (refused or {}).get(row.home.pk)) for row in rows],
        "drawings": change.drawings_now(),
        "texts": list(change.texts.order_by("-version")),
        "over": change.is_over(at=timezone.now()),
    }
    return render(request, "home/designs/change.html", context)


def _place(request, change, row, hosts, refused):
    """What is shown of one home: what was said for it, by whom, and what this person may do."""
    owner, standing, home = request.user.owner, row.standing, row.home
    for answer in row.answers:
        answer.is_mine = answer.owner_id == owner.pk
        answer.by_name = answer.owner if answer.owner_id in hosts else _("an owner before you")
        answer.is_readable = answer.owner_id in hosts and home.is_hosted
    mine = bool(standing and standing.is_mine and standing.is_objection)
    return {
        "home": home,
        "standing": standing,
        "earlier": [answer for answer in row.answers if answer.ended_at],
        "is_answered": row.is_answered,
        "may_answer": home.is_hosted and answering.may_answer(change, home, standing, owner),
        "may_withdraw": home.is_hosted and change.is_published and mine,
        "form": refused or ObjectionForm(initial={"seen": change.text_version}, prefix=str(home.pk)),
    }


def _own_home_of(homes, home_id):
    """One that the change concerns and the person answers for."""
    home = next((home for home in homes if home.pk == home_id and home.is_hosted), None)
    if home is None:
        raise Http404
    return home


@private
@require_POST
def acknowledge(request, pk, home_id):
    change, homes = _own_change(request, pk)
    home = _own_home_of(homes, home_id)
    form = SeenForm(request.POST, prefix=str(home.pk))
    if not form.is_valid():
        return redirect("home:design", pk)
    try:
        answer = answering.acknowledge(
            change, home=home, seen=form.cleaned_data["seen"], by=request.user, at=timezone.now()
        )
    except DesignError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _thanks(_("Thank you. That you acknowledge it is on record."), answer))
    return redirect("home:design", pk)


@private
@require_POST
def object_to(request, pk, home_id):
    """What was refused stays in the form."""
    change, homes = _own_change(request, pk)
    home = _own_home_of(homes, home_id)
    form = ObjectionForm(request.POST, prefix=str(home.pk))
    if form.is_valid():
        try:
            answer = answering.object_to(change, home=home, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DesignError as error:
            form.add_error(None, str(error))
            form.data = form.data.copy()
            form.data[form.add_prefix("seen")] = change.text_version
        else:
            messages.success(request, _thanks(_("Your objection is on record, and the site is told."), answer))
            return redirect("home:design", pk)
    return _page(request, change, homes, refused={home.pk: form})


def _thanks(words, answer):
    if not answer.late:
        return words
    late = _("The last day for answers is over: please call us, too, so that we can tell you what is still possible.")
    return f"{words} {late}"


@private
@require_POST
def take_back(request, pk):
    """The objection `pk`, by its author."""
    mine = Answer.objects.for_user(request.user).objections().filter(owner__user=request.user)
    answer = get_object_or_404(mine.select_related("change__development", "home"), pk=pk)
    _change, homes = _own_change(request, answer.change_id)
    _own_home_of(homes, answer.home_id)
    try:
        answering.withdraw_objection(answer, by=request.user, at=timezone.now())
        messages.success(request, _("Your objection is withdrawn. You can still acknowledge the change."))
    except DesignError as error:
        messages.error(request, str(error))
    return redirect("home:design", answer.change_id)


@private
@require_safe
def design_text(request, pk, version):
    """An earlier text, as it was."""
    change, homes = _own_change(request, pk)
    text = get_object_or_404(change.texts.all(), version=version)
    context = {"change": change, "text": text, "home": homes[0], "drawings": change.drawings_of(version)}
    return render(request, "home/designs/text.html", context)


@login_required
@require_safe
def drawing_file(request, pk, variant=None):
    known = DesignChange.objects.for_user(request.user).known().filter(homes__in=_followed(request))
    drawing = get_object_or_404(DesignDrawing.objects.filter(change__in=known).select_related("file"), pk=pk)
    return deliver(request, drawing.file, variant=variant, name=drawing.name.rpartition(".")[0] or drawing.name)


def _followed(request):
    return [home.pk for home in homes_of(request) if home.is_followed]
