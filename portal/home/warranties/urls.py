from django.urls import path

from . import certificates, views

urlpatterns = [
    path("homes/<uuid:home_id>/warranties/", views.warranties, name="warranties"),
    path("homes/<uuid:home_id>/warranties/pdf/", certificates.page, name="warranties-pdf"),
    path("homes/<uuid:home_id>/warranties/pdf/ask/", certificates.ask, name="warranties-pdf-ask"),
    path("homes/<uuid:home_id>/warranties/pdf/<uuid:pk>/", certificates.file, name="warranties-pdf-file"),
    path("warranties/<uuid:pk>/", views.warranty, name="warranty"),
]
