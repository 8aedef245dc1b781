"""Real databases for tests: SQLite files, and PostgreSQL and MariaDB servers that are found or started.

* `servers`: which server a test session uses, in which order they are looked for, how one is started
* `postgresql`, `mariadb`, `sqlite`: what is known about one engine
* `keeper`: the small program beside a started server that ends it with the test session
* `fixtures`: `database`, `make_database`, `engine_name`
"""
