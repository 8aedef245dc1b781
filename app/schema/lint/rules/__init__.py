"""One hazard for each file. The file is the rule, its documentation and its registration."""
