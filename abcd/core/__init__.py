"""Words everyone uses: geography, text, time, language. Imports nothing of ours but ``abcd.errors``."""
