"""Loading the demonstration: its people, places and journeys, and then its months, replayed one update at a time."""

from datetime import timedelta
from functools import partial

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.actions import accept_invitation, invite_owner, invite_staff, move_address, reach_at
from accounts.files.actions import atomic_with_files
from accounts.models import Address, Channel, Owner, User
from accounts.notices.actions import mark_read
from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from accounts.notices.reasons import TOO_LATE
from progress.actions import turn_rights
from progress.journeys.actions import date_milestone, start_journey
from progress.journeys.models import JourneyTemplate
from progress.models import Assignment, Building, Development, Home, HouseType, Ownership
from progress.updates import actions as updates
from progress.updates.models import Update

from . import estate, news
from .journeys import FURTHER, steps_of

STILL_UNREAD = timedelta(days=4)  # before the newest update


def is_loaded():
    return User.objects.filter(email=estate.ADMINISTRATOR.email).exists()


@atomic_with_files()
def load(*, at):
    """Load everything as of `at`: all of it, or nothing when anything fails."""
    Loader(at).run()


class Loader:
    """What is loaded so far, by the keys that the tables of the estate use."""

    def __init__(self, at):
        self.at = at
        self.today = at.astimezone(news.afternoon(at.date()).tzinfo).date()
        self.friday = news.newest_friday(self.today)
        self.password = make_password(estate.PASSWORD)  # slow by design, so once for all
        self.staff, self.owners, self.places, self.homes = {}, {}, {}, {}

    def run(self):
        self.make_places()
        self.make_staff()
        self.make_owners()
        self.make_journeys()
        published, prepared = news.read_news()
        for item in sorted(published, key=partial(news.published_at, friday=self.friday)):
            self.publish(item)
        for item in prepared:
            self.prepare(item)
        turn_rights(on=self.today)
        self.read_messages()
        self.invite_who_is_left()

    def day(self, distance):
        return self.friday + timedelta(days=distance)

    def make_places(self):
        for code, (name_en, name_zh) in estate.DEVELOPMENTS.items():
            self.places[code] = Development.objects.create(name_en=name_en, name_zh=name_zh)
        for code, (development, name) in estate.BUILDINGS.items():
            self.places[code] = Building.objects.create(development=self.places[development], name=name)
        types = {
            (development, name): HouseType.objects.create(development=self.places[development], name=name, area=area)
            for development, sizes in estate.HOUSE_TYPES.items()
            for name, area in sizes.items()
        }
        for place in estate.HOMES:
            development = estate.BUILDINGS[place.building][0] if place.building else "willow"
            house_type = types.get((development, place.house_type))
            self.homes[place.number] = Home.objects.create(
                development=self.places[development],
                building=self.places.get(place.building),
                house_type=house_type,
                number=place.number,
                area=place.area or house_type.area,
            )

    def make_staff(self):
        first = estate.ADMINISTRATOR
        admin = User.objects.create_superuser(first.email, name=first.name, language=first.language)
        reach_at(admin, Channel.EMAIL, first.email)
        admin.groups.add(Group.objects.get(name=first.group))
        self._settle(first, admin)
        for person in estate.STAFF:
            at = news.afternoon(self.day(-500))
            group = Group.objects.get(name=person.group)
            invitation = invite_staff(email=person.email, name=person.name, groups=[group], by=admin, at=at)
            user = accept_invitation(invitation, password=None, language=person.language, at=at)
            self._settle(person, user)

    def _settle(self, person, user):
        self._set_password(user)
        self.staff[person.key] = user
        if person.post:
            development = self.places.get(person.place)
            Assignment.objects.create(user=user, role=person.post, development=development, since=self.day(-500))

    def _set_password(self, user):
        user.password = self.password
        user.save(update_fields=["password"])

    def make_owners(self):
        """Each is invited and accepts two days after the contract; their rights begin on their day, in `publish`."""
        for number, person in enumerate(estate.OWNERS, start=1):
            owner = Owner.objects.create(customer_no=f"YX-{number:04}", name=person.name, language=person.language)
            self.owners[person.key] = owner
            ties = [tie for tie in estate.TIES if tie.owner == person.key]
            if person.has_login:
                self._give_login(owner, person, at=news.afternoon(self.day(ties[0].since + 2), 10))
            for tie in ties:
                self._tie(tie)

    def _give_login(self, owner, person, *, at):
        channel = Channel.EMAIL if person.email else Channel.SMS
        invitation = invite_owner(
            owner=owner, address=person.email or person.phone, channel=channel, by=self.staff["xu"], at=at
        )
        user = accept_invitation(invitation, password=None, language=person.language, at=at)
        self._set_password(user)
        if person.email and person.phone:
            user.phone, user.phone_verified = person.phone, True
            user.save(update_fields=["phone", "phone_verified"])
            move_address(user=user, channel=Channel.SMS, old="", new=person.phone, at=at)

    def _tie(self, tie):
        Ownership.objects.create(
            home=self.homes[tie.home],
            owner=self.owners[tie.owner],
            role=tie.role,
            since=self.day(tie.since),
            until=None if tie.until is None else self.day(tie.until),
            invited_by=self.owners.get(tie.invited_by),
        )

    def make_journeys(self):
        for place in estate.HOMES:
            bought = min((tie.since for tie in estate.TIES if tie.home == place.number), default=-430)
            by = self.staff["tang" if place.kind != "new_home" else "zhou"]
            self.make_journey(place.number, place.kind, steps_of(place, bought=bought), by=by)
        for home, kind, steps in FURTHER:
            self.make_journey(home, kind, steps, by=self.staff["xu"])

    def make_journey(self, home, kind, steps, *, by):
        template = JourneyTemplate.objects.in_force().get(kind=kind)
        started = self.day(next(iter(steps.values())).planned)
        journey = start_journey(home=self.homes[home], template=template, started=started, by=by)
        for milestone in journey.milestones.select_related("template"):
            if step := steps.get(milestone.template.code):
                date_milestone(milestone, by=by, today=self.today, **step.dates(self.friday))

    def publish(self, item):
        """What happened up to this update, the update itself, and its messages."""
        at = news.published_at(item, self.friday)
        by, texts = self.staff[item["by"]], news.texts_of(item, self.friday)
        turn_rights(on=at.date())
        if "corrects" in item:
            original = Update.objects.get(pk=news.id_of(item["corrects"]))
            updates.correct_update(original, correction_id=news.id_of(item["key"]), texts=texts, by=by, at=at)
        else:
            updates.publish_update(self.draft(item, by=by, texts=texts), by=by, at=at)
        self.deliver(at)

    def prepare(self, item):
        by = self.staff[item["by"]]
        update = self.draft(item, by=by, texts=news.texts_of(item, self.friday))
        if item.get("coming"):
            publish_at = news.afternoon(news.coming_friday(self.today))
            updates.schedule_update(update, publish_at=publish_at, by=by, at=self.at)

    def draft(self, item, *, by, texts):
        places = [self.places.get(code) or self.homes[code] for code in item["places"]]
        update = updates.draft_update(
            update_id=news.id_of(item["key"]),
            places=places,
            texts=texts,
            stage_code=item.get("stage", ""),
            photos=news.photos_of(item),
            by=by,
        )
        for photo, words in zip(update.photos.order_by("order"), item["photo"], strict=True):
            updates.caption_photo(photo, caption_en=words.get("en", ""), caption_zh=words["zh"])
        return update

    def deliver(self, at):
        """Put the messages into the inboxes as of `at`. No mail goes out months late; the newest one's still does."""
        mails = Notice.objects.filter(channel=Channel.EMAIL, state=Notice.State.QUEUED, due_at__lte=at)
        if at < news.afternoon(self.friday):
            mails.update(state=Notice.State.EXPIRED, reason=TOO_LATE)
        else:
            mails.update(next_try_at=self.at)
        deliver(clock=lambda: at + timedelta(minutes=1))

    def read_messages(self):
        """Everybody has read what is older than four days, on the evening it came."""
        recent = news.afternoon(self.friday - STILL_UNREAD, 0)
        about = {str(update.pk): update for update in Update.objects.published()}
        old = Notice.objects.inbox().filter(sent_at__lt=recent, subject_id__in=about, owner__user__isnull=False)
        for notice in old.select_related("owner__user"):
            evening = notice.sent_at + timedelta(hours=3)
            mark_read(notice, at=evening)
            updates.note_opened(about[notice.subject_id], user=notice.owner.user, at=evening)

    def invite_who_is_left(self):
        invite = partial(invite_owner, channel=Channel.EMAIL, by=self.staff["xu"], at=self.at)
        for person in estate.OWNERS:
            if not person.has_login:
                owner = self.owners[person.key]
                Address.objects.create(owner=owner, channel=Channel.EMAIL, value=person.email)
                invite(owner=owner, address=person.email)
