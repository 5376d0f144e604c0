"""What is near enough, what may be missing, and how sure we are: measures that the rooms above use."""
