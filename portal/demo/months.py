"""What happened in the demonstration's months, replayed in order: updates, papers, a resale, and their messages."""

from datetime import timedelta
from functools import cache, partial
from hashlib import sha256
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.db.models import F

from accounts.actions import invite_owner
from accounts.files.documents import Document
from accounts.merges.actions import merge_owners
from accounts.models import Channel, User
from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from progress.actions import turn_rights
from progress.documents.actions import publish_document
from progress.documents.models import HomeDocument
from progress.households.actions import invite_to_household
from progress.journeys.models import StageTemplate
from progress.leaflets.actions import ask_leaflet
from progress.models import Role
from progress.promises.sweep import sweep
from progress.questions import actions as questions
from progress.questions.models import Question
from progress.transfers.actions import transfer_home
from progress.updates import actions as updates
from progress.updates.models import Receipt, Update

from . import enquiries, news, open_days, papers, people, tickets, visits
from .contacts import Contacts
from .designs import Designs
from .journeys import FURTHER, FURTHER_BEGAN
from .milestones import Milestones

STILL_UNREAD = timedelta(days=4)  # before the newest update
EVENING = timedelta(hours=3)  # after a message came
NEWS_PROMISED = -70  # the day
NEVER_OPENS = 7  # every seventh owner reads the messages and doesn't open what they tell of


def _nothing(*, at):
    """A day of which there is nothing to tell: only what was promised is looked after."""


class Upload(NamedTuple):
    """What the form's field makes of a file."""

    name: str
    checked: object


@cache
def checked(name):
    """As the check of an upload would give it: they are our own, and a test sends each of them through that."""
    content = (papers.FOLDER / f"{name}.pdf").read_bytes()
    return Document(f"{name}.pdf", ContentFile(content), sha256(content).hexdigest(), len(content), pages=1)


class Months:
    """`loaded` is the Loader: its people, places and days."""

    def __init__(self, loaded):
        self.loaded = loaded
        self.at, self.today, self.friday = loaded.at, loaded.today, loaded.friday
        self.staff, self.owners, self.homes = loaded.staff, loaded.owners, loaded.homes

    def replay(self):
        published, prepared = news.read_news()
        happened = [(news.published_at(item, self.friday), partial(self.publish, item)) for item in published]
        happened += [
            (news.afternoon(self.loaded.day(paper.day), 9), partial(self.hand_out, paper)) for paper in papers.PAPERS
        ]
        for question in news.read_questions():
            happened += self.conversation(question, published)
        happened += [self.resale(resale) for resale in people.RESALES if resale.on <= 0]
        contacts = Contacts(self.loaded)
        contacts.name()
        happened.append(contacts.hand_over())
        happened += Milestones(self.loaded, places=self.loaded.estate, bought=self.loaded.bought).happened()
        happened += Designs(self.loaded).happened()
        happened += enquiries.happened(self.loaded)
        happened += open_days.happened(self.loaded)
        happened += visits.happened(self.loaded)
        happened += tickets.happened(self.loaded)
        happened += [
            (news.afternoon(self.loaded.day(FURTHER_BEGAN[home]), 8), partial(self.begin, home, kind, steps))
            for home, kind, steps in FURTHER
        ]
        happened += [(news.afternoon(self.loaded.day(day), 8), _nothing) for day in range(-7, 0)]
        happened.append(self.promise_news())
        for at, happens in sorted(happened, key=lambda each: each[0]):
            turn_rights(on=at.date())
            sweep(at=at)
            happens(at=at)
            self.deliver(at)
        turn_rights(on=self.today)
        self.read_messages()
        for item in prepared:
            self.prepare(item)
        self.happen_now()

    def promise_news(self):
        """(moment, what happens then): since then the company promises the next news with each."""
        stages = StageTemplate.objects.filter(regular_news=True)
        again = StageTemplate.objects.filter(pk__in=list(stages.values_list("pk", flat=True)))
        stages.update(regular_news=False)
        return news.afternoon(self.loaded.day(NEWS_PROMISED), 8), lambda at: again.update(regular_news=True)

    def begin(self, home, kind, steps, *, at):
        self.loaded.make_journey(home, kind, steps, by=self.staff["xu"])

    def publish(self, item, *, at):
        by, texts = self.staff[item["by"]], news.texts_of(item, self.friday, self.today)
        if "corrects" in item:
            original = Update.objects.get(pk=news.id_of(item["corrects"]))
            updates.correct_update(original, correction_id=news.id_of(item["key"]), texts=texts, by=by, at=at)
        else:
            updates.publish_update(self.draft(item, by=by, texts=texts, day=at.date()), by=by, at=at)

    def prepare(self, item):
        by, day = self.staff[item["by"]], news.coming_friday(self.today)
        update = self.draft(item, by=by, texts=news.texts_of(item, self.friday), day=day)
        if item.get("coming"):
            updates.schedule_update(update, publish_at=news.afternoon(day), by=by, at=self.at)

    def draft(self, item, *, by, texts, day):
        places = [self.loaded.places.get(code) or self.homes[code] for code in item["places"]]
        update = updates.draft_update(
            update_id=news.id_of(item["key"]),
            places=places,
            texts=texts,
            stage_code=item.get("stage", ""),
            photos=news.photos_of(item, day),
            announcement=news.terms_of(item, self.friday, self.today),
            by=by,
        )
        for photo, words in zip(update.photos.order_by("order"), item.get("photo", []), strict=True):
            updates.caption_photo(photo, caption_en=words["en"], caption_zh=words["zh"])
        return update

    def hand_out(self, paper, *, at):
        """As staff would have at `at`."""
        document = publish_document(
            batch_id=news.id_of(f"{paper.home} {paper.file}"),
            upload=Upload(f"{paper.file}.pdf", checked(paper.file)),
            home=self.homes[paper.home],
            kind=paper.kind,
            titles={"title_en": paper.title_en, "title_zh": paper.title_zh},
            min_role=paper.min_role,
            by=self.staff["xu"],
            at=at,
        )
        HomeDocument.objects.filter(pk=document.pk).update(created_at=at)

    def conversation(self, question, published):
        """[(moment, what is said then)]: the question, its replies, and that it is closed."""
        about = next(item for item in published if item["key"] == question["about"])
        came = news.published_at(about, self.friday)
        said = [(came + timedelta(days=question["days"], hours=2), partial(self.ask, question))]
        for number, reply in enumerate(question.get("reply", [])):
            at = came + timedelta(days=question["days"] + reply["days"], hours=3 + number)
            said.append((at, partial(self.reply, question, reply, number)))
        return said

    def ask(self, question, *, at):
        questions.ask(
            question_id=news.id_of(question["key"]),
            home=self.homes[question["home"]],
            subject=Update.objects.get(pk=news.id_of(question["about"])),
            text=question["text"],
            by=User.objects.get(owner=self.owners[question["asker"]]),
            at=at,
        )

    def reply(self, question, reply, number, *, at):
        asked = Question.objects.get(pk=news.id_of(question["key"]))
        said = {"reply_id": news.id_of(f"{question['key']} {number}"), "text": reply["text"], "at": at}
        if reply["by"]:
            questions.answer(asked, **said, seen=number, by=self.staff[reply["by"]])
        else:
            questions.follow_up(asked, **said, by=asked.asked_by)
        if reply.get("closed"):
            questions.close(asked, by=self.staff["xu"])

    def resale(self, resale):
        """(moment, what happens then)."""
        on, to = self.loaded.day(resale.on), [self.owners[resale.to]]
        sell = partial(transfer_home, home=self.homes[resale.home], to=to, on=on, by=self.staff["xu"])
        return news.afternoon(on, 8), sell

    def deliver(self, at):
        """Put the messages into the inboxes as of `at`. No mail goes out months late: it was sent when due."""
        outside = Notice.objects.exclude(channel=Channel.INBOX).filter(state=Notice.State.QUEUED, due_at__lte=at)
        if at < news.afternoon(self.friday):
            outside.update(state=Notice.State.SENT, sent_at=F("due_at"))
        else:
            outside.update(next_try_at=self.at)
        deliver(clock=lambda: at + timedelta(minutes=1))

    def read_messages(self):
        """Everybody has read what is older than four days, on the evening it came; most have opened it, too."""
        recent = news.afternoon(self.friday - STILL_UNREAD, 0)
        old = Notice.objects.inbox().filter(sent_at__lt=recent, owner__user__isnull=False)
        old.update(read_at=F("sent_at") + EVENING)
        lazy = [owner.pk for owner in list(self.owners.values())[len(people.PERSONAS) :: NEVER_OPENS]]
        told = Receipt.objects.filter(told_at__lt=recent, owner__user__isnull=False).exclude(owner__in=lazy)
        told.update(opened_at=F("told_at") + EVENING)

    def happen_now(self):
        """What is under way on the day of loading: invitations, a sale to come, a record entered twice, a leaflet."""
        invite = partial(invite_owner, channel=Channel.EMAIL, by=self.staff["xu"], at=self.at)
        for person in people.OWNERS:
            if person.login == "open":
                invite(owner=self.owners[person.key], address=person.email)
        invite_to_household(
            home=self.homes["6-501"],
            name="Shen Lan 沈岚",
            role=Role.FAMILY,
            channel=Channel.EMAIL,
            address="shen.lan@example.com",
            language=people.ZH,
            by=User.objects.get(owner=self.owners["shen"]),
            at=self.at,
        )
        for resale in people.RESALES:
            if resale.on > 0:
                _on, sell = self.resale(resale)
                sell(on=self.loaded.day(resale.on), at=self.at)
        kept, gone = people.ENTERED_TWICE
        self.merge(kept, next(person.key for person in people.OWNERS if person.name == gone and person.key != kept))

        last_month = self.today.replace(day=1) - timedelta(days=1)
        ask_leaflet(self.loaded.places["q3"], month=last_month, by=self.staff["zhou"], at=self.at)

    def merge(self, kept, gone):
        merge_owners(kept=self.owners[kept], gone=self.owners[gone], by=self.staff["xu"], at=self.at)
