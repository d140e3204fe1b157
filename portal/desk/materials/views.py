"""What staff do: note a material for a whole building, publish and end a recall, say what was done in a home."""

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from progress.materials import recalling
from progress.materials.actions import MaterialError, homes_that_have, note_for_homes
from progress.materials.models import Material, Recall, RecalledHome
from progress.models import Home

from ..scoped import allowed, within, works_everywhere
from .forms import BuildingForm, EndForm, SettleForm

SHOWN = 100  # homes in a list
NEAR = 12  # other products of the maker


@allowed("materials.add_material")
def many(request):
    """One material for all homes of a building: counted first, noted when the person agrees to what was counted."""
    form = BuildingForm(request.POST or None, user=request.user)
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        homes = within(Home, request.user).filter(building=form.cleaned_data["building"])
        have = len(homes_that_have(form.values(), among=list(homes)))
        count = homes.count() - have
        seen = form.digest(count, have)
        if count and form.cleaned_data["seen"] == seen:
            return _note(request, form, homes)
        form.data = form.data.copy()
        form.data["seen"] = seen
        context |= {"counted": True, "count": count, "have": have}
    return render(request, "desk/materials/many.html", context)


def _note(request, form, homes):
    try:
        noted, _have = note_for_homes(homes, values=form.values(), by=request.user)
    except MaterialError as error:
        form.add_error(None, str(error))
        return render(request, "desk/materials/many.html", {"form": form})
    words = ngettext("Noted for %(n)s home.", "Noted for %(n)s homes.", noted)
    messages.success(request, words % {"n": noted})
    return redirect("desk_material:index")


def context_of_recall(request, recall):
    """What the page of a recall shows: whom it would warn, or has warned, as far as this person sees homes."""
    user, everywhere = request.user, works_everywhere(request.user)
    homes = recalling.homes_found(recall)
    seen_homes = within(Home, user).filter(pk__in=homes.values("pk")).with_place()
    found = within(RecalledHome, user).filter(recall=recall)
    may_change = user.has_perm("materials.change_recall") and everywhere
    return {
        "recall": recall,
        "draft": recall.is_draft,
        "homes": seen_homes.order_by("development", "building__name", "number", "pk")[:SHOWN],
        "count": homes.count(),
        "without_batch": recall.touched().filter(batch_key="").count() if recall.names_batches else 0,
        "near": _others_of(recall),
        "found": _with_readers(found.with_places())[:SHOWN],
        "tally": found.aggregate(
            all=Count("pk"), done=Count("pk", filter=~Q(done_at=None)), unreached=Count("pk", filter=Q(unreached=True))
        ),
        "may_edit": may_change and recall.is_draft,
        "may_publish": may_change and recall.is_draft and recall.written_by_id != user.pk,
        "is_own": may_change and recall.is_draft and recall.written_by_id == user.pk,
        "may_end": may_change and recall.is_in_force,
        "end_form": EndForm(),
    }


def _others_of(recall):
    """[(product, homes)] of the same maker that it does not find: a product may be written in several ways."""
    others = Material.objects.built_in().filter(maker_key=recall.maker_key)
    others = others.exclude(pk__in=recall.touched().order_by().values("pk"))
    return others.order_by("product").values_list("product", "batch").annotate(n=Count("home", distinct=True))[:NEAR]


def _with_readers(found):
    this_round = Q(warnings__round=F("round"))
    return found.annotate(
        told=Count("warnings", filter=this_round),
        read=Count("warnings", filter=this_round & ~Q(warnings__seen_at=None)),
    )


def _own_recall(request, pk):
    if not works_everywhere(request.user):
        raise Http404
    return get_object_or_404(within(Recall, request.user), pk=pk)


@allowed("materials.change_recall")
@require_POST
def publish(request, pk):
    recall = _own_recall(request, pk)
    seen = request.POST.get("seen", "")
    try:
        seen = int(seen) if seen.isdecimal() else -1
        recalling.publish_recall(recall, seen=seen, by=request.user, at=timezone.now())
    except MaterialError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Published. Every home it finds is warned, those of today within minutes."))
    return redirect("desk_recall:inspect", pk)


@allowed("materials.change_recall")
@require_POST
def end(request, pk):
    recall = _own_recall(request, pk)
    try:
        recalling.end_recall(recall, reason=request.POST.get("reason", "")[:300], by=request.user, at=timezone.now())
    except MaterialError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The recall is over. What was promised and not done no longer applies."))
    return redirect("desk_recall:inspect", pk)


def context_of_home(request, found, *, form=None):
    """What the page of one home shows: what is recalled, and each person of the household with what reached them."""
    timezone.activate(found.home.development.time_zone)
    may_settle = request.user.has_perm("materials.change_recalledhome") and found.is_standing
    return {
        "found": found,
        "recall": found.recall,
        "materials": found.materials.with_places(),
        "may_see_people": request.user.has_perm("accounts.view_owner"),
        "warnings": found.warnings.filter(round=found.round).select_related("owner"),
        "form": (form or SettleForm(found=found)) if may_settle else None,
        "done_url": reverse("desk_recalledhome:done", args=[found.pk]),
    }


@allowed("materials.change_recalledhome")
@require_POST
def done(request, pk):
    found = get_object_or_404(within(RecalledHome, request.user).with_places(), pk=pk)
    form = SettleForm(request.POST, found=found)
    if form.is_valid():
        now = timezone.now()
        today = timezone.localdate(now, timezone.get_default_timezone())
        try:
            recalling.settle_home(found, **form.cleaned_data, by=request.user, at=now, today=today)
        except MaterialError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Noted. The promise is kept, and the household sees what was done."))
            return redirect("desk_recalledhome:inspect", pk)
    return render(request, "desk/materials/home.html", context_of_home(request, found, form=form))
