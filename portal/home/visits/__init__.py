"""The owner's pages of visits: a time is chosen, looked at, moved, cancelled, put into a calendar."""
