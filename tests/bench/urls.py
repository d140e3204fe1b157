"""The portal's addresses, and beside them a view that does nothing."""

from django.http import HttpResponse
from django.urls import path

from portal.urls import urlpatterns as portals


def bare(request):
    return HttpResponse("bare")


urlpatterns = [path("bare/", bare), *portals]
