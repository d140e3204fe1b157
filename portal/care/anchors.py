"""The occasions from which rules count. A closed list: each is one class, registered under its Anchor.

An occasion is a row with five columns, which opening, moving and the dry run share: `care_key` (of the promise,
the same whatever becomes of its day), `care_day` (on the calendar of its place), `care_home`, `care_development`
and `care_subject` (the row that it is about, as text).
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import DateField, Exists, F, OuterRef, Q, UUIDField, Value
from django.db.models.functions import MD5, Concat, Left
from django.db.models.functions import Cast as Typed

from progress.models import HOSTS, Development, Home, Ownership

from .expressions import TEXT, as_text, in_hex

SHARES = 16**4
_anchors = {}


@dataclass(frozen=True, order=True)
class Place:
    """Developments whose days are reckoned alike."""

    calendar: str
    time_zone: str


def places():
    """All there are, that of the company among them: enquiries may name no development."""
    rows = Development.objects.order_by().values_list("calendar", "time_zone").distinct()
    return sorted({Place(*row) for row in rows} | {company()})


def company():
    """Where that is reckoned which belongs to no development."""
    return Place(settings.WORK_CALENDAR, settings.TIME_ZONE)


def register(anchor):
    """Class decorator: the class that knows the occasions of this Anchor."""

    def decorate(kind):
        _anchors[anchor] = kind()
        return kind

    return decorate


def anchor_of(rule):
    return _anchors[rule.anchor]


class Occasions:
    """The occasions of one kind. `home` and `development` are paths from a row; `subject_kind` is its label."""

    home, development, subject_kind = "home", "home__development", ""
    repeats = False

    def rows(self, rule):
        """The rows themselves, without regard to place, share or owners."""
        raise NotImplementedError

    def day(self, place):
        """The expression of the day."""
        raise NotImplementedError

    def key(self, rule):
        """What names an occasion among all of its rule, for ever."""
        return in_hex("pk")

    def subject_of(self, rule):
        """The label of what it is about, "app.model"; "" where it is about the home alone."""
        return self.subject_kind

    def of_enquiries(self, rule):
        """Whether they are those of people who have no home with us yet."""
        return False

    def occasions(self, rule, *, place, first=None, last=None):
        """[QuerySet] of occasions at a Place. `first`, `last`: of those that come again, the days looked at."""
        return [self.annotated(rule, self.of_rule(rule, place=place), day=self.day(place))]

    def of_rule(self, rule, *, place):
        """The rows at this place that the rule concerns: those of its development, of its share, lived in."""
        rows = self.rows(rule).filter(self._at(place))
        if rule.development_id:
            rows = rows.filter(**{self.development: rule.development_id})
        if self.of_enquiries(rule):
            return rows
        return in_sample(rule, rows, self.home).filter(Exists(_live_at(self.home)))

    def _at(self, place):
        there = {f"{self.development}__calendar": place.calendar, f"{self.development}__time_zone": place.time_zone}
        if place == company():
            return Q(**there) | Q(**{f"{self.development}__isnull": True})
        return Q(**there)

    def annotated(self, rule, rows, *, day, suffix=""):
        key = Concat(Value(f"care:{rule.code}:"), self.key(rule), Value(suffix), output_field=TEXT)
        return rows.order_by().annotate(
            care_key=key,
            care_day=Typed(day, DateField()),
            care_home=Value(None, UUIDField()) if self.of_enquiries(rule) else F(self.home),
            care_development=F(self.development),
            care_subject=as_text("pk") if self.subject_of(rule) else Value("", output_field=TEXT),
        )


def _live_at(home):
    return Ownership.objects.live().filter(home=OuterRef(home), role__in=HOSTS, owner__erased_at__isnull=True)


def in_sample(rule, rows, home):
    """Those of the rule's share: by a hash of rule and home, so that a home is always in it or never."""
    if rule.sample_percent == 100:
        return rows
    digest = Left(MD5(Concat(Value(f"{rule.code}:"), in_hex(home), output_field=TEXT)), 4)
    return rows.annotate(care_share=digest).filter(care_share__lt=f"{rule.sample_percent * SHARES // 100:04x}")


class AtHomes(Occasions):
    """Occasions of the calendar: a row for each home and day."""

    home, development, repeats = "pk", "development", True

    def rows(self, rule):
        return Home.objects.all()

    def days(self, rule, *, place, first, last):
        """The days from `first` to `last` on which it comes."""
        raise NotImplementedError

    def occasions(self, rule, *, place, first=None, last=None):
        rows = self.of_rule(rule, place=place)
        return [
            self.annotated(rule, rows, day=Value(day), suffix=f":{day:%Y%m%d}")
            for day in self.days(rule, place=place, first=first, last=last)
        ]
