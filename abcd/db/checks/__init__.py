"""What the store is asked, by theme; each module adds its questions when ``abcd.db.check`` imports it."""
