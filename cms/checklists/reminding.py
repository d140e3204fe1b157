"""The household is reminded once of what falls due within three days and is not ticked off."""

from collections import defaultdict
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import Kind, register
from accounts.notices.many import Occasion, tell_each
from cms.guides.models import AudienceEntry, Edition, Sort
from progress.models import Ownership

from .models import DueItem
from .seeing import edition_seen

CODE = "checklist-due"
LOT = 200  # homes
MORNING, EVENING = time(9), time(20)


@register(CODE)
class ChecklistDue(Kind):
    """About all entries of one guide that a home should have done by the same day; the first of them is the subject."""

    label = gettext_lazy("What is due on your checklists")
    topic = topics.GUIDES
    model = DueItem
    action = gettext_lazy("Open the checklist")
    why = gettext_lazy("You receive this message because the checklist is for a home that is yours.")

    def subjects(self):
        return DueItem.objects.select_related("home__development")

    def waiting(self, row):
        """Those still to be done, in the order of their names' coming."""
        alike = DueItem.objects.standing().filter(home=row.home_id, guide_key=row.guide_key, due_on=row.due_on)
        return alike.filter(ours=False).unticked()

    def still_true(self, row):
        return row.reminded_on == row.due_on and self.waiting(row).exists()

    def still_concerns(self, row, person):
        ties = Ownership.objects.live().filter(home=row.home_id, owner=person.pk)
        roles = set(ties.values_list("role", flat=True))
        return bool(roles) and edition_seen(row.home, row.guide_key, roles=roles, on=row.due_on) is not None

    def zone(self, row):
        return row.home.development.time_zone

    def title(self, row):
        return _("Due by %(day)s on your checklist") % {"day": date_format(row.due_on)}

    def paragraphs(self, row):
        due = [entry.text for entry in self.waiting(row)]
        return [_("%(home)s: this is not ticked off yet.") % {"home": row.home}, *due]

    def url(self, row):
        return reverse("home:guide", args=[row.home_id, row.guide_key])


def remind(*, at):
    """Write the reminders that are due. Returns how many entries they are about. Running it twice changes nothing."""
    on = timezone.localdate(at, timezone.get_default_timezone())
    homes = sorted(set(DueItem.objects.to_remind(on=on).order_by().values_list("home", flat=True)))
    return sum(_remind(homes[start : start + LOT], on=on, at=at) for start in range(0, len(homes), LOT))


@transaction.atomic
def _remind(homes, *, on, at):
    rows = DueItem.objects.to_remind(on=on).filter(home__in=homes).select_related("home__development").order_by("pk")
    rows = rows.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
    groups = defaultdict(list)
    for row in rows:
        groups[row.home_id, row.guide_key, row.due_on].append(row)
    people = _readers({home for home, _key, _day in groups}, on=on)
    tell_each([_occasion(alike[0], people, at=at) for alike in groups.values()], CODE, at=at)
    reminded = [row.pk for alike in groups.values() for row in alike]
    return DueItem.objects.filter(pk__in=reminded).update(reminded_on=F("due_on"))


def _occasion(row, people, *, at):
    zone = ZoneInfo(row.home.development.time_zone)
    morning = datetime.combine(at.astimezone(zone).date(), MORNING, tzinfo=zone)
    return Occasion(
        subject=row,
        to=people(row),
        due=max(at, morning),
        expires=datetime.combine(row.due_on, EVENING, tzinfo=zone),
        step=row.due_on.isoformat(),
    )


def _readers(homes, *, on):
    """A function that names the owners who read the guide of a row: those who live there in a role that it is for."""
    ties = defaultdict(list)
    for home, owner, role in Ownership.objects.live().filter(home__in=homes).values_list("home", "owner", "role"):
        ties[home].append((owner, role))
    named = defaultdict(set)
    editions = Edition.objects.in_force(on=on).values("pk")
    entries = AudienceEntry.objects.filter(sort=Sort.ROLE, edition__in=editions)
    for key, role in entries.values_list("edition__guide_key", "value"):
        named[key].add(role)

    def of(row):
        roles = named.get(row.guide_key)
        return [owner for owner, role in ties[row.home_id] if not roles or role in roles]

    return of
