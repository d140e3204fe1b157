"""How well promises are kept: by month, drawn; by kind, team and person, in numbers."""

from datetime import timedelta

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from portal.care.models import Rule
from progress.models import Assignment, Development
from progress.promises import kinds
from progress.promises.models import Promise
from progress.scope import may_view
from progress.touchpoints.models import Touchpoint

from .scoped import within

MONTHS = 12
GOAL = 95  # per cent


class KeptForm(forms.Form):
    """Which promises are counted; nothing chosen: all that this person may see."""

    development = forms.ModelChoiceField(label=_("Development"), queryset=None, required=False, empty_label=_("All"))
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False, choices=[("", _("All")), *Assignment.Role.choices])

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["development"].queryset = within(Development, user)
        self.fields["kind"].choices = [("", _("All")), *kinds.choices()]

    def counted(self, promises):
        """`promises` as chosen; a choice that is none is left out of account."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return promises.filter(**chosen)


def kept(request):
    if not may_view(request.user, Promise):
        raise Http404
    today = timezone.localdate()
    first = _month_before(today, MONTHS - 1)
    form = KeptForm(request.GET, user=request.user)
    promises = form.counted(within(Promise, request.user)).filter(due_at__date__gte=first, due_at__lte=timezone.now())
    context = {
        "form": form,
        "months": _by_month(promises, first, today),
        "goal": GOAL,
        "tables": [
            (gettext("By kind"), _table(promises, "kind", dict(kinds.choices()))),
            (gettext("By rule of care"), _table(promises.exclude(rule=""), "rule", _care_rules())),
            (gettext("By touchpoint"), _table(promises, "touchpoint", _touchpoints())),
            (gettext("By team"), _table(promises, "team", dict(Assignment.Role.choices))),
            (gettext("By person"), _table(promises, "responsible", _names(promises))),
        ],
    }
    return render(request, "desk/kept.html", context)


def _month_before(day, months):
    first = day.replace(day=1)
    for _each in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def _by_month(promises, first, today):
    zone = timezone.get_current_timezone()
    counted = {row["month"].date(): row for row in promises.by_month(zone).tally("month")}
    months, day = [], first
    while day <= today:
        row = counted.get(day)
        bar = {"label": date_format(day, "M"), "value": row and share(row), "now": day == today.replace(day=1)}
        months.append(bar)
        day = (day + timedelta(days=31)).replace(day=1)
    return months


def share(row):
    """Per cent kept in time, rounded down: 99.9 is not all."""
    total = row["kept"] + row["late"] + row["missed"]
    return 100 * row["kept"] // total if total else None


def _table(promises, field, names):
    rows = promises.tally(field)
    return [
        {**row, "name": names.get(row[field]) or gettext("nobody named"), "share": share(row)}
        for row in sorted(rows, key=lambda row: (share(row), -row["missed"]))
    ]


def _care_rules():
    """{code: name}: of several versions the newest names it."""
    return {rule.code: str(rule) for rule in Rule.objects.order_by("version")}


def _touchpoints():
    return {None: gettext("at no touchpoint")} | {each.pk: str(each) for each in Touchpoint.objects.all()}


def _names(promises):
    people = User.objects.filter(pk__in=promises.values("responsible"))
    return {person.pk: str(person) for person in people}
