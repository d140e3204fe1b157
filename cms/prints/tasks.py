"""The worker's entry points."""

from django.utils import timezone

from accounts.jobs import every_minute, nightly
from progress.leaflets import making

from . import actions
from .models import GuidePrint


def make_guideprint(pk):
    """Print guides. Running it twice prints them once."""
    for print_ in GuidePrint.objects.filter(pk=pk):
        actions.make(print_, clock=timezone.now)


@every_minute
def tidy_guide_prints(*, at):
    """Those whose task or worker was lost."""
    making.tidy(GuidePrint, actions.give_up, at=at)


@nightly
def forget_guide_prints(*, at):
    """Those that are old, or that say what no longer stands in the guides."""
    actions.forget_outdated(at=at)
