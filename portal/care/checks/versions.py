"""Forms change as versions: drafted as a copy, written, put in use in place of the one before.

Of the versions of one code at most one is in use. What was begun keeps its own; what is still to be done takes the new.
"""

from itertools import count

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from portal.care.errors import CareError

from .models import Check, CheckForm, FormItem

State = CheckForm.State
MOST_ITEMS = 60
NOT_COPIED = {"id", "version", "state", "made_at", "made_by"}


@transaction.atomic
def draft_form(form, *, by, at):
    """A draft that begins as a copy of `form` with its items. One that is there already is returned as it is."""
    alike = list(_versions(form.code))
    if standing := next((each for each in alike if each.state == State.DRAFT), None):
        return standing
    made = CheckForm(**_copied(form), version=alike[-1].version + 1, made_at=at, made_by=by)
    made.save(force_insert=True)
    FormItem.objects.bulk_create(FormItem(**_copied(item) | {"form_id": made.pk}) for item in form.items.all())
    record("drafted", made, by=by)
    return made


@transaction.atomic
def save_draft(form, items, *, by, at):
    """Keep a draft, new or there already, with these FormItems in this order. Returns it.

    An item without a code gets one that none of the others has. Raises CareError when it is no draft, when another
    form has its code, and for more than 60 items.
    """
    added = form._state.adding
    if added and _versions(form.code).exists():
        raise CareError(_("There is a form with this code already. Make a new version of it."))
    if not added:
        _locked_draft(form)
    if len(items) > MOST_ITEMS:
        raise CareError(_("A form has 60 items at most."))
    if added:
        form.made_at, form.made_by = at, by
    form.save()
    form.items.all().delete()
    _number(items, form)
    FormItem.objects.bulk_create(items)
    record("drafted" if added else "changed", form, by=by)
    return form


@transaction.atomic
def put_in_use(form, *, by, at):
    """From now on checks are made with this version. Raises CareError when it is no draft, or asks nothing."""
    form = _locked_draft(form)
    if not form.items.exists():
        raise CareError(_("There is nothing to look at in this form yet."))
    earlier = _versions(form.code).filter(state=State.ON)
    CheckForm.objects.filter(pk__in=[each.pk for each in earlier]).update(state=State.OFF)
    form.state = State.ON
    form.save(update_fields=["state"])
    Check.objects.filter(stage=Check.Stage.PLANNED, form__code=form.code).update(form=form)
    record("put in force", form, by=by)
    return form


@transaction.atomic
def drop_draft(form, *, by):
    """Throw a draft away. Raises CareError when it is none any more."""
    form = _locked_draft(form)
    record("thrown away", form, by=by)
    form.delete()


def _versions(code):
    """All of them, locked."""
    return CheckForm.objects.select_for_update(of=("self",)).filter(code=code).order_by("version")


def _locked_draft(form):
    found = next((each for each in _versions(form.code) if each.pk == form.pk), None)
    if found is None or found.state != State.DRAFT:
        raise CareError(_("This version is no draft any more, so it cannot be changed."))
    return found


def _copied(row):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value for name, value in values.items() if name.removesuffix("_id") not in NOT_COPIED}


def _number(items, form):
    """Their order, and a code of their own for those without one or with that of another."""
    given, taken = {item.code for item in items}, set()
    for order, item in enumerate(items):
        if not item.code or item.code in taken:
            item.code = next(code for n in count(1) if (code := f"item-{n}") not in given | taken)
        taken.add(item.code)
        item.pk, item.form, item.order = None, form, order
