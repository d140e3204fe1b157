"""One version of a rule: what it says, what owners read, its other versions, and what it has promised."""

from django.conf import settings
from django.db.models import Count
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, override
from django.views.decorators.http import require_safe

from portal.care.checks.models import CheckForm
from portal.care.wording import message_of
from progress.promises.models import OPEN, Promise

from ..kept import share
from ..scoped import within
from .access import POLICY, may_change, seeing, seen
from .forms import OffForm
from .words import TONES, Names, steps, when

NEXT = 10
MONTHS = 12


@seeing
@require_safe
def rule(request, pk):
    return page(request, seen(request, pk))


def page(request, rule, off=None):
    """The page of `rule`; `off`: the form of switching it off, as it was sent."""
    now = timezone.now()
    promises = _promised(request.user, rule)
    context = {
        "rule": rule,
        "when": when(rule, Names()),
        "steps": steps(rule),
        "tone": TONES[rule.state],
        "form_name": CheckForm.objects.filter(code=rule.form).order_by("version").last() if rule.form else None,
        "messages_shown": previews(rule, None, today=timezone.localdate(now)),
        "versions": _versions(request.user, rule),
        "may_change": may_change(request.user, rule),
        "is_mine": rule.handed_in_by_id == request.user.pk,
        "off": off or OffForm(),
        **_figures(promises, at=now),
    }
    return render(request, "desk/care/rule.html", context)


def _promised(user, rule):
    """What all versions of it have promised, where this person works."""
    by = {"kind": rule.opened_by} if rule.opened_by else {"rule": rule.code}
    return within(Promise, user).filter(**by)


def _versions(user, rule):
    rows = POLICY.within(user).filter(code=rule.code).select_related("made_by").order_by("-version")
    return [(row, TONES[row.state]) for row in rows]


def _figures(promises, *, at):
    states = dict(promises.order_by().values_list("state").annotate(n=Count("pk")))
    months = [
        {"label": date_format(row["month"], "M"), "value": share(row)}
        for row in promises.filter(due_at__lte=at).by_month(timezone.get_current_timezone()).tally("month")
    ]
    coming = promises.filter(state__in=OPEN).select_related("home__building", "home__development")
    return {
        "states": [(label, states[state]) for state, label in Promise.State.choices if states.get(state)],
        "months": months[-MONTHS:],
        "coming": coming.order_by("due_at", "pk")[:NEXT],
    }


def previews(rule, home, *, today):
    """[(name of a language, text)]: what the household of `home` would read; nothing where nobody is told."""
    if not (rule.message_en or rule.message_zh):
        return []
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            text = message_of(rule, home, today=today, language=code)
            found.append((get_language_info(code)["name_local"], str(rule.name), text))
    return found
