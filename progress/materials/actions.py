"""What may happen to materials: noted for one home or for many, and taken out again."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record, record_each
from progress.models import Home

from .models import Material, keys_of

LOT = 500
MOST = 2000  # homes noted at once


class MaterialError(Exception):
    """Refused. The message is worded for the member of staff who asked."""


@transaction.atomic
def note_for_homes(homes, *, values, by):
    """Note one material for each of `homes`, a queryset. Returns (noted, there already).

    `values`: the fields of a Material but the home. A home that has it already is left as it is, so that it may be
    sent twice. Raises MaterialError for no homes, or for more than fit.
    """
    chosen = list(Home.objects.select_for_update().filter(pk__in=homes.order_by().values("pk")).order_by("pk"))
    if not 0 < len(chosen) <= MOST:
        raise MaterialError(_("Please choose at least one home, and at most %(count)s.") % {"count": MOST})
    have = homes_that_have(values, among=chosen)
    new = [Material(home=home, **values, **keys_of(values)) for home in chosen if home.pk not in have]
    for start in range(0, len(new), LOT):
        some = new[start : start + LOT]
        Material.objects.bulk_create(some)
        record_each("created", some, by=by)
    return len(new), len(chosen) - len(new)


def homes_that_have(values, *, among):
    """Keys of the homes among these where the same is built in at the same place already."""
    same = Material.objects.built_in().filter(component=values.get("component"), **keys_of(values))
    return set(same.filter(home__in=[home.pk for home in among]).values_list("home", flat=True))


@transaction.atomic
def take_out(material, *, on, by):
    """It is no longer there since the day `on`. Recalls pass over it from then on. Raises MaterialError."""
    material = Material.objects.select_for_update(of=("self",)).select_related("home").get(pk=material.pk)
    if material.removed_on:
        raise MaterialError(_("It was taken out already."))
    if material.installed_on and on < material.installed_on:
        raise MaterialError(_("It cannot be taken out before it was built in."))
    material.removed_on = on
    material.save(update_fields=["removed_on"])
    record("removed", material, by=by, home=material.home)
    return material
