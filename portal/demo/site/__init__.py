"""The demonstration's public site and guides: texts a page in both languages, pictures, and how they are loaded."""
