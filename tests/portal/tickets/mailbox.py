"""Mail as a provider brings it, to the webhook or straight to the receiver."""

from email.message import EmailMessage
from uuid import uuid4

from anymail.inbound import AnymailInboundMessage

from portal.tickets.mail.models import IncomingMail
from portal.tickets.mail.receiving import receive
from portal.tickets.mail.taking import take_in
from tests.factories import NOW

SERVICE = "service@homes.example"


def letter(sender, to=SERVICE, text="It drips again.", files=(), **headers):
    """anymail's message. `files`: (name, content, type)."""
    raw = EmailMessage()
    raw["From"], raw["To"], raw["Subject"] = f"Somebody <{sender}>", to, "Re: The tap drips"
    raw["Message-ID"] = f"<{uuid4()}@mail.example>"
    for name, value in headers.items():
        raw[name.replace("_", "-")] = value
    raw.set_content(text)
    for name, content, kind in files:
        main, __, sub = kind.partition("/")
        raw.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return AnymailInboundMessage.parse_raw_mime_bytes(raw.as_bytes())


def arrive(sender, *args, at=NOW, **kwargs):
    """Received and worked: the IncomingMail as it is then."""
    mail = receive(letter(sender, *args, **kwargs), at=at)
    take_in(mail.pk, clock=lambda: at)
    return IncomingMail.objects.get(pk=mail.pk)


def sorted_by_hand(home, owner):
    """Two that staff must sort: of a customer of the home, and of nobody, for the walk through all addresses."""
    known = {"recipient": SERVICE, "state": "to-sort", "received_at": NOW}
    mail = IncomingMail.objects.create(message_id="<1@x>", why="homes", owner=owner, home=home, **known)
    return {"mail": mail, "mail of nobody": IncomingMail.objects.create(message_id="<2@x>", why="unknown", **known)}
