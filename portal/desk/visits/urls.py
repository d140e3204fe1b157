"""Addresses of visits on phones: they stand under /site/, not on the desk, which has pages of its own."""

from django.urls import path

from . import phone

urlpatterns = [
    path("visits/", phone.my_visits, name="visits"),
    path("visits/<uuid:pk>/", phone.visit_page, name="visit"),
    path("visits/<uuid:pk>/<slug:act>/", phone.visit_act, name="visit-act"),
]
