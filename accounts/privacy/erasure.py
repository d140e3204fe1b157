"""A customer is erased: they ask and can take it back for 30 days, staff agree or refuse, the night carries it out."""

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import discard
from accounts.merges.models import OwnerMerge
from accounts.models import Owner, User
from accounts.notices.actions import tell

from .consequences import all_consequences, deciders, hindrances, told
from .downloads import PrivacyError, discard_download
from .models import WAIT, Download, ErasureRequest, end_of_day
from .registry import Person, erased_first
from .ways import BLANKED, DELETED, empty_values

log = structlog.get_logger(__name__)
State = ErasureRequest.State


@transaction.atomic
def ask_erasure(*, owner, by, at):
    """Note that `owner` wants to be erased, and tell them and those who decide. Asked twice, it is one.

    Raises PrivacyError when the record is erased or went into another, or something stands against it.
    """
    owner = Owner.objects.select_for_update().get(pk=owner.pk)
    if found := owner.erasure_requests.open().first():
        return found
    check_erasable(owner)
    if against := hindrances(owner):
        raise PrivacyError(" ".join(against))
    request = ErasureRequest.objects.create(owner=owner, asked_at=at, due_at=end_of_day(at + WAIT))
    record("asked for", request, by=by)
    tell([owner], "erasure-asked", request, at=at)
    tell(deciders(owner), "erasure-waits", request, at=at)
    return request


def check_erasable(owner):
    """Raises PrivacyError for a record that is erased, or went into another one."""
    if owner.erased_at:
        raise PrivacyError(_("This customer record has been erased already."))
    if OwnerMerge.objects.filter(gone=owner, undone_at=None).exists():
        raise PrivacyError(_("This record went into another one. That one can be erased, and this one with it."))


@transaction.atomic
def take_back(request, *, by):
    """The customer has changed their mind. Taken back already, it stays so. Raises PrivacyError when it is too late."""
    request = _locked(request)
    if request.state == State.TAKEN_BACK:
        return request
    if not request.is_open:
        raise PrivacyError(_("It is decided already: nothing is left to take back."))
    request.state = State.TAKEN_BACK
    request.save(update_fields=["state"])
    record("taken back", request, by=by)
    return request


@transaction.atomic
def approve(request, *, by, at):
    """Agree: it is carried out when the waiting time is over. Raises PrivacyError when it is no longer open."""
    request = _decided(request, by=by, at=at)
    if request.state == State.APPROVED:
        return request
    request.state = State.APPROVED
    request.due_at = max(request.due_at, end_of_day(at))  # agreed at one o'clock, not at half past three already
    request.save(update_fields=["state", "due_at", "decided_by", "decided_at"])
    record("agreed", request, by=by)
    tell([request.owner], "erasure-agreed", request, at=at)
    return request


@transaction.atomic
def refuse(request, *, reason, by, at):
    """Refuse, for a reason that the customer reads. Raises PrivacyError without one, or when it is no longer open."""
    if not reason.strip():
        raise PrivacyError(_("Please write why. The customer reads it."))
    request = _decided(request, by=by, at=at)
    request.state, request.reason = State.REFUSED, reason.strip()
    request.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    record("refused", request, by=by)
    tell([request.owner], "erasure-refused", request, at=at)
    return request


def _decided(request, *, by, at):
    """An agreement can still become a refusal, until it is carried out."""
    request = _locked(request)
    if not request.is_open:
        raise PrivacyError(_("This wish is no longer open: %(state)s.") % {"state": request.get_state_display()})
    if request.owner.user_id == by.pk:
        raise PrivacyError(_("Nobody decides about their own record. Please ask a colleague."))
    request.decided_by, request.decided_at = by, at
    return request


def _locked(request):
    """The request with its customer, the customer first, as asking does; nobody else's until the transaction ends."""
    owner = Owner.objects.select_for_update(no_key=True).get(pk=request.owner_id)
    request = ErasureRequest.objects.select_for_update().get(pk=request.pk)
    request.owner = owner
    return request


@transaction.atomic
def carry_out(request, *, at):
    """Erase, if that was agreed and the waiting time is over. Returns whether it did; a second time it does nothing.

    Raises PrivacyError when something stands against it: it is tried again every night.
    """
    for each in all_consequences():
        each.lock(request.owner)
    _lock_records(request.owner)
    request = _locked(request)
    if request.state != State.APPROVED or request.due_at > at:
        return False
    if against := hindrances(request.owner, for_staff=True):
        raise PrivacyError(" ".join(against))
    for merge in _merges_into(request.owner):
        _erase(merge.gone, by=request.decided_by, at=at)
        if closed := User.objects.filter(pk=merge.moved.get("login closed")).first():
            _erase_person(Person(user=closed), by=request.decided_by, at=at)
    _erase(request.owner, by=request.decided_by, at=at)
    request.state, request.done_at = State.DONE, at
    request.save(update_fields=["state", "done_at"])
    record("carried out", request, by=None)
    return True


def _lock_records(owner):
    """All at once and in the order of their keys, as a merge locks its two.

    Without the key: whoever writes to them meanwhile may hold what comes next, such as the times they have booked.
    """
    pks = [owner.pk, *(merge.gone_id for merge in _merges_into(owner))]
    list(Owner.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))


def _merges_into(owner):
    """The merges by which other records became this one, and those by which others had become them."""
    found = []
    for merge in OwnerMerge.objects.filter(kept=owner, undone_at=None).select_related("gone__user").order_by("at"):
        found += [*_merges_into(merge.gone), merge]
    return found


def _erase(owner, *, by, at):
    login = owner.user
    for each in all_consequences():
        each.carry_out(owner, by=by, at=at)
    if login:
        for download in Download.objects.for_user(login).current():
            discard_download(download, by=None, at=at)
    _erase_person(Person(user=None if login and login.is_staff else login, owner=owner), by=by, at=at)
    record("erased", owner, by=None)


def _erase_person(person, *, by, at):
    """What the registry says, model by model."""
    for declaration in erased_first():
        if declaration.erase:
            declaration.erase(person, by=by, at=at)
        else:
            _erase_rows(declaration, person)


def _erase_rows(declaration, person):
    rows = declaration.model._base_manager.filter(pk__in=declaration.rows_of(person).order_by().values("pk"))
    ways = {name: treatment.erased for name, treatment in declaration.personal.items()}
    if DELETED in ways.values():
        _with_files(declaration, rows, lambda: rows.delete())
    elif blank := [name for name, way in ways.items() if way is BLANKED]:
        empty = empty_values(declaration.model, blank)
        _with_files(declaration, rows, lambda: rows.update(**empty), discards=declaration.files in blank)


def _with_files(declaration, rows, end, *, discards=True):
    """End the rows; the files that only they held are thrown away."""
    files = []
    if declaration.files and discards:
        held = rows.exclude(**{declaration.files: None}).select_related(declaration.files)
        files = [getattr(row, declaration.files) for row in held]
    end()
    for file in files:
        discard(file)


def carry_out_due(*, at):
    """Every agreed erasure whose waiting time is over. One that can't be done doesn't hold up the others."""
    for request in ErasureRequest.objects.due(at=at).select_related("owner"):
        try:
            carry_out(request, at=at)
        except PrivacyError:
            log.warning("erasure_hindered", request=str(request.pk))
        except Exception:
            log.exception("erasure_failed", request=str(request.pk))


def warn_of_overdue(*, at):
    """Tell those who decide, once, that a waiting time has passed without their answer."""
    for request in ErasureRequest.objects.overdue(at=at).select_related("owner"):
        tell(deciders(request.owner), "erasure-overdue", request, at=at)


def what_would_happen(owner):
    """What staff read before they decide: [(sentence, whether it is a warning)]."""
    lines = [(why, True) for why in hindrances(owner, for_staff=True)]
    merges = len(_merges_into(owner))
    if merges:
        lines.append((_("Records that went into this one are erased with it: %(count)s.") % {"count": merges}, False))
    if owner.user and owner.user.is_staff:
        lines.append((_("Their login works at the desk and stays; only what it has as a customer goes."), True))
    elif owner.user:
        lines.append((_("Their login is closed, and its addresses are deleted."), False))
    return [*lines, *told(owner)]
