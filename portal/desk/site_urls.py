"""Addresses for posting updates: included under /site/ for phones, and once more in the Wagtail admin."""

from django.urls import path

from . import board, checklists, designs, designs_answers, leaflets, promises
from . import site_views as views
from .checks import urls as checks
from .gate import urls as gate
from .repairs import urls as repairs
from .visits import urls as visits

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
    path("designs/", designs.designs, name="designs"),
    path("designs/new/", designs.design_new, name="design-new"),
    path("designs/<uuid:pk>/", designs.design, name="design"),
    path("designs/<uuid:pk>/edit/", designs.design_edit, name="design-edit"),
    path("designs/<uuid:pk>/publish/", designs.design_publish, name="design-publish"),
    path("designs/<uuid:pk>/discard/", designs.design_discard, name="design-discard"),
    path("designs/<uuid:pk>/amend/", designs.design_amend, name="design-amend"),
    path("designs/<uuid:pk>/withdraw/", designs.design_withdraw, name="design-withdraw"),
    path("designs/<uuid:pk>/answers/", designs_answers.design_answers, name="design-answers"),
    path("designs/<uuid:pk>/homes/<uuid:home_id>/call/", designs_answers.design_call, name="design-call"),
    path("designs/<uuid:pk>/record/", designs_answers.design_record, name="design-record"),
    path("designs/records/<uuid:pk>/", designs_answers.design_record_page, name="design-record-page"),
    path("designs/records/<uuid:pk>/file/", designs_answers.design_record_file, name="design-record-file"),
    path("drawings/<uuid:pk>/", designs.drawing_file, name="drawing"),
    path("drawings/<uuid:pk>/remove/", designs.drawing_remove, name="drawing-remove"),
    path("drawings/<uuid:pk>/<slug:variant>/", designs.drawing_file, name="drawing-photo"),
    path("leaflets/", leaflets.leaflets, name="leaflets"),
    path("leaflets/make/", leaflets.leaflet_make, name="leaflet-make"),
    path("leaflets/<uuid:pk>/", leaflets.leaflet, name="leaflet"),
    path("leaflets/<uuid:pk>/again/", leaflets.leaflet_again, name="leaflet-again"),
    path("leaflets/<uuid:pk>/send/", leaflets.leaflet_send, name="leaflet-send"),
    path("leaflets/<uuid:pk>/<slug:language>/", leaflets.leaflet_file, name="leaflet-file"),
    path("checklists/", checklists.report, name="checklists"),
    path("checklists/export/", checklists.export, name="checklists-export"),
    *checks.urlpatterns,
    *gate.urlpatterns,
    *repairs.urlpatterns,
    *visits.urlpatterns,
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
# These are for phones alone: `urlpatterns` stand in the frame of the desk, too, all but them.
PHONES_ALONE = [*checks.urlpatterns, *gate.urlpatterns, *repairs.urlpatterns, *visits.urlpatterns]
