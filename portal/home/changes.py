"""What was said of the milestones of my home: each new date with its reason, each claim with its evidence."""

from collections import defaultdict

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.files.delivery import deliver
from accounts.notices.actions import mark_read_about
from progress.journeys.actions import note_look
from progress.journeys.models import ChangedMilestone, Evidence, MilestoneChange
from progress.models import Home

from .guards import private

SHOWN = 20


def said_of(home):
    """{milestone's id: [ChangedMilestone]} of what was made known, the newest first, with reason and evidence."""
    lines = ChangedMilestone.objects.filter(milestone__journey__home=home, change__state=MilestoneChange.State.MADE)
    lines = lines.select_related("change").prefetch_related("change__evidence__file").order_by("-change__at", "-pk")
    said = defaultdict(list)
    for line in lines:
        said[line.milestone_id].append(line)
    return dict(said)


def since_last_look(request, home):
    """{"since": when they last looked, "changes": what was made known since}; nothing on a first visit."""
    if request.method != "GET":
        return None
    before = note_look(home, user=request.user, at=timezone.now())
    if before is None:
        return None
    changes = MilestoneChange.objects.for_user(request.user).of_home(home).known_since(before)
    changes = list(changes.prefetch_related("lines__milestone__template")[:SHOWN])
    return {"since": before, "changes": changes} if changes else None


@private
@require_safe
def change(request, pk):
    """What it means for each of this person's homes, why, and the photos that show it."""
    change = get_object_or_404(
        MilestoneChange.objects.for_user(request.user).made().select_related("development"), pk=pk
    )
    homes = Home.objects.lived_in_by(request.user).with_place()
    lines = list(change.lines.filter(milestone__journey__home__in=homes).select_related("milestone__template__stage"))
    if not lines:
        raise Http404
    by_home = [
        (home, [line for line in lines if line.milestone.journey.home_id == home.pk])
        for home in homes.filter(journeys__milestones__in=[line.milestone_id for line in lines]).distinct()
    ]
    timezone.activate(change.development.time_zone)
    request.home = by_home[0][0]
    mark_read_about(change, user=request.user, at=timezone.now())
    context = {
        "change": change,
        "by_home": by_home,
        "home": request.home,
        "proofs": list(change.evidence.shown().select_related("file", "document")),
        "withdrawn_by": _withdrawn_by(change, lines),
    }
    return render(request, "home/change.html", context)


def _withdrawn_by(change, lines):
    """The change that took this one back for one of these homes, if one did."""
    if change.kind != MilestoneChange.Kind.REACHED:
        return None
    later = MilestoneChange.objects.made().filter(kind=MilestoneChange.Kind.WITHDRAWN, at__gte=change.at)
    return later.filter(lines__milestone__in=[line.milestone_id for line in lines]).order_by("at").first()


@login_required
@require_safe
def evidence_file(request, pk, variant=None):
    """A photo, or a document as it is."""
    mine = Evidence.objects.shown().filter(change__in=MilestoneChange.objects.for_user(request.user).made())
    mine = mine.filter(change__lines__milestone__journey__home__in=Home.objects.lived_in_by(request.user)).distinct()
    proof = get_object_or_404(mine.select_related("file"), pk=pk)
    return deliver(request, proof.file, variant=variant, name=str(proof.taken_on))
