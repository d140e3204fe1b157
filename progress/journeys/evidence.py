"""What shows that a milestone is reached: dated photos and documents, sent with the report or stored already."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.files.actions import store_document

from .actions import JourneyError
from .locking import in_words
from .models import Evidence, Milestone


@dataclass(frozen=True)
class Proof:
    """Shows how far the work is: a `file` as a form field has checked it, or a HomeDocument of this home."""

    file: object
    taken_on: date
    caption_en: str = ""
    caption_zh: str = ""
    document: object = None


def check_evidence(milestones, evidence, *, today):
    """Raises JourneyError for none, one from before the stage or a day to come, or a document others don't see."""
    if not evidence:
        raise JourneyError(_("Please add a dated photo or document that shows it."))
    begun = stages_began(milestones)
    for proof in evidence:
        if proof.taken_on > today:
            raise JourneyError(_("Evidence cannot be from a day to come."))
        if proof.taken_on < begun:
            words = {"day": in_words(begun)}
            raise JourneyError(_("This evidence is older than the stage, which began on %(day)s.") % words)
        if proof.document and not _may_show(proof.document, milestones):
            raise JourneyError(_("A document shows it for its own home only, and only if all who follow it see it."))


def _may_show(document, milestones):
    ours = all(milestone.journey.home_id == document.home_id for milestone in milestones)
    return ours and document.withdrawn_at is None and document.min_role != Evidence.FOR_OWNERS_ONLY


def stages_began(milestones):
    """The day on which the stages of `milestones` had all begun: the earlier stages done, else the journeys' start."""
    journeys = {milestone.journey_id: milestone.journey for milestone in milestones}
    order = milestones[0].template.stage.order or 0
    earlier = Milestone.objects.filter(
        journey__in=journeys, template__stage__order__lt=order, state=Milestone.State.REACHED
    )
    last = earlier.aggregate(last=Max("actual"))["last"]
    return max(filter(None, [last, *(journey.started for journey in journeys.values())]))


def keep_evidence(change, evidence, *, by):
    """Store what was sent with the report; a document is only named. Raises FileError."""
    for proof in evidence:
        Evidence.objects.create(
            change=change,
            file=proof.document.file if proof.document else store_document(proof.file, by=by),
            document=proof.document,
            taken_on=proof.taken_on,
            caption_en=proof.caption_en,
            caption_zh=proof.caption_zh,
        )
