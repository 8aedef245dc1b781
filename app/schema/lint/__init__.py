"""Judges operations. A rule is a pure function; it never queries.

* `rule`: what a rule is and what it is given
* `catalogue`: the rules, discovered in `rules/`
* `engine`: operations and rules → findings
* `allow`: the `allow` variable of a revision
* `rules/<hazard>.py`: one hazard each; the docstring is its documentation
"""
