"""Complaints and requests on the owner's pages: raised, followed, answered, confirmed."""
