"""What owners of the demonstration told the company, and what became of it: tickets.toml, taken through its courses."""

import io
import tomllib
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

from PIL import Image, ImageDraw

from accounts.models import User
from portal.tickets import assigning, conversation, merging
from portal.tickets.board import actions as board
from portal.tickets.board.models import TEXTS
from portal.tickets.clocks import pausing, postponing
from portal.tickets.clocks.sweep import sweep
from portal.tickets.closing import calls, confirming, resolving, scores, sheets, silence, warranty
from portal.tickets.formal import actions as formal
from portal.tickets.models import Ticket
from portal.tickets.raising import raise_ticket
from progress.components.models import Component
from progress.models import HOSTS

from . import news

FILE = Path(__file__).with_name("tickets.toml")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# What happens after a ticket is raised: (name of a method of Story, how long after). What lies ahead has not happened.
DONE = (("sign", DAY + 6 * HOUR), ("fix", DAY + 7 * HOUR))
CLOSED = (*DONE, ("confirm", 2 * DAY), ("call", 3 * DAY + 2 * HOUR))
ANSWER = ("reply", HOUR)
TOLD = (ANSWER, ("tell", 4 * HOUR))
COURSES = {
    "new": (),
    "open": (ANSWER,),
    "noted": (ANSWER, ("note", 3 * HOUR)),
    "emergency": (("reply", HOUR / 6), ("sign", 2 * HOUR), ("fix", 2 * HOUR + HOUR / 4)),
    "fixed-waits": (ANSWER, *DONE),
    "fixed": (ANSWER, *CLOSED),
    "scored": (ANSWER, *CLOSED, ("score", 4 * DAY)),
    "lapsed": (ANSWER, *DONE, *(("wait", number * DAY) for number in range(2, 10)), ("call", 10 * DAY)),
    "answered": (*TOLD, ("confirm", DAY)),
    "answered-waits": TOLD,
    "not-covered": (ANSWER, ("refuse", DAY)),
    "unfixed": (ANSWER, ("leave", 3 * DAY), *(("wait", number * DAY) for number in range(4, 14))),
    "withdrawn": (ANSWER, ("withdraw", 5 * HOUR)),
    "reopened": (ANSWER, *CLOSED, ("reopen", 12 * DAY), ("add", 12 * DAY + HOUR / 6)),
    "pause-asked": (ANSWER, ("pause", DAY)),
    "paused": (ANSWER, ("pause", 3 * HOUR), ("agree", 9 * HOUR)),
    "postponed": (ANSWER, ("postpone", 2 * DAY)),
    "formal": (ANSWER, ("complain", DAY), ("acknowledge", 4 * DAY), ("review", 5 * DAY), ("path", 6 * DAY)),
    "board": (ANSWER, *CLOSED, ("prepare", 6 * DAY), ("allow", 7 * DAY), ("publish", 8 * DAY)),
    "merged": (("merge", 2 * HOUR),),
}


def happened(loaded):
    """[(moment, what happens then)] of all tickets, and a look at their clocks each morning, as the worker has."""
    stories = [Story(loaded, told) for told in tomllib.loads(FILE.read_text(encoding="utf-8"))["ticket"]]
    found = [each for story in stories for each in story.happened()]
    found += [(news.afternoon(loaded.day(day), 9), partial(look_after)) for day in range(-70, 1)]
    return [(at, happens) for at, happens in found if at <= loaded.at]


def look_after(*, at):
    """What the worker does every minute."""
    sweep(at=at)
    silence.close_unanswered(at=at)


@cache
def signature():
    """A name as somebody draws it on glass, as PNG bytes."""
    image = Image.new("RGB", (600, 200), "white")
    points = [(40, 140), (90, 60), (130, 150), (190, 70), (230, 140), (330, 80), (380, 130), (540, 110)]
    ImageDraw.Draw(image).line(points, fill="black", width=5, joint="curve")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


class Story:
    """One ticket as the file tells it."""

    def __init__(self, loaded, told):
        self.loaded, self.told = loaded, told
        self.key = news.id_of(f"ticket {told['key']}")
        self.home = loaded.homes[told["home"]]
        self.began = news.afternoon(loaded.day(told["day"]), told.get("hour", 9))

    def happened(self):
        later = [(self.began + after, getattr(self, name)) for name, after in COURSES[self.told["course"]]]
        return [(self.began, self.start), *later]

    @property
    def ticket(self):
        return Ticket.objects.get(pk=self.key)

    @property
    def by(self):
        return self.loaded.staff[self.told.get("by", "xu")]

    @property
    def manager(self):
        return self.loaded.staff["jin"]

    @property
    def caller(self):
        return self.loaded.staff["xu"]

    def person(self):
        """Whoever raised it."""
        if who := self.told.get("who"):
            return self.loaded.owners[who]
        ties = self.home.ownerships.live().filter(role__in=HOSTS).select_related("owner__user")
        ties = ties.order_by("since", "owner__customer_no")
        return sorted((tie.owner for tie in ties), key=lambda owner: owner.user is None)[0]

    def user(self):
        return User.objects.get(owner=self.ticket.owner)

    def start(self, *, at):
        owner = self.person()
        part = self.told.get("part")
        raise_ticket(
            ticket_id=self.key,
            home=self.home,
            owner=owner,
            kind=self.told["kind"],
            component=Component.objects.select_related("parent").get(code=part) if part else None,
            text=self.told["text"],
            when_possible=self.told.get("when", ""),
            personal=self.told.get("personal", False),
            by=owner.user,
            at=at,
        )

    def reply(self, *, at):
        given = {"seen": None, "by": self.caller, "at": at}
        assigning.assign(self.ticket, to=self.by, reason="Knows the house 熟悉这栋楼", **given)
        given = {"message_id": news.id_of(f"{self.key} reply"), "ticket": self.ticket, "text": self.told["answer"]}
        conversation.reply(**given, by=self.by, at=at)

    def note(self, *, at):
        given = {"message_id": news.id_of(f"{self.key} note"), "ticket": self.ticket, "text": self.told["note"]}
        conversation.note(**given, by=self.by, at=at)

    def add(self, *, at):
        given = {"message_id": news.id_of(f"{self.key} add"), "ticket": self.ticket, "text": self.told["words"]}
        conversation.write(**given, by=self.user(), at=at)

    def sign(self, *, at):
        english, chinese = self.told["work"]
        sheets.sign_sheet(
            sheet_id=news.id_of(f"{self.key} sheet"),
            ticket=self.ticket,
            signature=signature(),
            signed_name=self.ticket.owner.name,
            minutes=75,
            work_en=english,
            work_zh=chinese,
            by=self.by,
            at=at,
        )

    def fix(self, *, at):
        english, chinese = self.told["work"]
        self._resolve("fixed", work_done_en=english, work_done_zh=chinese, by=self.by, at=at)

    def tell(self, *, at):
        words = "I hope this answers it." if self.ticket.language == "en" else "希望这样答复您满意。"
        self._resolve("answered", text=words, at=at)

    def refuse(self, *, at):
        reason = {
            "reason_en": "Heat from a pan, not a fault of the worktop.",
            "reason_zh": "高温器皿造成，非台面质量问题。",
        }
        clause = {
            "clause_en": "Damage by heat, knocks or improper use is not covered.",
            "clause_zh": "因高温、撞击或使用不当造成的损坏不在保修范围内。",
        }
        warranty.overrule(self.ticket, covered="no", **reason, **clause, by=self.by, at=at)
        self._resolve("not_covered", text=self.told["text_end"], at=at)

    def leave(self, *, at):
        self._resolve("unfixed", text=self.told["text_end"], at=at)

    def _resolve(self, outcome, *, at, by=None, **given):
        resolving.resolve(self.ticket, outcome=outcome, seen=None, by=by or self.by, at=at, **given)

    def confirm(self, *, at):
        confirming.confirm(self.ticket, by=self.user(), at=at)

    def wait(self, *, at):
        """Nobody says anything."""
        look_after(at=at)

    def call(self, *, at):
        calls.record_call(self.ticket, reached=True, note="All is well 一切正常", by=self.caller, at=at)

    def score(self, *, at):
        words = self.told.get("words", "")
        if scores.question_for(self.ticket, self.user(), at=at):
            scores.answer(self.ticket, score=self.told.get("score", 5), words=words, by=self.user(), at=at)

    def withdraw(self, *, at):
        confirming.withdraw(self.ticket, by=self.user(), at=at)

    def reopen(self, *, at):
        confirming.reopen(self.ticket, by=self.user(), at=at)

    def _why(self):
        english, chinese = self.told["why"]
        return {"reason_en": english, "reason_zh": chinese}

    def pause(self, *, at):
        why, day = self.told.get("pause", "part"), self.loaded.today + timedelta(days=5)
        pausing.pause(self.ticket, why=why, review_on=day, **self._why(), by=self.by, at=at)

    def agree(self, *, at):
        pausing.agree(self.ticket.pauses.get(state="asked"), by=self.user(), at=at)

    def postpone(self, *, at):
        due = news.afternoon(self.loaded.day(6), 17)
        postponing.postpone(self.ticket, due_at=due, **self._why(), by=self.by, at=at)

    def merge(self, *, at):
        into = Ticket.objects.get(pk=news.id_of(f"ticket {self.told['into']}"))
        merging.merge(self.ticket, into=into, by=self.caller, at=at)

    def complain(self, *, at):
        formal.complain(self.ticket, wish=self.told["wish"], by=self.user(), at=at)

    def acknowledge(self, *, at):
        self._letter("acknowledgement", "您的正式投诉已受理，案号见页首。由未经办此事的人复核。", by=self.caller, at=at)

    def review(self, *, at):
        formal.name_reviewer(self.ticket.formal, reviewer=self.manager, by=self.caller, at=at)

    def path(self, *, at):
        self._letter("path", "我将查阅前两次来电记录，约谈物业值班，并请维保出具检测报告。", by=self.manager, at=at)

    def _letter(self, step, text, *, by, at):
        formal.send_letter(self.ticket.formal, step=step, text=text, by=by, at=at)

    def prepare(self, *, at):
        texts = {
            f"{name}_{code}": words
            for name, pair in zip(TEXTS, self.told["board"], strict=True)
            for code, words in zip(("en", "zh"), pair, strict=True)
        }
        board.prepare(self.ticket, texts=texts, by=self.caller, at=at)

    def allow(self, *, at):
        board.agree(self.ticket.board_entry, version=1, by=self.user(), at=at)

    def publish(self, *, at):
        board.publish(self.ticket.board_entry, by=self.manager, at=at)
