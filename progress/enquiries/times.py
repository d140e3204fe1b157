"""When an enquiry is answered and when somebody can come: in the working hours of its place, or of the company."""

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from progress.calendar.clock import CalendarError

ANSWERED_WITHIN = timedelta(hours=2)  # of working time
EMERGENCY_WITHIN = timedelta(minutes=30)  # day and night
SURVEY_AHEAD = 60  # days, at most


class SurveyError(Exception):
    """Nobody can come then. The message is worded for whoever asked."""


def answer_due(*, emergency, clock, at):
    """By when somebody calls. A calendar that is wrong makes nobody wait longer."""
    if emergency:
        return at + EMERGENCY_WITHIN
    try:
        return clock.add(at, ANSWERED_WITHIN)
    except CalendarError:
        return at + ANSWERED_WITHIN


def earliest_survey(*, clock, at):
    """The first day on which a surveyor can come: a working day after the one on which we read the enquiry."""
    read_on = clock.add(at, timedelta()).astimezone(clock.zone).date()
    return clock.add_days(read_on, 1)


def check_survey(day, *, clock, at):
    """Raises SurveyError unless `day` is a working day, soon enough and not too soon."""
    first = earliest_survey(clock=clock, at=at)
    if day < first:
        said = date_format(first, "DATE_FORMAT")
        raise SurveyError(_("We can come on %(day)s at the earliest. In an emergency, please ring us.") % {"day": said})
    if (day - first).days > SURVEY_AHEAD:
        raise SurveyError(_("Please choose a day within the next two months."))
    if not clock.is_working_day(day):
        raise SurveyError(_("Nobody works that day. Please choose another one."))
