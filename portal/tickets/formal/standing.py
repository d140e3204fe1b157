"""How far a formal complaint is: each letter that is owed, with its day, and what was written."""

from dataclasses import dataclass
from datetime import datetime

from .models import Letter, Step


@dataclass(frozen=True)
class Standing:
    """One letter that is owed. `state` is one of the tag `step`'s; `letter` None: not written yet."""

    step: Step
    due_at: datetime
    letter: Letter | None
    state: str
    is_late: bool


def steps_of(complaint, *, at):
    """The four of them in order, in one query."""
    letters = {letter.step: letter for letter in complaint.letters.select_related("by", "file")}
    found, is_next = [], complaint.is_open
    for step in Step:
        letter = letters.get(step)
        state = "done" if letter else "now" if is_next else ""
        late = complaint.due(step) < (letter.at if letter else at) and (letter is not None or complaint.is_open)
        found.append(Standing(step, complaint.due(step), letter, state, late))
        is_next = is_next and letter is not None
    return found
