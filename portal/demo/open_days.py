"""The open days of the demonstration: one behind, with opinions answered; one with places; one full, with a line."""

import tomllib
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from cms.models import OpenDayPage
from portal.bookings import booking as bookings
from portal.bookings import gate, publishing, waiting
from portal.bookings.models import Booking, OpenDay, SafetyRule, Slot
from portal.bookings.opinions import actions as opinions
from portal.bookings.opinions.areas import Area, Verdict
from portal.bookings.opinions.models import Opinion
from progress.models import HOSTS
from progress.updates.actions import add_photos, caption_photo, publish_update

from . import news

FILE = Path(__file__).with_name("open_days.toml")
TEXTS = ("title", "summary", "meeting_point", "route", "bring")
LATELY = timedelta(hours=1)
CLOSES = time(17, 30)  # on the day before
DID_NOT_COME = "3-203"
PAGE = "open-day-at-your-own-window"


def happened(loaded):
    """[(moment, what happens then)] of all open days."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [each for said in content["open_day"] for each in Told(loaded, said, content["rules"]).happened()]


def name_page():
    """The one that lies ahead has a page on the public site."""
    page = OpenDayPage.objects.filter(slug=PAGE).order_by("pk").first()
    OpenDay.objects.filter(pk=news.id_of("open day window")).update(page=page)


def _owner_of(home):
    """Whom staff would ring: the first of the hosts, one with a login before others."""
    ties = home.ownerships.live().filter(role__in=HOSTS).select_related("owner__user").order_by("since", "pk")
    return sorted(ties, key=lambda tie: tie.owner.user is None)[0].owner


class Told:
    """One open day as the file tells it."""

    def __init__(self, loaded, said, rules):
        self.loaded, self.said, self.rules = loaded, said, rules
        self.day = loaded.day(said["day"])
        self.key = news.id_of(f"open day {said['key']}")

    def happened(self):
        published = news.afternoon(self.loaded.day(self.said["published"]), 9)
        found = [(published, self.publish)]
        for party in self.said["party"]:
            found += self.booked(party, after=published)
        if off := self.said.get("off"):
            found.append((news.afternoon(self.loaded.day(off["day"]), 11), partial(self.call_off, off)))
        if number := self.said.get("given_back"):
            found.append((self.loaded.at - LATELY, partial(self.give_back, number)))
        if self.said["day"] < 0:
            found += self.lived()
        return found

    def give_back(self, number, *, at):
        """Whoever waits first has been offered the places since."""
        bookings.cancel(self.booking(number), by=_owner_of(self.loaded.homes[number]).user, at=at)

    def moment(self, written):
        return datetime.combine(self.day, time.fromisoformat(written), ZoneInfo(settings.TIME_ZONE))

    def publish(self, *, at):
        closes = datetime.combine(self.day - timedelta(days=1), CLOSES, ZoneInfo(settings.TIME_ZONE))
        words = {f"{name}_{language}": self.said[name][language] for name in TEXTS for language in ("en", "zh")}
        by = self.loaded.staff[self.said["guide"]]
        open_day = OpenDay.objects.create(
            pk=self.key,
            development=self.loaded.places[self.said["place"]],
            **words,
            **{name: self.said[name] for name in ("min_age", "max_party")},
            opens_at=at,
            closes_at=closes,
            change_until=closes,
            guide=by,
            created_by=by,
            created_at=at - timedelta(days=1),
        )
        open_day.buildings.add(self.loaded.places[self.said["building"]])
        SafetyRule.objects.bulk_create(
            SafetyRule(
                open_day=open_day,
                order=number,
                icon=code,
                text_en=self.rules[code]["en"],
                text_zh=self.rules[code]["zh"],
            )
            for number, code in enumerate(self.said["rules"])
        )
        for number, (begins, ends, places) in enumerate(self.said["slots"]):
            Slot.objects.create(
                pk=self.slot_id(number),
                open_day=open_day,
                starts=self.moment(begins),
                ends=self.moment(ends),
                capacity=places,
            )
        publishing.publish_open_day(open_day, by=by, at=at)

    def slot_id(self, number):
        return news.id_of(f"open day {self.said['key']} slot {number}")

    def slot(self, number):
        return Slot.objects.select_related("open_day__development").get(pk=self.slot_id(number))

    def booked(self, party, *, after):
        """Each home three hours after the one before; whoever waits comes last."""
        slot, found = party["slot"], []
        entries = [(home, bookings.book, "booking_id") for home in party["homes"]]
        entries += [(home, waiting.join, "entry_id") for home in party.get("waiting", [])]
        for number, (home, act, key) in enumerate(entries, start=1):
            at = after + timedelta(hours=3 * number, minutes=7 * slot)
            found.append((at, partial(self.ask, act, key, slot, home)))
        return found

    def ask(self, act, key, slot, party, *, at):
        number, adults, children = party
        home = self.loaded.homes[number]
        owner = _owner_of(home)
        what = {
            key: news.id_of(f"open day {self.said['key']} {number}"),
            "slot": self.slot(slot),
            "home": home,
            "owner": owner,
            "adults": adults,
            "children": children,
            "step_free": False,
            "needs": "",
            "accepted": True,
            "at": at,
        }
        if act is bookings.book and owner.user is None:
            act(**what, by=self.loaded.staff["xu"], by_staff=True)
        else:
            act(**what, by=owner.user or self.loaded.staff["xu"])

    def call_off(self, off, *, at):
        by = self.loaded.staff[self.said["guide"]]
        publishing.cancel_slot(self.slot(off["slot"]), reason_en=off["en"], reason_zh=off["zh"], by=by, at=at)

    def lived(self):
        """The day itself, what people said after it, and what was changed because of it."""
        found = []
        for party in self.said["party"]:
            begins, ends, _places = self.said["slots"][party["slot"]]
            for number, (home, _adults, _children) in enumerate(party["homes"]):
                found += self.came(home, self.moment(begins) - timedelta(minutes=12 - number), self.moment(ends))
        for opinion in self.said["opinion"]:
            found += self.spoken(opinion)
        update = self.said["update"]
        found.append((news.afternoon(self.loaded.day(update["day"]), 15), partial(self.cite, update)))
        return found

    def booking(self, home):
        return Booking.objects.get(pk=news.id_of(f"open day {self.said['key']} {home}"))

    def came(self, home, arrives, leaves):
        if home == DID_NOT_COME:
            return [(leaves + timedelta(minutes=20), partial(self.pass_gate, gate.mark_missed, home))]
        return [
            (arrives, partial(self.let_in, home)),
            (leaves, partial(self.pass_gate, gate.check_out, home)),
        ]

    def let_in(self, home, *, at):
        """The rules are read together at the gate."""
        accepted = {visitor.pk: "" for visitor in self.booking(home).visitors.filter(accepted_at=None)}
        self.pass_gate(gate.check_in, home, accepted=accepted, at=at)

    def pass_gate(self, act, home, *, at, **more):
        key = news.id_of(f"open day {self.said['key']} {home} {act.__name__}")
        by = self.loaded.staff[self.said["guide"]]
        act(op_id=key, booking=self.booking(home), by=by, at=at, said_at=at, **more)

    def spoken(self, said):
        at = self.moment("20:15")
        found = [(at + timedelta(minutes=said["rating"]), partial(self.leave, said))]
        if answer := said.get("answer"):
            found.append((news.afternoon(self.day + timedelta(days=answer["days"]), 10), partial(self.answer, said)))
        return found

    def opinion_id(self, said):
        return news.id_of(f"opinion {self.said['key']} {said['home']}")

    def leave(self, said, *, at):
        areas = {Area(area): (Verdict(verdict), words) for area, (verdict, words) in said["areas"].items()}
        booking = self.booking(said["home"])
        opinions.leave_opinion(
            opinion_id=self.opinion_id(said),
            booking=booking,
            rating=said["rating"],
            text=said["text"],
            areas=areas,
            photos=[],
            by=booking.owner.user,
            at=at,
        )

    def answer(self, said, *, at):
        opinion, answer = Opinion.objects.get(pk=self.opinion_id(said)), said["answer"]
        opinions.answer_opinion(
            opinion, text=answer["text"], seen=opinion.version, by=self.loaded.staff[answer["by"]], at=at
        )

    def cite(self, said, *, at):
        by = self.loaded.staff[said["by"]]
        cited = {
            Opinion.objects.get(pk=self.opinion_id(each)): (each["cited"]["en"], each["cited"]["zh"])
            for each in self.said["opinion"]
            if "cited" in each
        }
        update = opinions.cite_opinions(
            update_id=news.id_of(f"open day {self.said['key']} changed"),
            open_day=OpenDay.objects.get(pk=self.key),
            texts={f"{name}_{language}": said[name][language] for name in ("title", "body") for language in said[name]},
            words=cited,
            by=by,
        )
        add_photos(update, news.photos_of(said, at.date()), by=by)
        for photo, words in zip(update.photos.order_by("order"), said["photo"], strict=True):
            caption_photo(photo, caption_en=words["en"], caption_zh=words["zh"])
        publish_update(update, by=by, at=at)
