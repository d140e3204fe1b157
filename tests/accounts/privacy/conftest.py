"""Somebody with something of everything, beside people whose data must never turn up in theirs."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from accounts.events.actions import record
from accounts.files.models import private_storage
from accounts.models import Address, Channel
from accounts.notices.models import Notice
from accounts.privacy import downloads
from accounts.privacy.models import Download
from tests.factories import (
    NOW,
    HomeDocumentFactory,
    HouseholdInvitationFactory,
    InvitationFactory,
    OwnershipFactory,
    PrivateFileFactory,
    StaffFactory,
)

OTHERS = ["spouse@example.com", "+8613900000002", "Wen Lan", "invited-guest@example.com", "Guest Gu", "Agent Ang"]


@pytest.fixture
def tie(db):
    """A co-owned home with a contract, a message, an address, events; and somebody else in each of them."""
    mine = OwnershipFactory(owner__name="Lin Mei", owner__customer_no="C-77", owner__user__email="lin@example.com")
    spouse = OwnershipFactory(home=mine.home, role="co_owner", owner__name="Wen Lan", owner__user__name="Wen Lan")
    for owner, value in ((mine.owner, "+8613900000001"), (spouse.owner, "+8613900000002")):
        Address.objects.create(owner=owner, channel=Channel.SMS, value=value)
    Address.objects.create(owner=spouse.owner, channel=Channel.EMAIL, value="spouse@example.com")
    pdf = PrivateFileFactory(file=ContentFile(b"%PDF-1.7 contract", name="c.pdf"), content_type="application/pdf")
    HomeDocumentFactory(
        home=mine.home, kind="contract", min_role="owner", title_en="Contract of sale", file=pdf
    ).private_to.set([mine.owner])
    agent = StaffFactory(name="Agent Ang", group="Customer service", development=mine.home.development)
    record("looked at", mine.owner, by=agent)
    InvitationFactory(owner=mine.owner, used_at=NOW, used_by=mine.owner.user, address="lin@example.com", name="Lin Mei")
    guest = {"address": "invited-guest@example.com", "name": "Guest Gu"}
    HouseholdInvitationFactory(
        home=mine.home, invited_by=mine.owner, **{f"invitation__{name}": value for name, value in guest.items()}
    )
    told(mine.owner, "Windows are in")
    return mine


def told(owner, title, **fields):
    about = {"kind": "update-published", "subject_kind": "updates.update", "subject_id": "x", "channel": Channel.INBOX}
    sent = {
        "state": Notice.State.SENT,
        "sent_at": NOW,
        "title": title,
        "text": f"{title}.",
        "key": f"{title}{owner.pk}",
    }
    return Notice.objects.create(owner=owner, **about | sent | fields)


def made(user, at=NOW):
    """The archive of a download, asked for and made: {path: bytes}."""
    download = downloads.ask_download(user=user, at=at)
    downloads.make(download, clock=lambda: at + timedelta(minutes=1))
    return contents(Download.objects.get(pk=download.pk))


def contents(download):
    with (
        private_storage().open(download.file.file.name) as stored,
        zipfile.ZipFile(io.BytesIO(stored.read())) as zipped,
    ):
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


def entries(archive, section):
    found = {each["section"]: each for each in json.loads(archive["data.json"])["sections"]}
    return found[section]["entries"]
