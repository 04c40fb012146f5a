"""From clips to a folder for teachers: media files, captions, pages and a manifest of all that is in it."""
