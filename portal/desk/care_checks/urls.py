"""Checks and their forms."""

from django.urls import path

from . import checks, versions

app_name = "desk_checks"
urlpatterns = [
    path("", checks.checks, name="checks"),
    path("<uuid:pk>/", checks.check, name="check"),
    path("<uuid:pk>/report/", checks.report, name="report"),
    path("forms/", versions.forms, name="forms"),
    path("forms/new/", versions.add, name="form-add"),
    path("forms/<uuid:pk>/", versions.form, name="form"),
    path("forms/<uuid:pk>/change/", versions.change, name="form-change"),
    path("forms/<uuid:pk>/version/", versions.new_version, name="form-version"),
    path("forms/<uuid:pk>/use/", versions.put_in_use, name="form-use"),
    path("forms/<uuid:pk>/drop/", versions.drop, name="form-drop"),
]
