"""Contractors and their jobs for tests."""

from datetime import timedelta

import factory
from django.utils import timezone

from portal.tickets.jobs.models import Contractor, Job
from tests.factories import NOW, StaffFactory

from .factories import AttachmentFactory, TicketFactory


class ContractorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contractor

    name = factory.Sequence("Plumbers {}".format)
    language = "en"
    email = factory.Sequence("plumbers{}@example.com".format)
    phone = "+8613800138000"


class JobFactory(factory.django.DjangoModelFactory):
    """Given now, good for two weeks."""

    class Meta:
        model = Job

    ticket = factory.SubFactory(TicketFactory)
    contractor = factory.SubFactory(ContractorFactory)
    task_en = "Replace the cartridge of the tap."
    contact = factory.SubFactory(StaffFactory)
    given_by = factory.SelfAttribute("contact")
    given_at = NOW
    expires_at = NOW + timedelta(days=14)


def handed_out(ownership):
    """A ticket of this home with a contractor, for tests/test_urls.py."""
    job = JobFactory(ticket__ownership=ownership, expires_at=timezone.now() + timedelta(days=14))
    attachment = AttachmentFactory(ticket=job.ticket)
    return {
        "job": job,
        "job mac": job.mac,
        "job ticket": job.ticket,
        "job attachment": attachment,
        "job file": job.files.create(attachment=attachment),
        "contractor": job.contractor,
    }
