"""What the calendar holds about people: nothing."""

from accounts.privacy.registry import declare

from .models import CalendarOverride

declare(CalendarOverride, plain="id calendar date working hours note")
