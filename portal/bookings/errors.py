"""The one error of this app."""


class BookingError(Exception):
    """Refused. The message is worded for whoever asked; `bookings` are those that stand in the way, if any do."""

    def __init__(self, message, *, bookings=()):
        super().__init__(message)
        self.bookings = list(bookings)
