from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "portal.tickets.mail"
    label = "ticket_mail"
    verbose_name = _("Mail that comes in")

    def ready(self):
        from anymail.signals import inbound

        from . import notices, privacy, receiving, tasks  # noqa: F401  registers what is told and held, and the sweep

        inbound.connect(receiving.heard, dispatch_uid="mail-in")
