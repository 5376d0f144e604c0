"""What could be brought together here, community first, services last."""
