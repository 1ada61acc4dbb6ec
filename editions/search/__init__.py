"""The public search: what is searchable of an edition, how a query is read, and what answers it.

Its rows are derived from editions and can be made anew at any time. Visitors get at them through `PublishedSite.search`.
"""
