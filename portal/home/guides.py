"""The guides that fit my home and today's stage, and what has changed since I read them."""

from datetime import timedelta

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cms.checklists.reading import ticking_of, with_progress
from cms.guides.actions import note_read
from cms.guides.audience import named_of, whom_in_words
from cms.guides.models import Edition, Sort
from cms.guides.reading import guides_for
from portal.ui.offline import is_ahead

from .guards import own_home, private
from .homes import homes_of

A_PAGE = 30
AT_FRONT, AT_JOURNEY = 3, 6
VISIT = timedelta(hours=1)  # as long after opening it, a guide still says what has changed


def editions_at(home, *, on):
    """What fits one of `homes_of` for this reader, in order."""
    return Edition.objects.for_home(home, roles=home.roles, on=on).in_order()


def read_at(request, home, editions, **options):
    """The Guides of these editions for whoever asks."""
    today, owner = timezone.localdate(), request.user.owner
    return guides_for(editions, owner=owner, on=today, follows=home.is_followed, **options)


def guides_of_stage(request, home, *, most):
    """Those that are for the stage in which the home is."""
    editions = editions_at(home, on=timezone.localdate()).filter(for_stage=True)
    return with_progress(home, read_at(request, home, editions[:most], with_body=True))


@private
@require_safe
def guides(request, home_id):
    """Those for today's stage first."""
    home = own_home(request, home_id)
    editions = list(editions_at(home, on=timezone.localdate()))  # small rows; asked once, not to be counted first
    page = Paginator(editions, A_PAGE).get_page(request.GET.get("page"))
    shown = with_progress(home, read_at(request, home, page.object_list, with_body=True))
    context = {
        "home": home,
        "page": page,
        "staged": [guide for guide in shown if guide.for_stage],
        "others": [guide for guide in shown if not guide.for_stage],
    }
    return render(request, "home/guides/list.html", context)


@private
@require_safe
def guide(request, home_id, key):
    """The edition of today. Opening it is noted, unless the phone only fetches it ahead."""
    home = own_home(request, home_id)
    edition = get_object_or_404(editions_at(home, on=timezone.localdate()).prefetch_related("audience"), guide_key=key)
    now, asked = timezone.now(), _asked_language(request)
    guide = read_at(request, home, [edition], asked=asked, known_before=now - VISIT, with_body=True)[0]
    if request.method == "GET" and not is_ahead(request):
        note_read(guide, owner=request.user.owner, at=now)
    context = {
        "home": home,
        "guide": guide,
        "whom": whom_in_words(named_of(edition), but=[Sort.ROLE, Sort.KIND, Sort.STAGE]),  # of these they know
        "is_other_language": asked not in ("", get_language()),
        "ticking": _ticking(home, key),
    }
    return render(request, "home/guides/guide.html", context)


def _asked_language(request):
    """The one in which they wish to see this guide, if not in their own: ?in=en."""
    asked = request.GET.get("in", "")
    return asked if asked in dict(settings.LANGUAGES) else ""


def _ticking(home, key):
    """What the checklists of the page need to show this household's ticks."""
    url, history_url = (reverse(name, args=[home.pk, key]) for name in ("home:tick", "home:ticks"))
    return ticking_of(home, key, today=timezone.localdate(), url=url, history_url=history_url)


@private
@require_safe
def guide_anywhere(request, key):
    """To the guide at the home that was open last, if it fits that one, else at the first that it fits."""
    homes = sorted(homes_of(request), key=lambda home: str(home.pk) != request.session.get("home"))
    for home in homes:
        if editions_at(home, on=timezone.localdate()).filter(guide_key=key).exists():
            return redirect("home:guide", home.pk, key)
    raise Http404
