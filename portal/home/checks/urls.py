from django.urls import path

from . import care, filling, views

urlpatterns = [
    path("homes/<uuid:home_id>/checks/", views.checks, name="checks"),
    path("homes/<uuid:home_id>/checks/self/<slug:code>/", filling.start, name="check-start"),
    path("checks/<uuid:pk>/", views.check, name="check"),
    path("checks/<uuid:pk>/items/<int:item>/", filling.record, name="check-record"),
    path("checks/<uuid:pk>/finish/", filling.finish, name="check-finish"),
    path("checks/<uuid:pk>/sign/", filling.sign, name="check-sign"),
    path("checks/<uuid:pk>/report/", views.report, name="check-report"),
    path("checks/photos/<int:pk>/<slug:variant>/", views.photo, name="check-photo"),
    path("care/<uuid:pk>/", care.message, name="care"),
    path("care/<uuid:pk>/score/", care.score, name="care-score"),
]
