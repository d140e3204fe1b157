"""The sections on the home itself: its facts and people, its journeys, documents, photos and guides."""

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from cms.prints.content import codes_of, guides_of, pictures_of, printed_of, reader_at
from progress.contacts.people import contacts_for
from progress.documents.models import HomeDocument
from progress.journeys.models import Journey, Milestone
from progress.leaflets.choosing import fairly, within
from progress.leaflets.diary_content import entries_of
from progress.models import Ownership

from .former import told_by_name
from .sections import Chapter, Original, Section, Table, section

MOST_PHOTOS = 24
MOST_ORIGINALS = 2000
BOXES = (640, 480)  # pixels
ROOM = 5 * 1024 * 1024  # bytes for the photos of a document


def day(value):
    """A day, or a moment in the active time zone, as a reader of the language writes it; "" for none."""
    if hasattr(value, "hour"):
        value = timezone.localtime(value)
    return date_format(value, "DATE_FORMAT") if value else ""


@section(order=10)
class Place(Section):
    title = gettext_lazy("The home and its people")

    def chapter(self, reading):
        columns = [_("Name"), _("Role"), _("Since")]
        ties = Ownership.objects.live().filter(home=reading.home, owner__erased_at=None).select_related("owner")
        household = [[tie.owner.name, tie.get_role_display(), day(tie.since)] for tie in ties.order_by("since", "pk")]
        staff = [self._contact(contact) for contact in contacts_for(reading.home, today=reading.on)]
        return Chapter(
            [
                Table([], self._facts(reading.home)),
                Table(columns, household, _("Your household")),
                Table(
                    [_("Name"), _("Role"), pgettext("in the dossier of a home", "Telephone")],
                    staff,
                    _("Who looks after you"),
                ),
            ]
        )

    @staticmethod
    def _facts(home):
        area = home.area or (home.house_type and home.house_type.area)
        facts = [
            (_("Development"), str(home.development)),
            (_("Building"), home.building and home.building.name),
            (pgettext("of a home", "Number"), home.number),
            (_("House type"), home.house_type and home.house_type.name),
            (_("Area"), area and f"{number_format(area)} m²"),
        ]
        return [[label, value] for label, value in facts if value]

    @staticmethod
    def _contact(contact):
        phone = contact.card and contact.card.phone
        return [contact.name, contact.get_role_display(), phone.as_international if phone else ""]


@section(order=20)
class Journeys(Section):
    title = gettext_lazy("What was done, step by step")

    def chapter(self, reading):
        journeys = Journey.objects.for_user(reading.user).filter(home=reading.home).select_related("template")
        steps = Milestone.objects.filter(journey__in=journeys).select_related("template__stage")
        by_journey = {}
        for step in steps.order_by("template__stage__order", "template__order"):
            by_journey.setdefault(step.journey_id, []).append(step)
        return Chapter([self._table(journey, by_journey.get(journey.pk, [])) for journey in journeys])

    @staticmethod
    def _table(journey, steps):
        columns = [_("Step"), _("Stage"), _("Reached"), _("Expected")]
        rows = [
            [step.template.name, step.template.stage.name, day(step.actual), "" if step.actual else day(step.expected)]
            for step in steps
            if step.actual or step.expected
        ]
        return Table(columns, rows, capfirst(journey.template.get_kind_display()))


@section(order=30)
class Documents(Section):
    title = gettext_lazy("Documents")

    def chapter(self, reading):
        columns = [_("Title"), _("Kind"), _("Version"), _("Uploaded"), _("File")]
        rows = [
            [each.title or each.get_kind_display(), each.get_kind_display(), each.version, day(each.created_at), *rest]
            for each in self._held(reading)
            for rest in [[each.file_name]]
        ]
        return Chapter([Table(columns, rows)])

    def originals(self, reading):
        for each in self._held(reading):
            name = f"{each.get_kind_display()} {each.download_name}"
            if each.version > 1 or each.is_earlier:
                name = _("%(name)s, version %(number)s") % {"name": name, "number": each.version}
            yield Original(_("Documents"), name, each.file, each.created_at)

    @staticmethod
    def _held(reading):
        """What the reader sees, each version, the newest first; without what a former household has put its name to."""
        held = HomeDocument.objects.held_by(reading.user).filter(home=reading.home)
        held = list(
            held.exclude(told_by_name(reading.home)).select_related("file").order_by("kind", "-created_at", "-version")
        )
        latest = {}
        for each in held:
            latest[each.series] = max(latest.get(each.series, 0), each.version)
        for each in held:
            each.is_earlier = each.version < latest[each.series]
        return held


@section(order=80)
class Guides(Section):
    title = gettext_lazy("Guides")

    def chapter(self, reading):
        reader = reader_at(reading.home, reading.user)
        guides = guides_of(reader, key=None, language=reading.language, on=reading.on, with_body=True)
        printed = printed_of(reader, guides, on=reading.on)
        return Chapter(printed=printed, images=pictures_of(printed) | codes_of(printed))


@section(order=90)
class Photos(Section):
    """What was shown of the home while it was built. Photos of a conversation are nobody's but of those who talk."""

    title = pgettext_lazy("of a home", "Photos")

    def chapter(self, reading):
        shots = fairly([entry.shots for entry in entries_of(reading.home)], MOST_PHOTOS)
        images = within(shots, BOXES, ROOM)
        return Chapter(shots=[shot for shot in shots if shot.name in images], images=images)

    def originals(self, reading):
        shots = fairly([entry.shots for entry in entries_of(reading.home)], MOST_ORIGINALS)
        for shot in sorted(shots, key=lambda shot: shot.at, reverse=True):
            name = f"{timezone.localtime(shot.at):%Y-%m-%d} {shot.caption}"
            yield Original(pgettext("of a home", "Photos"), name, shot.file, shot.at)
