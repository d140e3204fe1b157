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
WARRANTIES = {"home:warranties", "home:warranty", "home:warranties-pdf"}
MATERIALS = {"home:materials", "home:recall"}
CHECKS = {"home:checks", "home:check", "home:care"}
JOURNEY = {"home:journey", "home:update", "home:photo", "home:change"} | DESIGNS | WARRANTIES | MATERIALS | CHECKS
PAPERS = {"home:documents", "home:dossier"}
GUIDES = {"home:guides", "home:guide"}
OPEN_DAYS = {
    *("home:visits", "home:open-day", "home:book", "home:wait", "home:waiting"),
    *("home:booking", "home:booking-change", "home:booking-move", "home:booking-cancel", "home:booking-pdf"),
}
VISITS = OPEN_DAYS | {"home:visit", "home:visit-times", "home:visit-move", "home:visit-cancel", "home:opinion"}
TICKETS = {"home:tickets", "home:ticket-raise", "home:ticket", "home:repairs", "home:complaint", "home:ticket-pdf"}
MESSAGES = {"home:inbox", "home:message", "home:questions", "home:question", "home:question-reply"}


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    icon: str
    current: bool
    phone_only: bool = False
    desk_only: bool = False
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
    """On a phone five at most, in thumb's reach. Messages are an icon at the top, with their number, as the profile is.

    Papers make room on phones for those who have a journey, from whose page a way leads to them.
    """
    tabs = []
    if home is None:
        tabs.append(Tab(_("Messages"), reverse("home:inbox"), "bell", at in MESSAGES, phone_only=True, count=unread))
    if home:
        label = pgettext("the tab of tickets", "Requests")
        tabs.insert(0, Tab(label, reverse("home:tickets", args=[home.pk]), "chat", at in TICKETS))
        papers = reverse("home:documents", args=[home.pk])
        label = pgettext("the tab of documents", "Papers")
        tabs.insert(0, Tab(label, papers, "document", at in PAPERS, desk_only=home.is_followed))
        tabs.insert(0, Tab(_("Guides"), reverse("home:guides", args=[home.pk]), "book", at in GUIDES))
        label = pgettext("the tab of open days and visits", "Visits")
        tabs.insert(0, Tab(label, reverse("home:visits", args=[home.pk]), "calendar", at in VISITS))
    if home and home.is_followed:
        tabs.insert(0, Tab(_("Journey"), reverse("home:journey", args=[home.pk]), "journey", at in JOURNEY))
    if home:
        front = reverse("home:home", args=[home.pk])
        tabs.insert(0, Tab(pgettext("the first tab", "Home"), front, "home", at in FRONT))
    return tabs
