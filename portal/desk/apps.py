from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class DeskConfig(AppConfig):
    name = "portal.desk"
    verbose_name = _("Desk")

    def ready(self):
        from .gate import offline  # noqa: F401  says what phones keep


class DeskUsersConfig(WagtailUsersAppConfig):
    """Wagtail's management of logins, with our pages: they create nobody and set no passwords."""

    user_viewset = "portal.desk.logins.LoginViewSet"
