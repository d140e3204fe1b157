"""One box for everything that an owner may see."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cms.search.forms import SearchForm
from cms.search.sources import Reader, found_by

from .guards import private
from .homes import homes_of

EACH = 6  # of each source, where all are searched
ALONE = 60


@private
@require_safe
def search(request):
    """What is found in guides, news, documents and public pages; `?in=` names one of them, to see more of it."""
    form = SearchForm(request.GET)
    only = request.GET.get("in", "")[:20]
    groups = []
    if question := form.question:
        reader = Reader(get_language(), user=request.user, homes=homes_of(request), today=timezone.localdate())
        groups = found_by(reader, question, limit=ALONE if only else EACH + 1, only=only)
    shown = [(source, hits if only else hits[:EACH], not only and len(hits) > EACH) for source, hits in groups]
    return render(request, "home/search.html", {"form": form, "question": question, "groups": shown, "only": only})
