"""What is told about contractors' jobs: the link to the contractor, what came back to whoever they ask."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.invitations import company_name
from accounts.models import Channel
from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, Kind, register

from .models import Job


class AboutJob(Kind):
    model = Job

    def subjects(self):
        return Job.objects.with_place()

    def zone(self, job):
        return job.zone


class Given(AboutJob):
    """To a bare address, with a link that opens the job by itself: so only its title is kept."""

    label = gettext_lazy("A job for you")
    topic = topics.TICKETS
    mandatory = True
    secret = True
    action = gettext_lazy("Open the job")
    why = gettext_lazy("You receive this message because you work for us.")

    def still_true(self, job):
        return job.state == Job.State.GIVEN

    def title(self, job):
        return _("%(company)s: job %(number)s for you") % {"company": company_name(), "number": job.ticket.number}

    def paragraphs(self, job):
        return [
            _("The link shows what is to be done and where. Please send photos there, and say when it is done."),
            _("It is for you alone: please don't pass it on. Questions: %(hotline)s.")
            % {"hotline": settings.COMPANY_HOTLINE},
        ]

    def url(self, job):
        return job.path


for _channel in (Channel.EMAIL, Channel.SMS):
    register(f"job-given-{_channel}")(type(f"Given{_channel.title()}", (Given,), {"channels": (_channel,)}))


@register("job-done")
class Done(AboutJob):
    label = gettext_lazy("A contractor has reported a job done")
    topic = topics.TICKETS
    channels = (INBOX, EMAIL)
    why = gettext_lazy("You receive this message because you look after this job.")

    def still_true(self, job):
        return job.state == Job.State.DONE

    def still_concerns(self, job, person):
        return Job.objects.for_user(person).filter(pk=job.pk).exists()

    def title(self, job):
        return _("Job %(number)s is done, says %(name)s") % {"number": job.ticket.number, "name": job.contractor.name}

    def paragraphs(self, job):
        return [_("Please look at it: owners read nothing of it until you publish it.")]

    def url(self, job):
        return reverse("desk_job:inspect", args=[job.pk])
