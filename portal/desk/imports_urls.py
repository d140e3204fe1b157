"""Import and export on the desk, at /desk/estate/."""

from django.urls import path

from . import imports, imports_exports

app_name = "desk_imports"
urlpatterns = [
    path("", imports.front, name="front"),
    path("upload/", imports.upload, name="upload"),
    path("template/", imports.template, name="template"),
    path("export/", imports_exports.export, name="export"),
    path("export/<uuid:run_id>/", imports_exports.run, name="export_run"),
    path("export/<uuid:run_id>/file", imports_exports.file, name="export_file"),
    path("<uuid:run_id>/", imports.run, name="run"),
    path("<uuid:run_id>/confirm/", imports.confirm, name="confirm"),
]
