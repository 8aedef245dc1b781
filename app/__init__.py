"""The application's packages.

* `accounts`: sign up, log in, profile with picture and birth date
* `health`: liveness and readiness
* `schema`: the schema engine behind `flask db`; an extension in its own right that imports nothing from here
* `sqlite`: how SQLite is opened
"""
