"""What the actions on design changes refuse with."""


class DesignError(Exception):
    """Refused. The message is worded for the person who asked."""


class TextChangedError(DesignError):
    """Meanwhile the text is another than the person has read."""
