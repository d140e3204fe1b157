"""Checks that are to be done: each belongs to one promise, and its household is asked to choose a time."""

from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.events.actions import record
from portal.care.errors import CareError
from portal.visits.asking import ask_for_visit
from portal.visits.booking import cancel_visit
from portal.visits.models import Visit, VisitKind
from progress.households.actions import lock_home
from progress.promises.models import OPEN, Promise

from .models import Check, CheckForm


def form_in_use(code):
    """The version of a form that new checks are done with. Raises CareError where there is none."""
    form = CheckForm.objects.filter(code=code, state=CheckForm.State.ON).first()
    if form is None:
        raise CareError(_("There is no form “%(code)s” in use.") % {"code": code})
    return form


@transaction.atomic
def plan_check(*, promise, form_code, at):
    """The Check that keeps `promise`, planned once; where a colleague comes for it, the household picks the time.

    Raises CareError.
    """
    form = form_in_use(form_code)
    check, new = Check.objects.get_or_create(
        promise=promise,
        defaults={
            "home": promise.home,
            "development": promise.development,
            "form": form,
            "self_check": form.by == CheckForm.By.OWNER,
            "planned_at": at,
        },
    )
    if new:
        record("planned", check, by=None, home=check.home)
    if check.stage == Check.Stage.DROPPED:
        return _take_up(check, form, at=at)
    if form.by == CheckForm.By.VISIT and check.stage == Check.Stage.PLANNED and check.visit is None:
        ask_for_time(check, at=at)
    return check


def _take_up(check, form, *, at):
    """It was let go of, and is owed again: with the form of today, and another asking for a time."""
    before, check.stage, check.form, check.visit = check.visit_id, Check.Stage.PLANNED, form, None
    check.save(update_fields=["stage", "form", "visit"])
    record("planned", check, by=None, home=check.home)
    if form.by == CheckForm.By.VISIT:
        ask_for_time(check, at=at, again=str(before or ""))
    return check


@transaction.atomic
def drop(check, *, at):
    """What it was promised for is no more: nobody comes. One that was begun goes on."""
    lock_home(check.home_id)
    check = Check.objects.select_for_update(of=("self",)).select_related("home", "visit").get(pk=check.pk)
    if check.stage != Check.Stage.PLANNED:
        return check
    check.stage = Check.Stage.DROPPED
    check.save(update_fields=["stage"])
    record("given up", check, by=None, home=check.home)
    if check.visit and not check.visit.is_over:
        cancel_visit(check.visit, by=None, at=at, by_staff=True)
    return check


def follow_promises(*, at):
    """Let go of checks whose promise is void, and of a wish for a time change the days when its promise moved."""
    for check in Check.objects.filter(stage=Check.Stage.PLANNED, promise__state=Promise.State.VOID).order_by("pk"):
        drop(check, at=at)
    asked = Visit.objects.asked().filter(checks__stage=Check.Stage.PLANNED, checks__promise__state__in=OPEN)
    asked = asked.annotate(due=F("checks__promise__due_at")).select_related("development")
    for visit in asked.filter(due__gt=at):
        last = visit.due.astimezone(ZoneInfo(visit.development.time_zone)).date()
        if visit.not_after != last:
            Visit.objects.asked().filter(pk=visit.pk).update(not_after=last)


def ask_for_time(check, *, at, again=""):
    """Ask the household to choose when somebody comes. `again`: what tells this asking from the one before."""
    zone = ZoneInfo(check.development.time_zone)
    today, last = at.astimezone(zone).date(), check.promise.due_at.astimezone(zone).date()
    check.visit = ask_for_visit(
        visit_id=uuid5(NAMESPACE_URL, f"care:check:{check.pk}:{again}"),
        kind=VisitKind.CHECK,
        home=check.home,
        subject=check,
        within=(today, max(today, last)),
        by=None,
        at=at,
    )
    check.save(update_fields=["visit"])


@transaction.atomic
def start_self_check(*, home, form_code, by, at):
    """An owner looks at the home themselves: one open check a home and form. Raises CareError."""
    form = form_in_use(form_code)
    standing = Check.objects.open().filter(home=home, form__code=form_code, self_check=True).first()
    if standing:
        return standing
    check = Check.objects.create(home=home, development=home.development, form=form, self_check=True, planned_at=at)
    record("planned", check, by=by, home=home)
    return check


def arrange(check, *, booked):
    """Its time was booked, or called off: the promise says so while it is open."""
    if check.promise is None:
        return
    was, is_now = (Promise.State.DUE, Promise.State.BOOKED) if booked else (Promise.State.BOOKED, Promise.State.DUE)
    Promise.objects.filter(pk=check.promise_id, state=was).update(state=is_now)
