"""The worker's entry points."""

from django.utils import timezone

from accounts.jobs import every_minute, nightly

from . import actions, diaries, making, monthly
from .models import Diary, Leaflet


def make_leaflet(pk):
    """Print a leaflet. Running it twice prints it once."""
    for leaflet in Leaflet.objects.filter(pk=pk):
        actions.make(leaflet, clock=timezone.now)


def make_diary(pk):
    """Print a diary. Running it twice prints it once."""
    for diary in Diary.objects.filter(pk=pk):
        diaries.make(diary, clock=timezone.now)


@every_minute
def tidy_leaflets(*, at):
    """Leaflets and diaries whose task or worker was lost."""
    making.tidy(Leaflet, actions.give_up, at=at)
    making.tidy(Diary, diaries.give_up, at=at)


@nightly
def prepare_leaflets(*, at):
    """Those of last month, once it is over."""
    monthly.prepare_leaflets(at=at)


@nightly
def forget_diaries(*, at):
    """Those that were ready a week ago."""
    making.forget(Diary.objects.to_forget(at=at), at=at)
