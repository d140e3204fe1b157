"""Who reviews a complaint: nobody who had a part in the case, however far away, and nobody of the home."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from portal.tickets import merging
from portal.tickets.clocks.models import Pause
from portal.tickets.closing import sheets, warranty
from portal.tickets.errors import TicketError
from portal.tickets.formal import actions as formal
from portal.tickets.formal.handlers import reviewers_for
from portal.tickets.models import Ticket
from tests.factories import NOW, TODAY, OwnershipFactory, StaffFactory
from tests.portal.tickets.closing_stories import agent_at, signature, with_photo
from tests.portal.tickets.factories import (
    StepFactory,
    TicketFactory,
)
from tests.portal.tickets.formal_factories import FormalComplaintFactory
from tests.portal.tickets.job_factories import JobFactory

from .test_tickets import supervisor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def agent(tie):
    return StaffFactory(group="Supervisors", development=tie.home.development)


class TestReviewers:
    """Whoever had a part in a case reviews no complaint about it, whatever became of the ticket since."""

    @pytest.fixture
    def complaint(self, tie):
        return FormalComplaintFactory(ticket__ownership=tie)

    def parts(self, tie, ticket, who):
        return {
            "overruled the warranty": lambda: warranty.overrule(
                ticket, covered="no", reason_en="x", clause_en="4.2", by=who, at=NOW
            ),
            "asked for a pause": lambda: Pause.objects.create(
                ticket=ticket, why="part", reason_en="x", review_on=TODAY + DAY, asked_at=NOW, asked_by=who
            ),
            "had the sheet signed": lambda: sheets.sign_sheet(
                sheet_id=uuid4(),
                ticket=ticket,
                signature=signature(),
                signed_name="S",
                minutes=9,
                work_en="x",
                by=who,
                at=NOW,
            ),
            "gave it to a contractor": lambda: JobFactory(
                ticket=ticket, contact=who, given_by=agent_at(tie.home.development)
            ),
            "took the photos": lambda: with_photo(ticket, by=who, at=NOW),
            "lives there": lambda: OwnershipFactory(home=tie.home, role="family", owner__user=who),
        }

    @pytest.mark.parametrize(
        "part",
        [
            "overruled the warranty",
            "asked for a pause",
            "had the sheet signed",
            "gave it to a contractor",
            "took the photos",
            "lives there",
        ],
    )
    def test_who_had_a_part_is_not_one(self, tie, complaint, agent, part):
        who = supervisor(tie.home.development)
        assert who in reviewers_for(complaint)
        self.parts(tie, complaint.ticket, who)[part]()
        with pytest.raises(TicketError):
            formal.name_reviewer(complaint, reviewer=who, by=agent, at=NOW)
        assert who not in reviewers_for(complaint)

    def test_who_handled_what_it_was_merged_with_is_not_one(self, tie, complaint, agent):
        """Two merges away, in either direction, and after the hand-over of the work to somebody else."""
        people = [supervisor(tie.home.development) for _each in range(3)]
        near, far, onward = (TicketFactory(ownership=tie, assignee=who) for who in people)
        for ticket, into in ((far, near), (near, complaint.ticket), (complaint.ticket, onward)):
            merging.merge(ticket, into=into, by=agent, at=NOW)
        Ticket.objects.update(assignee=None)
        for ticket, who in zip((near, far, onward), people, strict=True):
            StepFactory(ticket=ticket, what="assigned", data={"to": str(who.pk)})
        assert [who for who in people if who in reviewers_for(complaint)] == []
