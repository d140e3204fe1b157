"""What journeys hold about people: nothing. They are a home's."""

from accounts.privacy.registry import declare

from .models import Journey, JourneyTemplate, Milestone, MilestoneTemplate, StageTemplate

declare(JourneyTemplate, plain="id kind version")
declare(StageTemplate, plain="id template code order name_en name_zh")
declare(MilestoneTemplate, plain="id stage code order name_en name_zh")
declare(Journey, plain="id home template started ended")
declare(Milestone, plain="id journey template planned forecast actual state row_version")
