"""How a guide would look to an owner, for its editor: invented homes at real developments, nobody's data."""

from decimal import Decimal

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from progress.models import Development, Home

SAMPLE_AREA = Decimal("98.60")
SAMPLE_NUMBER = "3-1102"
MOST = 8
NO_AREA, TENANT = "no-area", "tenant"


def preview_modes_of(page):
    """As an owner at each of its developments (at most a few), as one whose area nobody knows, as a tenant."""
    places = Development.objects.all()
    if page.for_developments:
        places = places.filter(pk__in=page.for_developments)
    as_owner = [(str(place.pk), _("As an owner of %(place)s") % {"place": place}) for place in places[:MOST]]
    return [
        *(as_owner or [("", gettext_lazy("As an owner"))]),
        (NO_AREA, gettext_lazy("As an owner whose area is not known")),
        (TENANT, gettext_lazy("As a tenant")),
    ]


def preview_context(page, mode):
    """What the page of a guide shows, with an invented home."""
    from .actions import named_on  # these know models, which know this
    from .audience import whom_in_words
    from .reading import as_draft

    guide = as_draft(page, on=localdate(), follows=mode != TENANT)
    whom = whom_in_words(named_on(page), but=["role"])
    return {"home": _sample_home(mode), "guide": guide, "whom": whom, "is_preview": True}


def _sample_home(mode):
    """Whatever `mode` is: it comes from the address."""
    places = {str(place.pk): place for place in Development.objects.all()}
    place = places.get(mode) or next(iter(places.values()), Development(name_en="Qinghuai Lane", name_zh="青槐里"))
    return Home(development=place, number=SAMPLE_NUMBER, area=None if mode == NO_AREA else SAMPLE_AREA)
