"""The first administrator, and any other that the machine's keeper lets in. No password passes through here."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.actions import AccountError, clean_address, login_at
from accounts.groups import SUPERVISORS
from accounts.models import Channel
from progress.models import Assignment
from progress.staff.actions import Post, invite_colleague, open_invitations_to, resend_to_colleague


class Command(BaseCommand):
    help = "Invites an administrator: by e-mail, and by the link that is printed here. They choose their own password."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="as colleagues will see it")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="")
        parser.add_argument("--again", action="store_true", help="send a new link; the earlier one no longer opens")

    def handle(self, *, email, name, language, again, **options):
        now = timezone.now()
        try:
            with transaction.atomic():
                invitation = self.invite(email=email, name=name, language=language, again=again, at=now)
        except AccountError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{email} is invited as administrator. The invitation is on its way by e-mail, and here:")
        self.stdout.write(f"\n    {settings.BASE_URL.rstrip('/')}{invitation.path}\n\n")
        self.stdout.write("It is good for 14 days and works once. Whoever has it can accept: please show it to nobody.")

    def invite(self, *, email, name, language, again, at):
        address = clean_address(email, Channel.EMAIL)
        login = login_at(address, Channel.EMAIL)
        if login and login.is_superuser and login.is_active:
            raise CommandError(f"{address} is an administrator already.")
        earlier = open_invitations_to(address).filter(staff__administrator=True).first()
        if earlier and not again:
            raise CommandError(f"{address} is invited already. With --again they get a new link, printed here, too.")
        if earlier:
            resend_to_colleague(earlier.staff, by=None, at=at)
            earlier.refresh_from_db()
            return earlier
        groups = [Group.objects.get_or_create(name=SUPERVISORS)[0]]
        post = Post(role=Assignment.Role.SUPERVISOR, development=None, since=timezone.localdate(at))
        promise = invite_colleague(
            email=address, name=name, groups=groups, posts=[post], administrator=True, language=language, by=None, at=at
        )
        return promise.invitation
