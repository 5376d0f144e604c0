"""The public network: what groups, venues and organisations of a place have to do with each other (product.md E.4).

No person is in it, and nothing of it is counted from people's records: whether two groups share members is what they
say themselves.
"""
