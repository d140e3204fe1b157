"""What a phone may keep of the owner's pages; how it does so, and how it forgets, says `portal.ui.offline`."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.ui.offline import OWNERS, Area, register
from portal.ui.worker import A_UUID

from .guards import private

PAGES = {
    "home:front",
    "home:home",
    "home:journey",
    "home:documents",
    "home:guides",
    "home:guide",
    "home:visits",
    "home:booking",
    "home:tickets",
    "home:ticket",
    "home:ticket-raise",
    "home:checks",
    "home:check",
    "home:offline",
}
PHOTOS = ("photo-file", "leaflet-file", "evidence-photo", "contact-photo", "ticket-file")
FILES = {
    "home:document": [A_UUID],
    "home:drawing": [A_UUID],
    **{f"home:{name}": [A_UUID, "x"] for name in PHOTOS},
}
register(Area(below=OWNERS, namespace="home", pages=PAGES, files=FILES))


@private
@require_safe
def page(request):
    """What stands in for a page that is not kept: it says so, and lists those that are."""
    return render(request, "home/offline.html")
