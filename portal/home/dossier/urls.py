from django.urls import path

from . import views

urlpatterns = [
    path("homes/<uuid:home_id>/dossier/", views.page, name="dossier"),
    path("homes/<uuid:home_id>/dossier/<slug:kind>/ask/", views.ask, name="dossier-ask"),
    path("dossiers/<uuid:pk>/", views.file, name="dossier-file"),
]
