"""From clips to a folder for teachers: media files, captions, pages and a manifest of all that is in it."""

from pathlib import Path

# The templates of the pages, with their style and script.
TEMPLATES = Path(__file__).resolve().parent / "templates"
