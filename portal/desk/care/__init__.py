"""Rules of care on the desk: what is promised when, whom a draft would reach, on and off."""
