"""Whom the guides reach, and how many have read them."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.permissions import page_permission_policy

from cms.guides.audience import named_of, whom_in_words
from cms.guides.models import Edition, GuidePage
from cms.guides.reach import reach_of, readers_of

A_PAGE = 20


@require_safe
def guides(request):
    """Each guide with the edition in force, and those to come. Nothing in it is about anybody."""
    today = timezone.localdate()
    in_force = Edition.objects.in_force(on=today).values("pk")
    editions = Edition.objects.filter(Q(pk__in=in_force) | Q(valid_from__gt=today, texts__page__live=True))
    page = Paginator(editions.in_order().prefetch_related("audience", "texts"), A_PAGE).get_page(
        request.GET.get("page")
    )
    read = readers_of(page)
    context = {"page": page, "rows": [_row(edition, read, today) for edition in page], "edits": _edits(request.user)}
    return render(request, "desk/guides.html", context)


def _row(edition, read, today):
    texts = {text.language: text for text in edition.texts.all()}
    named = named_of(edition)
    return {
        "edition": edition,
        "text": texts.get(get_language()) or next(iter(texts.values())),
        "is_coming": bool(edition.valid_from and edition.valid_from > today),
        "whom": whom_in_words(named),
        "reach": reach_of(named),
        "readers": read.get((edition.guide_key, edition.number), 0),
    }


def _edits(user):
    """The pages whose editor opens to this person."""
    pages = page_permission_policy.instances_user_has_permission_for(user, "change")
    return set(GuidePage.objects.filter(pk__in=pages).values_list("pk", flat=True))
