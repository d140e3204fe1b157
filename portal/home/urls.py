from django.urls import path

from . import changes, documents, household, looks, privacy, promises, questions, views

app_name = "home"

urlpatterns = [
    path("", views.front, name="front"),
    path("homes/<uuid:home_id>/", views.home_front, name="home"),
    path("homes/<uuid:home_id>/journey/", views.home_journey, name="journey"),
    path("homes/<uuid:home_id>/household/", household.household, name="household"),
    path("homes/<uuid:home_id>/household/invite/", household.invite, name="household-invite"),
    path("homes/<uuid:home_id>/household/code/<uuid:pk>/", household.printed_code, name="household-code"),
    path("homes/<uuid:home_id>/household/again/<uuid:pk>/", household.send_again, name="household-again"),
    path("homes/<uuid:home_id>/household/take-back/<uuid:pk>/", household.take_back, name="household-take-back"),
    path("homes/<uuid:home_id>/household/remove/<uuid:pk>/", household.remove, name="household-remove"),
    path("homes/<uuid:home_id>/promises/", promises.promises, name="promises"),
    path("homes/<uuid:home_id>/leave/", household.leave, name="household-leave"),
    path("homes/<uuid:home_id>/documents/", documents.documents, name="documents"),
    path("homes/<uuid:home_id>/ask/", questions.ask, name="ask"),
    path("homes/<uuid:home_id>/ask/<slug:kind>/<uuid:pk>/", questions.ask, name="ask-about"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<uuid:pk>/", questions.question, name="question"),
    path("questions/<uuid:pk>/reply/", questions.reply, name="question-reply"),
    path("documents/new/<uuid:pk>/", documents.documents_new, name="documents-new"),
    path("documents/<uuid:pk>/", documents.document_file, name="document"),
    path("changes/<uuid:pk>/", changes.change, name="change"),
    path("evidence/<uuid:pk>/", changes.evidence_file, name="evidence"),
    path("evidence/<uuid:pk>/<slug:variant>/", changes.evidence_file, name="evidence-photo"),
    path("updates/<uuid:pk>/", views.update_detail, name="update"),
    path("updates/<uuid:pk>/photos/<uuid:photo_id>/", views.photo_page, name="photo"),
    path("photos/<uuid:photo_id>/<slug:variant>/", views.photo_file, name="photo-file"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<uuid:pk>/", views.message, name="message"),
    path("profile/", views.profile, name="profile"),
    path("profile/looks/", looks.looks, name="looks"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/held/", privacy.held, name="privacy-held"),
    path("privacy/download/", privacy.ask_download, name="privacy-ask-download"),
    path("privacy/download/<uuid:pk>/", privacy.download_file, name="privacy-download"),
    path("privacy/download/<uuid:pk>/discard/", privacy.discard_download, name="privacy-discard-download"),
    path("privacy/erasure/", privacy.erasure_page, name="privacy-erasure"),
    path("privacy/erasure/take-back/", privacy.take_back_erasure, name="privacy-take-back"),
]
