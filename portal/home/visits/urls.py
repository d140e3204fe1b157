from django.urls import path

from . import section, views  # noqa: F401  section: registers what waits for a time

urlpatterns = [
    path("homes/<uuid:home_id>/visits/<slug:kind>/", views.visit_times, name="visit-times"),
    path("visits/<uuid:pk>/", views.visit, name="visit"),
    path("visits/<uuid:pk>/move/", views.visit_move, name="visit-move"),
    path("visits/<uuid:pk>/cancel/", views.visit_cancel, name="visit-cancel"),
    path("visits/<uuid:pk>/visit.ics", views.visit_ics, name="visit-ics"),
    path("visits/<uuid:pk>/visitor/<slug:variant>/", views.visitor_photo, name="visitor-photo"),
    path("open-days/<uuid:pk>/", views.open_day_anywhere, name="open-day-anywhere"),
]
