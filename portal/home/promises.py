"""What an owner was promised, and what came of it."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from progress.promises import kinds
from progress.promises.models import Promise
from progress.updates.silence import news_promised_to, next_news

from .guards import own_home, private


def promises_to(user, home):
    """What was promised about the home to this person or to everybody of it, as far as it is for owners' eyes.

    With what came of the promises of news, which are made to all homes of an update at once.
    """
    shown = Promise.objects.for_user(user).filter(home=home, kind__in=kinds.shown())
    if home.is_followed:
        shown = Promise.objects.filter(
            Q(pk__in=shown.values("pk")) | Q(pk__in=news_promised_to(home).settled().values("pk"))
        )
    return shown.exclude(state=Promise.State.VOID).select_related("development", "home", "responsible")


@private
@require_safe
def promises(request, home_id):
    """Those still to come first, the next one on top; then what came of the others, the newest on top."""
    home = own_home(request, home_id)
    mine = promises_to(request.user, home).prefetch_related("moved")
    news = next_news(home) if home.is_followed else None  # made to all homes of an update, and so to this one
    still_open = [*mine.open().late_first()[:50], *filter(None, [news])]
    settled = Paginator(mine.settled().order_by("-settled_at", "pk"), 20).get_page(request.GET.get("page"))
    settled.object_list = kinds.prepare(settled.object_list)
    context = {
        "home": home,
        "open": sorted(kinds.prepare(still_open), key=lambda promise: promise.due_at),
        "settled": settled,
    }
    return render(request, "home/promises.html", context)
