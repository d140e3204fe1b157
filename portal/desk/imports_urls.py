"""Import and export on the desk, at /desk/estate/."""

from django.urls import path

from . import imports

app_name = "desk_imports"
urlpatterns = [
    path("", imports.front, name="front"),
    path("upload/", imports.upload, name="upload"),
    path("template/", imports.template, name="template"),
    path("export/<slug:code>.<slug:kind>", imports.export, name="export"),
    path("<uuid:run_id>/", imports.run, name="run"),
    path("<uuid:run_id>/confirm/", imports.confirm, name="confirm"),
]
