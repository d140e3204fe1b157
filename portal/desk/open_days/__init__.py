"""Open days on the desk: writing and publishing them, the calendar, who has booked, messages, figures."""
