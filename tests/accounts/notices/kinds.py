"""Kinds that only the tests know. Worker processes that a test starts import this module, too."""

from django.utils.translation import get_language

from accounts.models import Owner
from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, Kind, register

TITLES = {"en": "Your windows are in", "zh-hans": "您家的窗装好了"}


class Test(Kind):
    """About an owner's record, the one subject that this app has at hand. It is true while the name is Subject."""

    label = "Test"
    model = Owner
    __test__ = False

    def still_true(self, subject):
        return subject.name.startswith("Subject")

    def still_concerns(self, subject, person):
        return person.name != "Sold it"

    def title(self, subject):
        return TITLES[get_language()]

    def paragraphs(self, subject):
        return ["The cradle is on the south side.", subject.name]

    def url(self, subject):
        return "/my/"


@register("test")
class Both(Test):
    pass


@register("test-mail")
class Mail(Test):
    channels = (EMAIL,)


@register("test-inbox")
class Inbox(Test):
    channels = (INBOX,)


@register("test-sms")
class Sms(Test):
    channels = (SMS,)


@register("test-emergency")
class Emergency(Sms):
    emergency = True


@register("test-broken")
class Broken(Mail):
    def paragraphs(self, subject):
        raise RuntimeError("a mistake in a kind")


@register("test-named")
class Named(Mail):
    def title(self, subject):
        return f"For {subject.name}"


@register("test-news")
class News(Test):
    topic = topics.NEWS

    def title(self, subject):
        return f"{subject.name} in the news"


@register("test-dates")
class Dates(Test):
    topic = topics.DATES


@register("test-dates-text")
class DatesByText(Dates):
    channels = (SMS,)


@register("test-urgent")
class Urgent(News):
    mandatory = True


@register("test-burning")
class Burning(News):
    emergency = True


@register("test-called-off")
class CalledOff(Dates):
    """The cancellation of something that would have been when `until` of the test says."""

    channels = (INBOX, EMAIL, SMS)
    until = None

    def cancelled_at(self, subject):
        return self.until
