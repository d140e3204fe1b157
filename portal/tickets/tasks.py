"""What happens to tickets by itself. Run twice, late or on two machines, each step is taken once."""

from accounts import jobs

from . import work


@jobs.every_minute
def take_tickets_from_those_gone(*, at):
    work.take_from_those_gone(at=at)
