"""Rules come and go as versions: drafted, handed in, approved by a second person where they reach many, on, off.

Of the versions of one code at most one is on. All of them are locked before any changes.
"""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.events.actions import record
from progress.promises.many import void_each
from progress.promises.models import Promise

from .choosing import check
from .errors import CareError
from .models import Rule
from .reach import begins, reach

State = Rule.State
GROWTH = 1.1  # between handing in and approving
LOT = 500
NOT_COPIED = {"id", "version", "state", "made_by", "made_at", "reach", "handed_in_by", "approved_by", "on_at", "off_at"}


@transaction.atomic
def save_draft(rule, *, by, at):
    """Keep a Rule, new or a draft, with the fields it has. Returns it.

    Raises CareError when it is no draft, is kept by another part, or its code belongs to another rule, and
    ValidationError by field where it doesn't fit together.
    """
    added = rule._state.adding
    if added and _versions(rule.code):
        raise CareError(_("There is a rule with this code already. Make a new version of it."))
    if not added and _locked(rule).state != State.DRAFT:
        raise CareError(_("This version is no draft any more, so it cannot be changed."))
    if added:
        rule.state, rule.version, rule.made_by, rule.made_at = State.DRAFT, 1, by, at
    check(rule)
    rule.save()
    record("drafted" if added else "changed", rule, by=by)
    return rule


@transaction.atomic
def new_version(rule, *, by, at):
    """A draft that begins as a copy of `rule`. Returns it; one that waits already is returned as it is.

    Raises CareError for a standard that another part keeps.
    """
    versions = _versions(rule.code)
    _check_ours(rule)
    for each in versions:
        if each.state in {State.DRAFT, State.WAITING}:
            return each
    values = {field.attname: getattr(rule, field.attname) for field in Rule._meta.concrete_fields}
    copied = {name: value for name, value in values.items() if name.removesuffix("_id") not in NOT_COPIED}
    newest = max(each.version for each in versions)
    draft = Rule.objects.create(**copied | {"starts_on": None, "version": newest + 1, "made_by": by, "made_at": at})
    record("drafted", draft, by=by)
    return draft


@transaction.atomic
def drop_draft(rule, *, by):
    """Throw a draft away. Raises CareError when it is none any more."""
    known = _locked(rule)
    if known.state != State.DRAFT:
        raise CareError(_("This version is no draft any more, so it cannot be thrown away."))
    record("discarded", known, by=by)
    known.delete()


@transaction.atomic
def hand_in(rule, *, by, at, knowingly=False):
    """Switch a draft on, or let it wait for a second person where it reaches more homes than one person decides on.

    `knowingly`: also one that would reach everybody today; that one always waits. What waits already is counted anew.
    Returns the Rule. Raises CareError for one that would reach everybody today, and for one that is on or was.
    """
    rule = _locked(rule)
    if rule.state not in {State.DRAFT, State.WAITING}:
        raise CareError(_("This version was handed in already."))
    check_again(rule)
    found = reach(rule, today=day_of(rule, at))
    if found.all_today and not knowingly:
        raise CareError(_at_once(found))
    rule.reach, rule.handed_in_by = found.homes, by
    record("handed in", rule, by=by)
    if found.all_today or found.homes > settings.CARE_APPROVAL_ABOVE:
        rule.state = State.WAITING
        rule.save()
        return rule
    return _switch_on(rule, by=by, at=at)


def check_again(rule):
    """Journeys and forms may have changed since it was drafted. Raises CareError."""
    try:
        check(rule)
    except ValidationError as error:
        raise CareError(" ".join(error.messages)) from error


def _at_once(found):
    words = ngettext(
        "This rule would reach everybody today: %(n)s home. Please choose another day, or hand it in all the same, "
        "so that a second person looks at it.",
        "This rule would reach everybody today: %(n)s homes. Please choose another day, or hand it in all the same, "
        "so that a second person looks at it.",
        found.homes,
    )
    return words % {"n": found.homes}


@transaction.atomic
def take_back(rule, *, by, at):
    """What waits for approval is a draft again. Raises CareError when it waits no more."""
    rule = _locked(rule)
    if rule.state != State.WAITING:
        raise CareError(_("This version does not wait for approval any more."))
    rule.state, rule.reach, rule.handed_in_by = State.DRAFT, None, None
    rule.save()
    record("taken back", rule, by=by)
    return rule


@transaction.atomic
def approve(rule, *, by, at):
    """A second person switches on what waits. Returns the Rule.

    Raises CareError for whoever handed it in, and when it would reach over a tenth more homes than they saw.
    """
    rule = _locked(rule)
    if rule.state != State.WAITING:
        raise CareError(_("This version does not wait for approval any more."))
    if by is None or rule.handed_in_by_id == by.pk:
        raise CareError(_("You handed this in yourself. Somebody else has to approve it."))
    check_again(rule)
    homes = reach(rule, today=day_of(rule, at)).homes
    if homes > rule.reach * GROWTH:
        words = _("It would reach %(now)s homes by now, not %(then)s. Please look at it again and hand it in anew.")
        raise CareError(words % {"now": homes, "then": rule.reach})
    rule.approved_by = by
    record("approved", rule, by=by)
    return _switch_on(rule, by=by, at=at)


def _switch_on(rule, *, by, at):
    """The version that was on gives way; what it has promised stands, and is looked after by this one."""
    for earlier in _versions(rule.code):
        if earlier.state == State.ON:
            _set_off(earlier, by=by, at=at)
    rule.starts_on = begins(rule, today=day_of(rule, at))
    rule.state, rule.on_at, rule.off_at = State.ON, at, None
    rule.save()
    record("switched on", rule, by=by)
    return rule


@transaction.atomic
def switch_off(rule, *, by, at, void=False):
    """Nothing more is promised by it. What it has promised stands; with `void`, what is open of that is owed no more.

    Returns the Rule. Raises CareError when it is not on, or is kept by another part.
    """
    rule = _locked(rule)
    if rule.state != State.ON:
        raise CareError(_("This rule is off already."))
    _set_off(rule, by=by, at=at)
    if void:
        _let_go(rule, by=by, at=at)
    return rule


def _set_off(rule, *, by, at):
    rule.state, rule.off_at = State.OFF, at
    rule.save(update_fields=["state", "off_at"])
    record("switched off", rule, by=by)


def _let_go(rule, *, by, at):
    """In lots: there may be one for each home."""
    while lot := list(Promise.objects.open().filter(rule=rule.code).order_by("pk")[:LOT]):
        void_each(lot, by=by, at=at)


def day_of(rule, at):
    """The day that `at` is where the rule holds: at its development, else at the company's."""
    zone = rule.development.time_zone if rule.development else settings.TIME_ZONE
    return at.astimezone(ZoneInfo(zone)).date()


def _versions(code):
    """All of them, one person at a time: read once the lock is held, so that new ones are seen."""
    rows = Rule.objects.filter(code=code).order_by("pk")
    list(rows.select_for_update(of=("self",)))
    return list(rows.select_related("development"))


def _locked(rule):
    for each in _versions(rule.code):
        if each.pk == rule.pk:
            _check_ours(each)
            return each
    raise CareError(_("This version is gone."))


def _check_ours(rule):
    if rule.is_built_in:
        raise CareError(_("Another part of the portal keeps this standard, so it is not changed here."))
