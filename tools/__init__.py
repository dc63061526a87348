"""Programs for those who work on lintscale; nothing here ships."""
