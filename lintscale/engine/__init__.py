"""Rule files, compiled, against the model: findings."""
