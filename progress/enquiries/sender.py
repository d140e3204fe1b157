"""The sender hears that we have it. Anybody may type anybody's address: so a fixed text, seldom, and never much."""

from datetime import timedelta

import phonenumbers
from django.db.models import Q

from accounts.models import Channel
from accounts.notices.actions import tell
from accounts.notices.guests import Guest
from accounts.sms import sms_available

ONCE_IN = timedelta(days=1)  # to one address, whatever is sent in its name
MOST_AN_HOUR = 60
KINDS = {Channel.EMAIL: "enquiry-received", Channel.SMS: "enquiry-received-sms"}
MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


def confirm_to_sender(enquiry, *, at):
    """By e-mail if they gave an address, by text message if the number takes one. Call it under the caller's lock."""
    for channel, address in ways_to(enquiry):
        if _may_be_told(channel, address, at=at):
            guest = Guest.objects.create(channel=channel, address=address, language=enquiry.language, created_at=at)
            tell([guest], KINDS[channel], enquiry, at=at)


def ways_to(enquiry):
    """(channel, address) of each way in which whoever sent it can be written to."""
    if enquiry.email:
        yield Channel.EMAIL, enquiry.email
    if sms_available() and phonenumbers.number_type(_parsed(enquiry.phone)) in MOBILE:
        yield Channel.SMS, _e164(enquiry.phone)


def _may_be_told(channel, address, *, at):
    lately = Guest.objects.filter(created_at__gt=at - ONCE_IN)
    if lately.filter(channel=channel, address__iexact=address).exists():
        return False
    return lately.filter(Q(created_at__gt=at - timedelta(hours=1))).count() < MOST_AN_HOUR


def _parsed(phone):
    return phone if isinstance(phone, phonenumbers.PhoneNumber) else phonenumbers.parse(phone)


def _e164(phone):
    return phonenumbers.format_number(_parsed(phone), phonenumbers.PhoneNumberFormat.E164)
