"""Who sees rules of care: all staff, those of the company and of where they work. Who works there changes them."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.care.models import Rule
from progress import scope

from ..scoped import ScopedPolicy, register

CHANGE = "care.change_rule"


class RulePolicy(ScopedPolicy):
    """Those of the company are read by everybody and changed by whoever works everywhere."""

    def within(self, user):
        if not scope.may_view(user, Rule):
            return Rule.objects.none()
        assigned = scope.of_assigned(user, Rule, "development")
        return Rule.objects.filter(scope.EVERYTHING if assigned is scope.EVERYTHING else assigned | NOBODYS)

    def user_has_permission_for_instance(self, user, action, instance):
        rows = self.within(user) if action == "view" else Rule.objects.for_user(user)
        return self.user_has_permission(user, action) and rows.filter(pk=instance.pk).exists()


NOBODYS = Q(development__isnull=True)
POLICY = RulePolicy(Rule, "development")
register(Rule, POLICY)


def seeing(view):
    """A view of the rules, for all staff whose groups open them; in the company's time."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not scope.may_view(request.user, Rule):
            raise Http404
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return guarded


def may_write(user):
    """Whether there is any place for which this person may write rules."""
    return user.has_perm(CHANGE) and scope.of_assigned(user, Rule, "development") is not scope.NOTHING


def may_change(user, rule):
    """Whether this person decides on this rule: where it holds, they work."""
    return not rule.is_built_in and POLICY.user_has_permission_for_instance(user, "change", rule)


def seen(request, pk):
    """A version that this person may read."""
    return get_object_or_404(_rows(request.user), pk=pk)


def own(request, pk):
    """A version that this person may decide on; 404 for any other."""
    rule = seen(request, pk)
    if not may_change(request.user, rule):
        raise Http404
    return rule


def _rows(user):
    return POLICY.within(user).select_related("development", "touchpoint", "made_by", "handed_in_by", "approved_by")
