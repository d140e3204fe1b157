"""Versions of a template: copied into a draft, edited, put in force, removed while nobody follows them.

What is in force, or was, is never edited: homes follow it.
"""

from django.db import transaction
from django.db.models import Count, Max, ProtectedError
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.events.actions import record

from .actions import JourneyError
from .models import JourneyTemplate, MilestoneTemplate, StageTemplate

State = JourneyTemplate.State


@transaction.atomic
def draft_version(template, *, by):
    """Copy `template` with its stages and milestones into the next version, a draft.

    Raises JourneyError while another draft of this kind waits.
    """
    versions = _locked_kind(template.kind)
    if waiting := [version for version in versions if version.is_draft]:
        raise JourneyError(
            _("Version %(version)s is a draft still. Finish it first.") % {"version": waiting[0].version}
        )
    newest = max(version.version for version in versions)
    draft = JourneyTemplate.objects.create(kind=template.kind, version=newest + 1)
    for stage in template.stages.prefetch_related("milestones"):
        copied = StageTemplate.objects.create(template=draft, **_values(stage, {"id", "template"}))
        MilestoneTemplate.objects.bulk_create(
            MilestoneTemplate(stage=copied, **_values(step, {"id", "stage"})) for step in stage.milestones.all()
        )
    record("drafted", draft, by=by)
    return draft


def _values(row, without):
    return model_to_dict(row, exclude=without)


@transaction.atomic
def save_stage(stage, steps, *, by):
    """Keep one stage of a draft (a StageTemplate, new or not) with `steps`, the values of its milestones in order.

    Raises JourneyError when the version is no draft any more, or a code or place in the order is taken.
    """
    draft = _locked_draft(stage.template)
    others = draft.stages.exclude(pk=stage.pk)
    if others.filter(code=stage.code).exists():
        raise JourneyError(_("Another stage has the code %(code)s.") % {"code": stage.code})
    if stage.order is not None and others.filter(order=stage.order).exists():
        raise JourneyError(_("Another stage has the place %(order)s.") % {"order": stage.order})
    _check_codes(steps, others)
    stage.save()
    stage.milestones.all().delete()  # nobody follows a draft
    MilestoneTemplate.objects.bulk_create(
        MilestoneTemplate(stage=stage, order=order, **step) for order, step in enumerate(steps, start=1)
    )
    record("changed", draft, by=by)
    return stage


def _check_codes(steps, other_stages):
    codes = [step["code"] for step in steps]
    taken = set(MilestoneTemplate.objects.filter(stage__in=other_stages).values_list("code", flat=True))
    for code in codes:
        if code in taken or codes.count(code) > 1:
            raise JourneyError(_("Another milestone has the code %(code)s.") % {"code": code})


@transaction.atomic
def remove_stage(stage, *, by):
    """Take a stage out of a draft. Raises JourneyError when the version is no draft any more."""
    draft = _locked_draft(stage.template)
    draft.stages.filter(pk=stage.pk).delete()
    record("changed", draft, by=by)


@transaction.atomic
def put_in_force(draft, *, by):
    """New journeys start with this version from now on; the one in force before is replaced, and kept.

    Raises JourneyError when it is no draft any more, has no stages in order, or one of these has no milestone.
    """
    draft = _locked_draft(draft)
    ordered = draft.stages.filter(order__isnull=False).annotate(steps=Count("milestones"))
    if not ordered:
        raise JourneyError(_("A version needs at least one stage with a place in the order."))
    if empty := [stage for stage in ordered if not stage.steps]:
        raise JourneyError(_("The stage “%(stage)s” needs a milestone.") % {"stage": empty[0]})
    JourneyTemplate.objects.in_force().filter(kind=draft.kind).update(state=State.RETIRED)
    draft.state = State.IN_FORCE
    draft.save(update_fields=["state"])
    record("put in force", draft, by=by)
    return draft


@transaction.atomic
def remove_version(template, *, by):
    """Remove a draft, or a replaced version that no home follows.

    Raises JourneyError for the version in force, and while homes follow it.
    """
    template = next((each for each in _locked_kind(template.kind) if each.pk == template.pk), None)
    if template is None:
        return
    if template.is_in_force:
        raise JourneyError(_("This version is in force. Put another one in force first."))
    record("removed", template, by=by)
    try:
        with transaction.atomic():
            template.delete()
    except ProtectedError:
        homes = template.journey_set.values("home").distinct().count()
        words = ngettext(
            "%(n)s home follows this version, so it stays.", "%(n)s homes follow this version, so it stays.", homes
        )
        raise JourneyError(words % {"n": homes}) from None


def _locked_kind(kind):
    """All versions of one kind, one person at a time: read once the lock is held, so that new ones are seen."""
    versions = JourneyTemplate.objects.filter(kind=kind).order_by("pk")
    list(versions.select_for_update())
    return list(versions)


def _locked_draft(template):
    for each in _locked_kind(template.kind):
        if each.pk == template.pk and each.is_draft:
            return each
    raise JourneyError(_("This version is no draft any more, so it cannot be changed."))


def next_place(draft):
    """The place in the order after the last stage."""
    return (draft.stages.aggregate(last=Max("order"))["last"] or 0) + 1
