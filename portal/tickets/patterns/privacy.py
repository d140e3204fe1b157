"""What patterns say about people: nothing but who of the staff did something."""

from accounts.privacy.registry import declare

from .models import Pattern

declare(
    Pattern,
    by="warned_by settled_by",
    plain=(
        "id development component house_type contractor state since found_at words_en words_zh warned_at settled_at "
        "reason"
    ),
)
