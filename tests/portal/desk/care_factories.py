"""Rules of care of one development, for the pages of the desk."""

from portal.care.models import Rule
from tests.portal.care.factories import RuleFactory


def ruled(development):
    """One that is on and one that is drafted, by the words of the table of addresses."""
    draft = {"state": Rule.State.DRAFT, "starts_on": None, "on_at": None}
    return {
        "rule": RuleFactory(development=development),
        "draft rule": RuleFactory(development=development, **draft),
    }
