from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "portal.ui"
    verbose_name = _("Look")

    def ready(self):
        from .offline import signed_in, signed_out

        user_logged_in.connect(signed_in, dispatch_uid="offline")
        user_logged_out.connect(signed_out, dispatch_uid="offline")
