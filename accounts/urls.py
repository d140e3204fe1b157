from django.urls import path

from accounts.notices.views import unsubscribe

from . import hooks, views

app_name = "accounts"

urlpatterns = [
    path("invitation/<uuid:invitation_id>/<str:mac>/", views.invitation, name="invitation"),
    path("hooks/mail/", hooks.mail_events, name="mail-events"),
    path("hooks/mail/in/", hooks.mail_in, name="mail-in"),
    path("unsubscribe/<uuid:notice_id>/<str:mac>/", unsubscribe, name="unsubscribe"),
    path("account/prove/", views.prove, name="prove"),
    path("account/sessions/<int:pk>/end/", views.session_end, name="session-end"),
]
