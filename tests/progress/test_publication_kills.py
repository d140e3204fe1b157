"""A publication to many, whose workers are killed at random. `make bench` does it with 5,000 owners and ten kills."""

from tests.bench.killing import Publication


def test_workers_killed_at_random_leave_nobody_untold_and_repeat_only_what_is_counted(database_url, tmp_path):
    publication = Publication(database_url, tmp_path / "accepted", owners=120, seed=4)
    found = publication.killed(3, seconds=60)
    publication.check(found)
    assert found.kills == 3
