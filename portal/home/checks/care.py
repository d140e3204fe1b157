"""What a rule has us say to a household, with what can be done about it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.notices.actions import mark_read_about
from portal.care.checks.models import Check, CheckForm
from portal.care.models import Anchor, Product
from portal.care.promises import KINDS, latest
from portal.care.wording import message_of
from portal.home.guards import own_home, private
from portal.home.visits.section import times_url
from portal.surveys.actions import SurveyError, answer
from portal.surveys.models import Satisfaction
from progress.promises.models import Promise
from progress.warranties.models import Warranty

from .views import is_host, own_checks

SHOWN = {KINDS[product] for product in (Product.REMINDER, Product.SURVEY, Product.CHECK)}


def own_promise(request, pk):
    promises = Promise.objects.filter(kind__in=SHOWN, home__isnull=False)
    promise = get_object_or_404(promises.for_user(request.user).select_related("home__development"), pk=pk)
    own_home(request, promise.home_id)
    return promise


@private
@require_safe
def message(request, pk):
    promise = own_promise(request, pk)
    rule, now = latest({promise.rule}).get(promise.rule), timezone.now()
    check = own_checks(request.user).filter(promise=promise).exclude(stage=Check.Stage.DROPPED).first()
    mark_read_about(promise, user=request.user, at=now)
    context = {
        "promise": promise,
        "home": promise.home,
        "rule": rule,
        "words": message_of(rule, promise.home, today=timezone.localdate()) if rule else "",
        "check": check,
        "times_url": times_url(check.visit) if check and check.visit and check.visit.is_asked else "",
        "form": _self_check(rule) if is_host(request, promise.home) else None,
        "warranties": _ending(promise) if rule and rule.anchor == Anchor.WARRANTY else [],
        "question": _question(promise, request.user),
        "scores": Satisfaction.Score.choices,
    }
    return render(request, "home/checks/message.html", context)


@private
@require_POST
def score(request, pk):
    promise = own_promise(request, pk)
    question = get_object_or_404(Satisfaction.objects.own(request.user).about(promise))
    given = request.POST.get("score", "")
    try:
        answer(
            question,
            score=int(given) if given.isascii() and given.isdigit() else 0,
            words=request.POST.get("words", ""),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Thank you for telling us."))
    except SurveyError as error:
        messages.error(request, str(error))
    return redirect("home:care", promise.pk)


def _question(promise, user):
    return Satisfaction.objects.own(user).about(promise).first()


def _self_check(rule):
    if rule is None or not rule.form:
        return None
    return CheckForm.objects.filter(code=rule.form, by=CheckForm.By.OWNER, state=CheckForm.State.ON).first()


def _ending(promise):
    """The warranties of the home that end on the day the message is about."""
    last = promise.anchored_on
    return list(
        Warranty.objects.ending(first=last, last=last).filter(home=promise.home).select_related("term", "component")
    )
