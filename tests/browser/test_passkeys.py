"""A passkey from its making to its end, with the authenticator that Chromium brings for such tests."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.conftest import DESKTOP, PASSWORD, PHONE
from tests.factories import OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


def with_authenticator(person, *, verified=True):
    """Give this browser a built-in authenticator whose finger is always there (`verified`)."""
    devtools = person.page.context.new_cdp_session(person.page)
    devtools.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return person


@pytest.fixture
def owner(live_server):
    user = User.objects.create_user(email="shen.yue@example.com", name="Shen Yue", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return OwnershipFactory(owner__user=user).owner.user


def add_passkey(person, name):
    person.go("/account/2fa/webauthn/add/")
    person.page.get_by_label("Its name").fill(name)
    person.page.get_by_role("button", name="Go on").click()
    person.page.wait_for_url(lambda url: "/webauthn/add/" not in url)  # the browser asks its key, then the form goes
    expect(person.page.get_by_text("recovery codes").first).to_be_visible()


def sign_out(person):
    person.page.wait_for_load_state("networkidle")  # a page still on its way would call the next one off
    person.go("/account/logout/")
    person.page.locator("main form button[type=submit]").first.click()
    person.page.wait_for_url(f"{person.base}/account/login/")


@pytest.mark.parametrize(("size", "dark"), [(PHONE, False), (DESKTOP, True)])
def test_it_is_made_comes_in_alone_is_renamed_and_removed(visitor, owner, size, dark):
    person = with_authenticator(visitor(size, dark=dark))
    person.log_in(owner)
    person.go("/account/2fa/webauthn/")
    add_passkey(person, "My telephone")
    sign_out(person)
    person.go("/account/login/?next=/my/inbox/")
    person.page.get_by_role("button", name="Sign in with a passkey").click()
    person.page.wait_for_url(f"{person.base}/my/inbox/")
    person.go("/account/2fa/webauthn/")
    person.page.get_by_role("link", name="Rename").click()
    person.check()
    person.page.get_by_label("Its name").fill("The old one")
    person.page.get_by_role("button", name="Save").click()
    expect(person.page.get_by_text("The old one")).to_be_visible()
    person.page.get_by_role("link", name="Remove").click()
    person.check()
    person.page.get_by_role("button", name="Remove").click()
    expect(person.page.get_by_text("No passkey yet")).to_be_visible()
    assert not Authenticator.objects.exists()
    for path in ("/account/2fa/", "/account/sessions/"):
        person.go(path)
        assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_after_the_password_it_is_the_second_key_and_proves_it_again(visitor, owner):
    person = with_authenticator(visitor())
    person.log_in(owner)
    add_passkey(person, "My telephone")
    sign_out(person)
    person.log_in(owner)
    person.page.wait_for_url(f"{person.base}/account/2fa/authenticate/")
    person.check()
    person.page.get_by_role("button", name="Use a passkey").click()
    person.page.wait_for_url(f"{person.base}/my/")
    person.go("/account/2fa/webauthn/reauthenticate/?next=/my/profile/")
    person.page.get_by_role("button", name="Use a passkey").click()
    person.page.wait_for_url(f"{person.base}/my/profile/")


def test_somebody_else_s_finger_opens_nothing_and_is_told(visitor, owner):
    person = with_authenticator(visitor(), verified=False)
    person.page.goto(f"{person.base}/account/login/")
    person.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(person.page.get_by_text("That did not work, or was called off.")).to_be_visible()
    assert person.page.url.endswith("/account/login/")


def test_staff_come_onto_the_desk_by_passkey_alone(visitor, live_server, settings):
    settings.STAFF_SECOND_FACTOR = True
    staff = StaffFactory(group="Supervisors", everywhere=True, email="boss@example.com", password=PASSWORD)
    staff.emailaddress_set.create(email=staff.email, verified=True, primary=True)
    person = with_authenticator(visitor(DESKTOP))
    person.log_in(staff)
    add_passkey(person, "Key ring")
    sign_out(person)
    person.page.goto(f"{person.base}/account/login/?next=/desk/")
    person.page.get_by_role("button", name="Sign in with a passkey").click()
    person.page.wait_for_url(f"{person.base}/desk/")
    expect(person.page.get_by_text("Today").first).to_be_visible()
