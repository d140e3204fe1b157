from django.urls import path

from . import changes, documents, household, promises, views

app_name = "home"

urlpatterns = [
    path("", views.front, name="front"),
    path("homes/<uuid:home_id>/", views.home_front, name="home"),
    path("homes/<uuid:home_id>/journey/", views.home_journey, name="journey"),
    path("homes/<uuid:home_id>/household/", household.household, name="household"),
    path("homes/<uuid:home_id>/household/invite/", household.invite, name="household-invite"),
    path("homes/<uuid:home_id>/household/code/<uuid:pk>/", household.printed_code, name="household-code"),
    path("homes/<uuid:home_id>/household/take-back/<uuid:pk>/", household.take_back, name="household-take-back"),
    path("homes/<uuid:home_id>/household/remove/<uuid:pk>/", household.remove, name="household-remove"),
    path("homes/<uuid:home_id>/promises/", promises.promises, name="promises"),
    path("homes/<uuid:home_id>/documents/", documents.documents, name="documents"),
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
]
