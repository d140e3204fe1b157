"""Filling in a check, item by item: on several phones, without a line, and never losing what anybody found."""

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record as note
from accounts.files.actions import atomic_with_files, store_image
from portal.care.errors import CareError
from progress.households.actions import lock_home
from progress.promises.actions import keep_promise

from .models import LONGEST as LONGEST_NOTE
from .models import Check, FormItem, Result, ResultPhoto
from .planning import form_in_use

Stage, Verdict = Check.Stage, Result.Verdict
MOST_PHOTOS = 6  # of one finding
OLDEST = timedelta(days=7)  # that a phone may say something was found ago; else it counts as found on arrival
LARGEST = Decimal(1_000_000)


def lock_check(pk):
    """The check, locked and fresh, with its home, form and promise."""
    rows = Check.objects.select_for_update(of=("self",))
    return rows.select_related("home__development", "development", "form", "promise").get(pk=pk)


@transaction.atomic
def begin(check, *, by, at):
    """Begin it with the version of the form that is in use now; begun already, it goes on with its own."""
    check = lock_check(check.pk)
    if check.stage != Stage.PLANNED:
        return check
    check.form = form_in_use(check.form.code)
    check.stage, check.begun_at, check.begun_by = Stage.BEGUN, at, by
    check.save(update_fields=["form", "stage", "begun_at", "begun_by"])
    note("begun", check, by=by, home=check.home)
    return check


def record(check, *, result_id, item, verdict, value=None, unit="", note="", photos=(), by, done_at, at):
    """Keep what somebody found of one item. Returns the Result; `result_id` comes from the phone, and counts once.

    A measured value decides by itself: outside its limits it is not in order, whatever was said. Where two people
    found the same, the later finding stands; where they disagree, both are kept and neither stands until somebody
    chooses. Raises CareError for a wrong unit, an item of another form, a check that is filled in; FileError.
    """
    words = _checked(note, photos)
    with atomic_with_files():
        check = lock_check(check.pk)
        if earlier := Result.objects.filter(pk=result_id).first():
            return _same(earlier, check)
        if check.stage not in (Stage.PLANNED, Stage.BEGUN):
            raise CareError(
                _("This check is filled in already. What you found is not lost: please report it as a ticket.")
            )
        check = begin(check, by=by, at=at)
        item = _item_of(check, item)
        value = _measured(item, verdict, value, unit)
        result = Result(
            pk=result_id,
            check_of=check,
            item=item,
            verdict=_judged(item, verdict, value),
            value=value,
            note=words,
            by=by,
            done_at=done_at if at - OLDEST <= done_at <= at else at,
            arrived_at=at,
        )
        _stand(result)
        files = [store_image(photo, by=by) for photo in photos] or _photos_before(result)
        for order, file in enumerate(files):
            ResultPhoto.objects.create(result=result, file=file, order=order)
    return result


def _photos_before(result):
    """Those that the same person took of it before, and has nothing to add to."""
    earlier = Result.objects.filter(check_of=result.check_of_id, item=result.item_id, by=result.by).exclude(
        pk=result.pk
    )
    last = earlier.order_by("done_at", "pk").last()
    return [photo.file for photo in last.photos.select_related("file")] if last else []


def _item_of(check, item):
    """The item of the check's own version: a phone without a line may show that of the version before."""
    if item.form_id == check.form_id:
        return item
    twin = check.form.items.filter(code=item.code, form__code=item.form.code, measured=item.measured).first()
    if twin is None:
        raise CareError(_("This item is not of the form with which the check was begun. Please open the check again."))
    return twin


def _same(earlier, check):
    if earlier.check_of_id != check.pk:
        raise CareError(_("This form has been sent already. Please begin anew."))
    return earlier


def _stand(result):
    """Save it, and say which finding of this item counts.

    Of each person it is the last one. Where they agree the newest stands, where they do not, none does.
    """
    others = Result.objects.filter(check_of=result.check_of_id, item=result.item_id)
    last = {row.by_id: row for row in sorted([*others, result], key=lambda row: row.done_at)}
    agreed = len({row.verdict for row in last.values()}) == 1
    newest = max(last.values(), key=lambda row: row.done_at) if agreed else None
    others.filter(stands=True).update(stands=False)
    result.stands = newest is result
    result.save(force_insert=True)
    if newest and newest is not result:
        others.filter(pk=newest.pk).update(stands=True)


def disputed(check):
    """{item's id: [Result, …]} of items of which people found different things and nobody has chosen yet."""
    found = {}
    for result in check.results.select_related("by", "item").order_by("done_at", "pk"):
        found.setdefault(result.item_id, []).append(result)
    return {item: rows for item, rows in found.items() if not any(row.stands for row in rows)}


@transaction.atomic
def choose(result, *, by, at):
    """Of findings that disagree, this one counts."""
    check = lock_check(result.check_of_id)
    if check.stage not in (Stage.PLANNED, Stage.BEGUN):
        raise CareError(_("This check is filled in already."))
    check.results.filter(item=result.item_id, stands=True).update(stands=False)
    check.results.filter(pk=result.pk).update(stands=True)
    note("chosen", check, by=by, home=check.home)
    return check


def left(check):
    """Items of its form of which nothing stands."""
    standing = check.results.filter(stands=True).values("item")
    return FormItem.objects.filter(form=check.form_id).exclude(pk__in=standing).order_by("order", "pk")


def lacking_photos(check):
    """Standing findings that need a photo and have none."""
    standing = check.results.filter(stands=True, photos=None).select_related("item")
    return [row for row in standing if _needs_photo(row)]


def _needs_photo(result):
    asked = result.item.photo
    if result.verdict == Verdict.NO_ACCESS:
        return False
    return asked == FormItem.Photo.ALWAYS or (asked == FormItem.Photo.FAILED and result.verdict == Verdict.FAIL)


@transaction.atomic
def finish(check, *, by, at):
    """All items are answered: each that is not in order becomes a ticket, as of the day it was found.

    What was asked on the telephone is kept with that: nobody signs for it. Finished twice, the first time counts.
    Raises CareError while something is missing.
    """
    from .tickets import raise_tickets

    lock_home(check.home_id)  # before the check, as whoever books a visit does
    check = lock_check(check.pk)
    if check.stage in (Stage.FILLED, Stage.SIGNED):
        return check
    if check.stage == Stage.DROPPED:
        raise CareError(_("This check was called off."))
    _check_whole(check)
    last = check.results.filter(stands=True).order_by("-done_at").first()
    check.stage, check.filled_at, check.filled_by = Stage.FILLED, at, by
    check.found_on = last.done_at.astimezone(ZoneInfo(check.development.time_zone)).date()
    check.save(update_fields=["stage", "filled_at", "filled_by", "found_on"])
    note("filled in", check, by=by, home=check.home)
    raise_tickets(check, by=by, at=at)
    if check.is_call and check.promise and check.promise.is_open:
        keep_promise(check.promise, by=by, at=at)
    return check


def _check_whole(check):
    if disputed(check):
        raise CareError(_("Two of you found different things. Please choose which one counts."))
    missing = left(check).count()
    if missing:
        raise CareError(_("%(number)d items are not answered yet.") % {"number": missing})
    if lacking := lacking_photos(check):
        raise CareError(_("A photo is missing: %(item)s") % {"item": lacking[0].item})


def _measured(item, verdict, value, unit):
    if not item.measured or verdict == Verdict.NO_ACCESS:
        return None
    if unit != item.unit:
        raise CareError(_("Please measure this in %(unit)s.") % {"unit": item.unit})
    try:
        value = Decimal(str(value))
    except (InvalidOperation, ValueError):
        raise CareError(_("Please give the measured value as a number.")) from None
    if not value.is_finite() or abs(value) >= LARGEST:
        raise CareError(_("Please look at the measured value again."))
    return value.quantize(Decimal("0.001"))


def _judged(item, verdict, value):
    if verdict not in Verdict.values:
        raise CareError(_("Please say whether it is in order."))
    if value is None:
        return verdict
    within = (item.low is None or value >= item.low) and (item.high is None or value <= item.high)
    return Verdict.PASS if within and verdict == Verdict.PASS else Verdict.FAIL


def _checked(words, photos):
    words = words.replace("\x00", "").strip()
    if len(words) > LONGEST_NOTE:
        raise CareError(_("Please keep it short: 500 characters at most."))
    if len(photos) > MOST_PHOTOS:
        raise CareError(_("Please send six photos at most of one item."))
    return words
