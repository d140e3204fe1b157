from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class DeskConfig(AppConfig):
    name = "portal.desk"
    verbose_name = _("Desk")


class DeskUsersConfig(WagtailUsersAppConfig):
    """Wagtail's management of logins, with our pages: they create nobody and set no passwords."""

    user_viewset = "portal.desk.logins.LoginViewSet"
