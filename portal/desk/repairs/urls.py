"""Addresses of repairers' jobs, for phones alone: they stand under /site/, not on the desk."""

from django.urls import path

from . import sheet, views

urlpatterns = [
    path("repairs/", views.repairs, name="repairs"),
    path("repairs/<uuid:pk>/", views.repair, name="repair"),
    path("repairs/<uuid:pk>/reply/", views.reply, name="repair-reply"),
    path("repairs/<uuid:pk>/note/", views.note, name="repair-note"),
    path("repairs/<uuid:pk>/photos/", views.photos, name="repair-photos"),
    path("repairs/<uuid:pk>/pause/", views.pause, name="repair-pause"),
    path("repairs/<uuid:pk>/sheet/", sheet.sheet, name="repair-sheet"),
    path("repairs/files/<uuid:pk>/<slug:variant>/", views.file, name="repair-file"),
]
