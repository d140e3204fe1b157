"""The board: homes × milestones of one building, and what staff say of many of them at once."""

from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from progress.journeys import changing
from progress.journeys.actions import JourneyError
from progress.journeys.board import columns_of, journeys_late_first, rows_of
from progress.journeys.models import Evidence, Journey, Milestone, MilestoneChange
from progress.journeys.planning import plan_milestones
from progress.models import Building

from .board_forms import DeclineForm, ForecastForm, PlaceForm, PlanForm, ReachedForm, WithdrawForm, proofs, seen_of
from .scoped import within
from .site_views import _page, _to

MOST = 300  # milestones at one stroke
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
    """One building's homes, what is late first."""
    form = PlaceForm(request.GET, user=request.user)
    place, kind = form.chosen()
    journeys = _journeys_at(place, kind, request.user) if place else Journey.objects.none()
    timezone.activate(getattr(place, "development", place).time_zone if place else None)
    today = timezone.localdate()
    page = Paginator(journeys_late_first(journeys, today=today), PAGE).get_page(request.GET.get("page"))
    columns = columns_of(journeys)
    context = {
        "form": PlaceForm(initial={"place": _key(place), "kind": kind}, user=request.user),
        "place": place,
        "columns": columns,
        "rows": rows_of(list(page), columns, today=today),
        "page": page,
        "waiting": within(MilestoneChange, request.user).waiting().count(),
    }
    return _page(request, "site/board.html", context)


def _key(place):
    return f"{place._meta.model_name}:{place.pk}" if place else ""


def _journeys_at(place, kind, user):
    homes = (
        {"home__building": place}
        if isinstance(place, Building)
        else {"home__development": place, "home__building": None}
    )
    journeys = within(Journey, user).filter(**homes, template__kind=kind, ended=None)
    return journeys.select_related("home__development", "home__building")


FORMS = {"plan": PlanForm, "forecast": ForecastForm, "reached": ReachedForm, "withdraw": WithdrawForm}


@dating
def say(request, act):
    """What is said of the chosen milestones: the same step of one home or of many."""
    if act not in FORMS:
        raise Http404
    steps = _chosen(request, act)
    if not steps:
        messages.error(request, _nothing_chosen(request, act))
        return _to(request, "board")
    timezone.activate(steps[0].journey.home.development.time_zone)
    initial = {"seen": seen_of(steps), "on": timezone.localdate(), "taken_on": timezone.localdate()}
    form = FORMS[act](request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _said(request, act, steps, form)
        except changing.ChangedMeanwhileError as error:
            form.add_error(None, str(error))
            steps = _chosen(request, act)
            form.data = form.data.copy()
            form.data["seen"] = seen_of(steps)
        except (JourneyError, FileError) as error:
            form.add_error(None, str(error))
    return _page(request, "site/milestones.html", {"act": act, "steps": steps, "form": form})


def _nothing_chosen(request, act):
    if act == "plan" and _chosen(request, "forecast"):
        return _("All of these have a date already. A new date needs a reason.")
    return _("Please choose homes and a milestone.")


def _chosen(request, act):
    """The milestones named in the address: `step`, a milestone's code, of each `journey`. To plan, the undated."""
    journeys = [pk for pk in request.GET.getlist("journey")[:MOST] if is_uuid(pk)]
    steps = within(Milestone, request.user).filter(journey__in=journeys, template__code=request.GET.get("step", ""))
    places = ("template__stage", "journey__home__development", "journey__home__building")
    steps = steps.select_related(*places).order_by("journey__home__number")
    return [step for step in steps if act != "plan" or step.is_undated]


def is_uuid(text):
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _said(request, act, steps, form):
    common = {"by": request.user, "at": timezone.now(), "today": timezone.localdate()}
    given = form.cleaned_data
    common["versions"] = {step.pk: given["seen"].get(str(step.pk)) for step in steps}
    homes = ngettext("%(n)s home", "%(n)s homes", len(steps)) % {"n": len(steps)}
    messages.success(request, f"{homes}: {SAY[act](steps, given, common)}")
    return _to(request, "board")


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
    related = ("lines__milestone__template", "lines__milestone__journey__home__building", "evidence__file")
    related += ("lines__milestone__journey__home__development",)
    page = Paginator(waiting.prefetch_related(*related), 10).get_page(request.GET.get("page"))
    return _page(request, "site/approvals.html", {"page": page, "decline": DeclineForm()})


def _deciding(act):
    @require_POST
    @dating
    def view(request, pk):
        change = get_object_or_404(within(MilestoneChange, request.user), pk=pk)
        try:
            messages.success(request, act(request, change))
        except JourneyError as error:
            messages.error(request, str(error))
        return _to(request, "approvals")

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
