"""One-click unsubscribing by RFC 8058, and what strangers and scanners might try with its links."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.events.models import Event
from accounts.links import make_mac
from accounts.models import Owner
from accounts.notices import kinds, topics
from accounts.notices.choosing import choose
from accounts.notices.digests import gather, settle
from accounts.notices.models import Notice, Preference
from accounts.notices.topics import Mode
from accounts.notices.unsubscribing import GOOD_FOR, path_for
from tests.factories import NOW, InvitationFactory, OwnerFactory, UserFactory

EVENING = NOW + timedelta(hours=8)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def owner(db):
    return OwnerFactory(name="Shen Yue")


@pytest.fixture
def csrf_client():
    """A mail program: no cookie, no token, and the rules against forged requests in force."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def mailed(notify):
    """`mailed(person, kind)`: the path of the link in an e-mail of this kind to them, and its notice."""

    def mailed(person, kind="test-news", **options):
        notify(person, kind=kind, **options)
        notice = Notice.objects.filter(kind=kind, channel="email").latest("created_at")
        return path_for(notice, kinds.get(kind))

    return mailed


def modes(person):
    return {(row.topic, row.channel): row.mode for row in person.preferences.all()}


def post(client, path, body=ONE_CLICK, **options):
    return client.post(path, body, **options).status_code


class TestHeaders:
    def test_on_a_real_server_they_are_what_rfc_8058_asks(self, owner, notify, run, smtp, settings):
        settings.BASE_URL = "https://portal.example"
        notify(owner, kind="test-news")
        run()
        [message] = smtp.accepted
        link = message["List-Unsubscribe"].strip(" <>")  # it is too long for one line, and folded
        assert message["List-Unsubscribe"].strip() == f"<{link}>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert urlsplit(link)._replace(path="").geturl() == "https://portal.example"
        assert len(message.get_all("List-Unsubscribe")) == len(message.get_all("Message-ID")) == 1
        text = message.get_body("plain").get_content()
        assert (link in text, "https://portal.example/my/profile/messages/" in text) == (True, True)
        assert link in message.get_body("html").get_content()

    @pytest.mark.parametrize("kind", ["test-urgent", "test-burning", "test"])
    def test_what_is_mandatory_carries_neither(self, owner, notify, run, smtp, kind):
        notify(owner, kind=kind)
        run()
        [message] = smtp.accepted
        assert (message["List-Unsubscribe"], message["List-Unsubscribe-Post"]) == (None, None)
        assert "/unsubscribe/" not in message.get_body("plain").get_content()
        assert "/my/profile/messages/" in message.get_body("plain").get_content()

    def test_an_invitation_carries_neither_nor_a_link_to_preferences(self, notify, run, smtp):
        invitation = InvitationFactory()
        notify(invitation, kind="invitation", about=invitation)
        run()
        [message] = smtp.accepted
        text = message.get_body("plain").get_content()
        assert (message["List-Unsubscribe"], "/my/profile" in text) == (None, False)

    def test_what_staff_must_hear_may_be_gathered_but_carries_neither(self, notify, run, smtp, monkeypatch):
        monkeypatch.setattr(kinds.get("test-news"), "topic", topics.DUTIES, False)
        notify(UserFactory(), kind="test-news")
        run()
        assert smtp.accepted[0]["List-Unsubscribe"] is None

    def test_what_a_login_cannot_choose_on_its_page_carries_neither(self, notify, run, smtp):
        notify(UserFactory(), kind="test-news")  # a topic of customers
        run()
        assert smtp.accepted[0]["List-Unsubscribe"] is None

    def test_the_link_is_not_kept_with_the_text(self, owner, notify, run, mailoutbox):
        notify(owner, kind="test-news")
        run()
        assert "/unsubscribe/" in mailoutbox[0].body
        assert not Notice.objects.filter(text__contains="/unsubscribe/").exists()


class TestOneClick:
    def test_switches_off_this_topic_by_mail_for_this_person_and_nothing_else(self, owner, mailed, csrf_client):
        other = OwnerFactory()
        choose(owner, topics.DATES, "email", Mode.DAILY, by=owner.user, at=NOW)
        path = mailed(owner)
        assert post(csrf_client, path) == 200
        assert (modes(owner), modes(other)) == ({("news", "email"): "off", ("dates", "email"): "daily"}, {})

    @pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
    def test_takes_both_encodings_of_the_body(self, owner, mailed, csrf_client, content_type):
        multipart = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
        body = multipart if "multipart" in content_type else "List-Unsubscribe=One-Click"
        assert post(csrf_client, mailed(owner), body, content_type=content_type) == 200
        assert modes(owner) == {("news", "email"): "off"}

    def test_done_again_is_the_same(self, owner, mailed, csrf_client):
        path = mailed(owner)
        assert [post(csrf_client, path), post(csrf_client, path)] == [200, 200]
        assert (modes(owner), Event.objects.filter(verb="chose").count()) == ({("news", "email"): "off"}, 1)

    def test_is_logged_without_anybody_who_did_it(self, owner, mailed, client):
        client.force_login(UserFactory())
        post(client, mailed(owner))
        event = Event.objects.get(verb="chose")
        assert (event.actor, event.reason, event.subject_id) == (None, "off", str(Preference.objects.get().pk))

    def test_what_waits_is_not_sent(self, owner, mailed, csrf_client, run, mailoutbox):
        post(csrf_client, mailed(owner))
        run()
        assert mailoutbox == []

    def test_the_page_leads_back_to_the_preferences(self, owner, mailed, csrf_client):
        page = csrf_client.post(mailed(owner), ONE_CLICK).content.decode()
        assert ("Switched off" in page, "/my/profile/messages/" in page) == (True, True)

    def test_the_page_says_nothing_about_the_reader(self, owner, mailed, csrf_client):
        page = csrf_client.get(mailed(owner)).content.decode()
        assert [word for word in (owner.name, owner.customer_no, owner.user.email, str(owner.pk)) if word in page] == []

    def test_the_page_is_in_the_readers_language(self, mailed, csrf_client):
        path = mailed(OwnerFactory(user=None, language="zh-hans"))
        assert 'lang="zh-Hans"' in csrf_client.get(path).content.decode()

    def test_of_a_digest_it_ends_the_summaries(self, owner, notify, run, csrf_client, mailoutbox):
        for topic, mode in ((topics.NEWS, Mode.DAILY), (topics.DATES, Mode.WEEKLY), (topics.QUESTIONS, Mode.NOW)):
            choose(owner, topic, "email", mode, by=owner.user, at=NOW)
        notify(owner, kind="test-news")
        gather(at=EVENING)
        run(EVENING)
        settle()
        path = urlsplit(mailoutbox[0].extra_headers["List-Unsubscribe"].strip("<>")).path
        assert [post(csrf_client, path), post(csrf_client, path)] == [200, 200]
        assert modes(owner) == {("news", "email"): "off", ("dates", "email"): "off"}

    def test_of_a_digest_what_must_be_heard_comes_at_once_again(
        self, notify, run, csrf_client, monkeypatch, mailoutbox
    ):
        monkeypatch.setattr(kinds.get("test-news"), "topic", topics.DUTIES, False)
        user = UserFactory()
        choose(user, topics.DUTIES, "email", Mode.DAILY, by=user, at=NOW)
        notify(user, kind="test-news")
        gather(at=EVENING)
        run(EVENING)
        post(csrf_client, urlsplit(mailoutbox[0].extra_headers["List-Unsubscribe"].strip("<>")).path)
        assert modes(user) == {("duties", "email"): "now"}


class TestLooking:
    @pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete"])
    def test_changes_nothing(self, owner, mailed, csrf_client, method):
        getattr(csrf_client, method)(mailed(owner))
        assert (modes(owner), Event.objects.filter(verb="chose").count()) == ({}, 0)

    def test_shows_one_button_that_posts_what_rfc_8058_says(self, owner, mailed, csrf_client):
        response = csrf_client.get(mailed(owner))
        page = response.content.decode()
        assert '<input type="hidden" name="List-Unsubscribe" value="One-Click">' in page
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response.headers["Cache-Control"]

    @pytest.mark.parametrize(
        "body", [{}, {"List-Unsubscribe": "one-click"}, {"List-Unsubscribe": ""}, {"list-unsubscribe": "One-Click"}]
    )
    def test_a_post_without_the_body_is_a_clear_page(self, owner, mailed, csrf_client, body):
        path = mailed(owner)
        assert (post(csrf_client, path, body), modes(owner)) == (400, {})


class TestForged:
    def status(self, client, path):
        return [client.get(path).status_code, post(client, path)]

    def test_a_tampered_link_is_not_found(self, owner, mailed, csrf_client):
        path = mailed(owner)
        assert self.status(csrf_client, path[:-2] + ("A" if path[-2] != "A" else "B") + "/") == [404, 404]
        assert modes(owner) == {}

    def test_the_proof_of_another_message_is_not_taken(self, owner, mailed, csrf_client):
        other = OwnerFactory()
        mine, theirs = mailed(owner), mailed(other, at=NOW + timedelta(seconds=1))
        mixed = "/".join([*theirs.split("/")[:3], *mine.split("/")[3:]])
        assert self.status(csrf_client, mixed) == [404, 404]
        assert (modes(owner), modes(other)) == ({}, {})

    @pytest.mark.parametrize("purpose", ["invitation", "feed", "unsubscribe:all", ""])
    def test_the_proof_of_another_purpose_is_not_taken(self, owner, mailed, csrf_client, purpose):
        parts = mailed(owner).split("/")
        parts[3] = make_mac(purpose, parts[2], 1)
        assert self.status(csrf_client, "/".join(parts)) == [404, 404]

    def test_an_unknown_message_is_not_found(self, owner, csrf_client):
        path = f"/unsubscribe/{owner.pk}/{make_mac('unsubscribe', owner.pk, 1)}/"
        assert self.status(csrf_client, path) == [404, 404]

    def test_after_180_days_it_has_expired(self, owner, mailed, csrf_client, time_machine):
        path = mailed(owner)
        time_machine.move_to(NOW + GOOD_FOR - timedelta(seconds=1), tick=False)
        assert csrf_client.get(path).status_code == 200
        time_machine.move_to(NOW + GOOD_FOR, tick=False)
        assert (self.status(csrf_client, path), modes(owner)) == ([410, 410], {})

    def test_switched_on_again_by_its_reader_older_links_are_void_and_newer_ones_good(self, owner, mailed, csrf_client):
        old = mailed(owner)
        post(csrf_client, old)
        choose(owner, topics.NEWS, "email", Mode.DAILY, by=owner.user, at=NOW)
        assert (self.status(csrf_client, old), modes(owner)) == ([404, 404], {("news", "email"): "daily"})
        new = mailed(owner, step="later")
        assert (post(csrf_client, new), modes(owner)) == (200, {("news", "email"): "off"})

    def test_of_an_erased_owner_it_is_too_old(self, owner, mailed, csrf_client):
        path = mailed(owner)
        Owner.objects.filter(pk=owner.pk).update(erased_at=NOW)
        assert (self.status(csrf_client, path), modes(owner)) == ([410, 410], {})

    def test_of_what_has_become_mandatory_it_is_too_old(self, owner, mailed, csrf_client, monkeypatch):
        path = mailed(owner)
        monkeypatch.setattr(kinds.get("test-news"), "mandatory", True, False)
        assert self.status(csrf_client, path) == [410, 410]

    def test_a_notice_of_the_inbox_has_no_link(self, owner, notify, csrf_client):
        notify(owner, kind="test-inbox")
        notice = Notice.objects.get()
        assert path_for(notice, kinds.get("test-inbox")) == ""
        path = f"/unsubscribe/{notice.pk}/{make_mac('unsubscribe', notice.pk, 1)}/"
        assert self.status(csrf_client, path) == [404, 404]
