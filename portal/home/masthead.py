"""The owner's masthead: tabs, the switch between homes, unread messages."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .homes import homes_of
from .letters import messages_of

FRONT = {"home:front", "home:home"}
DESIGNS = {"home:designs", "home:design", "home:design-text"}
JOURNEY = {"home:journey", "home:update", "home:photo", "home:change"} | DESIGNS
GUIDES = {"home:guides", "home:guide"}
MESSAGES = {"home:inbox", "home:message", "home:questions", "home:question", "home:question-reply"}


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    icon: str
    current: bool
    phone_only: bool = False
    count: int = 0  # of what is unread there


def masthead(request):
    """Context processor: `masthead`, worked out only where a page shows it. Falsy for those who are no customers."""
    return {"masthead": SimpleLazyObject(lambda: _masthead(request))}


def _masthead(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not hasattr(user, "owner"):
        return {}
    homes = homes_of(request)
    home = getattr(request, "home", None) or (homes[0] if homes else None)
    unread = messages_of(user, on=timezone.localdate(), has_home=bool(homes)).unread().count()
    return {
        "homes": homes,
        "home": home,
        "unread": unread,
        "tabs": _tabs(home, unread, at=request.resolver_match.view_name if request.resolver_match else ""),
    }


def _tabs(home, unread, *, at):
    """On a phone all of them, five at most, in thumb's reach; on a desktop messages are an icon at the top.

    The profile is one on both: it is what one looks for least often.
    """
    tabs = [Tab(_("Messages"), reverse("home:inbox"), "bell", at in MESSAGES, phone_only=True, count=unread)]
    if home:
        papers = reverse("home:documents", args=[home.pk])
        tabs.insert(0, Tab(pgettext("the tab of documents", "Papers"), papers, "document", at == "home:documents"))
        tabs.insert(0, Tab(_("Guides"), reverse("home:guides", args=[home.pk]), "book", at in GUIDES))
    if home and home.is_followed:
        tabs.insert(0, Tab(_("Journey"), reverse("home:journey", args=[home.pk]), "journey", at in JOURNEY))
    if home:
        front = reverse("home:home", args=[home.pk])
        tabs.insert(0, Tab(pgettext("the first tab", "Home"), front, "home", at in FRONT))
    return tabs
