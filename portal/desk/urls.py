"""The desk: our own doors first, then everything of the Wagtail admin behind one guard."""

from allauth.account.views import logout
from django.urls import path, re_path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from . import doors
from .account import DeskAccountView

account = [path("account/", DeskAccountView.as_view(), name="desk-account")]
decorate_urlpatterns(account, require_admin_access)

urlpatterns = [
    path("login/", doors.login, name="desk-login"),
    path("logout/", logout, name="desk-logout"),
    re_path(r"^password_reset/", doors.gone, name="desk-no-reset"),
    *decorate_urlpatterns(account, doors.desk_only),
    # Wagtail's actions on many logins at once ask neither who is an administrator nor who is staff.
    path("bulk/accounts/user/<str:action>/", doors.gone, name="desk-no-bulk"),
    path("failwhale/", doors.gone, name="desk-no-failwhale"),
    *decorate_urlpatterns(wagtailadmin_urls.urlpatterns, doors.desk_only),
]
