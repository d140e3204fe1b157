"""Figures of tickets, and patterns among them."""

from django.urls import path

from . import export, figures, paper, patterns

app_name = "desk_reports"
urlpatterns = [
    path("", figures.figures, name="figures"),
    path("export/", export.export, name="export"),
    path("papers/<uuid:pk>/", paper.paper, name="paper"),
    path("papers/<uuid:pk>/ask/", paper.ask, name="paper_ask"),
    path("papers/<uuid:pk>/<uuid:paper_id>/", paper.file, name="paper_file"),
    path("patterns/", patterns.patterns, name="patterns"),
    path("patterns/<uuid:pk>/", patterns.pattern, name="pattern"),
    path("patterns/<uuid:pk>/warn/", patterns.warn, name="warn"),
    path("patterns/<uuid:pk>/settle/", patterns.settle, name="settle"),
]
