from django.urls import path

from . import views

urlpatterns = [
    path("homes/<uuid:home_id>/materials/", views.materials, name="materials"),
    path("recalls/<uuid:pk>/", views.recall, name="recall"),
]
