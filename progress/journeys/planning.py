"""The first date of a milestone. It needs no reason and is told to nobody; from then on, each change does and is."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record

from .actions import JourneyError
from .locking import check_each, check_year, in_words, locked, save


@transaction.atomic
def plan_milestones(milestones, *, on, versions=None, by):
    """Plan `milestones` of one stage, none of which has a date yet, for the day `on`.

    Raises JourneyError when one has a date already, or the day is before its journey began; ChangedMeanwhileError.
    """
    milestones = locked(milestones, versions)

    def check(milestone):
        words = {"milestone": milestone, "day": in_words(milestone.journey.started)}
        if not milestone.is_undated:
            raise JourneyError(_("“%(milestone)s” has a date already. A new one needs a reason.") % words)
        if on < milestone.journey.started:
            raise JourneyError(_("The work began on %(day)s; nothing is planned before.") % words)
        check_year(on, milestone)

    check_each(milestones, check)
    for milestone in milestones:
        milestone.planned = on
    save(milestones)
    for milestone in milestones:
        record("planned", milestone, by=by, home=milestone.journey.home)
    return milestones
