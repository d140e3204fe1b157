from django.urls import path

from . import views

app_name = "ui"

urlpatterns = [
    path("", views.components, name="components"),
    path("frames/<slug:name>/", views.frame, name="frame"),
]
