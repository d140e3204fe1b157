from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "portal.home"
    verbose_name = _("Owners' pages")

    def ready(self):
        from . import found  # noqa: F401  registers what is searched here
        from .offline import signed_in, signed_out

        user_logged_in.connect(signed_in, dispatch_uid="offline")
        user_logged_out.connect(signed_out, dispatch_uid="offline")
