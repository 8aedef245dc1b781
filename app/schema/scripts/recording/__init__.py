"""The stand-ins that a revision meets while it is recorded.

* `stubs`: modules that the revision imports and that are not there
* `module`: a revision file → its functions
* `tape`: what was done so far, with place, transaction and batch
* `nothing`: the value that a query without a database has
* `foreign`: verbs that other packages add to `op`
* `connection`: what `op.get_bind()` returns
* `operations`: what `op` is
"""
