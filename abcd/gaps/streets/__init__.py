"""Walking as people walk: a network of streets and paths, held in arrays that a process maps and does not copy."""
