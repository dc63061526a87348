"""Rules of a team's own, and the examples of all rules."""
