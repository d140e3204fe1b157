"""Of `portal.home.urls`, below /my/."""

from django.urls import path

from . import bookings, paper, views, waiting

urlpatterns = [
    path("homes/<uuid:home_id>/visits/", views.visits, name="visits"),
    path("homes/<uuid:home_id>/open-days/<uuid:pk>/", views.open_day, name="open-day"),
    path("homes/<uuid:home_id>/open-days/<uuid:pk>/book/", views.book, name="book"),
    path("homes/<uuid:home_id>/open-days/<uuid:pk>/wait/", views.wait, name="wait"),
    path("bookings/<uuid:pk>/", bookings.booking, name="booking"),
    path("bookings/<uuid:pk>/change/", bookings.change, name="booking-change"),
    path("bookings/<uuid:pk>/move/", bookings.move, name="booking-move"),
    path("bookings/<uuid:pk>/cancel/", bookings.cancel, name="booking-cancel"),
    path("bookings/<uuid:pk>/visitors/", bookings.visitors, name="booking-visitors"),
    path("bookings/<uuid:pk>/open-day.ics", bookings.calendar, name="booking-ics"),
    path("bookings/<uuid:pk>/paper/", paper.ticket_pdf, name="booking-pdf"),
    path("bookings/<uuid:pk>/paper/ask/", paper.ask, name="booking-pdf-ask"),
    path("bookings/<uuid:pk>/paper/<uuid:print_id>/", paper.file, name="booking-pdf-file"),
    path("waiting/<uuid:pk>/", waiting.waiting, name="waiting"),
    path("waiting/<uuid:pk>/leave/", waiting.leave, name="waiting-leave"),
    path("waiting/<uuid:pk>/take/", waiting.take, name="offer-take"),
    path("waiting/<uuid:pk>/decline/", waiting.decline, name="offer-decline"),
]
