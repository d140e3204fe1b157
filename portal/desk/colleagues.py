"""Whom among the colleagues a member of staff looks after."""

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.events.models import Event
from accounts.models import ERASED, User
from accounts.staff import PERMISSION
from progress.models import Assignment

from .assignments import staff
from .scoped import works_everywhere


def colleagues_of(user):
    """Administrators are seen and changed by administrators alone; colleagues by who works wherever they do."""
    colleagues = staff()
    if user.is_superuser:
        return colleagues
    return _where_they_work(colleagues.filter(is_superuser=False), user, Assignment.objects.live())


def former_colleagues_of(user):
    """Those who have left, as far as they worked where `user` does. Of erased logins nothing is left to say."""
    gone = Event.objects.filter(verb="left", subject_kind="accounts.user").values_list("subject_id", flat=True)
    former = User.objects.filter(pk__in=list(gone)).exclude(pk__in=staff().values("pk"))
    former = former.exclude(email__endswith=ERASED)
    return former if user.is_superuser else _where_they_work(former, user, Assignment.objects.all())


def _where_they_work(colleagues, user, assignments):
    if works_everywhere(user):
        return colleagues
    mine = Q(development__in=user.assignments.live().values("development"))
    posts = assignments.filter(user=OuterRef("pk"))
    return colleagues.filter(Exists(posts.filter(mine)), ~Exists(posts.exclude(mine)))


def get_colleague(request, pk, *, of=colleagues_of):
    """The colleague with this id; 404 for whoever may not change them."""
    if not request.user.has_perm(PERMISSION):
        raise Http404
    return get_object_or_404(of(request.user), pk=pk)
