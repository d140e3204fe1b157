"""Being found: what search engines, feed readers and other sites are told of the public pages, and how fast."""
