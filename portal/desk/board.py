"""The board: homes × milestones of one place, and what staff say of many of them at once."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.uploadhandler import takes_documents
from progress.journeys import changing
from progress.journeys.actions import JourneyError
from progress.journeys.board import Row, columns_of, journeys_late_first, rows_of, to_come
from progress.journeys.locking import ChangedMeanwhileError
from progress.journeys.models import Evidence, Journey, MilestoneChange
from progress.journeys.planning import plan_milestones

from .board_choice import MOST, Choice, TooManyError
from .board_forms import DeclineForm, ForecastForm, PlaceForm, PlanForm, ReachedForm, WithdrawForm, proofs, seen_of
from .scoped import within
from .site_views import site_page, site_redirect

PAGE = 60


def dating(view):
    """Logged in, and in a group that dates milestones; where, the querysets say."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm("journeys.change_milestone"):
            raise Http404
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return guarded


@dating
@require_safe
def board(request):
    """The homes of one place, what is late first. What all of them have reached is folded away."""
    form = PlaceForm(request.GET, user=request.user)
    place, kind = form.chosen()
    journeys = _journeys_at(place, kind, request.user) if place else Journey.objects.none()
    timezone.activate(place.development.time_zone if place else None)
    today = timezone.localdate()
    page = Paginator(journeys_late_first(journeys, today=today), PAGE).get_page(request.GET.get("page"))
    columns = columns_of(journeys)
    rows = rows_of(list(page), columns, today=today)
    shown = range(len(columns)) if request.GET.get("all") else to_come(rows)
    context = {
        "form": PlaceForm(initial={"place": place and place.key, "kind": kind}, user=request.user),
        "place": place,
        "kind": kind,
        "steps": columns,
        "columns": [columns[index] for index in shown],
        "folded": len(columns) - len(shown),
        "rows": [Row(row.journey, [row.cells[index] for index in shown]) for row in rows],
        "page": page,
        "by_building": place and place.key.startswith("estate"),
        "waiting": within(MilestoneChange, request.user).waiting().count(),
    }
    return site_page(request, "site/board.html", context)


def _journeys_at(place, kind, user):
    journeys = within(Journey, user).filter(**place.homes, template__kind=kind, ended=None)
    return journeys.select_related("home__development", "home__building")


FORMS = {"plan": PlanForm, "forecast": ForecastForm, "reached": ReachedForm, "withdraw": WithdrawForm}


@takes_documents
@dating
def say(request, act):
    """What is said of the chosen milestones: the same step of one home or of many."""
    if act not in FORMS:
        raise Http404
    try:
        choice = Choice(act, given=request.GET, user=request.user)
    except TooManyError:
        messages.error(request, _("At most %(n)s homes at once. Please choose building by building.") % {"n": MOST})
        return _to_board(request)
    if not choice.steps:
        messages.error(request, _nothing_chosen(choice))
        return _to_board(request)
    timezone.activate(choice.steps[0].journey.home.development.time_zone)
    initial = {"seen": seen_of(choice.steps), "on": timezone.localdate(), "taken_on": timezone.localdate()}
    form = FORMS[act](request.POST or None, request.FILES or None, initial=initial, choice=choice)
    if request.method == "POST" and form.is_valid():
        try:
            return _said(request, choice, form.cleaned_data)
        except ChangedMeanwhileError as error:
            form.add_error(None, str(error))
            form.data = form.data.copy()
            form.data["seen"] = initial["seen"]
        except (JourneyError, FileError) as error:
            form.add_error(None, str(error))
    return site_page(request, "site/milestones.html", {"act": act, "choice": choice, "form": form})


def _to_board(request):
    """Back to the place that was looked at."""
    shown = {name: request.GET[name] for name in ("place", "kind") if request.GET.get(name)}
    return redirect(reverse("site:board", query=shown or None, current_app=request.resolver_match.namespace))


def _nothing_chosen(choice):
    if not choice.found:
        return _("Please choose homes and a milestone.")
    return "; ".join(f"{choice.found[0].template.name}: {why} ({number})" for why, number in choice.left_out)


def _said(request, choice, given):
    steps = choice.as_seen(given["seen"], given.get("among"))
    if given.get("later_by") is not None:
        steps = [step for step in steps if step.expected] or steps
    if not steps:
        raise JourneyError(_("Please choose the homes again."))
    common = {"by": request.user, "at": timezone.now(), "today": timezone.localdate()}
    common["versions"] = {step.pk: given["seen"][str(step.pk)] for step in steps}
    homes = ngettext("%(n)s home", "%(n)s homes", len(steps)) % {"n": len(steps)}
    messages.success(request, f"{homes}: {SAY[choice.act](steps, given, common)}")
    return _to_board(request)


def _plan(steps, given, common):
    plan_milestones(steps, on=given["on"], versions=common["versions"], by=common["by"])
    return _("Planned.")


def _forecast(steps, given, common):
    days = {name: given[name] for name in ("to", "later_by")}
    change = changing.change_forecast(steps, **days, **_reasons(given), **common)
    return _("The new date stands, and the owners are told.") if change else _("Nothing has changed.")


def _reached(steps, given, common):
    change = changing.claim_reached(steps, on=given["on"], evidence=proofs(given), **_reasons(given), **common)
    if change.state == MilestoneChange.State.MADE:
        return _("Made known; the owners are told.")
    return _("Reported. A colleague has to approve it.")


def _withdraw(steps, given, common):
    changing.withdraw_reached(steps, forecast=given["forecast"], **_reasons(given), **common)
    return _("Withdrawn in public; the owners are told why.")


def _reasons(given):
    return {name: given[name] for name in ("reason_en", "reason_zh")}


SAY = {"plan": _plan, "forecast": _forecast, "reached": _reached, "withdraw": _withdraw}


@dating
@require_safe
def approvals(request):
    """What waits for a second pair of eyes, the oldest first."""
    waiting = within(MilestoneChange, request.user).waiting().select_related("development", "by").order_by("at")
    related = (
        "lines__milestone__template",
        "lines__milestone__journey__home__building",
        "evidence__file",
        "evidence__document",
    )
    related += ("lines__milestone__journey__home__development",)
    page = Paginator(waiting.prefetch_related(*related), 10).get_page(request.GET.get("page"))
    return site_page(request, "site/approvals.html", {"page": page, "decline": DeclineForm()})


def _deciding(act):
    @require_POST
    @dating
    def view(request, pk):
        change = get_object_or_404(within(MilestoneChange, request.user), pk=pk)
        try:
            messages.success(request, act(request, change))
        except JourneyError as error:
            messages.error(request, str(error))
        return site_redirect(request, "approvals")

    return view


@_deciding
def approve(request, change):
    changing.approve_change(change, by=request.user, at=timezone.now())
    return _("Approved. The owners are told.")


@_deciding
def decline(request, change):
    changing.decline_change(change, reason=request.POST.get("reason", "")[:200], by=request.user, at=timezone.now())
    return _("Declined. The colleague is told why.")


@dating
@require_safe
def evidence_file(request, pk, variant=None):
    proofs = Evidence.objects.filter(change__in=within(MilestoneChange, request.user))
    proof = get_object_or_404(proofs.select_related("file"), pk=pk)
    return deliver(request, proof.file, variant=variant, name=str(proof.taken_on))
