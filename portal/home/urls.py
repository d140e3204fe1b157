from django.urls import path

from . import views

app_name = "home"

urlpatterns = [
    path("", views.front, name="front"),
    path("homes/<uuid:home_id>/", views.home_front, name="home"),
    path("homes/<uuid:home_id>/journey/", views.home_journey, name="journey"),
    path("updates/<uuid:pk>/", views.update_detail, name="update"),
    path("updates/<uuid:pk>/photos/<uuid:photo_id>/", views.photo_page, name="photo"),
    path("photos/<uuid:photo_id>/<slug:variant>/", views.photo_file, name="photo-file"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<uuid:pk>/", views.message, name="message"),
    path("profile/", views.profile, name="profile"),
]
