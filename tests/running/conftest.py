"""A portal that runs as a company runs it, once for all tests of this folder, with people who can come in."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import override_settings

from tests.accounts.notices.server import MailServer
from tests.factories import BuildingFactory, OwnershipFactory, StaffFactory

from .browser import Browser
from .site import Site

PASSWORD = "lantern under the eaves"
OWNERS = 6
# What the processes in production mode check passwords with.
HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]


@pytest.fixture(scope="package")
def running(copies, django_db_blocker, tmp_path_factory):
    """`site`, `mail` (the SMTP server), `people`, and two who open a browser: `visitor()`, `staff()`.

    The test reads and writes the same database.
    """
    with django_db_blocker.unblock():
        copies.renew()
        people = people_of_a_building()
        folder = tmp_path_factory.mktemp("running")
        with MailServer() as mail, Site(folder, database_url=copies.url(), mail_port=mail.port) as site:
            yield Running(site, mail, people)
        copies.renew()


@dataclass(eq=False)
class Running:
    site: Site
    mail: MailServer
    people: SimpleNamespace
    came_in: Browser | None = None

    def visitor(self):
        return Browser(self.site.url, self.site.certificate()[0])

    def staff(self):
        """The site manager's, who comes in once: an authenticator app's code is good for one time."""
        if self.came_in is None:
            self.came_in = self.visitor()
            assert self.came_in.come_in(self.people.manager.email, PASSWORD, self.people.secret).status == 302
        return self.came_in

    def owner(self):
        browser = self.visitor()
        assert browser.come_in(self.people.owners[0].user.email, PASSWORD).status == 302
        return browser


def people_of_a_building():
    """A site manager with an authenticator app, and the owners of six homes."""
    with override_settings(PASSWORD_HASHERS=HASHERS):
        building = BuildingFactory()
        manager = StaffFactory(password=PASSWORD, development=building.development)
        ties = OwnershipFactory.create_batch(OWNERS, home__building=building, owner__user__password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(manager, secret)
    return SimpleNamespace(building=building, manager=manager, secret=secret, owners=[tie.owner for tie in ties])
