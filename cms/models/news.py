"""News: articles under one index."""

import re

from django.core.paginator import Paginator
from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.url_routing import RouteResult

from cms.blocks import BodyBlock

from .base import PublicPage, PublicPageQuerySet

YEAR = re.compile(r"[12][0-9]{3}")
A_PAGE = 12


class NewsIndexPage(PublicPage):
    """All articles, newest first, by year."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ArticlePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("page of all news")

    def route(self, request, path_components):
        """Adds an address for each year: /news/2026/."""
        if len(path_components) == 1 and YEAR.fullmatch(path_components[0]):
            return RouteResult(self, kwargs={"year": int(path_components[0])})
        return super().route(request, path_components)

    def to_show(self, request, year=None):
        articles = ArticlePage.objects.below(self).newest()
        years = list(articles.order_by("-date__year").values_list("date__year", flat=True).distinct())
        if year and year not in years:
            raise Http404
        page = Paginator(articles.filter(date__year=year) if year else articles, A_PAGE)
        page = page.get_page(request.GET.get("page"))
        return {"articles": list(page), "page_obj": page, "years": years, "year": year}


class ArticleQuerySet(PublicPageQuerySet):
    def newest(self):
        return self.order_by("-date", "-pk")


class ArticlePage(PublicPage):
    """One piece of news."""

    date = models.DateField(_("date"), default=timezone.localdate)
    author_name = models.CharField(_("author"), max_length=120, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    objects = PageManager.from_queryset(ArticleQuerySet)()

    content_panels = [
        *PublicPage.content_panels,
        FieldRowPanel([FieldPanel("date"), FieldPanel("author_name")]),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("article")

    def to_show(self, request):
        others = ArticlePage.objects.sibling_of(self, inclusive=False).live().public()
        return {"more_news": list(others.listed().newest()[:3])}
