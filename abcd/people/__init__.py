"""Residents: who they are to us, what they said, what is known of them, and how they are forgotten."""
