"""How quickly the worker delivers 10,000 e-mails, beside a bare loop over one connection to the same server.

The bare loop knows its messages: it builds for each an EmailMultiAlternatives with the text and the HTML that the
portal wrote for that reader, a Message-ID and the portal's headers, and sends it over one open connection. It asks no
database, renders nothing and checks nothing. The worker claims, renders, sends and writes the result of each.
The server is a process of its own. By turns, so that what else the machine does meets both.
"""

from datetime import timedelta
from time import perf_counter, thread_time

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection
from django.utils import timezone

from accounts.models import Channel
from accounts.notices import channels
from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from progress.updates.actions import publish_update
from progress.updates.models import Audience
from tests.bench.bench_updates import analyze, estate
from tests.bench.sink import HOST, sink
from tests.factories import StaffFactory, UpdateFactory

MESSAGES, SHARE, AIM = 10_000, 1000, 0.5


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with sink() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, port
        yield


def due(count):
    """So many e-mails about one update, due now; without those to the inbox."""
    from accounts.notices.circulars import write

    building = estate(count)
    update = UpdateFactory(
        development=building.development,
        title_en="Windows reach floor nine",
        body_en="The cradle is on the south side. " * 10,
        body_zh="外窗装到九层。吊篮在南立面，本周五拆除。" * 10,
    )
    Audience.objects.create(update=update, building=building)
    publish_update(update, by=StaffFactory(group="Supervisors", everywhere=True), at=timezone.now())
    write(clock=timezone.now)
    Notice.objects.filter(channel=Channel.INBOX).delete()
    Notice.objects.update(next_try_at=timezone.now() + timedelta(days=1))


def some(count):
    """Let so many of them fall due."""
    waiting = Notice.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True)[:count]
    Notice.objects.filter(pk__in=list(waiting)).update(next_try_at=timezone.now())


def bare_loop(known):
    line = get_connection()
    line.open()
    for fields, html in known:
        mail = EmailMultiAlternatives(**fields)
        mail.attach_alternative(html, "text/html")
        line.send_messages([mail])
    line.close()


def deliver_all():
    while deliver(clock=timezone.now):  # one task takes half a minute at most
        pass


def measured(work):
    began, spent = perf_counter(), thread_time()
    work()
    return perf_counter() - began, thread_time() - spent


def bench_delivery_beside_a_bare_loop(transactional_db, server, monkeypatch):
    due(MESSAGES)
    analyze()
    known, mail_of = [], channels._mail

    def noted(*args):
        mail = mail_of(*args)
        fields = ("subject", "body", "from_email", "to")
        values = {name: getattr(mail, name) for name in fields} | {"headers": mail.extra_headers}
        known.append((values, mail.alternatives[0][0]))
        return mail

    times = {"worker": [], "bare": []}
    for _each in range(MESSAGES // SHARE):
        some(SHARE)
        known.clear()
        monkeypatch.setattr(channels, "_mail", noted)
        times["worker"].append(measured(deliver_all))
        times["bare"].append(measured(lambda: bare_loop(known)))
        assert len(known) == SHARE
    assert Notice.objects.filter(state="sent").count() == MESSAGES
    told(times)


def told(times):
    clock, processor = ({name: sum(t[n] for t in found) for name, found in times.items()} for n in (0, 1))
    print(f"\ndelivery of {MESSAGES:,} e-mails on {connection.vendor}, and a bare loop over one connection:")
    for name in times:
        print(
            f"  {name:7} {MESSAGES / clock[name]:.0f} a second, {1000 * processor[name] / MESSAGES:.2f} ms of processor"
        )
    rates = sorted(bare[0] / worker[0] for bare, worker in zip(times["bare"], times["worker"], strict=True))
    print(f"  ratio   {clock['bare'] / clock['worker']:.2f} of all, shares from {rates[0]:.2f} to {rates[-1]:.2f}")
    assert clock["bare"] / clock["worker"] >= AIM
