"""The portal's addresses with the page of components, which production leaves out."""

from django.urls import include, path

from portal.urls import urlpatterns as ours

urlpatterns = [path("ui/", include("portal.ui.urls")), *ours]
