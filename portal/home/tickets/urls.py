from django.urls import path

from . import section, views  # noqa: F401  section: registers what waits on the front page, and a source of the search
from .raising import raise_page, similar

urlpatterns = [
    path("homes/<uuid:home_id>/tickets/", views.tickets, name="tickets"),
    path("homes/<uuid:home_id>/tickets/new/", raise_page, name="ticket-raise"),
    path("homes/<uuid:home_id>/tickets/similar/", similar, name="ticket-similar"),
    path("homes/<uuid:home_id>/repairs/", views.repairs, name="repairs"),
    path("tickets/<uuid:pk>/", views.ticket, name="ticket"),
    path("tickets/<uuid:pk>/reply/", views.reply, name="ticket-reply"),
    path("tickets/<uuid:pk>/confirm/", views.confirm, name="ticket-confirm"),
    path("tickets/<uuid:pk>/not-fixed/", views.not_fixed, name="ticket-not-fixed"),
    path("tickets/<uuid:pk>/reopen/", views.reopen, name="ticket-reopen"),
    path("tickets/<uuid:pk>/withdraw/", views.withdraw, name="ticket-withdraw"),
    path("tickets/<uuid:pk>/privacy/", views.privacy, name="ticket-privacy"),
    path("tickets/<uuid:pk>/score/", views.score, name="ticket-score"),
    path("ticket-pauses/<uuid:pk>/agree/", views.agree, name="ticket-agree"),
    path("ticket-pauses/<uuid:pk>/decline/", views.decline, name="ticket-decline"),
    path("ticket-files/<uuid:pk>/<slug:variant>/", views.ticket_file, name="ticket-file"),
    path("service-sheets/<uuid:pk>/", views.sheet, name="ticket-sheet"),
]
