"""The ways in which personal data ends: erased with its person, kept for a reason, or gone when its time is over."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


@dataclass(frozen=True, eq=False)
class Way:
    """What erasure does to a field."""

    label: str


DELETED = Way(_("the entry is deleted"))
BLANKED = Way(_("emptied"))
REPLACED = Way(_("replaced by words that say nothing about you"))
BY_TIME = Way(_("goes by itself when its time is over"))


@dataclass(frozen=True)
class Stays:
    """Erasure leaves it, for the reason `why`, which the person reads."""

    why: str

    @property
    def label(self):
        return self.why


@dataclass(frozen=True, eq=False)
class While:
    """Kept until its person is erased, or for good where erasure leaves it."""

    label: str


WHILE_CUSTOMER = While(_("while you are our customer"))
WHILE_LOGIN = While(_("while you have a login"))
AS_LAW_ASKS = While(_("as long as law and warranty ask"))
FOR_GOOD = While(_("for good"))
WITH_ITS_ROW = While(_("as long as what it belongs to"))


@dataclass(frozen=True, eq=False)
class After:
    """Kept for `days` after the moment in the field `since`, then deleted, blanked, or whatever `act` does.

    `only`: a Q, for some of the rows. `rows(at=…)`: a queryset, instead of all three, of those that are over and
    still there: after `act(rows, at=…)` it must find them no more, or the run would never end.
    """

    days: int
    since: str = ""
    act: object = DELETED
    only: object = None
    rows: object = None

    @property
    def label(self):
        return ngettext("%(days)d day", "%(days)d days", self.days) % {"days": self.days}

    def before(self, at):
        return at - timedelta(days=self.days)

    def over(self, declaration, fields, *, at):
        """The rows whose time is over and which still hold something."""
        if self.rows:
            return self.rows(at=at)
        found = declaration.model._base_manager.filter(**{f"{self.since}__lt": self.before(at)})
        if self.only is not None:
            found = found.filter(self.only)
        return found if self.act is DELETED else still_filled(found, fields)


def still_filled(rows, fields):
    """Those of `rows` in which one of `fields` is not blank yet."""
    return rows.exclude(**empty_values(rows.model, fields))


def empty_values(model, names):
    """{field: what stands in it when nothing does}."""
    return {name: _nothing(model._meta.get_field(name)) for name in names}


def _nothing(field):
    if field.null:
        return None
    return field.get_default() if field.has_default() else ""
