"""What a question can be about: found through the scope of whoever asks, named also when they see it no more."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from progress import scope
from progress.documents.models import HomeDocument
from progress.journeys.models import Milestone
from progress.models import FOLLOWS_PROGRESS
from progress.updates.models import Update


class Kind(models.TextChoices):
    UPDATE = "update", _("update")
    DOCUMENT = "document", _("document")
    MILESTONE = "milestone", _("milestone")


def _milestones(user, home):
    follows = scope.of_own_homes(user, "journey__home", "home", roles=FOLLOWS_PROGRESS)
    return Milestone.objects.filter(follows, journey__home=home)


_SHOWN = {
    Kind.UPDATE: lambda user, home: Update.objects.for_user(user).for_home(home),
    Kind.DOCUMENT: lambda user, home: HomeDocument.objects.held_by(user).filter(home=home),
    Kind.MILESTONE: _milestones,
}
_ALL = {
    Kind.UPDATE: Update.objects.all,
    Kind.DOCUMENT: HomeDocument.objects.all,
    Kind.MILESTONE: lambda: Milestone.objects.select_related("template"),
}


def shown(kind, *, user, home):
    """The rows of a kind that the person sees at this moment as somebody of `home`. Raises KeyError: no such kind."""
    return _SHOWN[kind](user, home)


def rows_of(kind, ids):
    """{id: row} of a kind, whoever may see them: for naming them only. Of no kind, nothing."""
    return _ALL[kind]().in_bulk(ids) if kind else {}


def kind_of(subject):
    """The kind of a row; of None, none."""
    kinds = {Update: Kind.UPDATE, HomeDocument: Kind.DOCUMENT, Milestone: Kind.MILESTONE}
    return kinds[type(subject)] if subject else ""


def title_of(subject):
    """The title of a row in the active language, as a LocalizedText where it has one."""
    if isinstance(subject, Milestone):
        return subject.template.name
    return subject.title or str(subject)


def kind_in_words(subject):
    """What sort of thing a row is to those who read of it: an announcement, a plan, a milestone. Of None, nothing."""
    if subject is None:
        return ""
    return Kind.MILESTONE.label if isinstance(subject, Milestone) else subject.get_kind_display()
