"""Addresses for contractors: whoever has one needs no login."""

from django.urls import path

from . import views

app_name = "jobs"

urlpatterns = [
    path("<uuid:pk>/<str:mac>/", views.job, name="job"),
    path("<uuid:pk>/<str:mac>/photos/", views.photos, name="photos"),
    path("<uuid:pk>/<str:mac>/done/", views.done, name="done"),
    path("<uuid:pk>/<str:mac>/files/<uuid:file_pk>/<slug:variant>/", views.file, name="file"),
]
