"""The living page of components, in development only."""

from django.http import Http404
from django.shortcuts import render

from . import samples

FRAMES = ("page", "door", "site", "public", "photo")


def components(request):
    """Every tag in every state."""
    return render(request, "ui/components.html", samples.context(request))


def frame(request, name):
    """One frame of pages, with little in it."""
    if name not in FRAMES:
        raise Http404
    return render(request, f"ui/frames/{name}.html", samples.context(request))
