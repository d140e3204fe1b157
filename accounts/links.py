"""Links that open something without a login carry an HMAC of purpose, row and version.

They can be shown again at any time, and are revoked by raising the row's version.
"""

from base64 import urlsafe_b64encode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "accounts.links"


def make_mac(purpose, pk, version, *, secret=None):
    """43 characters that may stand in an address, good for this purpose, row and version only."""
    digest = salted_hmac(SALT, f"{purpose}:{pk}:{version}", secret=secret, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def check_mac(purpose, pk, version, mac):
    """Whether `mac` is the one made for them, perhaps under an earlier secret; equally long for every wrong one."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    found = [constant_time_compare(make_mac(purpose, pk, version, secret=secret), mac) for secret in secrets]
    return any(found)
