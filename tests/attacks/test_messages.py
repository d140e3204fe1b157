"""Text that wants to be a header, a link or a template; and rows in the outbox that stand in the way of others."""

import re
from uuid import uuid4

import pytest
from django.core.mail import EmailMultiAlternatives

from accounts.models import Owner, User
from accounts.notices.actions import tell
from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from progress.models import Development
from progress.updates.models import Update
from tests.factories import NOW, OwnershipFactory, UpdateFactory

pytestmark = pytest.mark.django_db
INJECTION = "News\r\nBcc: all@example.com\r\n\r\nhttps://evil.example \u2028\x1b{{ settings.SECRET_KEY }}{% debug %}<b>"


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def tie():
    return OwnershipFactory()


def news(tie, **texts):
    """Published with texts that no form would let through."""
    update = UpdateFactory(development=tie.home.development, homes=[tie.home])
    Update.objects.filter(pk=update.pk).update(**texts)
    return Update.objects.get(pk=update.pk)


def wire(mail):
    """The message as the mail server gets it: its headers by name, and all of it."""
    sent = mail.message()
    return {name: str(value) for name, value in sent.items()}, sent.as_bytes()


class TestInjection:
    @pytest.fixture
    def mail(self, tie, mailoutbox):
        Owner.objects.update(name=INJECTION[:150])
        User.objects.update(name=INJECTION[:150])
        Development.objects.update(name_en=INJECTION[:120])
        update = news(tie, title_en=INJECTION[:120], body_en=INJECTION)
        tell([tie.owner], "update-published", update, at=NOW)
        deliver_due()
        return mailoutbox[0]

    def test_nobody_else_gets_it(self, mail, tie):
        headers, raw = wire(mail)
        assert mail.recipients() == [tie.owner.user.email]
        assert not {"Bcc", "Cc"} & set(headers)
        assert re.search(rb"(?im)^bcc:", raw.split(b"\n\n")[0]) is None
        assert "\n" not in mail.subject

    def test_nothing_is_run_or_marked_up(self, mail):
        html = mail.alternatives[0].content
        assert "<b>" not in html
        assert "{{ settings.SECRET_KEY }}" in html
        assert "only-for-demonstration" not in html + mail.body

    def test_only_our_address_can_be_clicked(self, mail, settings):
        links = re.findall(r'href="([^"]+)"', mail.alternatives[0].content)
        assert links
        assert [link for link in links if not link.startswith((settings.BASE_URL, "tel:"))] == []

    def test_a_text_message_stays_one_line(self, tie, texts):
        from accounts.notices.kinds import get
        from accounts.notices.messages import compose

        Development.objects.update(name_en=INJECTION[:120])
        notice = Notice(owner=tie.owner, channel="sms", kind="update-published")
        message = compose(notice, get("update-published"), news(tie, title_en=INJECTION[:120]))
        assert re.search(r"[\x00-\x1f\u2028]", message.text) is None
        assert isinstance(message.text, str)


def test_an_invitation_to_a_name_with_line_breaks_adds_no_header(mailoutbox):
    from accounts.actions import _send
    from tests.factories import InvitationFactory

    invitation = InvitationFactory(name=INJECTION[:150])
    Owner.objects.update(name=INJECTION[:150])
    _send(invitation, at=NOW)
    deliver_due()
    headers, _raw = wire(mailoutbox[0])
    assert (mailoutbox[0].recipients(), "Bcc" in headers) == ([invitation.address], False)


class TestPoison:
    """Rows that can't be delivered, each in one batch with one that can."""

    def row(self, owner, **fields):
        defaults = {"key": str(uuid4()), "kind": "update-published", "subject_id": str(uuid4()), "channel": "email"}
        return Notice.objects.create(owner=owner, due_at=NOW, next_try_at=NOW, **defaults | fields)

    @pytest.fixture
    def good(self, tie):
        update = news(tie)
        tell([tie.owner], "update-published", update, at=NOW)
        return update

    @pytest.mark.parametrize(
        ("poison", "state"),
        [
            ({"kind": "nobody-knows"}, "failed"),
            ({"subject_id": str(uuid4())}, "suppressed"),
            ({"subject_id": "no id at all"}, "queued"),
            ({"subject_id": "' OR 1=1 --"}, "queued"),
            ({"channel": "pigeon"}, "suppressed"),
        ],
        ids=["unknown kind", "subject gone", "no id", "code as id", "unknown channel"],
    )
    def test_it_holds_up_nobody(self, tie, good, mailoutbox, poison, state):
        rows = [self.row(tie.owner, **poison) for _n in range(3)]
        Notice.objects.filter(pk__in=[row.pk for row in rows]).update(next_try_at=NOW.replace(year=2020))
        deliver_due()
        assert len(mailoutbox) == 1
        assert {row.state for row in Notice.objects.filter(pk__in=[row.pk for row in rows])} == {state}

    def test_an_owner_deleted_in_the_middle_of_a_batch_holds_up_nobody(self, tie, good, mailoutbox, monkeypatch):
        other = OwnershipFactory(home=tie.home)
        tell([other.owner], "update-published", good, at=NOW)
        send = EmailMultiAlternatives.attach_alternative

        def delete_the_other(mail, *args):
            Notice.objects.filter(owner=other.owner).delete()
            return send(mail, *args)

        Notice.objects.filter(owner=tie.owner).update(next_try_at=NOW.replace(year=2020))
        monkeypatch.setattr(EmailMultiAlternatives, "attach_alternative", delete_the_other)
        deliver_due()
        assert [mail.recipients() for mail in mailoutbox] == [[tie.owner.user.email]]
        assert not Notice.objects.filter(state="queued").exists()

    def test_an_address_that_is_none_holds_up_nobody(self, tie, good, mailoutbox):
        broken = OwnershipFactory(home=tie.home)
        User.objects.filter(pk=broken.owner.user_id).update(email="x@y\r\nbcc: z@example.com")
        tell([broken.owner], "update-published", good, at=NOW)
        deliver_due()
        assert [mail.recipients() for mail in mailoutbox] == [[tie.owner.user.email]]
        assert Notice.objects.get(owner=broken.owner, channel="email").state == "failed"
