"""The rules of care and the days reckoned from them say nothing about owners."""

from accounts.privacy.registry import declare

from .models import DueDay, Rule

declare(
    Rule,
    by="made_by handed_in_by approved_by",
    plain=(
        "id code version name_en name_zh message_en message_zh development anchor anchor_code weekday on_day "
        "every_year offset unit roll at_time product form team touchpoint steps late_days sample_percent opened_by "
        "state starts_on made_at reach on_at off_at"
    ),
)
declare(DueDay, plain="id rule calendar time_zone anchor_on due_at next_step next_step_at")
