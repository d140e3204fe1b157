from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("invitation/<uuid:invitation_id>/<str:mac>/", views.invitation, name="invitation"),
    path("account/prove/", views.prove, name="prove"),
    path("account/sessions/<int:pk>/end/", views.session_end, name="session-end"),
]
