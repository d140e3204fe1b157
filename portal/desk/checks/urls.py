"""Addresses of checks, for phones alone: they stand under /site/, not on the desk."""

from django.urls import path

from . import views

urlpatterns = [
    path("checks/", views.checks, name="checks"),
    path("checks/<uuid:pk>/", views.check, name="check"),
    path("checks/<uuid:pk>/items/<int:item>/", views.record, name="check-record"),
    path("checks/<uuid:pk>/choose/<uuid:result>/", views.choose, name="check-choose"),
    path("checks/<uuid:pk>/finish/", views.finish, name="check-finish"),
    path("checks/<uuid:pk>/sign/", views.sign, name="check-sign"),
    path("checks/photos/<int:pk>/<slug:variant>/", views.photo, name="check-photo"),
]
