"""What the service worker fetches ahead of the owner's pages, and the manifest that puts them among a phone's apps.

The manifest is the same for everybody and tells nothing of anybody.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.ui.offline import person_of

from .guides import editions_at, read_at
from .homes import homes_of
from .open_days.bookings import tickets_at

PAPER = "#f7f6f2"
AHEAD = ("ticket-raise", "tickets", "guides", "documents", "visits", "home")
MOST_GUIDES = 40  # of one home that are fetched before anybody has opened them


@login_required
@require_safe
def ahead(request):
    """The pages that a phone fetches before anybody opens them: [[address, edition]], the guides above all.

    An edition is of one language: whoever changes theirs has all of them fetched again.
    """
    pages = [[reverse(f"home:{name}"), get_language()] for name in ("offline", "front")]
    for home in homes_of(request):
        pages += pages_of(request, home)
    return JsonResponse({"person": person_of(request.user), "pages": pages})


def pages_of(request, home):
    """[[address, edition]] of one home, to be read in the basement or at the gate: tickets, guides, the other pages."""
    language = get_language()
    guides = read_at(request, home, editions_at(home, on=timezone.localdate())[:MOST_GUIDES])
    others = [reverse(f"home:{name}", args=[home.pk]) for name in AHEAD]
    return [
        *([address, f"{language} {edition}"] for address, edition in tickets_at(request, home)),
        *([reverse("home:guide", args=[home.pk, guide.key]), f"{language} {_edition(guide)}"] for guide in guides),
        *([address, language] for address in others),
    ]


def _edition(guide):
    """Changes whenever the text does."""
    return f"{guide.edition.pk} {guide.text.pk} {guide.text.amended_at}"


@require_safe
def manifest(request):
    """What a phone needs to put the portal among its apps. `?lang=` is the reader's language, no cookie comes along."""
    language = request.GET.get("lang")
    names = settings.COMPANY_NAME
    with translation.override(language if language in names else translation.get_language()):
        name = names.get(translation.get_language(), names["en"])
        content = {
            "id": reverse("home:front"),
            "name": name,
            "short_name": name,
            "description": _("Your home: where it stands, what comes next, your papers and guides."),
            "lang": translation.get_language(),
            "start_url": reverse("home:front"),
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [_icon("app-icon-192.png", 192), _icon("app-icon-512.png", 512), _icon("app-mask-512.png", 512)],
        }
    return JsonResponse(content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


def _icon(name, size):
    purpose = "maskable" if "mask" in name else "any"
    return {"src": static(f"ui/art/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
