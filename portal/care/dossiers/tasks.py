"""The worker's entry points."""

from django.utils import timezone

from accounts.jobs import every_minute, nightly
from progress.leaflets import making

from . import actions, transfers
from .models import Dossier


def make_dossier(pk):
    """Make a dossier. Running it twice makes it once."""
    for dossier in Dossier.objects.filter(pk=pk):
        actions.make(dossier, clock=timezone.now)


@every_minute
def tidy_dossiers(*, at):
    """Those whose task or worker was lost."""
    making.tidy(Dossier, actions.give_up, at=at)


@nightly
def forget_dossiers(*, at):
    """Those that were ready a week ago."""
    making.forget(Dossier.objects.to_forget(at=at), at=at)


@nightly
def hand_dossiers_over(*, at):
    """To those who have bought a home."""
    transfers.hand_over(at=at)
