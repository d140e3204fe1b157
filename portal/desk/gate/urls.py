"""Addresses of the gate, for phones alone: they stand under /site/, not on the desk."""

from django.urls import path

from portal.ui.worker import worker

from . import acts, offline, ticket, views, weather

urlpatterns = [
    path("gate/", views.front, name="gate"),
    path("gate/<uuid:pk>/", views.gate_day, name="gate-day"),
    path("gate/<uuid:pk>/inside/", views.gate_inside, name="gate-inside"),
    path("gate/<uuid:pk>/list/", views.gate_list, name="gate-list"),
    path("gate/<uuid:pk>/scan/", ticket.scan, name="gate-scan"),
    path("gate/<uuid:pk>/walk-in/", acts.walk_in, name="gate-walk-in"),
    path("gate/<uuid:pk>/weather/", weather.weather, name="gate-weather"),
    path("gate/parties/<uuid:pk>/in/", acts.let_in, name="gate-in"),
    path("gate/parties/<uuid:pk>/out/", acts.let_out, name="gate-out"),
    path("gate/parties/<uuid:pk>/missed/", acts.missed, name="gate-missed"),
    path("gate/parties/<uuid:pk>/without/", acts.without, name="gate-without"),
    path("gate/parties/<uuid:pk>/undo/", acts.take_back, name="gate-undo"),
    path("in/<uuid:pk>/<str:mac>/", ticket.ticket, name="ticket"),
    path("sw.js", worker, name="worker"),
    path("offline/", offline.page, name="offline"),
    path("offline/ahead/", offline.ahead, name="offline-ahead"),
]
