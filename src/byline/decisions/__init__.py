"""What people decided; builds obey it."""
