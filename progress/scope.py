"""Who sees which places: owners by live ownership, staff by live assignment. Every `for_user` is built of these."""

from django.apps import apps
from django.db.models import Q

NOTHING = Q(pk__in=[])
EVERYTHING = Q(pk__isnull=False)  # an empty Q would vanish from `a | Q()`


def of_own_homes(user, field, path, roles=None):
    """Rows whose `field` is reached from the person's live ownerships along `path` ("home", "home__building")."""
    if not user.is_authenticated or not user.is_active:
        return NOTHING
    ownerships = apps.get_model("progress", "Ownership").objects.live()
    ownerships = ownerships.filter(owner__user=user, owner__erased_at__isnull=True)
    if roles:
        ownerships = ownerships.filter(role__in=roles)
    return Q(**{f"{field}__in": ownerships.values(path)})


def of_assigned(user, model, field):
    """Rows of `model` whose `field` (a development) is assigned to this member of staff.

    The groups say what: without the permission to view or change `model`, nothing.
    The assignments say where; superusers and assignments without a development reach everywhere.
    """
    if not may_view(user, model):
        return NOTHING
    if user.is_superuser:
        return EVERYTHING
    live = apps.get_model("progress", "Assignment").objects.live().filter(user=user)
    if live.filter(development__isnull=True).exists():
        return EVERYTHING
    return Q(**{f"{field}__in": live.values("development")})


def may_view(user, model):
    """Whether the person's groups open `model` to them at all."""
    if not user.is_authenticated or not user.is_active:
        return False
    label, name = model._meta.app_label, model._meta.model_name
    return user.has_perm(f"{label}.view_{name}") or user.has_perm(f"{label}.change_{name}")
