"""Every address, walked as every kind of person. A new address of ours needs a row in tests/urls_table.py."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse
from django.utils import timezone

from accounts.leaving import leave
from accounts.links import make_mac
from accounts.models import User
from accounts.notices.models import Circular, Notice
from progress.calendar.models import CalendarOverride
from progress.designs.models import DesignDrawing
from progress.journeys.actions import start_journey
from progress.journeys.changing import approve_change
from progress.journeys.models import JourneyTemplate
from progress.models import Role
from progress.promises.actions import open_promise
from progress.touchpoints.models import Touchpoint
from progress.updates.models import UpdatePhoto
from progress.warranties.models import Term
from tests.cms.guides.factories import GuidePageFactory
from tests.factories import (
    NOW,
    TODAY,
    AnswerFactory,
    AssignmentFactory,
    CardFactory,
    ContactFactory,
    DesignChangeFactory,
    DesignRecordFactory,
    DiaryFactory,
    DocumentBatchFactory,
    DownloadFactory,
    EnquiryFactory,
    ErasureRequestFactory,
    FeedFactory,
    GuidePrintFactory,
    HomeDocumentFactory,
    HomeTransferFactory,
    HouseholdInvitationFactory,
    HouseTypeFactory,
    InvitationFactory,
    LeafletFactory,
    OwnerMergeFactory,
    OwnershipFactory,
    PrivateFileFactory,
    QuestionFactory,
    StaffFactory,
    StaffInvitationFactory,
    UpdateFactory,
    UserFactory,
)
from tests.portal.bookings.factories import BookingFactory, OpenDayFactory, TicketPrintFactory, WaitingEntryFactory
from tests.portal.bookings.opinion_factories import OpinionFactory, OpinionPhotoFactory
from tests.portal.care.check_factories import checked
from tests.portal.care.dossier_factories import dossiered
from tests.portal.desk.care_factories import ruled
from tests.portal.tickets.factories import ticketed
from tests.portal.tickets.formal_factories import complained
from tests.portal.tickets.job_factories import handed_out
from tests.portal.tickets.mailbox import sorted_by_hand
from tests.portal.tickets.report_factories import reported
from tests.portal.visits.factories import AbsenceFactory, AvailabilityFactory, VisitFactory, VisitSettingFactory
from tests.progress.material_factories import recalled
from tests.progress.test_milestones import claimed
from tests.progress.warranty_factories import warranted
from tests.urls_table import PERSONS, ROWS

OURS = {"accounts", "cms", "portal", "progress"}
ANSWERS = {200: "2", 302: "3", 403: "F", 404: "4", 405: "M"}
STAND_INS = {"int": "1", "str": "1", "slug": "x", "path": "x", "uuid": "00000000-0000-4000-8000-000000000000"}


def walk(patterns=None, route="", namespace=""):
    """(name, route, module of the view) of each address."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            yield namespace + (pattern.name or ""), here, view.__module__
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, here, inner)


def others(prefix):
    """The addresses under `prefix` that aren't ours, by name, filled in with something that matches.

    Without those that one of ours stands before, and the way out, after which one would be nobody.
    """
    found = {}
    for name, route, module in walk():
        if route.startswith(prefix) and module.split(".")[0] not in OURS and "^" not in route:
            url = "/" + re.sub(r"<(\w+):\w+>", lambda match: STAND_INS[match[1]], route)
            if resolve(url).view_name == name and not name.endswith("logout"):
                found[name or route] = url
    return found


def of_household(home, owner):
    code = {"invitation__channel": "code", "invitation__address": ""}
    return {
        "transfer": HomeTransferFactory(home=home),
        "merge": OwnerMergeFactory(kept=owner),
        "question": QuestionFactory(home=home, owner=owner),
        "enquiry": EnquiryFactory(development=home.development),
        "wish": ErasureRequestFactory(owner=owner),
        "feed": FeedFactory(owner=owner),
        "download": DownloadFactory(user=owner.user, ready=True, asked_at=timezone.now(), ready_at=timezone.now()),
        "printed code": HouseholdInvitationFactory(home=home, invited_by=owner, **code),
    }


def printed(home, owner):
    """A leaflet that was sent, the owner's diary, a guide and its print."""
    now = timezone.now()
    return {
        "leaflet": LeafletFactory(building=home.building, sent=True),
        "diary": DiaryFactory(home=home, asked_by=owner.user, ready=True, ready_at=now),
        "guide": GuidePageFactory().translation_key,
        "guide print": GuidePrintFactory(home=home, asked_by=owner.user, ready=True, ready_at=now),
    }


def documents(home):
    """One that is published, and files that wait."""
    document = HomeDocumentFactory(home=home)
    return {
        "document": document,
        "document batch": document.batch,
        "waiting batch": DocumentBatchFactory(published_at=None),
    }


def said(home):
    """What was made known of a milestone, what waits, a promise, and a day that staff have changed."""
    journey = start_journey(home=home, template=JourneyTemplate.objects.first(), started=TODAY, by=None)
    known, waiting = (claimed([step], UserFactory()) for step in journey.milestones.all()[:2])
    approve_change(known, by=UserFactory(), at=NOW)
    promise = open_promise(
        key="p",
        kind="next-update",
        home=home,
        development=home.development,
        due_at=NOW + timedelta(days=30),
        by=None,
        at=NOW,
    )
    return {
        "journey": journey,
        "step": journey.milestones.first(),
        "template": journey.template,
        "stage": journey.template.stages.first(),
        "change": known,
        "waiting change": waiting,
        "evidence": known.evidence.get(),
        "promise": promise,
        "touchpoint": Touchpoint.objects.first(),
        "term": Term.objects.first(),
        "changed day": CalendarOverride.objects.create(calendar="CN", date=TODAY, working=True, note="Make-up day"),
    }


def designed(home, owner):
    """A change that was objected to, with its drawing and a record that is ready, and a draft of another."""
    change = DesignChangeFactory(homes=[home])
    draft = DesignChangeFactory(development=home.development)
    drawings = [DesignDrawing(change=each, file=PrivateFileFactory(), name="plan.jpg") for each in (change, draft)]
    DesignDrawing.objects.bulk_create(drawings)
    return {
        "design": change,
        "draft design": draft,
        "drawing": drawings[0],
        "draft drawing": drawings[1],
        "objection": AnswerFactory(change=change, home=home, owner=owner, answer="objected", comment="No."),
        "design record": DesignRecordFactory(change=change, ready=True),
    }


def at_the_gate(home):
    """A party of an open day, and what the code of its ticket holds besides."""
    party = BookingFactory(slot__open_day__development=home.development, home=home)
    return {"gate day": party.open_day, "gate party": party, "ticket mac": make_mac("ticket", party.pk, 1)}


def of_open_day(home):
    """An open day with a time and somebody in its line, and one that is being written."""
    entry = WaitingEntryFactory(slot__open_day__development=home.development, home=home)
    draft = OpenDayFactory(draft=True, development=home.development)
    day = entry.slot.open_day
    return {"open day": day, "open day time": entry.slot, "waiting party": entry, "draft open day": draft}


def of_tickets(ownership):
    """Tickets of the home, with what hangs on them: a contractor's job, what is printed, a formal complaint."""
    home, owner = ownership.home, ownership.owner
    tickets = ticketed(home, owner)
    mails = sorted_by_hand(home, owner)
    return handed_out(ownership) | tickets | reported(tickets["ticket"]) | complained(home, owner) | mails


def of_ticket(home, owner):
    """What the household has booked, and its ticket on paper."""
    slot = {"slot__open_day__development": home.development, "slot__starts": timezone.now() + timedelta(days=9)}
    booking = BookingFactory(home=home, owner=owner, **slot)
    moments = {"asked_at": timezone.now(), "ready_at": timezone.now()}
    return {"booking": booking, "ticket print": TicketPrintFactory(booking=booking, ready=True, **moments)}


def of_visits(home, owner):
    """A visit to come, by somebody with a photo; a party that has been on an open day, and what it said."""
    visit = VisitFactory(kind="design", home=home, owner=owner, starts=timezone.now() + timedelta(days=9))
    CardFactory(user=visit.person, photo=PrivateFileFactory())
    VisitFactory(kind="check", home=home, owner=owner, asked=True)
    slot = {"slot__open_day__development": home.development}
    opinion = OpinionFactory(booking=BookingFactory(home=home, owner=owner, has_left=True, **slot))
    return {
        "home visit": visit,
        "availability": AvailabilityFactory(development=home.development),
        "absence": AbsenceFactory(person=visit.person),
        "visit setting": VisitSettingFactory(development=home.development),
        "visited open day": opinion.open_day,
        "visitors": opinion.booking,
        "opinion": opinion,
        "opinion photo": OpinionPhotoFactory(opinion=opinion),
    }


def colleagues(development, owner):
    """One who works here, one who did, one who is invited; and where the owner is logged in."""
    former = StaffFactory(group="Site managers", development=development)
    leave(former, by=User.objects.create_superuser("admin@example.com"), at=NOW)
    login = StaffFactory(group="Site managers", development=development)
    card = CardFactory(user=login, photo=PrivateFileFactory())
    return {
        "card": card,
        "contact": ContactFactory(development=development, card=card),
        "login": login,
        "former login": former,
        "staff invitation": StaffInvitationFactory(places=[development]),
        "session": UserSession.objects.create(user=owner.user, ip="127.0.0.1", session_key="elsewhere"),
    }


@pytest.fixture
def world(db):
    """The rows that the table's addresses name, by the table's words for them."""
    ownership = OwnershipFactory()
    home, development, owner = ownership.home, ownership.home.development, ownership.owner
    published = UpdateFactory(development=development, homes=[home])
    draft = UpdateFactory(development=development)
    photos = [
        UpdatePhoto.objects.create(update=each, file=PrivateFileFactory(), order=0) for each in (published, draft)
    ]
    told = {"subject_kind": "updates.update", "subject_id": str(published.pk)}
    told |= {"owner": owner, "kind": "update-published"}
    invitation = InvitationFactory()
    OwnershipFactory(home=home, owner=invitation.owner)
    return {
        "home": home,
        "development": development,
        "building": home.building,
        "house type": HouseTypeFactory(development=development),
        "owner": owner,
        "ownership": ownership,
        "assignment": AssignmentFactory(development=development),
        "update": published,
        "draft": draft,
        "photo": photos[0],
        "draft photo": photos[1],
        "message": Notice.objects.create(
            key="m", channel="inbox", state=Notice.State.SENT, sent_at=NOW, title="News", **told
        ),
        "undelivered": Notice.objects.create(key="u", channel="email", state=Notice.State.FAILED, **told),
        "circular": Circular.objects.create(key="c", state=Circular.State.STOPPED, at=NOW, people=9),
        "invited owner": invitation.owner,
        "invitation": invitation,
        **ruled(development) | checked(home, owner),
        **designed(home, owner) | of_visits(home, owner) | of_ticket(home, owner) | warranted(home, owner),
        **printed(home, owner) | documents(home) | of_household(home, owner) | recalled(home) | dossiered(home, owner),
        **of_tickets(ownership) | said(home) | colleagues(development, owner) | at_the_gate(home) | of_open_day(home),
    }


def tie(home, role=Role.OWNER, **fields):
    return OwnershipFactory(home=home, role=role, **fields).owner.user


@pytest.fixture
def persons(world):
    """A logged-in client for each column of the table."""
    here = {"development": world["development"]}
    elsewhere = {"development": OwnershipFactory().home.development}
    users = {
        "nobody": None,
        "a stranger with another home": OwnershipFactory().owner.user,
        "the former owner": tie(world["home"], former=True),
        "the owner": world["owner"].user,
        "family": tie(world["home"], Role.FAMILY),
        "a tenant": tie(world["home"], Role.TENANT),
        "marketing": StaffFactory(group="Marketing", **here),
        "site manager here": StaffFactory(group="Site managers", **here),
        "site manager elsewhere": StaffFactory(group="Site managers", **elsewhere),
        "service here": StaffFactory(group="Customer service", **here),
        "service elsewhere": StaffFactory(group="Customer service", **elsewhere),
        "supervisor here": StaffFactory(group="Supervisors", **here),
        "supervisor elsewhere": StaffFactory(group="Supervisors", **elsewhere),
    }
    assert tuple(users) == PERSONS
    clients = {name: Client(raise_request_exception=False) for name in users}
    for name, user in users.items():
        if user:
            clients[name].force_login(user)
    return clients


def answer(client, method, url):
    """One letter for what came back; whatever the request changed is undone."""
    with transaction.atomic():
        response = getattr(client, method)(url)
        list(response)  # a file is closed once it is read
        transaction.set_rollback(True)
    if response.status_code == 302 and response["Location"].startswith("/account/login/"):
        return "L"
    if response.status_code == 302 and response["Location"] == "/desk/":
        return "D"
    return ANSWERS.get(response.status_code, str(response.status_code))


def row_of(world, name, words):
    method = "post" if name.startswith("POST ") else "get"
    arguments = [getattr(world[word], "pk", world[word]) if word in world else word for word in words]
    return method, reverse(name.removeprefix("POST "), args=arguments)


@pytest.mark.parametrize("person", PERSONS)
def test_each_person_gets_the_answer_of_the_table_at_every_address_of_ours(world, persons, person):
    expected = {name: answers.split()[PERSONS.index(person)] for name, _words, answers in ROWS}
    actual = {name: answer(persons[person], *row_of(world, name, words)) for name, words, _answers in ROWS}
    assert actual == expected


def test_every_address_of_ours_has_a_row():
    ours = {name for name, _route, module in walk() if module.split(".")[0] in OURS}
    assert {name.removeprefix("POST ") for name, _words, _answers in ROWS} == ours


class TestWagtail:
    def test_nobody_comes_onto_the_desk(self, db):
        answers = {name: answer(Client(), "get", url) for name, url in others("desk/").items()}
        assert len(answers) > 120
        assert {name: letter for name, letter in answers.items() if letter != "L"} == {}

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_an_owner_finds_nothing_on_the_desk(self, world, persons, method):
        answers = {name: answer(persons["the owner"], method, url) for name, url in others("desk/").items()}
        assert {name: letter for name, letter in answers.items() if letter != "4"} == {}

    @pytest.mark.parametrize("person", ["marketing", "supervisor here"])
    def test_no_address_of_wagtails_breaks_on_our_models(self, world, persons, person):
        answers = {name: answer(persons[person], "get", url) for name, url in others("desk/").items()}
        assert {name: letter for name, letter in answers.items() if letter not in {*"234DFM", "400"}} == {}


# Pages of allauth that whoever is not logged in may open.
OPEN = {
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_request_login_code",
    "account_signup",  # says that one is invited
}


def test_nobody_opens_only_the_door_itself(db):
    opened = {name for name, url in others("account/").items() if answer(Client(), "get", url) == "2"}
    assert opened == OPEN


def test_no_page_of_the_door_breaks_for_an_owner(world, persons):
    answers = {name: answer(persons["the owner"], "get", url) for name, url in others("account/").items()}
    assert {name: letter for name, letter in answers.items() if letter not in {"2", "3", "4"}} == {}
