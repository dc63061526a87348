"""The model: what files declare, and what is resolved from it. It knows no other room."""
