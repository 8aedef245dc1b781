"""The tests mirror the tree: app/accounts is tested in tests/accounts, app/schema/cli in tests/schema/cli."""
