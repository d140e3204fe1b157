"""An update is posted through nginx, two web processes and two workers, some of which are killed on the way."""

import signal
import threading
import time
from collections import Counter
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from accounts.models import Channel
from accounts.notices.models import Heartbeat, Notice
from accounts.notices.tasks import sweep
from progress.updates.models import Update
from tests.accounts.files.pictures import encoded, picture, upload

from .browser import LOGIN
from .processes import PATIENCE, is_asked, wait_until

pytestmark = [pytest.mark.postgresql, pytest.mark.running]

NEW = reverse("site:update-new")
PHOTOS = 3


class Visitor(threading.Thread):
    """Opens a page over and over while nobody else has the `turn`, and remembers what was answered."""

    def __init__(self, browser):
        super().__init__(daemon=True)
        self.browser, self.answers, self.over, self.turn = browser, Counter(), threading.Event(), threading.Lock()

    def run(self):
        while not self.over.wait(0.05):
            with self.turn:
                pass
            self.answers[self.browser.get(LOGIN).status] += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.over.set()
        self.join(PATIENCE)


def update_form(people, update_id):
    return {
        "update_id": update_id,
        "places": [f"building:{people.building.pk}"],
        "home_numbers": "",
        "stage_code": "",
        "title_en": "The roof is on",
        "body_en": "Rain stays outside from today.",
        "title_zh": "",
        "body_zh": "",
        "photos": [upload(encoded(picture(1200, 900, color=(n, 90, 75))), f"{n}.jpg") for n in range(PHOTOS)],
    }


def post_while_its_process_is_killed(site, visitor, post):
    """Both web processes stand still until one of them has the form; that one is killed, with a visitor about."""
    with visitor.turn:
        wait_until(lambda: not any(map(is_asked, site.web_ports)), "the visitor's page is still under way")
        for web in site.webs:
            web.signal(signal.SIGSTOP)
        answers = []
        posting = threading.Thread(target=lambda: answers.append(post()))
        posting.start()
        wait_until(lambda: any(map(is_asked, site.web_ports)), "nobody was asked")
        killed = next(web for web, port in zip(site.webs, site.web_ports, strict=True) if is_asked(port))
    time.sleep(0.5)  # the visitor's request reaches one of them too
    killed.kill()
    next(web for web in site.webs if web is not killed).signal(signal.SIGCONT)
    posting.join(PATIENCE)
    return answers[0]


def pks_of(messages):
    return [message["Message-ID"].strip("<>").partition("@")[0] for message in messages]


def work_until_sent(mails):
    """The minute that has passed for the workers: the lease of whoever was killed has run out."""
    Notice.objects.filter(lease__isnull=False, state=Notice.State.QUEUED).update(leased_until=timezone.now())
    OrmQ.objects.all().delete()  # the task may be lost with its worker: the outbox is the truth
    sweep(at=timezone.now())
    wait_until(lambda: not mails.filter(state=Notice.State.QUEUED).exists(), "messages still wait")


def kill_who_delivers(running):
    """One cluster, parent and children, while the mail server leaves it waiting for an answer."""
    assert running.mail.stalled.wait(PATIENCE)
    [worker] = [each for each in running.site.workers if each.is_connected_to(running.mail.port)]
    worker.kill()
    running.mail.go_on()


def test_an_update_reaches_each_owner_once_although_a_web_process_and_a_worker_are_killed(running):
    site, people, update_id = running.site, running.people, uuid4()
    browser, page = running.staff(), reverse("site:update", args=[update_id])
    with Visitor(running.visitor()) as visitor:
        first = post_while_its_process_is_killed(
            site, visitor, lambda: browser.post(NEW, update_form(people, update_id))
        )
        # It had been sent, so it might have been acted on: the browser is told, and sends the same once more, twice.
        assert first.status == 503
        assert [browser.post(NEW, update_form(people, update_id)).to for _each in range(2)] == [page, page]
        running.mail.stall(nth=3, accepted=False)
        assert browser.post(f"{page}publish/", {}).to == page
        kill_who_delivers(running)
        update = Update.objects.get(pk=update_id)
        told = Notice.objects.filter(subject_id=str(update.pk))
        work_until_sent(told)
    assert (update.state, update.photos.count()) == (Update.State.PUBLISHED, PHOTOS)
    in_boxes = told.filter(channel=Channel.INBOX, state=Notice.State.SENT).values_list("owner", flat=True)
    assert sorted(in_boxes) == sorted(owner.pk for owner in people.owners)
    ids = {str(mail.pk): mail.owner.user.email for mail in told.filter(channel=Channel.EMAIL)}
    sent = Counter(ids[pk] for pk in pks_of(running.mail.accepted) if pk in ids)
    assert sent == {owner.user.email: 1 for owner in people.owners}
    assert set(visitor.answers) == {200}


def test_it_is_ready_once_a_worker_has_had_its_minute(running):
    wait_until(lambda: Heartbeat.objects.filter(job="minute").exists(), "no heartbeat")
    wait_until(lambda: running.visitor().get("/health/ready").status == 200, "not ready")
    assert running.visitor().get("/health/live").body == b"ok\n"
