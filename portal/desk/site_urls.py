"""Addresses for posting updates: included under /site/ for phones, and once more in the Wagtail admin."""

from django.urls import path

from . import board, promises
from . import site_views as views

app_name = "site"

urlpatterns = [
    path("", views.front, name="front"),
    path("updates/new/", views.update_new, name="update-new"),
    path("updates/<uuid:pk>/", views.update_detail, name="update"),
    path("updates/<uuid:pk>/edit/", views.update_edit, name="update-edit"),
    path("updates/<uuid:pk>/publish/", views.update_publish, name="update-publish"),
    path("updates/<uuid:pk>/schedule/", views.update_schedule, name="update-schedule"),
    path("updates/<uuid:pk>/unschedule/", views.update_unschedule, name="update-unschedule"),
    path("updates/<uuid:pk>/discard/", views.update_discard, name="update-discard"),
    path("updates/<uuid:pk>/correct/", views.update_correct, name="update-correct"),
    path("board/", board.board, name="board"),
    path("board/<slug:act>/", board.say, name="milestones"),
    path("approvals/", board.approvals, name="approvals"),
    path("approvals/<uuid:pk>/approve/", board.approve, name="approve"),
    path("approvals/<uuid:pk>/decline/", board.decline, name="decline"),
    path("evidence/<uuid:pk>/", board.evidence_file, name="evidence"),
    path("evidence/<uuid:pk>/<slug:variant>/", board.evidence_file, name="evidence-photo"),
    path("my-day/", promises.my_day, name="my-day"),
    path("promises/<uuid:pk>/", promises.promise_detail, name="promise"),
    path("promises/<uuid:pk>/keep/", promises.keep, name="promise-keep"),
    path("promises/<uuid:pk>/move/", promises.move, name="promise-move"),
    path("promises/<uuid:pk>/waive/", promises.waive, name="promise-waive"),
    path("promises/<uuid:pk>/hand-over/", promises.hand_over, name="promise-hand-over"),
    path("photos/<uuid:pk>/caption/", views.photo_caption, name="photo-caption"),
    path("photos/<uuid:pk>/remove/", views.photo_remove, name="photo-remove"),
    path("photos/<uuid:pk>/<slug:variant>/", views.photo_file, name="photo-file"),
]
