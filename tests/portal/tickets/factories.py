"""Tickets for tests: of a home with a live owner, raised by them."""

from datetime import timedelta

import factory

from portal.tickets.macros.models import Macro
from portal.tickets.models import Attachment, Duty, EmergencyWord, Message, Route, Step, Ticket
from progress.components.models import Component
from progress.models import Assignment
from progress.touchpoints.models import Touchpoint
from tests.factories import NOW, OwnershipFactory, PrivateFileFactory, StaffFactory

from .owner_factories import waits


class ComponentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Component

    code = factory.Sequence("component-{}".format)
    name_en = factory.Sequence("Part {}".format)


class TicketFactory(factory.django.DjangoModelFactory):
    """`ownership` names whose it is; the owner's login raised it."""

    class Meta:
        model = Ticket

    class Params:
        ownership = factory.SubFactory(OwnershipFactory)
        resolved = factory.Trait(
            state=Ticket.State.RESOLVED, outcome=Ticket.Outcome.FIXED, resolved_at=NOW + timedelta(hours=4)
        )
        closed = factory.Trait(
            state=Ticket.State.CLOSED,
            outcome=Ticket.Outcome.FIXED,
            resolved_at=NOW + timedelta(hours=4),
            closed_at=NOW + timedelta(hours=8),
            closed_how=Ticket.ClosedHow.OWNER,
        )

    number = factory.Sequence("T-2610-{:04}".format)
    home = factory.SelfAttribute("ownership.home")
    development = factory.SelfAttribute("home.development")
    owner = factory.SelfAttribute("ownership.owner")
    raised_by = factory.SelfAttribute("owner.user")
    kind = Ticket.Kind.REPAIR
    team = Assignment.Role.CUSTOMER_SERVICE
    title = "The tap drips"
    text = "The tap in the kitchen drips, day and night."
    language = "en"
    reported_at = NOW


class MessageFactory(factory.django.DjangoModelFactory):
    """Of the owner; `from_staff=True`: an answer, with `internal=True` a note."""

    class Meta:
        model = Message

    class Params:
        from_staff = factory.Trait(owner=None, by_staff=True, author=factory.SubFactory(StaffFactory))

    ticket = factory.SubFactory(TicketFactory)
    owner = factory.SelfAttribute("ticket.owner")
    author = factory.SelfAttribute("ticket.raised_by")
    text = "It has become worse."
    at = NOW + timedelta(minutes=10)


class AttachmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attachment

    ticket = factory.SubFactory(TicketFactory)
    file = factory.SubFactory(PrivateFileFactory)
    kind = Attachment.Kind.PHOTO
    at = NOW


class StepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Step

    ticket = factory.SubFactory(TicketFactory)
    seq = factory.LazyAttribute(lambda step: step.ticket.steps.count() + 1)
    at = NOW
    what = Step.What.REPORTED


class RouteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Route

    touchpoint = factory.LazyFunction(lambda: Touchpoint.objects.get(code="repair-order"))
    team = Assignment.Role.CUSTOMER_SERVICE


class DutyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Duty

    user = factory.SubFactory(StaffFactory)
    starts = NOW - timedelta(hours=1)
    ends = NOW + timedelta(hours=8)


def ticketed(home, owner):
    """What the table of addresses names: a ticket of the household with what was said and sent, and a note."""
    tie = home.ownerships.get(owner=owner)
    ticket = TicketFactory(ownership=tie)
    note = MessageFactory(ticket=ticket, from_staff=True, internal=True, text="Ring first.")
    return {
        "ticket": ticket,
        "personal ticket": TicketFactory(ownership=tie, privacy=Ticket.Privacy.PERSONAL),
        "resolved ticket": TicketFactory(ownership=tie, resolved=True),
        "ticket message": MessageFactory(ticket=ticket),
        "ticket photo": AttachmentFactory(ticket=ticket),
        **waits(ticket),
        "macro": Macro.objects.first(),
        "duty": DutyFactory(development=home.development),
        "emergency word": EmergencyWord.objects.first(),
        "route": Route.objects.first(),
        "note photo": AttachmentFactory(ticket=ticket, message=note, internal=True, by_staff=True),
    }
