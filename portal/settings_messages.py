"""How messages leave: by SMTP or through a mail provider, and through which gateway for text messages."""

import re

from django.core.exceptions import ImproperlyConfigured

# What stands before "+": with the number of a ticket and a code behind it, it has to stay within 64 characters.
SERVICE = re.compile(r"[a-z0-9._-]{1,30}@[a-z0-9-]+(\.[a-z0-9-]+)+")


def how_mail_leaves(env):
    """The settings of mail: EMAIL_URL, or a provider's interface, which may tell us afterwards what came back."""
    provider, secret = env.str("EMAIL_PROVIDER", ""), env.str("EMAIL_WEBHOOK_SECRET", "")
    if secret and not (":" in secret and len(secret) >= 24):
        raise ImproperlyConfigured("EMAIL_WEBHOOK_SECRET is user:password, of 24 characters at least.")
    service = env.str("SERVICE_ADDRESS", "").lower()
    if service and not (SERVICE.fullmatch(service) and provider and secret):
        raise ImproperlyConfigured(
            "SERVICE_ADDRESS is an address, of 30 characters at most before its @, "
            "and needs EMAIL_PROVIDER and EMAIL_WEBHOOK_SECRET."
        )
    given = env.dict("EMAIL_PROVIDER_SETTINGS", default={})
    if (given or secret) and not provider:
        raise ImproperlyConfigured("EMAIL_PROVIDER_SETTINGS and EMAIL_WEBHOOK_SECRET need EMAIL_PROVIDER.")
    found = {
        "EMAIL_PROVIDER": provider,
        "SERVICE_ADDRESS": service,  # where owners may write to; empty: we take no mail
        # Our one field of metadata is a help, not a need: a provider that takes none sends all the same.
        "ANYMAIL": {"WEBHOOK_SECRET": secret, "REQUESTS_TIMEOUT": 8, "IGNORE_UNSUPPORTED_FEATURES": True} | given,
    }
    if given:  # a relay by SMTP may have webhooks, too, and then needs none of these
        found["EMAIL_BACKEND"] = f"anymail.backends.{provider}.EmailBackend"
    return found


def tencent_sms(env):
    """What `accounts.sms_tencent` needs."""
    return {
        "secret_id": env.str("TENCENT_SMS_SECRET_ID", ""),
        "secret_key": env.str("TENCENT_SMS_SECRET_KEY", ""),
        "app_id": env.str("TENCENT_SMS_APP_ID", ""),
        "region": env.str("TENCENT_SMS_REGION", "ap-guangzhou"),
        "endpoint": env.str("TENCENT_SMS_ENDPOINT", ""),  # the provider's own, unless a test stands in for it
        "timeout": env.int("TENCENT_SMS_TIMEOUT", 8),  # seconds
        "sign": {"en": env.str("TENCENT_SMS_SIGN", ""), "zh-hans": env.str("TENCENT_SMS_SIGN_ZH", "")},
        "notice": {"en": env.str("TENCENT_SMS_NOTICE", ""), "zh-hans": env.str("TENCENT_SMS_NOTICE_ZH", "")},
        "code": {"en": env.str("TENCENT_SMS_CODE", ""), "zh-hans": env.str("TENCENT_SMS_CODE_ZH", "")},
    }
