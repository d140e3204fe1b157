"""The documents of a home, as those who live there see them: by kind, newest version first, and the files."""

from dataclasses import dataclass, field
from itertools import groupby

from django import forms
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.files.delivery import deliver
from progress.documents.models import HomeDocument, Kind

from .guards import own_home, private


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search documents"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )


@dataclass
class Shown:
    """A document with what it replaced."""

    latest: HomeDocument
    earlier: list = field(default_factory=list)


@private
@require_safe
def documents(request, home_id):
    """What the person may see of the home's documents, grouped by kind; `?q=` leaves those that it finds."""
    home = own_home(request, home_id)
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    held = HomeDocument.objects.held_by(request.user).filter(home=home)
    found = held.filter(series__in=held.search(words).order_by().values("series")) if words else held
    context = {"home": home, "form": form, "words": words, "groups": _by_kind(found.select_related("file"))}
    return render(request, "home/documents.html", context)


def _by_kind(documents):
    """[(kind in words, [Shown, …])] in the order of the kinds, the newest document first."""
    versions = sorted(documents, key=lambda each: (str(each.series), -each.version))
    shown = [Shown(first, rest) for first, *rest in (list(some) for _series, some in groupby(versions, _series_of))]
    shown.sort(key=lambda each: each.latest.created_at, reverse=True)
    groups = [(kind.label, [each for each in shown if each.latest.kind == kind]) for kind in Kind]
    return [group for group in groups if group[1]]


def _series_of(document):
    return document.series


def papers_of(user, home):
    """{kind: [newest versions]} of the documents of the home that this person may see."""
    papers = {}
    for document in HomeDocument.objects.held_by(user).filter(home=home).order_by("-version"):
        papers.setdefault(document.kind, {}).setdefault(document.series, document)
    return {kind: list(by_series.values()) for kind, by_series in papers.items()}


@private
@require_safe
def documents_new(request, pk):
    """Where a message leads: to the documents of the person's home that it was about."""
    held = HomeDocument.objects.held_by(request.user).filter(batch=pk)
    return redirect("home:documents", get_object_or_404(held[:1]).home_id)


@login_required
@require_safe
def document_file(request, pk):
    """The file, to be saved; asked for anew each time, since a role can end and a document be withdrawn."""
    document = get_object_or_404(HomeDocument.objects.held_by(request.user).select_related("file"), pk=pk)
    response = deliver(request, document.file, name=document.download_name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
