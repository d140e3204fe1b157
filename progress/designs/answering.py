"""One answer a home. Silence is never consent, and an objection stands until its author withdraws it."""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.models import Owner
from accounts.notices.actions import tell
from progress.households.actions import lock_home
from progress.models import HOSTS, Home

from .calls import settle_calls
from .drafting import locked
from .errors import DesignError, TextChangedError
from .models import Answer
from .people import hosts_of, staff_for


@transaction.atomic
def acknowledge(change, *, home, seen, by, at):
    """The home acknowledges the change, in the version `seen`. Sent twice, it is one answer. Raises DesignError."""
    return _answer(change, Answer.Kind.ACKNOWLEDGED, "", home=home, seen=seen, by=by, at=at)


@transaction.atomic
def object_to(change, *, home, comment, seen, by, at):
    """The home objects, and says why; staff hear of it. Sent twice, it is one answer. Raises DesignError."""
    if not comment.strip():
        raise DesignError(_("Please say what you object to, so that we can act on it."))
    return _answer(change, Answer.Kind.OBJECTED, comment.strip(), home=home, seen=seen, by=by, at=at)


@transaction.atomic
def withdraw_objection(answer, *, by, at):
    """Its author takes an objection back; the home may answer anew. Taken back already, it stays so.

    Raises DesignError for anybody else, and when the change itself was withdrawn.
    """
    home, change = lock_home(answer.home_id), locked(answer.change)
    answer = Answer.objects.select_for_update(of=("self",)).select_related("owner").get(pk=answer.pk)
    owner = _one_who_answers(home, by)
    if answer.owner_id != owner.pk or not answer.is_objection:
        raise DesignError(_only_they(answer, home))
    _refuse_if_withdrawn(change)
    if answer.ended_at is None:
        _end(answer, Answer.Ending.WITHDRAWN, at=at)
        record("objection withdrawn", change, by=by, home=home)
    return answer


def answer_of(change, home):
    """What stands for the home, or None."""
    return change.answers.standing().filter(home=home).select_related("owner").first()


def may_answer(change, home, standing, owner):
    """Whether `owner` may answer the present text for `home`, given the answer that stands.

    An objection is its author's to withdraw, or to replace once the text is another; when they have sold the home
    since, it is the present owners' to replace.
    """
    if not change.is_published:
        return False
    if standing is None:
        return True
    is_theirs = not standing.is_objection or standing.owner_id == owner.pk
    if not is_theirs:
        return not _is_host(home, standing.owner_id)
    return standing.text_version != change.text_version


def _answer(change, kind, comment, *, home, seen, by, at):
    home, change = lock_home(home.pk), locked(change)
    owner, standing = _one_who_answers(home, by), answer_of(change, home)
    if standing and _is_the_same(standing, owner, kind, seen):
        return standing
    _refuse_if_withdrawn(change)
    if not may_answer(change, home, standing, owner):
        raise DesignError(_already(standing, home))
    if change.text_version != seen:
        raise TextChangedError(_("The text has changed since you opened the page. Please read the present one first."))
    if standing:
        _end(standing, Answer.Ending.ANEW, at=at)
    answer = Answer.objects.create(
        change=change,
        home=home,
        text_version=change.text_version,
        answer=kind,
        comment=comment,
        owner=owner,
        at=at,
        late=change.is_over(at=at),
    )
    record(str(kind), change, by=by, home=home)
    _tell_of(answer, change, home, owner, at=at)
    settle_calls(change, by=None, at=at)
    return answer


def _is_the_same(standing, owner, kind, seen):
    return (standing.owner_id, standing.answer, standing.text_version) == (owner.pk, kind, seen)


def _end(answer, because, *, at):
    answer.ended_at, answer.ended_because = at, because
    answer.save(update_fields=["ended_at", "ended_because"])


def _one_who_answers(home, user):
    """The customer behind the login. Raises DesignError unless the home is theirs, now that nobody can sell it."""
    owner = Owner.objects.active().filter(user=user).first()
    if owner is None or not _is_host(home, owner.pk):
        raise DesignError(_("Only an owner or co-owner of the home can answer."))
    return owner


def _is_host(home, owner_id):
    return home.ownerships.live().filter(owner=owner_id, role__in=HOSTS).exists()


def _refuse_if_withdrawn(change):
    if not change.is_published:
        raise DesignError(_("This change has been withdrawn. There is nothing to answer any more."))


def _already(standing, home):
    if standing.is_objection:
        return _only_they(standing, home)
    return _("%(name)s has acknowledged this on %(day)s already. A home gives one answer.") % _who_and_when(
        standing, home
    )


def _only_they(answer, home):
    words = _("%(name)s has objected on %(day)s. The objection stands until they withdraw it themselves.")
    return words % _who_and_when(answer, home)


def _who_and_when(answer, home):
    name = answer.owner if _is_host(home, answer.owner_id) else _("An owner before you")
    return {"name": name, "day": date_format(localtime(answer.at), "DATE_FORMAT")}


def _tell_of(answer, change, home, owner, *, at):
    others = hosts_of(Home.objects.filter(pk=home.pk)).exclude(pk=owner.pk)
    tell(others, "design-change-answered", answer, at=at)
    if answer.is_objection:
        tell(staff_for(change), "design-change-objection", answer, at=at)
