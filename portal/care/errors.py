"""The one error of this app."""


class CareError(Exception):
    """Refused. The message is worded for the person who reads it."""
