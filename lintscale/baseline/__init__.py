"""The findings that a repository starts with, so that only new ones are reported."""
