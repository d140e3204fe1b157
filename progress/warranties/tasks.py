"""The worker's entry points: warranties follow what is finished, moved, taken back and repaired; certificates."""

from datetime import timedelta
from time import monotonic

from django.core.cache import cache
from django.utils import timezone

from accounts.jobs import every_minute, nightly
from progress.leaflets import making

from . import certificates
from .anchors import touched_since
from .keeping import keep_warranties
from .models import Certificate
from .signs import homes_out_of_line, signs_of_steps

BUDGET = timedelta(seconds=20)
SEEN = "warranties:seen"
A_DAY = timedelta(days=1)
OVERLAP = timedelta(minutes=5)  # for what was under way while we looked


@every_minute
def keep_up_warranties(*, at):
    """Only homes where something was done since; what is not done within its time goes on in the next minute."""
    seen, since = cache.get(SEEN) or ("", at - A_DAY)
    signs = signs_of_steps()
    homes = touched_since(since - OVERLAP) | (homes_out_of_line() if signs != seen else set())
    ends = monotonic() + BUDGET.total_seconds()
    done = keep_warranties(today=_today(at), at=at, homes=homes, enough=lambda: monotonic() > ends)
    if done is not None:
        cache.set(SEEN, (signs, at), timeout=None)


@nightly
def keep_all_warranties(*, at):
    """Whatever the signs say: also after a change of the terms."""
    keep_warranties(today=_today(at), at=at)


def make_certificate(pk):
    """Print a certificate. Running it twice prints it once."""
    for certificate in Certificate.objects.filter(pk=pk):
        certificates.make(certificate, clock=timezone.now)


@every_minute
def tidy_certificates(*, at):
    """Those whose task or worker was lost."""
    making.tidy(Certificate, certificates.give_up, at=at)


@nightly
def forget_certificates(*, at):
    """Those that were ready a week ago."""
    making.forget(Certificate.objects.to_forget(at=at), at=at)


def _today(at):
    return timezone.localdate(at, timezone.get_default_timezone())
