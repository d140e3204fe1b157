"""Loading the demonstration: its workbook, its people and journeys; `months.py` then replays what happened."""

import tempfile
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.files import File
from django.db import connection

from accounts.actions import accept_invitation, invite_owner, invite_staff, move_address, reach_at
from accounts.files.actions import atomic_with_files
from accounts.models import Channel, Owner, User
from progress.imports import actions as imports
from progress.imports.models import ImportRun
from progress.journeys.actions import date_milestone, start_journey
from progress.journeys.models import JourneyTemplate, Kind
from progress.models import Assignment, Building, Development, Home, Ownership

from . import estate, news, open_days, people, staff, workbook
from .journeys import steps_of
from .milestones import is_said
from .months import Months
from .site.publishing import Published, quietly

BEFORE_ALL = -900  # the day as of which the workbook is imported: all its rights are still to begin


class NotLoadedError(Exception):
    """The workbook was refused."""


def is_loaded():
    return User.objects.filter(email=staff.ADMINISTRATOR.email).exists()


def load(*, at):
    """Load everything as of `at`: all of it, or nothing when anything fails."""
    with quietly(), atomic_with_files():
        Loader(at).run()


class Loader:
    """What is loaded so far, by the keys that the tables of the estate use."""

    def __init__(self, at):
        self.at = at
        self.today = at.astimezone(news.afternoon(at.date()).tzinfo).date()
        self.friday = news.newest_friday(self.today)
        self.password = make_password(people.PASSWORD)  # slow by design, so once for all
        self.staff, self.owners, self.places, self.homes = {}, {}, {}, {}
        self.estate = {place.number: place for place in estate.HOMES}
        self.bought = {}  # the day on which each home that is sold was, by number
        for tie in people.TIES:
            self.bought[tie.home] = min(tie.since, self.bought.get(tie.home, tie.since))

    def run(self):
        self.make_administrator()
        self.import_workbook()
        self.find_what_was_imported()
        self.make_staff()
        self.make_logins()
        self.make_journeys()
        Months(self).replay()
        Published(self).publish()
        open_days.name_page()

    def day(self, distance):
        return self.friday + timedelta(days=distance)

    def make_administrator(self):
        first = staff.ADMINISTRATOR
        admin = User.objects.create_superuser(first.email, name=first.name, language=first.language)
        reach_at(admin, Channel.EMAIL, first.email)
        admin.groups.add(Group.objects.get(name=first.group))
        self.staff[first.key] = admin

    def import_workbook(self):
        """As `manage.py import_estate` does it, on a day before everybody's contract."""
        with tempfile.TemporaryDirectory(prefix="demo-") as folder:
            path, today = Path(folder) / workbook.FILE.name, self.day(BEFORE_ALL)
            workbook.write(path, self.friday)
            with path.open("rb") as file:
                run = imports.receive_here(File(file, name=path.name), by=self.staff["han"], at=self.at)
        imports.preview(run, today=today, at=self.at)
        if run.state == ImportRun.State.PREVIEWED:
            sure = {"sha256": run.sha256, "fingerprint": run.fingerprint}
            imports.begin(run, **sure, by=self.staff["han"], at=self.at)
            imports.carry_out(run, today=today, at=self.at)
        if run.state != ImportRun.State.DONE:
            raise NotLoadedError(run.message or run.problems)

    def find_what_was_imported(self):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # all is one transaction: PostgreSQL would plan as if each table were empty
        developments = {place.name_en: place for place in Development.objects.all()}
        self.places = {code: developments[name] for code, (name, _) in estate.DEVELOPMENTS.items()}
        for code, (development, name) in estate.BUILDINGS.items():
            self.places[code] = Building.objects.get(development=self.places[development], name=name)
        self.homes = {home.number: home for home in Home.objects.with_place()}
        owners = {owner.customer_no: owner for owner in Owner.objects.all()}
        self.owners = {person.key: owners[people.customer_no(person.key)] for person in people.OWNERS}

    def make_staff(self):
        self._settle(staff.ADMINISTRATOR, self.staff["han"])
        for person in staff.STAFF:
            at = news.afternoon(self.day(-500))
            group = Group.objects.get(name=person.group)
            invitation = invite_staff(email=person.email, name=person.name, groups=[group], by=self.staff["han"], at=at)
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

    def make_logins(self):
        """Each is invited and accepts two days after the contract; their rights begin on their day, in the replay."""
        for person in people.OWNERS:
            if person.has_login:
                self._give_login(self.owners[person.key], person, at=self._morning(people.joined(person.key) + 2))
        for tie in people.TIES:
            if tie.invited_by:
                ties = Ownership.objects.filter(home=self.homes[tie.home], owner=self.owners[tie.owner])
                ties.update(invited_by=self.owners[tie.invited_by])

    def _morning(self, distance):
        return news.afternoon(self.day(distance), 10)

    def _give_login(self, owner, person, *, at):
        by_mail = person.login == "yes"
        channel, address = (Channel.EMAIL, person.email) if by_mail else (Channel.SMS, person.phone)
        invitation = invite_owner(owner=owner, address=address, channel=channel, by=self.staff["xu"], at=at)
        user = accept_invitation(invitation, password=None, language=person.language, at=at)
        self._set_password(user)
        if by_mail and person.phone:
            user.phone, user.phone_verified = person.phone, True
            user.save(update_fields=["phone", "phone_verified"])
            move_address(user=user, channel=Channel.SMS, old="", new=person.phone, at=at)

    def make_journeys(self):
        """For the homes that are sold: a journey begins with its buyer."""
        for number in self.bought:
            place = self.estate[number]
            by = self.staff["tang" if place.kind != Kind.NEW_HOME else "zhou"]
            self.make_journey(number, place.kind, steps_of(place, bought=self.bought[number]), by=by)

    def make_journey(self, number, kind, steps, *, by):
        template = JourneyTemplate.objects.in_force().get(kind=kind)
        started = self.day(next(iter(steps.values())).planned)
        journey = start_journey(home=self.homes[number], template=template, started=started, by=by)
        for milestone in journey.milestones.select_related("template"):
            code = milestone.template.code
            if step := steps.get(code):
                said_later = is_said(self.estate[number], code, bought=self.bought[number])
                dates = step.plan(self.friday) if said_later else step.dates(self.friday)
                date_milestone(milestone, by=by, today=self.today, **dates)
