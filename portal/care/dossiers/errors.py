class DossierError(Exception):
    """Refused. The message is worded for the owner who asked."""
