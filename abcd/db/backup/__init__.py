"""Backups that are proven: taken from one snapshot, encrypted, signed, counted, restored and compared.

What an archive holds is data alone. The tables, rights, functions and policies of a restored store come from our own
migrations, and the only statements run on it are our own: nothing that an archive says is ever executed.
"""
