"""The public site's search: one box at an address of its own, which nobody keeps and no robot follows."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.frame import company_of, frame_of
from cms.models import HomePage

from .forms import SearchForm
from .pages import as_hits, pages_about

EACH_PAGE = 10


@never_cache
@require_safe
def search(request):
    """Public pages in the language of the address."""
    language = get_language()
    form = SearchForm(request.GET)
    page = Paginator(pages_about(form.question, language=language), EACH_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "question": form.question,
        "page_obj": page,
        "hits": as_hits(page.object_list, request),
        "public": _frame(request, language),
        "company": company_of(request),
    }
    return render(request, "cms/search/page.html", context)


def _frame(request, language):
    """That of the front page, with links to the same search in the other language."""
    home = HomePage.objects.filter(locale__language_code=language).live().first()
    frame = frame_of(home, request) if home else {"languages": []}
    for each in frame["languages"]:
        with override(each["lang"].lower()):
            each["url"] = f"{reverse('search')}?{request.GET.urlencode()}"
    return frame
